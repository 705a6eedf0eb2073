"""What clips and text items can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Final

from reviewer.decoder import stills
from reviewer.decoder.clips import Clip
from reviewer.decoder.failures import DecodeError
from reviewer.decoder.finding import Place, Query, find
from reviewer.decoder.pdq import hashed_size, pdq
from reviewer.decoder.pictures import Pixels
from reviewer.decoder.showing import Prints, concealed_side, render_box
from reviewer.decoder.texts import Book
from reviewer.pipe.codes import Charset, Rung, Status
from reviewer.pipe.frames import Request, Result
from reviewer.pipe.sizes import (
    PRINT_FRAMES_COUNT,
    SHEET_TILES_COUNT,
    Size,
    fit_tile,
)

_PRINT_SHORT_PX: Final = 512  # the reference hashes frames of about this size


class ClipShowing:
    """A clip: its first key frame, a sheet of tiles, a frame at a time."""

    def __init__(self, file: BinaryIO, *, threads_count: int) -> None:
        self._file = file
        self._threads_count = threads_count
        self._clip: Clip | None = None
        self._first: Pixels | None = None
        self._frame: tuple[int, Pixels] | None = None

    def info(self, serial: int) -> Result:
        """Return size, length, frames and whether there is sound."""
        clip = self._opened()
        size = _size(self._first_frame())
        return Result(
            serial=serial,
            status=Status.OK,
            has_audio=clip.has_audio,
            untrusted_width=size.width_px,
            untrusted_height=size.height_px,
            untrusted_count=clip.frames_count,
            untrusted_duration_ms=clip.duration_ms,
        )

    def prepare(self) -> None:
        """Decode the first key frame whole."""
        self._first_frame()

    def still(self, request: Request) -> Pixels:
        """Render the first key frame concealed, or a box of the frame at a time."""
        if request.rung is Rung.CONCEALED:
            return stills.shrink(
                self._first_frame(),
                long_side_px=concealed_side(request),
                is_grey=request.is_grey,
            )
        return render_box(self._frame_at(request.at_ms), request)

    def sheet(self, request: Request) -> Sequence[Pixels]:
        """Render up to twelve tiles."""
        count = min(max(request.tiles_count, 1), SHEET_TILES_COUNT)
        tile = fit_tile(_size(self._first_frame()))
        tiles = self._opened().sheet(count, tile)
        return [stills.greyed(one) for one in tiles] if request.is_grey else tiles

    def page(self, number: int) -> bytes:  # noqa: ARG002 (the protocol's)
        """Refuse: a clip has no pages.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def find(self, words: str, first_page: int) -> tuple[list[Place], int]:  # noqa: ARG002
        """Refuse: a clip has no words.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def prints(self) -> Prints:
        """Hash a frame of each second, by the vPDQ rule."""
        source = _size(self._first_frame())
        size = hashed_size(source, short_side_px=_PRINT_SHORT_PX)
        frames = self._opened().seconds(PRINT_FRAMES_COUNT, size)
        return Prints(source, tuple(pdq(frame) for frame in frames))

    def _frame_at(self, at_ms: int) -> Pixels:
        if self._frame is None or self._frame[0] != at_ms:
            frame = self._opened().at(at_ms) if at_ms else self._first_frame()
            self._frame = (at_ms, frame)
        return self._frame[1]

    def _first_frame(self) -> Pixels:
        if self._first is None:
            self._first = self._opened().first()
        return self._first

    def _opened(self) -> Clip:
        if self._clip is None:
            self._file.seek(0)
            self._clip = Clip(self._file, threads_count=self._threads_count)
        return self._clip


class TextShowing:
    """A text: counts, pages, places; it has no picture, not even a concealed one."""

    def __init__(self, file: BinaryIO, charset: Charset = Charset.UNDECLARED) -> None:
        self._file = file
        self._charset = charset
        self._book: Book | None = None

    def info(self, serial: int) -> Result:
        """Return the number of words and pages."""
        book = self._opened()
        return Result(
            serial=serial,
            status=Status.OK,
            untrusted_words=book.words_count(),
            untrusted_pages=book.pages_count,
        )

    def prepare(self) -> None:
        """Look at how the text is written."""
        self._opened()

    def still(self, request: Request) -> Pixels:  # noqa: ARG002 (the protocol's)
        """Refuse: a text has no picture.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def sheet(self, request: Request) -> Sequence[Pixels]:
        """Refuse: a text has no tiles.

        Raises:
            DecodeError: always.
        """
        return [self.still(request)]

    def page(self, number: int) -> bytes:
        """Return one page as UTF-8; past the end an empty one."""
        return self._opened().page(number).encode("utf-8", errors="replace")

    def find(self, words: str, first_page: int) -> tuple[list[Place], int]:
        """Return places, and the page to go on at, 0 at the end."""
        return find(self._opened(), Query(words), first_page)

    def prints(self) -> Prints:
        """Refuse: a text is compared by its bytes alone.

        Raises:
            DecodeError: always.
        """
        raise DecodeError(Status.UNSUPPORTED)

    def _opened(self) -> Book:
        if self._book is None:
            self._book = Book(self._file, self._charset)
        return self._book


def _size(pixels: Pixels) -> Size:
    return Size(pixels.shape[1], pixels.shape[0])
