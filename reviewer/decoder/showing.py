"""What a subject can be asked: one class for stills here, for clips and text beside.

A showing lives in one child, for one item. It keeps what it decoded, so that a lens
that moves costs a resize and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from PIL import Image

from reviewer.decoder import stills
from reviewer.decoder.failures import DecodeError
from reviewer.decoder.finding import Place
from reviewer.decoder.pdq import hashed_size, pdq
from reviewer.decoder.pictures import Edges, Picture, Pixels, resize
from reviewer.decoder.timeline import Timeline, timeline_of
from reviewer.pipe.codes import Rung, Status
from reviewer.pipe.frames import Request, Result
from reviewer.pipe.sizes import (
    BOX_UNIT,
    CONCEALED_LONG_PX,
    MAX_SOURCE_PIXELS,
    SHEET_TILES_COUNT,
    Size,
    box_in,
    fit,
    fit_tile,
    rendition_size,
)


@dataclass(frozen=True, slots=True)
class Prints:
    """The size of a source, and hash and quality of each frame that was taken."""

    source: Size
    frames: tuple[tuple[bytes, int], ...]


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

    def find(self, words: str, first_page: int) -> tuple[list[Place], int]:
        """Return places of words in a text, and where to go on, 0 at the end."""

    def prints(self) -> Prints:
        """Return the fingerprint."""


class StillShowing:
    """A picture, or the first frame and a strip of an animation."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._header: Image.Image | None = None
        self._picture: Picture | None = None
        self._times: Timeline | None = None
        self._strip: dict[int, Picture] = {}
        self._indexes: tuple[int, ...] | None = None

    def info(self, serial: int) -> Result:
        """Return size, number of frames, and how far a strip reaches."""
        image = self._opened()
        size = stills.size_of(image)
        times = self._timeline()
        return Result(
            serial=serial,
            status=Status.OK,
            untrusted_width=size.width_px,
            untrusted_height=size.height_px,
            untrusted_count=times.frames_count,
            untrusted_duration_ms=times.duration_ms,
            untrusted_reach=stills.reach_of(image, times.frames_count),
        )

    def prepare(self) -> None:
        """Decode the first frame as large as it may be."""
        self._decoded(stills.least_reduction(self._opened()))

    def still(self, request: Request) -> Pixels:
        """Render a thumbnail or a box without decoding more than needed.

        The time of a look at an animation is that of a tile, as its sheet has them.
        """
        source = stills.size_of(self._opened())
        if request.rung is Rung.CONCEALED:
            side = concealed_side(request)
            size = stills.thumbnail_size(source, long_side_px=side)
            small = self._fitting(cut=source, wanted=size).whole(size)
            return stills.greyed(small) if request.is_grey else small
        cut, size = _cut_and_size(source, request)
        slot = self._slot_at(request.at_ms)
        picture = self._frame(slot) if slot else self._fitting(cut=cut, wanted=size)
        part = picture.part(_edges(picture.size, request), size)
        return stills.stepped(part, request.rung, share=_share(request))

    def sheet(self, request: Request) -> Sequence[Pixels]:
        """Render a strip of an animation; a still gives one tile."""
        size = fit_tile(stills.size_of(self._opened()))
        tiles = [frame.whole(size) for frame in self._frames()]
        tiles = tiles[: max(request.tiles_count, 1)]
        return [stills.greyed(one) for one in tiles] if request.is_grey else tiles

    def page(self, number: int) -> bytes:  # noqa: ARG002 (the protocol's)
        """Refuse: a picture has no pages.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def find(self, words: str, first_page: int) -> tuple[list[Place], int]:  # noqa: ARG002
        """Refuse: a picture has no words.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def prints(self) -> Prints:
        """Hash the picture, or the strip of an animation, each frame once."""
        source = stills.size_of(self._opened())
        size = hashed_size(source)
        if self._timeline().frames_count == 1:
            pictures = [self._fitting(cut=source, wanted=size).whole(size)]
        else:
            frames = self._frames()
            pictures = [frame.whole(size) for frame in frames]
        return Prints(source, tuple(pdq(picture) for picture in pictures))

    def _timeline(self) -> Timeline:
        if self._times is None:
            self._times = timeline_of(self._opened(), self._file)
        return self._times

    def _chosen(self) -> tuple[int, ...]:
        """Return the frames of the strip; once it was decoded, those that could be."""
        if self._indexes is None:
            times = self._timeline()
            reach = stills.reach_of(self._opened(), times.frames_count)
            self._indexes = times.chosen(SHEET_TILES_COUNT, reach=reach)
        return self._indexes

    def _frames(self) -> Iterator[Picture]:
        """Decode the frames of the strip, and keep as many as memory allows."""
        image = self._reopened()  # a strip moves to other frames
        indexes = self._chosen()
        room = MAX_SOURCE_PIXELS // (image.width * image.height)
        done = []
        for index, frame in zip(
            indexes, stills.frames_at(image, indexes), strict=False
        ):
            done.append(index)
            if len(self._strip) < room:
                self._strip[index] = frame
            yield frame
        self._indexes = tuple(done)

    def _slot_at(self, at_ms: int) -> int:
        """Return which tile of the strip a time stands for, 0 for a still."""
        duration = self._timeline().duration_ms
        count = len(self._chosen())
        if not duration or not at_ms:
            return 0
        return min(-(-at_ms * count // duration), count - 1)

    def _frame(self, slot: int) -> Picture:
        index = self._chosen()[slot]
        kept = self._strip.get(index)
        if kept is None:
            kept = next(stills.frames_at(self._reopened(), [index]))
            self._strip = {index: kept}
        return kept

    def _fitting(self, *, cut: Size, wanted: Size) -> Picture:
        image = self._opened()
        return self._decoded(stills.reduction_for(image, cut=cut, wanted=wanted))

    def _decoded(self, reduction: int) -> Picture:
        if self._picture is None or self._picture.reduction > reduction:
            # A draft cannot be undone, so what was opened for it is not kept.
            image = self._reopened() if reduction > 1 or self._picture else None
            self._picture = stills.load(image or self._opened(), reduction=reduction)
        return self._picture

    def _opened(self) -> Image.Image:
        if self._header is None:
            self._header = self._reopened()
        return self._header

    def _reopened(self) -> Image.Image:
        self._file.seek(0)
        return stills.open_still(self._file)


def concealed_side(request: Request) -> int:
    """Return the long side asked for, within the ceiling."""
    return min(max(request.width_px, 1), CONCEALED_LONG_PX)


def render_box(pixels: Pixels, request: Request) -> Pixels:
    """Cut the asked box out of a frame and bring it to the asked size and rung.

    Raises:
        SizeError: the box leaves the frame, or the size is over the ceiling.
    """
    source = Size(pixels.shape[1], pixels.shape[0])
    _, size = _cut_and_size(source, request)
    left, top, right, bottom = _edges(source, request)
    part = resize(pixels[top:bottom, left:right], size)
    return stills.stepped(part, request.rung, share=_share(request))


def _share(request: Request) -> float:
    """Return how much of the frame's longer side a box takes, at least."""
    return max(request.box_width, request.box_height) / BOX_UNIT


def _cut_and_size(source: Size, request: Request) -> tuple[Size, Size]:
    frame = rendition_size(request.width_px, request.height_px)
    left, top, right, bottom = _edges(source, request)
    cut = Size(right - left, bottom - top)
    return cut, fit(cut, width_px=frame.width_px, height_px=frame.height_px)


def _edges(source: Size, request: Request) -> Edges:
    return box_in(
        source,
        x=request.box_x,
        y=request.box_y,
        width=request.box_width,
        height=request.box_height,
    )
