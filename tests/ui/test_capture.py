"""Windows are left out of captures where the system can; where not, it is said.

Not run on Windows: a fake stands for the call.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reviewer.errors import Code
from reviewer.services.capturing import capture_facts
from reviewer.ui import capture
from reviewer.ui.capture import EXCLUDE_FROM_CAPTURE, MONITOR_ONLY, Guard, exclude
from reviewer.ui.widgets import key_sheet
from reviewer.ui.widgets.key_sheet import KeySheet
from reviewer.ui.widgets.notice import Notice
from reviewer.ui.window import Window
from reviewer.ui.words import keys as words
from tests.ui.harness import Harness


class FakeUser32:
    """Takes what it knows, and remembers what it was asked for."""

    def __init__(self, *known: int) -> None:
        self.known = known
        self.asked: list[tuple[int, int]] = []

    def __call__(self, handle: int, wanted: int) -> bool:
        self.asked.append((handle, wanted))
        return wanted in self.known


def test_the_window_is_excluded_or_else_painted_black() -> None:
    """The monitor affinity is only asked for where exclusion is not known."""
    new = FakeUser32(EXCLUDE_FROM_CAPTURE, MONITOR_ONLY)
    assert exclude(7, new)
    assert new.asked == [(7, EXCLUDE_FROM_CAPTURE)]
    old = FakeUser32(MONITOR_ONLY)
    assert exclude(7, old)
    assert old.asked == [(7, EXCLUDE_FROM_CAPTURE), (7, MONITOR_ONLY)]
    assert not exclude(7, FakeUser32())


def test_it_is_asked_for_at_each_show(qtbot: QtBot) -> None:
    """Before anything is painted, and once more when the window comes back."""
    window, call = QWidget(), FakeUser32(EXCLUDE_FROM_CAPTURE)
    qtbot.addWidget(window)
    Guard(window, call)
    window.show()
    assert (int(window.winId()), EXCLUDE_FROM_CAPTURE) in call.asked
    before = len(call.asked)
    window.hide()
    window.show()
    assert len(call.asked) > before
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.WinIdChange))
    assert len(call.asked) > before + 1


def test_every_top_level_asks(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window and the notice are all there is; both are guarded."""
    del qapp
    call = FakeUser32(EXCLUDE_FROM_CAPTURE)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(capture, "windows_call", lambda: call)
    tops = [Window(), Notice(Code.DISPLAY_MISSING)]
    monkeypatch.undo()
    for top in tops:
        qtbot.addWidget(top)
        top.show()
        assert (int(top.winId()), EXCLUDE_FROM_CAPTURE) in call.asked


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_elsewhere_it_is_said(system: str) -> None:
    """No promise is made that the system does not keep."""
    facts = capture_facts(system)
    assert not facts.excluded
    assert "other programs" in facts.words
    assert capture_facts("win32").excluded


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can")
def test_no_guard_where_the_system_cannot(qtbot: QtBot) -> None:
    """Nothing is installed that would only cost time."""
    window = QWidget()
    qtbot.addWidget(window)
    assert capture.guard(window) is None


def test_the_key_sheet_says_so(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the window is in every picture, help says it; elsewhere it says nothing."""
    around = window.shell.window
    assert KeySheet(around).accessibleDescription() == words.CAPTURE
    monkeypatch.setattr(key_sheet, "capture_facts", lambda: capture_facts("win32"))
    assert KeySheet(around).accessibleDescription() == ""
