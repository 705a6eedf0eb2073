"""Line icons drawn for this project, 1.5 px, on a 20 px grid.

A small path table instead of files: Qt's SVG plugin is neither shipped nor let in
(security.md 3.7). A path is a row of commands: `M x y`, `L x y`, `C` six numbers,
`Z`, and `O x y r` for a circle.
"""

from __future__ import annotations

import enum
import functools
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from reviewer.ui import tokens

GRID_PX: Final = 20.0
_SHEET: Final = "M 3.5 4.5 L 16.5 4.5 L 16.5 15.5 L 3.5 15.5 Z "
_ARGUMENTS: Final = {"M": 2, "L": 2, "C": 6, "Z": 0, "O": 3}


class Icon(enum.Enum):
    """Every icon of the window; the value is its path."""

    SHIELD = (
        "M 10 2.5 L 16 5 L 16 9.6 C 16 13.4 13.6 16.2 10 17.5 "
        "C 6.4 16.2 4 13.4 4 9.6 L 4 5 Z M 7.2 9.8 L 9.3 11.9 L 12.9 7.8"
    )
    LOCK = (
        "M 4.8 9 L 15.2 9 L 15.2 16.5 L 4.8 16.5 Z "
        "M 7 9 L 7 6.5 C 7 2.6 13 2.6 13 6.5 L 13 9"
    )
    KEY = "O 6.5 13.5 3.3 M 9 11 L 16.5 3.5 M 13.6 6.4 L 16 8.8"
    TRAY = (
        "M 3 11.5 L 5.2 4 L 14.8 4 L 17 11.5 L 17 16 L 3 16 Z "
        "M 3 11.5 L 7 11.5 L 8 13.5 L 12 13.5 L 13 11.5 L 17 11.5"
    )
    SEND = "M 10 16.5 L 10 4 M 5.5 8.5 L 10 4 L 14.5 8.5"
    FETCH = "M 10 3.5 L 10 13.5 M 5.5 9 L 10 13.5 L 14.5 9 M 4 17 L 16 17"
    STICK = "M 7 3 L 13 3 L 13 7 L 7 7 Z M 5.5 7 L 14.5 7 L 14.5 17 L 5.5 17 Z"
    FILE = (
        "M 5 2.8 L 11.5 2.8 L 15 6.3 L 15 17.2 L 5 17.2 Z "
        "M 11.5 2.8 L 11.5 6.3 L 15 6.3"
    )
    CHECK = "M 4.5 10.5 L 8.3 14.3 L 15.5 6.2"
    CHECK_RING = "O 10 10 7.2 M 6.8 10.3 L 9.1 12.6 L 13.4 7.6"
    ARROW_LEFT = "M 16 10 L 4 10 M 8.5 5.5 L 4 10 L 8.5 14.5"
    ARROW_RIGHT = "M 4 10 L 16 10 M 11.5 5.5 L 16 10 L 11.5 14.5"
    ARROW_UP = "M 10 16 L 10 4 M 5.5 8.5 L 10 4 L 14.5 8.5"
    ARROW_DOWN = "M 10 4 L 10 16 M 5.5 11.5 L 10 16 L 14.5 11.5"
    BACK = "M 12 4.5 L 6.5 10 L 12 15.5"
    NEXT = "M 8 4.5 L 13.5 10 L 8 15.5"
    UNDO = "M 7.5 4.5 L 4 8 L 7.5 11.5 M 4 8 L 12 8 C 17.2 8 17.2 15.5 12 15.5 L 9 15.5"
    HAND_BACK = "M 16.5 10 L 4 10 M 8.5 5.5 L 4 10 L 8.5 14.5"
    NOTE = (
        "M 4.5 3.5 L 15.5 3.5 L 15.5 16.5 L 4.5 16.5 Z "
        "M 7.5 7.5 L 12.5 7.5 M 7.5 11 L 12.5 11"
    )
    EYE = (
        "M 2.5 10 C 5.5 4.6 14.5 4.6 17.5 10 C 14.5 15.4 5.5 15.4 2.5 10 Z O 10 10 2.4"
    )
    EYE_OFF = (
        "M 2.5 10 C 5.5 4.6 14.5 4.6 17.5 10 C 14.5 15.4 5.5 15.4 2.5 10 Z "
        "M 4 16.5 L 16 3.5"
    )
    NOT_SHOWN = _SHEET + "M 7.5 7.7 L 12.5 12.3 M 12.5 7.7 L 7.5 12.3"
    TEXT = "M 4 5 L 16 5 M 4 8.4 L 16 8.4 M 4 11.8 L 16 11.8 M 4 15.2 L 11 15.2"
    CLIP = _SHEET + "M 8.2 7.4 L 12.6 10 L 8.2 12.6 Z"
    IMAGE = (
        _SHEET + "M 3.5 13 L 7.5 9.5 L 11 12.7 L 13.2 10.8 L 16.5 13.6 O 12.6 7.7 1.1"
    )
    PIN = "M 6 3.5 L 14 3.5 L 14 16.5 L 10 13 L 6 16.5 Z"
    CLOCK = "O 10 10 7 M 10 6 L 10 10.2 L 12.8 12"
    ALERT = "O 10 10 7.2 M 10 6 L 10 10.8 M 10 13.3 L 10 13.7"
    INFO = "O 10 10 7.2 M 10 9.2 L 10 13.8 M 10 6.4 L 10 6.8"
    PERSON = "O 10 6.8 3 M 4 16.5 C 4.6 9.9 15.4 9.9 16 16.5"
    KEYBOARD = (
        "M 2.8 5.5 L 17.2 5.5 L 17.2 14.5 L 2.8 14.5 Z M 5.5 8.5 L 5.9 8.5 "
        "M 8.5 8.5 L 8.9 8.5 M 11.5 8.5 L 11.9 8.5 M 14.4 8.5 L 14.8 8.5 "
        "M 6.5 11.7 L 13.5 11.7"
    )
    REFRESH = (
        "M 15.8 8 C 14.2 3.4 7.6 2.9 5 7 M 4.6 3.4 L 5 7 L 8.5 6.6 "
        "M 4.2 12 C 5.8 16.6 12.4 17.1 15 13 M 15.4 16.6 L 15 13 L 11.5 13.4"
    )
    CHAIN = (
        "M 7.6 12.4 L 12.4 7.6 M 9 6.4 L 11.2 4.2 C 13.9 1.7 18.3 6.1 15.8 8.8 "
        "L 13.6 11 M 11 13.6 L 8.8 15.8 C 6.1 18.3 1.7 13.9 4.2 11.2 L 6.4 9"
    )
    LEAF = "M 4.5 15.5 C 3 7 9 3.5 16 4 C 16.5 11 13 17 4.5 15.5 Z M 4.5 15.5 L 11 9"


