"""What the parts of the day that lie beside the review have around them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from reviewer.ui.day.leaving import Leaving
from reviewer.ui.day.screens import Screens
from reviewer.ui.day.sitting import Sitting
from reviewer.ui.facade import Entrance
from reviewer.ui.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the shell gives to each of them."""

    entrance: Entrance
    screens: Screens
    sitting: Sitting
    leaving: Leaving
    tasks: Tasks


class Beside(QObject):
    """One for a window."""

    def __init__(self, around: Around, parent: QObject) -> None:
        super().__init__(parent)
        self._entrance = around.entrance
        self._screens = around.screens
        self._sitting = around.sitting
        self._leaving = around.leaving
        self._tasks = around.tasks
