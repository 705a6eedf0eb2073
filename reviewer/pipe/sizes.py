"""Every size on the pipe and all checked arithmetic, once; both sides use it.

A number read off the pipe is untrusted until a function here has returned it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CONCEALED_LONG_PX: Final = 48  # design.md 2: the ceiling of a concealed long side
SHEET_PIXELS_COUNT: Final = 48 * 48  # design.md 2: all concealed tiles together
SHEET_TILES_COUNT: Final = 12
TILE_LONG_PX: Final = 16  # twelve tiles of 16 x 12 fill the sheet exactly
TILE_SHORT_PX: Final = 12
MAX_SOURCE_PIXELS: Final = 64_000_000  # decoded: 256 MB as the child holds them
MAX_DRAFTED_PIXELS: Final = 128_000_000  # of a JPEG, which is then decoded smaller
MAX_SOURCE_SIDE_PX: Final = 65_535  # the side limit of JPEG; larger is refused
MAX_RENDITION_SIDE_PX: Final = 4_096
MAX_RENDITION_PIXELS: Final = 3_840 * 2_160  # one 4K stage
PAGE_CHARACTERS: Final = 8_000
PAGE_BYTES: Final = PAGE_CHARACTERS * 4  # UTF-8 at its longest
MAX_TEXT_BYTES: Final = 1024 * 1024 * 1024  # read in windows, never whole
QUERY_CHARACTERS: Final = 100
QUERY_BYTES: Final = QUERY_CHARACTERS * 4
HITS_COUNT: Final = 500  # of one answer; a search goes on from where it stopped
MAX_ITEM_BYTES: Final = 8 * 1024**3  # design.md 4
WHOLE_ITEM_BYTES: Final = 64 * 1024 * 1024  # design.md 4: held whole up to here
READ_BYTES: Final = 1024 * 1024  # design.md 2: the most in one read request
BOX_UNIT: Final = 1_000_000  # a box is given in millionths of the frame
RGB_BYTES: Final = 3
SHARED_BYTES: Final = MAX_RENDITION_PIXELS * RGB_BYTES
PDQ_BYTES: Final = 32
PRINT_BYTES: Final = PDQ_BYTES + 1  # of one frame: the hash, then its quality
PRINT_FRAMES_COUNT: Final = 120  # a clip of two minutes, one frame a second
BEST_QUALITY: Final = 100
MAX_COUNT: Final = 2**31 - 1
_HIT: Final = struct.Struct("<III")  # page, first character, behind the last one
HIT_BYTES: Final = _HIT.size
MAX_DURATION_MS: Final = 7 * 24 * 3_600_000


class SizeError(ValueError):
    """A size is outside what the pipe allows. The message holds numbers only."""


@dataclass(frozen=True, slots=True)
class Size:
    """A checked width and height in pixels."""

    width_px: int
    height_px: int

    @property
    def pixels_count(self) -> int:
        """Return the number of pixels."""
        return self.width_px * self.height_px

    @property
    def rgb_bytes(self) -> int:
        """Return the length of packed RGB888 rows."""
        return self.pixels_count * RGB_BYTES

    @property
    def long_side_px(self) -> int:
        """Return the longer of the two sides."""
        return max(self.width_px, self.height_px)


def source_size(
    untrusted_width: int, untrusted_height: int, *, most: int = MAX_SOURCE_PIXELS
) -> Size:
    """Accept the dimensions of a source picture of at most so many pixels.

    Raises:
        SizeError: a side or the product is over the ceiling, or not positive.
    """
    if not (
        0 < untrusted_width <= MAX_SOURCE_SIDE_PX
        and 0 < untrusted_height <= MAX_SOURCE_SIDE_PX
        and untrusted_width * untrusted_height <= most
    ):
        raise SizeError(f"source {untrusted_width} x {untrusted_height}")
    return Size(untrusted_width, untrusted_height)


def rendition_size(untrusted_width: int, untrusted_height: int) -> Size:
    """Accept the dimensions of a rendition that fits the shared memory.

    Raises:
        SizeError: a side or the product is over the ceiling, or not positive.
    """
    if not (
        0 < untrusted_width <= MAX_RENDITION_SIDE_PX
        and 0 < untrusted_height <= MAX_RENDITION_SIDE_PX
        and untrusted_width * untrusted_height <= MAX_RENDITION_PIXELS
    ):
        raise SizeError(f"rendition {untrusted_width} x {untrusted_height}")
    return Size(untrusted_width, untrusted_height)


def concealed_size(
    untrusted_width: int, untrusted_height: int, *, long_side_px: int
) -> Size:
    """Accept the dimensions of a concealed rendition, at most `long_side_px` long.

    Raises:
        SizeError: longer than asked, longer than the ceiling, or not positive.
    """
    size = rendition_size(untrusted_width, untrusted_height)
    if size.long_side_px > min(long_side_px, CONCEALED_LONG_PX):
        raise SizeError(f"concealed {untrusted_width} x {untrusted_height}")
    return size


def sheet_of(untrusted_count: int, untrusted_width: int, untrusted_height: int) -> Size:
    """Accept the tile size of a sheet; all tiles of a sheet are equal.

    Raises:
        SizeError: too many tiles, a tile too long, or the sheet over its budget.
    """
    if not 0 < untrusted_count <= SHEET_TILES_COUNT:
        raise SizeError(f"sheet of {untrusted_count}")
    size = concealed_size(untrusted_width, untrusted_height, long_side_px=TILE_LONG_PX)
    if size.pixels_count * untrusted_count > SHEET_PIXELS_COUNT:
        raise SizeError(f"sheet of {untrusted_count} x {size.pixels_count}")
    return size


def prints_of(untrusted_count: int, untrusted_length: int) -> int:
    """Accept the number of frames of a fingerprint; each has a fixed length.

    Raises:
        SizeError: too many frames, or a length that is not theirs.
    """
    count = counted(untrusted_count, most=PRINT_FRAMES_COUNT)
    if untrusted_length != count * PRINT_BYTES:
        raise SizeError(f"fingerprint of {count} in {untrusted_length}")
    return count


def pack_hits(hits: Iterable[tuple[int, int, int]]) -> bytes:
    """Return found places in a text as bytes: page, start, end of each."""
    return b"".join(_HIT.pack(*hit) for hit in hits)


def hits_of(
    untrusted: bytes, untrusted_count: int, *, first_page: int
) -> tuple[tuple[int, int, int], ...]:
    """Accept found places in a text: in order, each within one page.

    Raises:
        SizeError: too many, out of order, or outside of a page.
    """
    count = counted(untrusted_count, most=HITS_COUNT)
    if len(untrusted) != count * HIT_BYTES:
        raise SizeError(f"{count} hits in {len(untrusted)}")
    before = (counted(first_page), -1)
    found = []
    for page, start, end in _HIT.iter_unpack(untrusted):
        if (page, start) <= before or not start < end <= PAGE_CHARACTERS:
            raise SizeError(f"hit {page} {start} {end}")
        before = (page, start)
        found.append((page, start, end))
    return tuple(found)


def read_range(untrusted_offset: int, untrusted_length: int, *, size_bytes: int) -> int:
    """Accept a read of the item and return how many bytes it will have.

    Reading past the end is cut short, as of a file.

    Raises:
        SizeError: longer than one read may be, empty, or starting past the end.
    """
    if not (0 < untrusted_length <= READ_BYTES and 0 <= untrusted_offset <= size_bytes):
        raise SizeError(f"read {untrusted_offset} + {untrusted_length}")
    return min(untrusted_length, size_bytes - untrusted_offset)


def counted(untrusted_count: int, *, most: int = MAX_COUNT) -> int:
    """Accept a plain count.

    Raises:
        SizeError: negative, or more than `most`.
    """
    if not 0 <= untrusted_count <= most:
        raise SizeError(f"count {untrusted_count}")
    return untrusted_count


def fit(source: Size, *, width_px: int, height_px: int) -> Size:
    """Return the largest size of the source's shape within a frame, at least 1 px.

    Integer arithmetic only, so that both sides agree to the pixel.
    """
    if source.width_px * height_px >= source.height_px * width_px:
        height = source.height_px * width_px // source.width_px
        return Size(width_px, max(1, height))
    width = source.width_px * height_px // source.height_px
    return Size(max(1, width), height_px)


def fit_tile(source: Size) -> Size:
    """Return the tile size for a clip of this shape: within 16 x 12 or 12 x 16."""
    if source.width_px >= source.height_px:
        return fit(source, width_px=TILE_LONG_PX, height_px=TILE_SHORT_PX)
    return fit(source, width_px=TILE_SHORT_PX, height_px=TILE_LONG_PX)


def box_in(source: Size, *, x: int, y: int, width: int, height: int) -> tuple[int, ...]:
    """Turn a box in millionths into pixels `(left, top, right, bottom)` of a source.

    The result holds at least one pixel and never leaves the source.

    Raises:
        SizeError: the box is empty or leaves the frame.
    """
    if not (
        0 <= x < BOX_UNIT
        and 0 <= y < BOX_UNIT
        and 0 < width <= BOX_UNIT - x
        and 0 < height <= BOX_UNIT - y
    ):
        raise SizeError(f"box {x} {y} {width} {height}")
    left = x * source.width_px // BOX_UNIT
    top = y * source.height_px // BOX_UNIT
    right = max(left + 1, -(-(x + width) * source.width_px // BOX_UNIT))
    bottom = max(top + 1, -(-(y + height) * source.height_px // BOX_UNIT))
    return left, top, min(right, source.width_px), min(bottom, source.height_px)


def frame_within(width_px: int, height_px: int) -> Size:
    """Return the frame to ask for: as wished, cut down to what may be shared."""
    width = min(max(1, width_px), MAX_RENDITION_SIDE_PX)
    height = min(max(1, height_px), MAX_RENDITION_SIDE_PX)
    if width * height > MAX_RENDITION_PIXELS:
        height = MAX_RENDITION_PIXELS // width
    return Size(width, height)


def size_within(untrusted_width: int, untrusted_height: int, *, frame: Size) -> Size:
    """Accept the dimensions of a rendition that was asked to fit a frame.

    Raises:
        SizeError: wider or higher than the frame, or not positive.
    """
    size = rendition_size(untrusted_width, untrusted_height)
    if size.width_px > frame.width_px or size.height_px > frame.height_px:
        raise SizeError(f"frame {untrusted_width} x {untrusted_height}")
    return size
