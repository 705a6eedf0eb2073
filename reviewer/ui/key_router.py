"""One event filter that sees every key first, and tells the shell (see `keys`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from reviewer.ui.actions import Act
from reviewer.ui.keys import Stroke, release_of, stroke_of

TAKES_KEYS: Final = "takes_keys"
"""Property of a widget that waits for a key to bind: it gets all but Esc and lock."""
_ALWAYS: Final = frozenset({Act.COVER, Act.LOCK})
_PRESSES: Final = frozenset({Act.HOLD_LENS, Act.COMMIT})
"""Left to a button that has the focus: Space and Enter press it."""
_REPEATS: Final = frozenset(
    {Act.LEFT, Act.RIGHT, Act.UP, Act.DOWN, Act.LARGER, Act.SMALLER}
)
"""Acts for which holding a key down repeats; all others ignore it."""
_INPUTS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)


class KeyRouter(QObject):
    """Installed on the application for as long as the window lives."""

    def __init__(
        self,
        *,
        window: QWidget,
        press: Callable[[Stroke], bool],
        release: Callable[[Stroke], None],
        on_input: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._press = press
        self._release = release
        self._on_input = on_input
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Consume a key that means something; leave every other event alone."""
        kind = event.type()
        if kind in _INPUTS:
            self._on_input()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._window or not _is_first(watched):
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._released(release_of(event), event)
        stroke = stroke_of(event)
        return stroke is not None and self._pressed(stroke, event)

    def _pressed(self, stroke: Stroke, event: QKeyEvent) -> bool:
        focus = QApplication.focusWidget()
        if focus is not None and focus.property(TAKES_KEYS):
            return stroke.act in _ALWAYS and self._press(stroke)
        if isinstance(focus, QLineEdit | QPlainTextEdit) and not stroke.in_fields:
            return False
        if isinstance(focus, QAbstractButton) and stroke.act in _PRESSES:
            return False
        if event.isAutoRepeat() and stroke.act not in _REPEATS:
            return not isinstance(focus, QLineEdit | QPlainTextEdit)
        return self._press(stroke)

    def _released(self, stroke: Stroke | None, event: QKeyEvent) -> bool:
        if stroke is not None and not event.isAutoRepeat():
            self._release(stroke)
        return False


def _is_first(watched: QWidget) -> bool:
    """Return whether this is the first receiver: events travel on to parents."""
    focus = QApplication.focusWidget()
    return focus is None or watched is focus or watched.isWindow()
