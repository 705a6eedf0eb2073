"""The one top-level window: a stack of screens, the key sheet over them.

It tells when it loses focus, is hidden or minimised, synchronously, so that what is
clear is gone before the next paint. Its title never changes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from reviewer.ui import capture, tokens
from reviewer.ui.name import APP

if TYPE_CHECKING:
    from reviewer.ui.widgets.key_sheet import KeySheet  # with all the acts


class Window(QWidget):
    """Holds the screens; knows nothing of what they show."""

    focus_changed = Signal(bool)
    hidden = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(APP)
        self.setMinimumSize(tokens.WINDOW_MIN_WIDTH_PX, tokens.WINDOW_MIN_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        capture.guard(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(holder)

    @cached_property
    def key_sheet(self) -> KeySheet:
        """Return the key sheet, made when it is first asked for."""
        from reviewer.ui.widgets.key_sheet import KeySheet  # noqa: PLC0415 (as above)

        sheet = KeySheet(self)
        sheet.closed.connect(sheet.hide)
        return sheet

    def add(self, screen: QWidget) -> None:
        """Take a screen into the stack."""
        self._stack.addWidget(screen)

    def drop(self, screen: QWidget) -> None:
        """Take a screen out and delete it."""
        self._stack.removeWidget(screen)
        screen.hide()
        screen.deleteLater()

    def show_screen(self, screen: QWidget) -> None:
        """Show a screen, at once."""
        self._stack.setCurrentWidget(screen)

    def current(self) -> QWidget | None:
        """Return the screen that is shown."""
        return self._stack.currentWidget()

    @property
    def screen_name(self) -> str:
        """Return the object name of the screen that is shown."""
        current = self._stack.currentWidget()
        return "" if current is None else current.objectName()

    def toggle_key_sheet(self) -> None:
        """Open the key sheet, or close it."""
        if self.key_sheet.isVisible():
            self.key_sheet.hide()
        else:
            self.key_sheet.cover()

    def changeEvent(self, event: QEvent) -> None:
        """Tell of a window that is no longer the active one, or is minimised."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.focus_changed.emit(self.isActiveWindow())
        elif event.type() == QEvent.Type.WindowStateChange and self.isMinimized():
            self.hidden.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell of a window that is hidden."""
        super().hideEvent(event)
        self.hidden.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the key sheet over the whole window."""
        super().resizeEvent(event)
        sheet = vars(self).get("key_sheet")
        if sheet is not None and sheet.isVisible():
            sheet.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the person is done."""
        super().closeEvent(event)
        self.closed.emit()