def draw_icon(painter: QPainter, icon: Icon, area: QRectF, color: str) -> None:
    """Stroke an icon into a square area; the pen keeps its width at any size."""
    scale = area.width() / GRID_PX
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.topLeft())
    painter.scale(scale, scale)
    pen = QPen(QColor(color), tokens.ICON_STROKE_PX / max(scale, 1.0) ** 0.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(icon_path(icon))
    painter.restore()


@functools.lru_cache(maxsize=128)
def make_icon(icon: Icon, color: str, *, muted: str | None = None) -> QIcon:
    """Return a QIcon for a button, drawn at one and two times its size."""
    result = QIcon()
    shades = [(color, QIcon.Mode.Normal), (muted or color, QIcon.Mode.Disabled)]
    for shade, mode in shades:
        for ratio in (1, 2):
            side = tokens.ICON_PX * ratio
            pixmap = QPixmap(QSize(side, side))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            draw_icon(painter, icon, QRectF(0, 0, side, side), shade)
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            result.addPixmap(pixmap, mode)
    return result


def icon_path(icon: Icon) -> QPainterPath:
    """Return the outline of an icon on its 20 px grid."""
    path = QPainterPath()
    words = icon.value.split()
    at = 0
    while at < len(words):
        command = words[at]
        count = _ARGUMENTS[command]
        numbers = [float(word) for word in words[at + 1 : at + 1 + count]]
        at += 1 + count
        _apply(path, command, numbers)
    return path


def _apply(path: QPainterPath, command: str, numbers: list[float]) -> None:
    match command:
        case "M":
            path.moveTo(*numbers)
        case "L":
            path.lineTo(*numbers)
        case "C":
            path.cubicTo(*numbers)
        case "O":
            path.addEllipse(QPointF(numbers[0], numbers[1]), numbers[2], numbers[2])
        case _:
            path.closeSubpath()
