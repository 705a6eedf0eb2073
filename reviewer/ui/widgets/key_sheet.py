"""The key sheet: every key, in groups, over the window."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QStyle, QWidget

from reviewer.services.capturing import capture_facts
from reviewer.ui import bindings, messages, tokens
from reviewer.ui.actions import Group, Line
from reviewer.ui.painting import draw_keycap, fill_round, keycap_width, sized
from reviewer.ui.styling import palette
from reviewer.ui.words import keys as words

_COLUMN_OF = {Group.LOOK: 0, Group.ALWAYS: 0, Group.DECIDE: 1, Group.MOVE: 2}
_COLUMNS = 3
_WRAP = int(
    Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
)


class KeySheet(QFrame):
    """Covers the window; any click, Esc or F1 closes it. Holds no content."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("keySheet")
        self._lines: tuple[Line, ...] = ()
        self._capture = "" if capture_facts().excluded else words.CAPTURE
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
        width = self._width()
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
        self._paint_capture(painter, title)
        column_px = self._column_px()
        for column in range(_COLUMNS):
            x = left + inset + column * (column_px + tokens.SPACE_24)
            self._paint_column(
                painter, column, x, top + inset + tokens.SHEET_TITLE_PX, column_px
            )
        painter.end()

    def _paint_capture(self, painter: QPainter, title: QRect) -> None:
        """Say beside the title what the system does not keep from other programs."""
        painter.setPen(QColor(palette().muted))
        painter.setFont(sized(self, tokens.TYPE_12))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self._mirrored(title), int(flags), self._capture)

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
                    y += self._tall(one, width, self._line_px())
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
        line_px = self._line_px()
        start = x + self._words_at(one)
        painter.setFont(self._font(line_px))
        painter.setPen(QColor(colors.text))
        tall = self._tall(one, width, line_px)
        room = QRect(start, y + 1, x + width - start, tall)
        painter.drawText(self._mirrored(room), _WRAP, one.words)

    def _read(self) -> None:
        self._lines = bindings.current().sheet()
        each = (f"{' '.join(one.keys)}: {one.words}" for one in self._lines)
        self.setAccessibleName(f"{messages.KEY_SHEET}. {'; '.join(each)}")
        self.setAccessibleDescription(self._capture)

    def _line_px(self) -> int:
        """Return the height of a line: lower where the window is."""
        roomy = self._height(tokens.SHEET_LINE_PX) + tokens.SPACE_32 <= self.height()
        return tokens.SHEET_LINE_PX if roomy else tokens.SHEET_LINE_LOW_PX

    def _height(self, line_px: int) -> int:
        most = 0
        for column in range(_COLUMNS):
            groups = [one for one in _COLUMN_OF if _COLUMN_OF[one] == column]
            width = self._column_px()
            lines = (one for one in self._lines if one.group in groups)
            tall = sum(self._tall(one, width, line_px) for one in lines)
            tall += len(groups) * (tokens.SPACE_32 + tokens.SPACE_16)
            most = max(most, tall)
        return most + 2 * tokens.SPACE_24 + tokens.SHEET_TITLE_PX

    def _width(self) -> int:
        return min(tokens.SHEET_WIDE_PX, self.width() - 2 * tokens.SPACE_24)

    def _column_px(self) -> int:
        gaps = 2 * tokens.SPACE_24 + (_COLUMNS - 1) * tokens.SPACE_24
        return (self._width() - gaps) // _COLUMNS

    def _words_at(self, one: Line) -> int:
        """Return how far from the edge of its column the words of a line begin."""
        font = sized(self, tokens.TYPE_12, bold=True)
        caps = sum(int(keycap_width(font, key)) + tokens.SPACE_4 for key in one.keys)
        return max(caps + tokens.SPACE_4, tokens.SHEET_KEYS_PX)

    def _tall(self, one: Line, width: int, line_px: int) -> int:
        """Return the height of a line: more where its words need two."""
        room = QRect(0, 0, max(1, width - self._words_at(one)), tokens.CARD_PX)
        metrics = QFontMetrics(self._font(line_px))
        need = metrics.boundingRect(room, _WRAP, one.words).height()
        return max(line_px, need + tokens.SPACE_4)

    def _font(self, line_px: int) -> QFont:
        is_low = line_px < tokens.SHEET_LINE_PX
        return sized(self, tokens.TYPE_12 if is_low else tokens.TYPE_14)

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
