"""One way to begin on the first screen: an icon, a title, a line."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle

from reviewer.ui import tokens
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.painting import draw_focus, fill_round, sized
from reviewer.ui.styling import palette, scaled


class WayTile(QAbstractButton):
    """A wide, calm button."""

    def __init__(self, name: str, icon: Icon, title: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self._words = words
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a tile."""
        return QSize(tokens.FORM_PX, scaled(tokens.TILE_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tile."""
        colors = palette()
        painter = QPainter(self)
        area = QRectF(self.rect())
        over = self.underMouse() or self.isDown()
        ground = colors.hover if over else colors.card
        fill_round(painter, area, ground, tokens.RADIUS_LARGE, line=colors.border)
        side = tokens.SPACE_24
        top = (self.height() - side) // 2
        mark = self._mirrored(QRect(tokens.SPACE_24, top, side, side))
        draw_icon(painter, self._icon, QRectF(mark), colors.accent_text)
        left = tokens.SPACE_24 * 2 + side
        width = self.width() - left - tokens.SPACE_16
        half = self.height() // 2
        painter.setPen(QColor(colors.text))
        painter.setFont(sized(self, tokens.TYPE_16, bold=True))
        title = self._mirrored(
            QRect(left, half - tokens.SPACE_24, width, tokens.SPACE_24)
        )
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(title, flags, self.text())
        painter.setPen(QColor(colors.muted))
        painter.setFont(sized(self, tokens.TYPE_14))
        words = self._mirrored(QRect(left, half, width, tokens.SPACE_24))
        painter.drawText(words, flags, self._words)
        if self.hasFocus():
            draw_focus(painter, area, colors)
        painter.end()

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
