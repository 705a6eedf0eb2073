"""The bottom strip: the keys that work now, and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStyle, QStyleOption

from reviewer.ui import bindings, messages, tokens
from reviewer.ui.painting import draw_keycap, keycap_width, sized
from reviewer.ui.styling import STRIP_MOST_PERCENT, palette, scaled

Hint = tuple[str, str]
"""A key and what it does now."""


class BottomStrip(QFrame):
    """Painted, so that it costs nothing to change."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bottomStrip")
        self.setFixedHeight(tokens.STRIP_PX)
        self._hints: tuple[Hint, ...] = ()

    def show_hints(self, hints: tuple[Hint, ...], *, are_fixed: bool = False) -> None:
        """Show these keys of the map as they are bound now; the sheet has the rest.

        `are_fixed`: of a line that is typed in; nobody binds those.
        """
        held = bindings.current()
        caps = ((key if are_fixed else held.shown(key), words) for key, words in hints)
        hints = tuple((key, words) for key, words in caps if key)
        if hints == self._hints:
            return
        self._hints = hints
        spoken = ", ".join(f"{key} {words}" for key, words in hints)
        self.setAccessibleName(f"{messages.LIGHTS}: {spoken}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, key caps and words."""
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_Widget, option, painter, self
        )
        colors = palette()
        most = STRIP_MOST_PERCENT
        cap_font = sized(self, tokens.TYPE_12, bold=True, most_percent=most)
        font = sized(self, tokens.TYPE_12, most_percent=most)
        metrics = QFontMetrics(font)
        left = tokens.SPACE_16
        middle = self.height() // 2
        for key, words in self._hints:
            cap = int(keycap_width(cap_font, key))
            wide = metrics.horizontalAdvance(words)
            if left + cap + tokens.SPACE_8 + wide > self.width() - tokens.SPACE_16:
                break
            high = scaled(tokens.KEYCAP_PX, most_percent=most)
            area = self._mirrored(QRect(left, middle - high // 2, cap, high))
            draw_keycap(painter, QRectF(area), key, colors, cap_font)
            left += cap + tokens.SPACE_8
            text = self._mirrored(QRect(left, 0, wide + 2, self.height()))
            painter.setFont(font)
            painter.setPen(QColor(colors.muted))
            painter.drawText(text, Qt.AlignmentFlag.AlignCenter, words)
            left += wide + tokens.SPACE_16
        painter.end()

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
