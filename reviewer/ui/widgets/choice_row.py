"""One option of the lit group: its digit, its label, and a line of help."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from reviewer.ui import tokens
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.painting import draw_focus, draw_keycap, fill_round, sized
from reviewer.ui.styling import palette, scaled

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeading)


class ChoiceRow(QAbstractButton):
    """A row to press by digit, pointer, or Enter when it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("choice")
        self._laid_out_px = 0
        self._digit = 0
        self._help = ""
        self._chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fill(self, digit: int, label: str, text: str, *, chosen: bool) -> None:
        """Show another option."""
        if (digit, label, text, chosen) == (
            self._digit,
            self.text(),
            self._help,
            self._chosen,
        ):
            return
        self._digit = digit
        self._help = text
        self._chosen = chosen
        self.setText(label)
        self.setObjectName(f"choice{digit}")
        state = ", chosen" if chosen else ""
        self.setAccessibleName(f"{digit}, {label}{state}")
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    @property
    def digit(self) -> int:
        """Return the digit that chooses this row."""
        return self._digit

    def hasHeightForWidth(self) -> bool:
        """Labels wrap, so the height follows the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height for a width, at least one target."""
        label, help_px = self._heights(width)
        gap = tokens.LINE_PX * 2 if help_px else 0
        return max(tokens.CONTROL_PX, label + help_px + gap + tokens.SPACE_12)

    def sizeHint(self) -> QSize:
        """Return the height that the present width asks for."""
        width = self._laid_out_px or tokens.RIGHT_PX - 2 * tokens.SPACE_16
        return QSize(tokens.RIGHT_MIN_PX // 2, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the width changed."""
        super().resizeEvent(event)
        if self.width() != self._laid_out_px:
            self._laid_out_px = self.width()
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, key cap, label, help and focus ring."""
        colors = palette()
        painter = QPainter(self)
        area = QRectF(self.rect())
        ground = self._ground()
        if ground:
            fill_round(painter, area, ground, tokens.RADIUS_SMALL)
        cap_px = scaled(tokens.KEYCAP_PX)
        cap = self._mirrored(QRect(tokens.SPACE_8, self._top(), cap_px, cap_px))
        small = sized(self, tokens.TYPE_12, bold=True)
        draw_keycap(painter, QRectF(cap), str(self._digit), colors, small)
        self._paint_words(painter)
        if self._chosen:
            side = tokens.ICON_PX
            mark = self._mirrored(
                QRect(self.width() - side - tokens.SPACE_8, self._top(), side, side)
            )
            draw_icon(painter, Icon.CHECK, QRectF(mark), colors.accent_text)
        if self.hasFocus():
            draw_focus(painter, area, colors)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        colors = palette()
        left, width = self._text_span(self.width())
        label_px, help_px = self._heights(self.width())
        top = self._top() if help_px else (self.height() - label_px) // 2
        beside = max(1, width - tokens.ICON_PX)
        area = self._mirrored(QRect(left, top, beside, label_px))
        painter.setFont(sized(self, tokens.TYPE_14, bold=True))
        ink = colors.on_accent_soft if self._chosen else colors.text
        painter.setPen(QColor(ink if self.isEnabled() else colors.disabled))
        painter.drawText(area, _WRAP, self.text())
        if help_px:
            top += label_px + tokens.LINE_PX * 2
            area = self._mirrored(QRect(left, top, width, help_px))
            painter.setFont(sized(self, tokens.TYPE_12))
            painter.setPen(
                QColor(colors.on_accent_soft if self._chosen else colors.muted)
            )
            painter.drawText(area, _WRAP, self._help)

    def _top(self) -> int:
        """Return where the first line begins."""
        if self._help:
            return tokens.SPACE_4 + tokens.LINE_PX
        return (self.height() - scaled(tokens.KEYCAP_PX)) // 2

    def _ground(self) -> str:
        colors = palette()
        if self._chosen:
            return colors.accent_soft
        if self.isDown():
            return colors.pressed
        return colors.hover if self.underMouse() and self.isEnabled() else ""

    def _text_span(self, width: int) -> tuple[int, int]:
        left = tokens.SPACE_8 + scaled(tokens.KEYCAP_PX) + tokens.SPACE_12
        return left, max(1, width - left - tokens.SPACE_8)

    def _heights(self, width: int) -> tuple[int, int]:
        _, span = self._text_span(width)
        big = QFontMetrics(sized(self, tokens.TYPE_14, bold=True))
        small = QFontMetrics(sized(self, tokens.TYPE_12))
        beside = max(1, span - tokens.ICON_PX)  # room for the mark of a chosen row
        label = big.boundingRect(0, 0, beside, 1000, _WRAP, self.text()).height()
        if not self._help:
            return label, 0
        return label, small.boundingRect(0, 0, span, 1000, _WRAP, self._help).height()

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
