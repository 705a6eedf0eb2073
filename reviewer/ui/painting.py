"""Small things that several painted widgets draw alike."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from reviewer.ui import tokens
from reviewer.ui.fonts import set_weight
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.styling import scaled
from reviewer.ui.tokens import Palette

_ARROWS: Final = {
    "←": Icon.ARROW_LEFT,
    "→": Icon.ARROW_RIGHT,
    "↑": Icon.ARROW_UP,
    "↓": Icon.ARROW_DOWN,
}
"""The bundled fonts have no arrows: they are drawn."""


def sized(
    widget: QWidget, size_px: int, *, bold: bool = False, most_percent: int = 200
) -> QFont:
    """Return the widget's font at a size of the type scale."""
    font = QFont(widget.font())
    font.setPixelSize(scaled(size_px, most_percent=most_percent))
    return set_weight(font, bold=bold)


def keycap_width(font: QFont, text: str) -> float:
    """Return how wide a key cap with this text is."""
    width = QFontMetricsF(font).horizontalAdvance(text) + tokens.SPACE_12
    return max(float(scaled(tokens.KEYCAP_PX)), width)


def draw_keycap(
    painter: QPainter, area: QRectF, text: str, palette: Palette, font: QFont
) -> None:
    """Draw a key cap; the text says which key."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.border_strong), tokens.LINE_PX))
    painter.setBrush(QColor(palette.keycap))
    half = tokens.LINE_PX / 2
    painter.drawRoundedRect(
        area.adjusted(half, half, -half, -half), tokens.SPACE_4, tokens.SPACE_4
    )
    arrow = _ARROWS.get(text)
    if arrow is not None:
        side = scaled(tokens.TYPE_16)
        square = QRectF(0, 0, side, side)
        square.moveCenter(area.center())
        draw_icon(painter, arrow, square, palette.keycap_text)
    else:
        painter.setPen(QColor(palette.keycap_text))
        painter.setFont(font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def draw_focus(painter: QPainter, area: QRectF, palette: Palette) -> None:
    """Draw the focus ring inside an area."""
    half = tokens.FOCUS_PX / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.focus), tokens.FOCUS_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(
        area.adjusted(half, half, -half, -half),
        tokens.RADIUS_SMALL,
        tokens.RADIUS_SMALL,
    )
    painter.restore()


def fill_round(
    painter: QPainter, area: QRectF, color: str, radius_px: float, *, line: str = ""
) -> None:
    """Fill a rounded area, with a hairline where one is asked for."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = tokens.LINE_PX / 2 if line else 0.0
    if line:
        painter.setPen(QPen(QColor(line), tokens.LINE_PX))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(
        area.adjusted(half, half, -half, -half), radius_px, radius_px
    )
    painter.restore()
