"""A line to type in that moves through a list beside it, and keeps the focus.

It takes every key but Esc and lock, so that no letter decides the item behind it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from reviewer.ui.actions import Act
from reviewer.ui.key_router import TAKES_KEYS
from reviewer.ui.keys import stroke_of

MAX_CHARS: Final = 1_000
_PAGE: Final = 10
_FAR: Final = 1_000_000
_MOVES: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_PageDown: _PAGE,
}
_TABS: Final = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_ENDS: Final = {Qt.Key.Key_Home: -_FAR, Qt.Key.Key_End: _FAR}
_STAYS: Final = frozenset(
    {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
)


class AskLine(QLineEdit):
    """Arrows move, Enter takes, Tab changes sides; everything else is typed."""

    moved = Signal(int)
    taken = Signal()
    switched = Signal()
    asked = Signal(object)
    """An act that belongs to whoever opened the line: its own key again."""
    abandoned = Signal()
    """The focus went elsewhere in the window."""
    focus_moved = Signal()
    """It came or went: other keys work from now on."""

    def __init__(
        self,
        acts: frozenset[Act],
        parent: QWidget | None = None,
        *,
        keeps_tab: bool = True,
    ) -> None:
        """Take the acts that belong to whoever opened it; Tab too, unless told not."""
        super().__init__(parent)
        self._acts = acts
        self._keeps_tab = keeps_tab
        self.setMaxLength(MAX_CHARS)
        self.setProperty(TAKES_KEYS, True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def event(self, event: QEvent) -> bool:
        """Take Tab before the focus moves on."""
        is_press = event.type() == QEvent.Type.KeyPress
        is_tab = isinstance(event, QKeyEvent) and event.key() in _TABS
        if self._keeps_tab and is_press and is_tab:
            self.switched.emit()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, take, hand on, or type."""
        key = Qt.Key(event.key())
        stroke = stroke_of(event)
        by = _MOVES.get(key, 0)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            by = by or _ENDS.get(key, 0)
        if by:
            self.moved.emit(by)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit()
        elif stroke is not None and stroke.in_fields and stroke.act in self._acts:
            self.asked.emit(stroke.act)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it takes the keys now."""
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell when the person went elsewhere; another window does not count."""
        super().focusOutEvent(event)
        self.focus_moved.emit()
        if event.reason() not in _STAYS:
            self.abandoned.emit()
