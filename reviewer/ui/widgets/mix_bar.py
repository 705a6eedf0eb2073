"""The severity mix of a batch as a small bar; the same is said in words beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.painting import fill_round
from reviewer.ui.styling import palette


class MixBar(QWidget):
    """Seven shades of one colour: severity 0 to 5, then unrated."""

    def __init__(self, counts: tuple[int, ...]) -> None:
        super().__init__()
        self._counts = counts
        self.setAccessibleName(messages.mix(counts))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the bar."""
        return QSize(tokens.CARD_PX, tokens.MIX_BAR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a part for each severity that occurs, with a hair of air between."""
        painter = QPainter(self)
        total = sum(self._counts)
        used = sum(count > 0 for count in self._counts)
        gap = tokens.FOCUS_PX
        room = self.width() - gap * max(0, used - 1)
        left = 0.0
        shades = palette().mix
        parts = list(zip(self._counts, shades, strict=True))
        if self.isRightToLeft():
            parts.reverse()
        for count, shade in parts:
            if not count or not total:
                continue
            wide = room * count / total
            area = QRectF(left, 0, wide, self.height())
            fill_round(painter, area, shade, tokens.FOCUS_PX)
            left += wide + gap
        painter.end()
