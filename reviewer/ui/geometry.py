"""Where the picture, the tiles of a sheet and the lens stand on the stage.

Pure numbers in logical pixels, so that the decoder is asked for exactly what will
be painted, and tests can check the product limits.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from reviewer.domain.rendition import Box, MediaInfo
from reviewer.ui import tokens

SHEET_COLUMNS: Final = 4
SHEET_ROWS: Final = 3
_DEFAULT_RATIO: Final = 4 / 3
_LEAST_RATIO: Final = 1 / 4


def ratio_of(info: MediaInfo | None) -> float:
    """Return width by height of the media, a plain one while it is not known."""
    if info is None or info.width_px <= 0 or info.height_px <= 0:
        return _DEFAULT_RATIO
    return max(info.width_px / info.height_px, _LEAST_RATIO)


def view_rect(stage: QSize, *, view_px: int, ratio: float) -> QRect:
    """Return where the media are drawn: centred, never wider than `view_px`."""
    width = max(1, min(view_px, stage.width() - tokens.STAGE_MARGIN_PX))
    room = max(1, stage.height() - tokens.STAGE_MARGIN_PX)
    height = min(round(width / ratio), room)
    width = max(1, min(width, round(height * ratio)))
    left = (stage.width() - width) // 2
    top = (stage.height() - height) // 2
    return QRect(left, top, width, max(1, height))


def tile_rects(stage: QSize, *, view_px: int, ratio: float) -> tuple[QRect, ...]:
    """Return the twelve tiles of a sheet, 4 by 3, with mat between them."""
    mat = tokens.TILE_MAT_PX
    width = max(1, min(view_px, stage.width() - tokens.STAGE_MARGIN_PX))
    room = max(1, stage.height() - tokens.STAGE_MARGIN_PX)
    tile_width = (width - mat * (SHEET_COLUMNS - 1)) // SHEET_COLUMNS
    tile_height = round(tile_width / ratio)
    if tile_height * SHEET_ROWS + mat * (SHEET_ROWS - 1) > room:
        tile_height = (room - mat * (SHEET_ROWS - 1)) // SHEET_ROWS
        tile_width = round(tile_height * ratio)
    tile_width, tile_height = max(1, tile_width), max(1, tile_height)
    all_width = tile_width * SHEET_COLUMNS + mat * (SHEET_COLUMNS - 1)
    all_height = tile_height * SHEET_ROWS + mat * (SHEET_ROWS - 1)
    left = (stage.width() - all_width) // 2
    top = (stage.height() - all_height) // 2
    return tuple(
        QRect(
            left + column * (tile_width + mat),
            top + line * (tile_height + mat),
            tile_width,
            tile_height,
        )
        for line in range(SHEET_ROWS)
        for column in range(SHEET_COLUMNS)
    )


def clamped(point: QPointF, view: QRect) -> QPointF:
    """Keep the middle of the lens on the picture."""
    return QPointF(
        min(max(point.x(), view.left()), view.right()),
        min(max(point.y(), view.top()), view.bottom()),
    )


def lens_box(centre: QPointF, view: QRect, *, lens_px: int, zoom: float) -> Box:
    """Return the part of the frame that the lens magnifies, cut at the edges."""
    width = min(1.0, lens_px / zoom / view.width())
    height = min(1.0, lens_px / zoom / view.height())
    x = (centre.x() - view.left()) / view.width() - width / 2
    y = (centre.y() - view.top()) / view.height() - height / 2
    return Box(
        x=min(max(x, 0.0), 1.0 - width),
        y=min(max(y, 0.0), 1.0 - height),
        width=width,
        height=height,
    )


def lens_rect(centre: QPointF, view: QRect, box: Box, *, zoom: float) -> QRectF:
    """Return where that part is painted: under the pointer, inside the view's edge."""
    width = box.width * view.width() * zoom
    height = box.height * view.height() * zoom
    left = centre.x() - width / 2
    top = centre.y() - height / 2
    left = min(max(left, view.left()), view.left() + view.width() - width)
    top = min(max(top, view.top()), view.top() + view.height() - height)
    return QRectF(left, top, width, height)
