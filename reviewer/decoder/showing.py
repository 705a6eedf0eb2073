"""What a subject can be asked: one class for stills here, for clips and text beside.

A showing lives in one child, for one item. It keeps what it decoded, so that a lens
that moves costs a resize and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Protocol

from PIL import Image

from reviewer.decoder import stills
from reviewer.decoder.failures import DecodeError
from reviewer.decoder.stills import Pixels
from reviewer.pipe.codes import Rung, Status
from reviewer.pipe.frames import Request, Result
from reviewer.pipe.sizes import (
    CONCEALED_LONG_PX,
    SHEET_TILES_COUNT,
    Size,
    box_in,
    fit,
    fit_tile,
    rendition_size,
)


class Showing(Protocol):
    """One item as a set of answers; every method may raise `DecodeError`."""

    def info(self, serial: int) -> Result:
        """Return plain numbers about the item."""

    def prepare(self) -> None:
        """Decode at full size and keep it; nothing leaves the child."""

    def still(self, request: Request) -> Pixels:
        """Render a concealed thumbnail, or a box of the picture at a rung."""

    def sheet(self, request: Request) -> Sequence[Pixels]:
        """Render concealed tiles of one size."""

    def page(self, number: int) -> bytes:
        """Return one page of text as UTF-8."""


class StillShowing:
    """A picture, or the first frame and a strip of an animation."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._image: Image.Image | None = None
        self._whole: Pixels | None = None

    def info(self, serial: int) -> Result:
        """Return size and number of frames."""
        image = self._opened()
        size = stills.size_of(image)
        return Result(
            serial=serial,
            status=Status.OK,
            untrusted_width=size.width_px,
            untrusted_height=size.height_px,
            untrusted_count=stills.frames_of(image),
        )

    def prepare(self) -> None:
        """Decode the first frame whole."""
        self._pixels()

    def still(self, request: Request) -> Pixels:
        """Render a thumbnail without decoding more than needed, or a clear box."""
        if request.rung is Rung.CONCEALED:
            return self._thumbnail(request)
        return render_box(self._pixels(), request)

    def sheet(self, request: Request) -> Sequence[Pixels]:
        """Render a strip of an animation; a still gives one tile."""
        count = min(max(request.tiles_count, 1), SHEET_TILES_COUNT)
        image, self._image = self._opened(), None  # a strip moves to other frames
        return tiles_of(stills.strip(image, count=count), request)

    def page(self, number: int) -> bytes:  # noqa: ARG002 (the protocol's)
        """Refuse: a picture has no pages.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def _thumbnail(self, request: Request) -> Pixels:
        side = concealed_side(request)
        if self._whole is None and stills.has_draft(self._opened()):
            image, self._image = self._opened(), None  # a draft cannot be undone
            return stills.thumbnail(image, long_side_px=side, is_grey=request.is_grey)
        return stills.shrink(self._pixels(), long_side_px=side, is_grey=request.is_grey)

    def _pixels(self) -> Pixels:
        if self._whole is None:
            self._whole = stills.whole(self._opened())
            self._image = None
        return self._whole

    def _opened(self) -> Image.Image:
        if self._image is None:
            self._file.seek(0)
            self._image = stills.open_still(self._file)
        return self._image


def concealed_side(request: Request) -> int:
    """Return the long side asked for, within the ceiling."""
    return min(max(request.width_px, 1), CONCEALED_LONG_PX)


def render_box(pixels: Pixels, request: Request) -> Pixels:
    """Cut the asked box out of a frame and bring it to the asked size and rung.

    Raises:
        SizeError: the box leaves the frame, or the size is over the ceiling.
    """
    frame = rendition_size(request.width_px, request.height_px)
    source = Size(pixels.shape[1], pixels.shape[0])
    left, top, right, bottom = box_in(
        source,
        x=request.box_x,
        y=request.box_y,
        width=request.box_width,
        height=request.box_height,
    )
    cut = Size(right - left, bottom - top)
    size = fit(cut, width_px=frame.width_px, height_px=frame.height_px)
    part = pixels[top:bottom, left:right]
    return stills.render(part, size=size, rung=request.rung)


def tiles_of(frames: Sequence[Pixels], request: Request) -> Sequence[Pixels]:
    """Shrink frames to tiles of the one size that the first frame gives."""
    first = frames[0]
    size = fit_tile(Size(first.shape[1], first.shape[0]))
    tiles = [stills.resize(frame, size) for frame in frames]
    return [stills.greyed(tile) for tile in tiles] if request.is_grey else tiles
