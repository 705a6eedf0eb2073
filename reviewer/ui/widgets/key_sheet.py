"""The key sheet: every key, in groups, over the window."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStyle, QWidget

from reviewer.ui import bindings, messages, tokens
from reviewer.ui.actions import Group, Line
from reviewer.ui.painting import draw_keycap, fill_round, keycap_width, sized
from reviewer.ui.styling import palette

_COLUMN_OF = {Group.LOOK: 0, Group.ALWAYS: 0, Group.DECIDE: 1, Group.MOVE: 2}
_COLUMNS = 3


class KeySheet(QFrame):
    """Covers the window; any click, Esc or F1 closes it. Holds no content."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("keySheet")
        self._lines: tuple[Line, ...] = ()
        self._read()
        self.hide()

    def cover(self) -> None:
        """Open over the whole window, with the keys that hold now."""
        self._read()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Close."""
        self.closed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a shade and the sheet with its three columns."""
        colors = palette()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.shade))
        width = min(tokens.SHEET_WIDE_PX, self.width() - 2 * tokens.SPACE_24)
        height = self._height(self._line_px())
        left = (self.width() - width) // 2
        top = max(tokens.SPACE_16, (self.height() - height) // 2)
        fill_round(
            painter,
            QRectF(left, top, width, height),
            colors.card,
            tokens.RADIUS_LARGE,
            line=colors.border,
        )
        painter.setPen(QColor(colors.text))
        painter.setFont(sized(self, tokens.TYPE_20, bold=True))
        inset = tokens.SPACE_24
        title = QRect(left + inset, top + inset, width - 2 * inset, tokens.SPACE_32)
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._mirrored(title), int(flags), messages.KEY_SHEET)
        column_px = (width - 2 * inset - 2 * tokens.SPACE_24) // _COLUMNS
        for column in range(_COLUMNS):
            x = left + inset + column * (column_px + tokens.SPACE_24)
            self._paint_column(
                painter, column, x, top + inset + tokens.SHEET_TITLE_PX, column_px
            )
        painter.end()

    def _paint_column(
        self, painter: QPainter, column: int, x: int, y: int, width: int
    ) -> None:
        colors = palette()
        for group in (one for one in _COLUMN_OF if _COLUMN_OF[one] == column):
            painter.setPen(QColor(colors.muted))
            painter.setFont(sized(self, tokens.TYPE_12, bold=True))
            area = QRect(x, y, width, tokens.SPACE_24)
            flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self._mirrored(area), int(flags), group.value)
            y += tokens.SPACE_32
            for one in self._lines:
                if one.group is group:
                    self._paint_line(painter, one, x, y, width)
                    y += self._line_px()
            y += tokens.SPACE_16

    def _paint_line(
        self, painter: QPainter, one: Line, x: int, y: int, width: int
    ) -> None:
        colors = palette()
        cap_font = sized(self, tokens.TYPE_12, bold=True)
        left = x
        for key in one.keys:
            cap = int(keycap_width(cap_font, key))
            area = self._mirrored(QRect(left, y, cap, tokens.KEYCAP_PX))
            draw_keycap(painter, QRectF(area), key, colors, cap_font)
            left += cap + tokens.SPACE_4
        start = max(left + tokens.SPACE_4, x + tokens.SHEET_KEYS_PX)
        is_low = self._line_px() < tokens.SHEET_LINE_PX
        painter.setFont(sized(self, tokens.TYPE_12 if is_low else tokens.TYPE_14))
        painter.setPen(QColor(colors.text))
        words = QRect(start, y + 1, x + width - start, tokens.SHEET_LINE_PX)
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
        painter.drawText(
            self._mirrored(words), int(flags | Qt.TextFlag.TextWordWrap), one.words
        )

    def _read(self) -> None:
        self._lines = bindings.current().sheet()
        each = (f"{' '.join(one.keys)}: {one.words}" for one in self._lines)
        self.setAccessibleName(f"{messages.KEY_SHEET}. {'; '.join(each)}")

    def _line_px(self) -> int:
        """Return the height of a line: lower where the window is."""
        roomy = self._height(tokens.SHEET_LINE_PX) + tokens.SPACE_32 <= self.height()
        return tokens.SHEET_LINE_PX if roomy else tokens.SHEET_LINE_LOW_PX

    def _height(self, line_px: int) -> int:
        most = 0
        for column in range(_COLUMNS):
            groups = [one for one in _COLUMN_OF if _COLUMN_OF[one] == column]
            lines = sum(one.group in groups for one in self._lines)
            tall = lines * line_px
            tall += len(groups) * (tokens.SPACE_32 + tokens.SPACE_16)
            most = max(most, tall)
        return most + 2 * tokens.SPACE_24 + tokens.SHEET_TITLE_PX

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
