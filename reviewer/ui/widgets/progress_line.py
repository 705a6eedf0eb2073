"""A thin line that says how much of something is done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import tokens
from reviewer.ui.painting import fill_round
from reviewer.ui.styling import palette


class ProgressLine(QWidget):
    """Does not move on its own; words beside it say the same."""

    def __init__(self, done: int = 0, total: int = 0) -> None:
        super().__init__()
        self._part = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_part(done, total)

    def show_part(self, done: int, total: int) -> None:
        """Show how much is done of how much."""
        self._part = min(1.0, done / total) if total > 0 else 0.0
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the line."""
        return QSize(tokens.CARD_PX, tokens.PROGRESS_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the track and the part that is done."""
        colors = palette()
        painter = QPainter(self)
        area = QRectF(self.rect())
        radius = self.height() / 2
        fill_round(painter, area, colors.pressed, radius)
        if self._part > 0:
            wide = max(self._part * area.width(), float(self.height()))
            left = area.width() - wide if self.isRightToLeft() else 0.0
            part = QRectF(left, 0, wide, area.height())
            fill_round(painter, part, colors.accent, radius)
        painter.end()
