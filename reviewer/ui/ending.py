"""Ctrl+C, a polite kill and a closed terminal end an open window as a person would."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

STEP_MS: Final = 250
"""How long a signal may wait for Python to notice it."""

_SIGNALS: Final = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)


@contextlib.contextmanager
def ended_by_signals(app: QApplication) -> Iterator[None]:
    """Quit the loop at a signal; everything behind it is locked and ended in order.

    Qt's loop runs no Python while nothing happens, and Python answers signals only
    between its own steps: the timer gives it one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    steps = QTimer()
    steps.timeout.connect(_one_step)
    steps.start(STEP_MS)

    def quit_loop(_number: int, _frame: FrameType | None) -> None:
        app.quit()

    before = [(name, signal.signal(name, quit_loop)) for name in _SIGNALS]
    try:
        yield
    finally:
        steps.stop()
        for name, handler in before:
            signal.signal(name, handler)


def _one_step() -> None:
    """Do nothing, in Python."""
