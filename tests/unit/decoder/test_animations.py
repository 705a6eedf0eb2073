"""Animations: a strip by time, each tile a look of its own, and a bound on all."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reviewer.decoder import stills
from reviewer.decoder.failures import BROKEN_ERRORS, DecodeError
from reviewer.decoder.showing import StillShowing
from reviewer.decoder.timeline import Timeline, timeline_of
from reviewer.pipe.codes import Op, Rung
from reviewer.pipe.frames import Request
from reviewer.pipe.sizes import BOX_UNIT, SHEET_PIXELS_COUNT, SHEET_TILES_COUNT
from tests.drawn_stills import encoded
from tests.media_samples import gif_of_frames

REFUSALS: Final[tuple[type[Exception], ...]] = (*BROKEN_ERRORS, DecodeError)
FORMS: Final = ("GIF", "PNG", "WEBP", "AVIF")


@pytest.fixture(autouse=True)
def _bound() -> Iterator[None]:
    before = Image.MAX_IMAGE_PIXELS
    stills.set_up()
    yield
    Image.MAX_IMAGE_PIXELS = before


def animation(form: str, tones: Sequence[int], delays: int | list[int] = 100) -> bytes:
    """Draw one even tone per frame."""
    frames = [Image.new("RGB", (64, 48), (tone,) * 3) for tone in tones]
    return encoded(
        frames[0], form, save_all=True, append_images=frames[1:], duration=delays
    )


def tones(count: int) -> list[int]:
    return [index * 250 // count for index in range(count)]


def sheet(showing: StillShowing) -> list[int]:
    """Return the tone of each tile."""
    request = Request(op=Op.STORYBOARD, serial=1, tiles_count=SHEET_TILES_COUNT)
    tiles = showing.sheet(request)
    assert sum(tile.shape[0] * tile.shape[1] for tile in tiles) <= SHEET_PIXELS_COUNT
    return [int(tile[5, 5, 0]) for tile in tiles]


def look(showing: StillShowing, at_ms: int) -> int:
    """Return the tone of a clear look at a time."""
    request = Request(
        op=Op.FRAME,
        serial=1,
        rung=Rung.COLOUR,
        width_px=64,
        height_px=48,
        box_width=BOX_UNIT,
        box_height=BOX_UNIT,
        at_ms=at_ms,
    )
    return int(np.asarray(showing.still(request))[20, 20, 0])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [2, 5, 12, 30])
def test_a_strip_spreads_over_an_animation(form: str, count: int) -> None:
    """Up to twelve different frames, from the first to near the last."""
    showing = StillShowing(io.BytesIO(animation(form, tones(count))))
    info = showing.info(1)
    assert (info.untrusted_count, info.untrusted_reach) == (count, count)
    assert info.untrusted_duration_ms == pytest.approx(100 * count, abs=count)
    found = sheet(showing)
    total = min(count, 12)
    wanted = [tones(count)[index * count // total] for index in range(total)]
    assert np.abs(np.asarray(found) - wanted).max() <= 4


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [2, 7, 30])
def test_each_tile_can_be_looked_at(form: str, count: int) -> None:
    """A look at the time of a tile shows the frame of that tile, in any order."""
    showing = StillShowing(io.BytesIO(animation(form, tones(count))))
    tiles = sheet(showing)
    duration = showing.info(1).untrusted_duration_ms
    for tile in reversed(range(len(tiles))):
        at_ms = duration * tile // len(tiles)
        assert abs(look(showing, at_ms) - tiles[tile]) <= 4


def test_frames_are_chosen_by_time() -> None:
    """Of many frames those that are up for long are taken; of few all are."""
    delays = [20] * 40 + [2_000] * 10
    data = animation("GIF", tones(50), delays)
    found = sheet(StillShowing(io.BytesIO(data)))
    assert sum(tone >= tones(50)[40] - 4 for tone in found) >= 8
    brief = animation("GIF", [0, 100, 200], [3_000, 20, 3_000])
    assert sheet(StillShowing(io.BytesIO(brief))) == pytest.approx([0, 100, 200], abs=4)


@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=60),
    st.integers(1, 12),
    st.integers(1, 60),
)
def test_chosen_frames_rise(delays: list[int], count: int, reach: int) -> None:
    """Different, in order, within reach, and as many as there can be."""
    ends = tuple(int(each) for each in np.cumsum(delays))
    reach = min(reach, len(ends))
    found = Timeline(ends).chosen(count, reach=reach)
    assert list(found) == sorted(set(found))
    assert len(found) == min(count, reach)
    assert found[0] == 0
    assert found[-1] < reach


def test_twenty_thousand_frames_are_bounded() -> None:
    """All are counted; the strip says how far it reaches."""
    data = gif_of_frames(20_000, width=400, height=300)
    showing = StillShowing(io.BytesIO(data))
    info = showing.info(1)
    assert info.untrusted_count == 20_000
    assert info.untrusted_reach == 200_000_000 // (400 * 300)
    assert len(sheet(showing)) == SHEET_TILES_COUNT


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_animation_gives_what_there_is(form: str) -> None:
    """A strip of a cut file is shorter, and each of its tiles can be looked at."""
    whole = animation(form, tones(20))
    for part in (0.9, 0.7, 0.5):
        showing = StillShowing(io.BytesIO(whole[: int(len(whole) * part)]))
        try:
            tiles = sheet(showing)
            duration = showing.info(1).untrusted_duration_ms
        except REFUSALS:
            continue
        for tile, tone in enumerate(tiles):
            assert abs(look(showing, duration * tile // len(tiles)) - tone) <= 4


@given(st.binary(max_size=300), st.sampled_from(FORMS))
def test_headers_of_any_bytes(data: bytes, form: str) -> None:
    """Reading times never raises, whatever follows a good beginning."""
    start = encoded(Image.new("RGB", (4, 4)), form)
    file = io.BytesIO(start[:60] + data)
    image = Image.new("RGB", (4, 4))
    image.format = form
    assert timeline_of(image, file).frames_count >= 1


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP"])
def test_a_still_has_no_time(form: str) -> None:
    """One frame, no length, one tile; a time changes nothing."""
    image = Image.new("RGB", (64, 48), (90, 90, 90))
    showing = StillShowing(io.BytesIO(encoded(image, form)))
    info = showing.info(1)
    assert (info.untrusted_count, info.untrusted_duration_ms) == (1, 0)
    assert abs(look(showing, 5_000) - 90) <= 4
