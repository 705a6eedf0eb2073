"""Nothing here yet, said kindly: an icon, a title, what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from reviewer.ui import tokens
from reviewer.ui.building import column, label
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.styling import palette


class EmptyState(QWidget):
    """A drawn state, not an afterthought."""

    def __init__(self, name: str, icon: Icon, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon = icon
        self._line = label(role="muted")
        head = label(title, "heading")
        for each in (head, self._line):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = column(space=tokens.SPACE_8, parent=self)
        inner.addSpacing(tokens.SPACE_32 * 2 + tokens.ICON_LARGE_PX)
        inner.addWidget(head)
        inner.addWidget(self._line)
        inner.addSpacing(tokens.SPACE_32)

    def say(self, words: str) -> None:
        """Say what to do."""
        self._line.setText(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon above the title."""
        painter = QPainter(self)
        side = tokens.ICON_LARGE_PX
        left = (self.width() - side) / 2
        area = QRectF(left, tokens.SPACE_32, side, side)
        draw_icon(painter, self._icon, area, palette().muted)
        painter.end()
