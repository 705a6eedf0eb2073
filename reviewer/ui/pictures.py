"""Make images of checked renditions; the only way that pixels reach Qt.

Raw RGB goes to `QImage` and nowhere else: no reader, no format plugin, no file
(security.md 3.7). Concealed renditions are enlarged smoothly, off the Qt thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from reviewer.domain.rendition import MediaInfo, Rendition
from reviewer.errors import Code
from reviewer.services.viewing import ConcealedView
from reviewer.ui import tokens

_DOUBLE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Concealed:
    """What the stage paints before any reveal, ready to be blitted."""

    info: MediaInfo
    still: QImage | None
    tiles: tuple[QImage, ...]
    refused: Code | None

    @classmethod
    def refusal(cls, code: Code) -> Concealed:
        """Return what stands for an item that cannot be shown."""
        return cls(info=MediaInfo(), still=None, tiles=(), refused=code)


def conceal(view: ConcealedView, size: QSize) -> Concealed:
    """Enlarge what the decoders gave to about the size it is painted at."""
    tile = QSize(size.width() // 4, size.height() // 3)
    return Concealed(
        info=view.info,
        still=None if view.still is None else enlarge(view.still, size),
        tiles=tuple(enlarge(each, tile) for each in view.tiles),
        refused=view.refused,
    )


def enlarge(rendition: Rendition, size: QSize) -> QImage:
    """Enlarge a concealed rendition without a grid of its few pixels showing.

    Doubling with interpolation again and again comes close to a smooth spline.
    """
    image = image_of(rendition)
    most = max(size.width(), size.height(), tokens.ENLARGED_PX // _DOUBLE)
    pitch = 1
    while max(image.width(), image.height()) * _DOUBLE <= most:
        image = _scaled(image, image.size() * _DOUBLE)
        pitch *= _DOUBLE
    image = _softened(_softened(image, pitch, 0), 0, pitch)
    return _scaled(image, size) if not size.isEmpty() else image


def image_of(rendition: Rendition) -> QImage:
    """Return an image that owns its pixels, in the format that paints fastest."""
    image = QImage(
        rendition.pixels,
        rendition.width_px,
        rendition.height_px,
        3 * rendition.width_px,
        QImage.Format.Format_RGB888,
    )
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _softened(image: QImage, across: int, down: int) -> QImage:
    """Blur by half of what one pixel of the rendition became: no grid can be seen."""
    for sign in (1, -1):
        result = image.copy()
        painter = QPainter(result)
        painter.setOpacity(0.5)
        shift = QPointF(sign * across / 2, sign * down / 2)
        painter.drawImage(shift, image)
        painter.end()
        image = result
    return image


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(
        size,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_RGB32)
