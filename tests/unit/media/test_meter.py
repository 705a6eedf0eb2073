"""The meter measures: size, sheet budget and the planted stripes, never a label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.ids import ItemId
from reviewer.media.meter import (
    STRIPE_DARK,
    STRIPE_LIGHT,
    STRIPE_PX,
    CountingMeter,
    shows_fine_pattern,
)

ITEM = ItemId("0" * 32)


def stripes(width_px: int, height_px: int, *, stripe_px: int, contrast: int) -> bytes:
    """Draw vertical stripes around mid grey."""
    tones = (128 - contrast // 2, 128 + contrast // 2)
    row = b"".join(bytes((tones[x // stripe_px % 2],) * 3) for x in range(width_px))
    return row * height_px


def flat(width_px: int, height_px: int) -> bytes:
    return bytes((90, 90, 90)) * (width_px * height_px)


def counted(
    width_px: int,
    height_px: int,
    *,
    tiles: int = 1,
    pixels: bytes | None = None,
    granted: bool = False,
) -> CountingMeter:
    meter = CountingMeter()
    meter.record(
        ITEM,
        width_px=width_px,
        height_px=height_px,
        tiles=tiles,
        pixels=flat(width_px, height_px) * tiles if pixels is None else pixels,
        granted=granted,
    )
    return meter


@pytest.mark.parametrize(
    ("width_px", "height_px", "tiles", "is_clear"),
    [
        (48, 48, 1, False),
        (49, 10, 1, True),
        (10, 49, 1, True),
        (16, 12, 12, False),
        (16, 13, 12, True),
        (640, 480, 1, True),
    ],
)
def test_size_and_budget_decide(
    width_px: int,
    height_px: int,
    tiles: int,
    is_clear: bool,  # noqa: FBT001
) -> None:
    """Longer than 48, or together more than a sheet, is clear."""
    meter = counted(width_px, height_px, tiles=tiles)
    assert meter.clear_before_reveal == is_clear
    assert meter.clear_after_reveal == 0


def test_a_grant_says_only_on_which_side_it_counts() -> None:
    """The same rendition after a reveal counts after it."""
    meter = counted(640, 480, granted=True)
    assert (meter.clear_before_reveal, meter.clear_after_reveal) == (0, 1)


def test_a_clear_piece_within_the_ceiling_is_found() -> None:
    """A child that cuts 48 full-resolution pixels out shows the planted stripes."""
    contrast = STRIPE_LIGHT - STRIPE_DARK
    piece = stripes(48, 48, stripe_px=STRIPE_PX, contrast=contrast)
    meter = counted(48, 48, pixels=piece)
    assert meter.clear_before_reveal == 1
    assert meter.fine_before_reveal == 1


@pytest.mark.parametrize("stripe_px", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("contrast", [64, 192])
def test_stripes_are_found_at_every_enlargement(stripe_px: int, contrast: int) -> None:
    """From half to four times full resolution, and softened."""
    pixels = stripes(160, 8, stripe_px=stripe_px, contrast=contrast)
    assert shows_fine_pattern(pixels, width_px=160)


@pytest.mark.parametrize(("stripe_px", "contrast"), [(12, 192), (2, 24)])
def test_wide_or_faint_stripes_are_not_fine(stripe_px: int, contrast: int) -> None:
    """What area reduction leaves of a pattern does not count."""
    pixels = stripes(160, 8, stripe_px=stripe_px, contrast=contrast)
    assert not shows_fine_pattern(pixels, width_px=160)


@pytest.mark.parametrize("width_px", [16, 24, 48])
@pytest.mark.parametrize("low", [0, 40, 90])
def test_noise_is_no_pattern(width_px: int, low: int) -> None:
    """The strongest noise at concealed size, hundreds of times, is never stripes."""
    rng = np.random.default_rng(width_px + low)
    for _ in range(300):
        noise = rng.integers(low, 256, width_px * width_px * 3, np.uint8)
        assert not shows_fine_pattern(noise.tobytes(), width_px=width_px)


@given(st.binary(min_size=3 * 16 * 12, max_size=3 * 16 * 12))
def test_any_pixels_can_be_measured(pixels: bytes) -> None:
    """The measure never raises, whatever a child sends."""
    assert shows_fine_pattern(pixels, width_px=16) in {True, False}
