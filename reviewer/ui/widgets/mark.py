"""A line icon above the title of a quiet page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import tokens
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.styling import palette


class Mark(QWidget):
    """Decoration only: it has no name for a screen reader."""

    def __init__(self, icon: Icon, *, small: bool = False) -> None:
        super().__init__()
        self._icon = icon
        self._side_px = tokens.ICON_PX if small else tokens.ICON_LARGE_PX
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the icon."""
        return QSize(self._side_px, self._side_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon in the accent."""
        painter = QPainter(self)
        draw_icon(painter, self._icon, QRectF(self.rect()), palette().accent_text)
        painter.end()
