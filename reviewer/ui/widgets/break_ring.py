"""The break ring: how far the present stretch of work has gone, told in words too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import tokens
from reviewer.ui.styling import palette

_FULL = 360 * 16
_TOP = 90 * 16


class BreakRing(QWidget):
    """A thin ring that fills over the active minutes; it never blinks."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("breakRing")
        self._part = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_minutes(self, done: int, due: int) -> None:
        """Show active minutes of those after which a break is due."""
        part = min(1.0, done / due) if due else 0.0
        self.setAccessibleName(f"{done} of {due} active minutes until a break")
        if part != self._part:
            self._part = part
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of an icon."""
        return QSize(tokens.ICON_PX, tokens.ICON_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the track and the part that is done."""
        colors = palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.scroll), tokens.FOCUS_PX))
        painter.drawEllipse(area)
        shade = colors.deadline if self._part >= 1 else colors.accent
        painter.setPen(QPen(QColor(shade), tokens.FOCUS_PX))
        painter.drawArc(area, _TOP, -round(self._part * _FULL))
        painter.end()
