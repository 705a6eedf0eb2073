"""A canvas for drawn media: seeded numbers, colours, and the planted fine pattern.

Every picture carries a band of vertical stripes through its middle, in two halves,
so that whoever reads a rendition can tell clear from concealed by measuring and
needs no label (`reviewer.media.meter`). The upper half has stripes of `STRIPE_PX`,
which only full resolution shows. The lower half has `PAIRS_COUNT` pairs of stripes
over the whole width: 2.5 px or more each in any clear view, while in a concealed
one, 48 px wide or less, two pairs or more fall into each pixel and leave an even
grey.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from reviewer.demo.draw_text import write

PAIRS_COUNT: Final = 96  # a multiple of 48, 24, 16 and 12: even when concealed
STRIPE_PX: Final = 2
STRIPE_DARK: Final = 32
STRIPE_LIGHT: Final = 224
FINE_FROM_PX: Final = 480  # narrower pictures have the lower half only
BAND_MIN_PX: Final = 64
LETTER_PX: Final = 24
INK: Final = (28, 30, 36)
PAPER: Final = (244, 241, 232)

Colour = tuple[int, int, int]


class Dice:
    """A stream of numbers that depends on a name alone: the same on every machine."""

    def __init__(self, name: str) -> None:
        self._name = name.encode("utf-8")
        self._count = 0

    def below(self, limit: int) -> int:
        """Return the next number from 0 to `limit` - 1."""
        self._count += 1
        digest = hashlib.sha256(self._name + self._count.to_bytes(8, "big")).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def between(self, low: int, high: int) -> int:
        """Return the next number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def colour(self, *, low: int = 60, high: int = 210) -> Colour:
        """Return the next quiet colour."""
        return (
            self.between(low, high),
            self.between(low, high),
            self.between(low, high),
        )


def fade(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a canvas that runs from one colour to another."""
    width, height = size
    ramp = np.linspace(0.0, 1.0, height)[:, None]
    column = np.array(top) * (1 - ramp) + np.array(bottom) * ramp
    rows = np.broadcast_to(column[:, None, :], (height, width, 3))
    return Image.fromarray(np.ascontiguousarray(rows.astype(np.uint8)))


def grain(image: Image.Image, name: str, *, strength: int = 6) -> Image.Image:
    """Return the picture with a little texture, so that it compresses like a photo."""
    width, height = image.size
    raw = hashlib.shake_256(name.encode("utf-8")).digest(256 * 256)
    dots = np.frombuffer(raw, dtype=np.uint8).reshape(256, 256, 1).astype(np.int16)
    tile = dots % (2 * strength + 1) - strength
    noise = np.tile(tile, (-(-height // 256), -(-width // 256), 1))[:height, :width]
    mixed = np.asarray(image, dtype=np.int16) + noise
    return Image.fromarray(mixed.clip(0, 255).astype(np.uint8))


def finish(image: Image.Image, words: str) -> Image.Image:
    """Plant the stripes and write the line that says what the picture is."""
    plant(image)
    draw = ImageDraw.Draw(image)
    width, height = image.size
    size_px = max(LETTER_PX, width // 40) if width >= 400 else LETTER_PX * 2 // 3
    left, top = width // 2, height - size_px
    draw.rectangle((0, top - size_px * 3 // 4, width, height), fill=PAPER)
    write(draw, (left, top + size_px // 8), words, size_px=size_px, ink=INK)
    return image


def plant(image: Image.Image) -> None:
    """Draw the band of stripes across the middle of the picture."""
    width, height = image.size
    band = min(height // 2, max(BAND_MIN_PX, height // 8))
    coarse = _stripes(width, pairs=PAIRS_COUNT)
    fine = _stripes(width, pairs=width / (2 * STRIPE_PX))
    rows = np.empty((band, width, 3), dtype=np.uint8)
    rows[: band // 2] = (fine if width >= FINE_FROM_PX else coarse)[None, :, None]
    rows[band // 2 :] = coarse[None, :, None]
    stripes = Image.fromarray(rows).convert(image.mode)
    image.paste(stripes, (0, (height - band) // 2))


def _stripes(width: int, *, pairs: float) -> npt.NDArray[np.uint8]:
    """Return one row of stripes, each pixel the exact mean of what it covers.

    So the row stays even in sum at any width, and enlarging or shrinking it by a
    mean over areas gives the same as drawing it at that size.
    """
    edges = np.arange(width + 1) * (pairs / width)
    light = np.floor(edges) * 0.5 + np.maximum(edges % 1.0 - 0.5, 0.0)
    share = np.diff(light) * (width / pairs)
    shades = STRIPE_DARK + share * (STRIPE_LIGHT - STRIPE_DARK)
    whole: npt.NDArray[np.uint8] = shades.round().clip(0, 255).astype(np.uint8)
    return whole
