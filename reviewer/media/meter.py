"""Count what the parent reads from decoders, by what it measures, not by labels.

The demonstration and the tests hang a `CountingMeter` on the pool. It calls a
rendition clear when it is longer than the concealed ceiling, when its tiles hold
more than the sheet budget, or when it shows the *planted fine pattern*.

The planted pattern, for whoever draws it: vertical stripes, 2 px dark (grey 32)
then 2 px light (grey 224), across the whole width of a picture at least 480 px
wide, in a band at least 32 px high. At 48 px or fewer such stripes average to an
even grey; only pixels at or near full resolution show them.
"""

from __future__ import annotations

import threading
from typing import Final, Protocol

from reviewer.domain.ids import ItemId
from reviewer.domain.rendition import CONCEALED_CEILING_PX, SHEET_BUDGET_PX

STRIPE_PX: Final = 2
STRIPE_DARK: Final = 32
STRIPE_LIGHT: Final = 224
BAND_MIN_PX: Final = 32
_RUN_STRIPES_COUNT: Final = 8  # this many stripes of one width are no accident
_WIDEST_STRIPE_PX: Final = 8  # 2 px at the lens's largest enlargement, 4 x
_CONTRAST: Final = 48  # after grey and softening; area reduction leaves 14 at most
_TONE_SPREAD: Final = 32  # among the dark stripes, and among the light ones
_SHARED_COUNT: Final = 6
_ROWS_COUNT: Final = 3
_ROW_STEP_PX: Final = 4


class RenditionMeter(Protocol):
    """Is told of every rendition at the moment the parent has copied it."""

    def record(
        self,
        item_id: ItemId,
        *,
        width_px: int,
        height_px: int,
        tiles: int,
        pixels: bytes,
        granted: bool,
    ) -> None:
        """Take note of `tiles` renditions of one size, packed one after another."""


class CountingMeter:
    """Counts clear renditions before and after a reveal, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear_before_reveal = 0
        self.clear_after_reveal = 0
        self.fine_before_reveal = 0
        self.fine_after_reveal = 0
        self.recorded = 0

    def record(
        self,
        item_id: ItemId,  # noqa: ARG002 (the protocol's)
        *,
        width_px: int,
        height_px: int,
        tiles: int,
        pixels: bytes,
        granted: bool,
    ) -> None:
        """Measure a rendition; `granted` says only on which side it is counted."""
        is_fine = shows_fine_pattern(pixels, width_px=width_px)
        is_clear = (
            is_fine
            or max(width_px, height_px) > CONCEALED_CEILING_PX
            or width_px * height_px * tiles > SHEET_BUDGET_PX
        )
        with self._lock:
            self.recorded += 1
            if granted:
                self.clear_after_reveal += is_clear
                self.fine_after_reveal += is_fine
            else:
                self.clear_before_reveal += is_clear
                self.fine_before_reveal += is_fine


def shows_fine_pattern(pixels: bytes, *, width_px: int) -> bool:
    """Say whether packed RGB rows hold a run of narrow stripes of strong contrast.

    A run is regular in width and tone, and stands in three rows at the same places:
    noise, however strong, is not (tests/unit/media/test_meter.py).
    """
    row_bytes = 3 * width_px
    last = len(pixels) - _ROWS_COUNT * row_bytes
    starts = range(0, last + 1, row_bytes * _ROW_STEP_PX)
    return any(_stands(pixels, start, row_bytes) for start in starts)


def _stands(pixels: bytes, start: int, row_bytes: int) -> bool:
    shared: frozenset[int] | None = None
    for row in range(start, start + _ROWS_COUNT * row_bytes, row_bytes):
        places = _run(pixels[row + 1 : row + row_bytes : 3])
        shared = places if shared is None else shared & places
        if len(shared) < _SHARED_COUNT:
            return False
    return True


def _run(row: bytes) -> frozenset[int]:
    """Return where the stripes of the first regular run end, if there is one."""
    turns = _turns(row)
    run = 1
    for index in range(2, len(turns)):
        run = run + 1 if _goes_on(turns[index - 2 : index + 1]) else 1
        if run >= _RUN_STRIPES_COUNT:
            return frozenset(place for place, _ in turns[index - run : index + 1])
    return frozenset()


def _goes_on(three: list[tuple[int, int]]) -> bool:
    """Say whether two stripes are alike in width, and the tone comes back."""
    (first, tone), (second, _), (third, same_tone) = three
    widths = (second - first, third - second)
    is_even = abs(widths[0] - widths[1]) <= 1 and max(widths) <= _WIDEST_STRIPE_PX
    return is_even and abs(tone - same_tone) <= _TONE_SPREAD


def _turns(row: bytes) -> list[tuple[int, int]]:
    """Return where the tone swings by at least the contrast, and from which tone."""
    turns: list[tuple[int, int]] = []
    extreme = row[0]
    is_rising = True
    for place, value in enumerate(row):
        if (value >= extreme) if is_rising else (value <= extreme):
            extreme = value
        elif abs(value - extreme) >= _CONTRAST:
            turns.append((place, extreme))
            is_rising, extreme = not is_rising, value
    return turns
