"""Long work with progress: runs a service call and feeds a work panel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from reviewer.errors import ReviewerError
from reviewer.ports import Clock
from reviewer.ui.facade import Cancelled, Progress
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.work_panel import WorkPanel

_T = TypeVar("_T")
_LEAST_PART = 0.02
_LEAST_MS = 1_500


class LongWork(QObject):
    """One at a time; cancelling loses nothing."""

    def __init__(
        self, panel: WorkPanel, tasks: Tasks, clock: Clock, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._tasks = tasks
        self._clock = clock
        self._stop = threading.Event()
        self._started = clock.mono_ms()
        panel.cancelled.connect(self._stop_now)

    def run(
        self,
        what: str,
        call: Callable[[Progress, Cancelled], _T],
        *,
        on_success: Callable[[_T], None],
        on_failure: Callable[[ReviewerError], None],
    ) -> None:
        """Start; the panel is hidden again before the answer is given."""
        self._stop.clear()
        self._started = self._clock.mono_ms()
        self._panel.start(what)
        tell = self._tasks.relay(self._show)

        def progress(done: int, total: int) -> None:
            tell((done, total))

        def succeeded(value: _T) -> None:
            self._panel.hide()
            on_success(value)

        def failed(error: ReviewerError) -> None:
            self._panel.hide()
            on_failure(error)

        self._tasks.submit(
            lambda: call(progress, self._stop.is_set),
            on_success=succeeded,
            on_failure=failed,
        )

    def stop(self) -> None:
        """Ask the work to stop: lock, curtain, closing."""
        self._stop.set()

    def _stop_now(self) -> None:
        self._stop.set()

    def _show(self, parts: tuple[int, int]) -> None:
        done, total = parts
        spent = self._clock.mono_ms() - self._started
        left: float | None = None
        if total and done / total >= _LEAST_PART and spent >= _LEAST_MS:
            left = spent / done * (total - done) / 1000
        self._panel.show_progress(done, total, left)
