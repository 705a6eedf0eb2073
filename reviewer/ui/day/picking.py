"""Choosing a file: the picker over whatever screen asked, and back to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from reviewer.ui.day.screens import Screens
from reviewer.ui.widgets.file_picker import Wanted


class Picking:
    """One at a time; a lock in between forgets what asked."""

    def __init__(self, screens: Screens) -> None:
        """Listen to the picker."""
        self._screens = screens
        self._took: Callable[[Path], None] | None = None
        self._before: QWidget | None = None
        screens.picker.picked.connect(self.took_path)
        screens.picker.left.connect(self.leave)

    def pick(self, wanted: Wanted, took: Callable[[Path], None]) -> None:
        """Ask for a file, then call back with its path."""
        self._took = took
        self._before = self._screens.window.current()
        self._screens.show(self._screens.picker)
        self._screens.picker.start(wanted)

    def took_path(self, path: Path) -> None:
        """Go back, and hand the path over."""
        took = self._took
        self.leave()
        if took is not None:
            took(path)

    def leave(self) -> None:
        """Go back without a file."""
        self._took = None
        if self._before is not None:
            self._screens.show(self._before)
