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

import itertools
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
    """Counts clear renditions before and after a reveal. One thread at a time."""

    def __init__(self) -> None:
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
        self.recorded += 1
        is_fine = shows_fine_pattern(pixels, width_px=width_px)
        is_clear = (
            is_fine
            or max(width_px, height_px) > CONCEALED_CEILING_PX
            or width_px * height_px * tiles > SHEET_BUDGET_PX
        )
        if granted:
            self.clear_after_reveal += is_clear
            self.fine_after_reveal += is_fine
        else:
            self.clear_before_reveal += is_clear
            self.fine_before_reveal += is_fine


def shows_fine_pattern(pixels: bytes, *, width_px: int) -> bool:
    """Say whether packed RGB rows hold a run of narrow stripes of strong contrast."""
    row_bytes = 3 * width_px
    return any(
        _has_run(pixels[start + 1 : start + row_bytes : 3])
        for start in range(0, len(pixels) - row_bytes + 1, row_bytes * _ROW_STEP_PX)
    )


def _has_run(row: bytes) -> bool:
    widths = _stripes(row)
    run = 0
    for before, width in itertools.pairwise(widths):
        is_like = abs(before - width) <= 1 and max(before, width) <= _WIDEST_STRIPE_PX
        run = run + 1 if is_like else 0
        if run >= _RUN_STRIPES_COUNT:
            return True
    return False


def _stripes(row: bytes) -> list[int]:
    """Return the widths of the stripes that swing by at least the contrast."""
    widths: list[int] = []
    extreme = row[0]
    is_rising = True
    turned_at = 0
    for place, value in enumerate(row):
        if (value >= extreme) if is_rising else (value <= extreme):
            extreme = value
        elif abs(value - extreme) >= _CONTRAST:
            widths.append(place - turned_at)
            is_rising, turned_at, extreme = not is_rising, place, value
    return widths
