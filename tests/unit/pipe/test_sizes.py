"""Checked arithmetic: nothing over a ceiling comes through, nothing under is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import fingerprint, rendition
from reviewer.pipe import sizes
from reviewer.pipe.sizes import Size, SizeError

ANY = st.integers(-(2**40), 2**40)
SIDE = st.integers(1, 5_000)
SOURCE = st.builds(Size, st.integers(1, 70_000), st.integers(1, 70_000))
FRAME_SIDE = st.integers(1, sizes.MAX_RENDITION_SIDE_PX)


def test_both_sides_state_the_same_ceilings() -> None:
    """The pipe may not import the domain, so equality is tested."""
    assert sizes.CONCEALED_LONG_PX == rendition.CONCEALED_CEILING_PX
    assert sizes.SHEET_PIXELS_COUNT == rendition.SHEET_BUDGET_PX
    assert sizes.SHEET_TILES_COUNT == rendition.SHEET_TILES_COUNT
    assert sizes.PDQ_BYTES == fingerprint.PDQ_BYTES
    assert sizes.BEST_QUALITY == fingerprint.BEST_QUALITY
    assert sizes.PRINT_FRAMES_COUNT == fingerprint.MAX_FRAMES_COUNT
    full = sizes.TILE_LONG_PX * sizes.TILE_SHORT_PX * sizes.SHEET_TILES_COUNT
    assert full == sizes.SHEET_PIXELS_COUNT


@given(ANY, ANY)
def test_source_size_accepts_what_fits(width: int, height: int) -> None:
    """A source within sides and pixels is taken, any other refused."""
    fits = (
        0 < width <= sizes.MAX_SOURCE_SIDE_PX
        and 0 < height <= sizes.MAX_SOURCE_SIDE_PX
        and width * height <= sizes.MAX_SOURCE_PIXELS
    )
    if fits:
        assert sizes.source_size(width, height) == Size(width, height)
    else:
        with pytest.raises(SizeError):
            sizes.source_size(width, height)


@given(SIDE, SIDE)
def test_a_rendition_always_fits_the_shared_memory(width: int, height: int) -> None:
    """What is accepted as a rendition has room in the memory the parent made."""
    try:
        size = sizes.rendition_size(width, height)
    except SizeError:
        assert max(width, height) > sizes.MAX_RENDITION_SIDE_PX or (
            width * height > sizes.MAX_RENDITION_PIXELS
        )
    else:
        assert 0 < size.rgb_bytes <= sizes.SHARED_BYTES


@given(ANY, ANY)
def test_a_fingerprint_has_the_length_of_its_frames(count: int, length: int) -> None:
    """So many frames of one length each; all of them fit the shared memory."""
    if 0 <= count <= sizes.PRINT_FRAMES_COUNT and length == count * sizes.PRINT_BYTES:
        assert sizes.prints_of(count, length) == count
    else:
        with pytest.raises(SizeError):
            sizes.prints_of(count, length)
    whole = sizes.PRINT_FRAMES_COUNT * sizes.PRINT_BYTES
    assert sizes.prints_of(sizes.PRINT_FRAMES_COUNT, whole) == sizes.PRINT_FRAMES_COUNT
    assert whole <= sizes.SHARED_BYTES


@given(st.integers(-5, 100), st.integers(-5, 100), st.integers(1, 100))
def test_concealed_is_never_over_the_ceiling(
    width: int, height: int, asked: int
) -> None:
    """Whatever was asked, 48 pixels is the most."""
    try:
        size = sizes.concealed_size(width, height, long_side_px=asked)
    except SizeError:
        assert min(width, height) < 1 or max(width, height) > min(asked, 48)
    else:
        assert size.long_side_px <= min(asked, 48)


@given(st.integers(-2, 20), st.integers(-2, 20), st.integers(-2, 20))
def test_a_sheet_is_never_over_its_budget(count: int, width: int, height: int) -> None:
    """Tiles count together."""
    try:
        size = sizes.sheet_of(count, width, height)
    except SizeError:
        assert (
            not 0 < count <= 12
            or not (0 < width <= 16 and 0 < height <= 16)
            or count * width * height > 48 * 48
        )
    else:
        assert size.pixels_count * count <= 48 * 48


@given(ANY, ANY, st.integers(0, 2**33))
def test_a_read_stays_within_the_item(offset: int, length: int, size: int) -> None:
    """A read is at most 1 MiB, starts within the item and is cut at its end."""
    try:
        got = sizes.read_range(offset, length, size_bytes=size)
    except SizeError:
        assert not 0 < length <= sizes.READ_BYTES or not 0 <= offset <= size
    else:
        assert 0 <= got <= length
        assert offset + got <= size


@given(SOURCE, FRAME_SIDE, FRAME_SIDE)
def test_fit_fills_one_side_and_exceeds_none(
    source: Size, width: int, height: int
) -> None:
    """The fitted size touches the frame and keeps the shape to the pixel."""
    size = sizes.fit(source, width_px=width, height_px=height)
    assert size.width_px <= width
    assert size.height_px <= height
    assert size.width_px == width or size.height_px == height
    assert min(size.width_px, size.height_px) >= 1


@given(SOURCE)
def test_twelve_fitted_tiles_keep_the_budget(source: Size) -> None:
    """Of whatever shape a clip is, its sheet is accepted."""
    tile = sizes.fit_tile(source)
    assert sizes.sheet_of(12, tile.width_px, tile.height_px) == tile


@given(SOURCE, *(st.integers(-5, sizes.BOX_UNIT + 5) for _ in range(4)))
def test_a_box_stays_within_its_source(
    source: Size, x: int, y: int, width: int, height: int
) -> None:
    """A box is refused, or holds at least a pixel and nothing outside."""
    try:
        left, top, right, bottom = sizes.box_in(
            source, x=x, y=y, width=width, height=height
        )
    except SizeError:
        assert (
            min(x, y) < 0
            or min(width, height) < 1
            or (x + width > sizes.BOX_UNIT or y + height > sizes.BOX_UNIT)
        )
    else:
        assert 0 <= left < right <= source.width_px
        assert 0 <= top < bottom <= source.height_px


def test_the_whole_box_is_the_whole_source() -> None:
    """No pixel is lost at the edges."""
    unit = sizes.BOX_UNIT
    box = sizes.box_in(Size(641, 479), x=0, y=0, width=unit, height=unit)
    assert box == (0, 0, 641, 479)


@given(ANY, ANY)
def test_a_frame_is_always_one_that_may_be_shared(width: int, height: int) -> None:
    """Whatever the screen asks for, the request itself is acceptable."""
    frame = sizes.frame_within(width, height)
    assert sizes.rendition_size(frame.width_px, frame.height_px) == frame


@given(SIDE, SIDE, FRAME_SIDE, FRAME_SIDE)
def test_size_within_keeps_to_the_frame(
    width: int, height: int, most_width: int, most_height: int
) -> None:
    """A rendition that was asked for a frame may not leave it."""
    frame = sizes.frame_within(most_width, most_height)
    try:
        size = sizes.size_within(width, height, frame=frame)
    except SizeError:
        assert width > frame.width_px or height > frame.height_px
    else:
        assert size == Size(width, height)


@given(ANY, st.integers(0, 100))
def test_counted_accepts_zero_to_most(count: int, most: int) -> None:
    """A count is a number that is not negative and not absurd."""
    if 0 <= count <= most:
        assert sizes.counted(count, most=most) == count
    else:
        with pytest.raises(SizeError):
            sizes.counted(count, most=most)
