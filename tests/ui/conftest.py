"""One window a test, and nothing of it left behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness, make_harness


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Harness]:
    """Show a window over a fresh desk; afterwards, end it and count what is left."""
    before = len(qapp.allWidgets())
    harness = make_harness(qtbot, tmp_path)
    yield harness
    close(harness)
    assert len(qapp.allWidgets()) <= before


def close(harness: Harness) -> None:
    """End a window as the application does, and delete it."""
    harness.shell.window.hide()
    harness.shell.end()
    harness.shell.window.deleteLater()
    harness.shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
