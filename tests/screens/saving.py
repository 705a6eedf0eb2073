"""Keep a screen as a small PNG: at most 256 colours, the most frequent ones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, QImageWriter

COLOURS_COUNT: Final = 256
_EXACT_COUNT: Final = 208
_COARSE: Final = 0xF8F8F8
"""Colours beyond the palette are grouped by their five highest bits first."""

_Pixels = npt.NDArray[np.uint32]


def save(image: QImage, path: Path) -> None:
    """Write an image with a palette of its own."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    wide, high = plain.width(), plain.height()
    raw = np.frombuffer(bytes(plain.constBits()), dtype=np.uint32)
    pixels = raw.reshape(high, plain.bytesPerLine() // 4)[:, :wide] & np.uint32(
        0xFFFFFF
    )
    table, indices = _reduced(pixels.ravel())
    padded = np.zeros((high, -(-wide // 4) * 4), dtype=np.uint8)
    padded[:, :wide] = indices.reshape(high, wide)
    data = padded.tobytes()
    small = QImage(data, wide, high, padded.shape[1], QImage.Format.Format_Indexed8)
    small.setColorTable([0xFF000000 | int(one) for one in table])
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    if not writer.write(small):
        raise OSError(writer.errorString())


def _reduced(pixels: _Pixels) -> tuple[_Pixels, npt.NDArray[np.uint8]]:
    """Return a palette, and which of it stands for each pixel."""
    colours, inverse, counts = np.unique(
        pixels, return_inverse=True, return_counts=True
    )
    if len(colours) > COLOURS_COUNT:
        table = _frequent(colours, counts)
        nearest = _nearest(colours, table)
    else:
        table, nearest = colours, np.arange(len(colours))
    return table, nearest[inverse].astype(np.uint8)


def _frequent(colours: _Pixels, counts: npt.NDArray[np.int64]) -> _Pixels:
    """Exact colours by how often they occur, then groups of the others."""
    order = np.argsort(counts)[::-1]
    exact = colours[order[:_EXACT_COUNT]]
    rest = order[_EXACT_COUNT:]
    groups, where = np.unique(colours[rest] & _COARSE, return_inverse=True)
    weight = np.bincount(where, weights=counts[rest].astype(np.float64))
    most = groups[np.argsort(weight)[::-1][: COLOURS_COUNT - len(exact)]]
    return np.concatenate([exact, most | 0x040404]).astype(np.uint32)


def _nearest(colours: _Pixels, table: _Pixels) -> npt.NDArray[np.intp]:
    parts = _parts(table)
    found = np.zeros(len(colours), dtype=np.intp)
    for start in range(0, len(colours), 4_096):
        piece = _parts(colours[start : start + 4_096])
        far = ((piece[:, None, :] - parts[None, :, :]) ** 2).sum(axis=2)
        found[start : start + 4_096] = far.argmin(axis=1)
    return found


def _parts(colours: _Pixels) -> npt.NDArray[np.int32]:
    split = [(colours >> shift) & 0xFF for shift in (16, 8, 0)]
    return np.stack(split, axis=1).astype(np.int32)
