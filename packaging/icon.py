"""Draw the program's icon: a covered picture on a mat, in plain shapes.

The drawing is this file: `python packaging/icon.py` writes `resources/icons/
reviewer.svg` and, through Qt's painter, `reviewer.png` of 256 pixels. A rounded mat
holds a covered frame; a bar below it is the strip of keys.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIDE: Final = 256
# x, y, width, height, corner, colour; in the 256 units of the drawing.
SHAPES: Final = (
    (8, 8, 240, 240, 52, "#23303a"),
    (44, 52, 168, 116, 14, "#5f7480"),
    (44, 52, 168, 18, 9, "#8ea3ad"),
    (44, 83, 168, 14, 7, "#748993"),
    (44, 110, 168, 14, 7, "#748993"),
    (44, 137, 168, 14, 7, "#748993"),
    (44, 188, 44, 24, 8, "#d9c27a"),
    (96, 188, 44, 24, 8, "#41535e"),
    (148, 188, 64, 24, 8, "#41535e"),
)


def svg() -> str:
    """Return the drawing as a file of vectors."""
    shapes = "\n".join(
        f'  <rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{colour}"/>'
        for x, y, w, h, r, colour in SHAPES
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
    return f"{head}\n{shapes}\n</svg>\n"


def png(side_px: int) -> bytes:
    """Return the drawing as pixels; Qt's raster painter needs no display."""
    from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt  # noqa: PLC0415
    from PySide6.QtGui import QColor, QImage, QPainter  # noqa: PLC0415

    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.scale(side_px / SIDE, side_px / SIDE)
    for x, y, width, height, corner, colour in SHAPES:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x, y, width, height), corner, corner)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def main() -> int:
    """Write both files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "reviewer.svg").write_text(svg(), encoding="utf-8")
    (FOLDER / "reviewer.png").write_bytes(png(SIDE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
