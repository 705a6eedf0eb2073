"""PDQ: 256 bits that survive re-encoding, resizing and small marks, and a quality.

Our own numpy version of Meta's published algorithm (ADR-0023): luma, two passes of
a box filter as wide as 1/128 of each side, 64 x 64 samples, the 16 x 16 lowest
frequencies of their cosine transform above the constant, a bit for each that is
above the median. It gives the reference's bits on the same pixels; a large
picture is reduced first, which turns 10 of 256 bits at most (tests/unit/decoder).
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from reviewer.decoder.pictures import Pixels
from reviewer.pipe.sizes import Size

Plane = NDArray[np.float32]

_SAMPLES: Final = 64  # a side of what is transformed
_WAVES: Final = 16  # frequencies kept in each direction
_PASSES: Final = 2
_SMALLEST_PX: Final = 5  # below it the reference gives no hash
_FULL_SCALE: Final = 255
_QUALITY_DIVISOR: Final = 90  # the reference's, to bring a gradient sum to 0-100
_BEST_QUALITY: Final = 100
_SHORT_SIDE_PX: Final = 1_024  # a larger picture is reduced to about this
_PIXELS_COUNT: Final = 8_000_000  # and to this many pixels, 32 MB of luma

_WAVE: Final = math.sqrt(2 / _SAMPLES) * np.cos(
    math.pi
    / (2 * _SAMPLES)
    * np.outer(np.arange(1, _WAVES + 1), 2 * np.arange(_SAMPLES) + 1)
)


def pdq(pixels: Pixels) -> tuple[bytes, int]:
    """Return the hash, most significant bit first, and its quality from 0 to 100."""
    height, width = pixels.shape[:2]
    if min(height, width) < _SMALLEST_PX:
        return bytes(_WAVES * _WAVES // 8), 0
    luma = cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY)
    samples = _sampled(np.asarray(luma, dtype=np.float32))
    waves = np.einsum("ij,jk,lk->il", _WAVE, samples, _WAVE)
    median = np.sort(waves, axis=None)[waves.size // 2 - 1]
    bits = (waves > median).reshape(-1)[::-1]
    return np.packbits(bits).tobytes(), _quality(samples)


def hashed_size(source: Size, *, short_side_px: int = _SHORT_SIDE_PX) -> Size:
    """Return the size to hash a picture at: reduced by a whole factor, or as it is."""
    short = min(source.width_px, source.height_px)
    by_pixels = math.ceil(math.sqrt(source.pixels_count / _PIXELS_COUNT))
    factor = max(1, short // short_side_px, by_pixels)
    return Size(max(1, source.width_px // factor), max(1, source.height_px // factor))


def _sampled(luma: Plane) -> NDArray[np.float64]:
    for _ in range(_PASSES):
        luma = _boxed(luma)
    height, width = luma.shape
    middles = np.arange(_SAMPLES) + 0.5
    rows = (middles * height / _SAMPLES).astype(np.intp)
    columns = (middles * width / _SAMPLES).astype(np.intp)
    samples = luma[rows[:, None], columns[None, :]]
    return np.asarray(samples, dtype=np.float64)


def _boxed(luma: Plane) -> Plane:
    """Replace each pixel by the mean of its window; at the edges of what is there."""
    height, width = luma.shape
    window = (_window(width), _window(height))
    sums = cv2.boxFilter(
        luma,
        cv2.CV_32F,
        window,
        anchor=(_before(window[0]), _before(window[1])),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    counts = _counts(height)[:, None] * _counts(width)[None, :]
    return np.asarray(sums / counts, dtype=np.float32)


def _window(side_px: int) -> int:
    return -(-side_px // (2 * _SAMPLES))


def _before(window: int) -> int:
    """Return how many pixels of a window lie before its own place."""
    return window - (window + 2) // 2


def _counts(side_px: int) -> Plane:
    """Return how many pixels of each window lie within the picture."""
    window = _window(side_px)
    first = np.arange(side_px) - _before(window)
    ends = np.minimum(first + window, side_px)
    return (ends - np.maximum(first, 0)).astype(np.float32)


def _quality(samples: NDArray[np.float64]) -> int:
    """Return how much the picture varies, by the sum of its rough gradients."""
    total = 0
    for axis in (0, 1):
        steps = np.trunc(np.diff(samples, axis=axis) * 100 / _FULL_SCALE)
        total += int(np.abs(steps).sum())
    return min(_BEST_QUALITY, total // _QUALITY_DIVISOR)
