"""The reveal ladder: four small steps under the stage."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from reviewer.domain.rendition import Step
from reviewer.ui import messages, tokens
from reviewer.ui.painting import fill_round, sized
from reviewer.ui.styling import STRIP_MOST_PERCENT, palette, scaled


class Ladder(QWidget):
    """Shows which step the next look will have, and which one is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ladder")
        self._steps: tuple[Step, ...] = tuple(Step)
        self._next = Step.SOFTENED
        self._shown: Step | None = Step.CONCEALED
        self._refusal = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, *, next_step: Step, shown: Step | None, is_text: bool) -> None:
        """Mark the step of the next look and the one shown; None while covered."""
        steps = (Step.CONCEALED, Step.GREY) if is_text else tuple(Step)
        if (steps, next_step, shown) == (self._steps, self._next, self._shown):
            return
        self._steps, self._next, self._shown = steps, next_step, shown
        self._name()
        self.update()

    def show_refusal(self, words: str) -> None:
        """Say in place of the steps why no look is possible; empty shows the steps."""
        if words != self._refusal:
            self._refusal = words
            self._name()
            self.update()

    def _name(self) -> None:
        now = messages.COVERED if self._shown is None else messages.STEPS[self._shown]
        self.setAccessibleName(
            self._refusal or f"{now}. Next look: {messages.STEPS[self._next]}"
        )

    def sizeHint(self) -> QSize:
        """Return the size of the row."""
        return QSize(tokens.FORM_PX, tokens.STRIP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the steps in a row, the shown one filled, the next one underlined."""
        painter = QPainter(self)
        if self._refusal:
            self._paint_refusal(painter)
            painter.end()
            return
        font = self._font()
        metrics = QFontMetrics(self._font(bold=True))
        pad = tokens.SPACE_12
        widths = [
            metrics.horizontalAdvance(self._words(step)) + 2 * pad
            for step in self._steps
        ]
        left = (self.width() - sum(widths) - tokens.SPACE_4 * (len(widths) - 1)) // 2
        height = scaled(tokens.KEYCAP_LARGE_PX, most_percent=STRIP_MOST_PERCENT)
        top = (self.height() - height) // 2
        painter.setFont(font)
        for step, width in zip(self._steps, widths, strict=True):
            area = QStyle.visualRect(
                self.layoutDirection(), self.rect(), QRect(left, top, width, height)
            )
            self._paint_step(painter, step, QRectF(area))
            left += width + tokens.SPACE_4
        painter.end()

    def _paint_refusal(self, painter: QPainter) -> None:
        painter.setFont(self._font(tokens.TYPE_14, bold=True))
        painter.setPen(QColor(palette().muted))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(
            self._refusal, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

    def _font(self, size_px: int = tokens.TYPE_12, *, bold: bool = False) -> QFont:
        """Return a font that leaves the steps their room side by side."""
        return sized(self, size_px, bold=bold, most_percent=STRIP_MOST_PERCENT)

    def _words(self, step: Step) -> str:
        is_text = len(self._steps) < len(Step)
        if is_text and step is Step.GREY:
            return messages.READABLE
        return messages.STEPS[step]

    def _paint_step(self, painter: QPainter, step: Step, area: QRectF) -> None:
        colors = palette()
        is_shown = step is self._shown
        is_next = step is self._next
        if is_shown:
            fill_round(painter, area, colors.accent_soft, tokens.RADIUS_SMALL)
        elif is_next:
            fill_round(
                painter,
                area,
                "transparent",
                tokens.RADIUS_SMALL,
                line=colors.accent_text,
            )
        ink = colors.muted
        if is_shown:
            ink = colors.on_accent_soft
        elif is_next:
            ink = colors.accent_text
        painter.setFont(self._font(bold=is_shown or is_next))
        painter.setPen(QColor(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._words(step))
