"""Content tags as quiet chips that wrap."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.painting import fill_round, sized
from reviewer.ui.plain import one_line
from reviewer.ui.styling import palette, scaled

_TAG_CHARACTERS = 40
_TAGS_COUNT = 60
"""More are counted: whoever deals batches must not be able to hold up the window."""


class TagFlow(QWidget):
    """Painted, not laid out: changing tags costs one repaint."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tags")
        self._tags: tuple[str, ...] = ()
        self._laid_out_px = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fill(self, tags: tuple[str, ...]) -> None:
        """Show these tags."""
        shown = tags if len(tags) <= _TAGS_COUNT else tags[: _TAGS_COUNT - 1]
        self._tags = tuple(one_line(tag, limit=_TAG_CHARACTERS) for tag in shown)
        if len(shown) < len(tags):
            self._tags += (messages.MORE_TAGS.format(len(tags) - len(shown)),)
        names = ", ".join(self._tags) or messages.NO_TAGS
        self.setAccessibleName(f"{messages.TAGS}: {names}")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Chips wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the chips take."""
        rects = self._rects(width)
        return rects[-1].bottom() + 1 if rects else scaled(tokens.KEYCAP_LARGE_PX)

    def sizeHint(self) -> QSize:
        """Return the height that the present width asks for."""
        width = self._laid_out_px or tokens.LEFT_PX - 2 * tokens.SPACE_16
        return QSize(tokens.LEFT_MIN_PX // 2, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the width changed."""
        super().resizeEvent(event)
        if self.width() != self._laid_out_px:
            self._laid_out_px = self.width()
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chips."""
        colors = palette()
        painter = QPainter(self)
        painter.setFont(sized(self, tokens.TYPE_12))
        if not self._tags:
            painter.setPen(QColor(colors.muted))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
            painter.drawText(self.rect(), int(flags), messages.NO_TAGS)
        rects = self._rects(self.width())
        for tag, rect in zip(self._tags, rects, strict=False):
            area = QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
            fill_round(painter, QRectF(area), colors.pressed, tokens.RADIUS_SMALL)
            painter.setPen(QColor(colors.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tag)
        painter.end()

    def _rects(self, width: int) -> list[QRect]:
        metrics = QFontMetrics(sized(self, tokens.TYPE_12))
        height = scaled(tokens.KEYCAP_LARGE_PX)
        left = top = 0
        result: list[QRect] = []
        for tag in self._tags:
            wide = min(metrics.horizontalAdvance(tag) + 2 * tokens.SPACE_8 + 2, width)
            if left and left + wide > width:
                left = 0
                top += height + tokens.SPACE_4
            result.append(QRect(left, top, wide, height))
            left += wide + tokens.SPACE_4
        return result
