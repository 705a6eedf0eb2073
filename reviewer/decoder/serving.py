"""Answer requests about one item until the parent hangs up. Runs behind the walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from reviewer.decoder.channel import Channel
from reviewer.decoder.clips import THREADS_COUNT
from reviewer.decoder.failures import BROKEN_ERRORS, TOO_LARGE_ERRORS, DecodeError
from reviewer.decoder.moving import ClipShowing, TextShowing
from reviewer.decoder.pictures import Pixels
from reviewer.decoder.showing import Prints, Showing, StillShowing
from reviewer.decoder.source import open_item
from reviewer.pipe.codes import Charset, Op, Status, Subject
from reviewer.pipe.frames import Hello, Request, Result
from reviewer.pipe.sizes import QUERY_BYTES, SizeError, pack_hits


class Server:
    """Ties one channel, one shared memory and one item together."""

    def __init__(self, channel: Channel, shared: memoryview, hello: Hello) -> None:
        self._channel = channel
        self._shared = shared
        self._hello = hello
        self._showing: Showing | None = None
        self._ahead: tuple[Request, Pixels] | None = None
        """A look that was rendered before it may be shown: in private memory, not in
        the shared one."""

    def run(self) -> None:
        """Serve for ever.

        Raises:
            ParentGoneError: the parent closed the pipe: the normal end.
        """
        while True:
            request = self._channel.next_request()
            self._channel.send(self._answer(request))

    def _answer(self, request: Request) -> Result:
        try:
            return self._handle(request)
        except DecodeError as error:
            status = error.status
        except SizeError:
            status = Status.BAD_REQUEST
        except TOO_LARGE_ERRORS:
            status = Status.TOO_LARGE
        except BROKEN_ERRORS:
            status = Status.BROKEN
        return Result(serial=request.serial, status=status)

    def _handle(self, request: Request) -> Result:
        showing = self._item()
        match request.op:
            case Op.INFO:
                return showing.info(request.serial)
            case Op.PREPARE:
                return self._prepare(request, showing)
            case Op.FRAME:
                return self._put(request, [self._look(request, showing)])
            case Op.STILL:
                return self._put(request, [showing.still(request)])
            case Op.STORYBOARD:
                return self._put(request, showing.sheet(request))
            case _:
                return self._handle_words(request, showing)

    def _prepare(self, request: Request, showing: Showing) -> Result:
        """Decode, and render the coming look, so that it is only copied later."""
        showing.prepare()
        pixels = self._look(request, showing)
        self._ahead = (_question(request), pixels)
        return Result(serial=request.serial, status=Status.OK)

    def _look(self, request: Request, showing: Showing) -> Pixels:
        if self._ahead is not None and self._ahead[0] == _question(request):
            return self._ahead[1]
        self._ahead = None
        return showing.still(request)

    def _handle_words(self, request: Request, showing: Showing) -> Result:
        match request.op:
            case Op.FIND:
                return self._put_hits(request, showing)
            case Op.FINGERPRINT:
                return self._put_prints(request, showing.prints())
            case _:
                return self._put_text(request, showing.page(request.page))

    def _item(self) -> Showing:
        if self._showing is None:
            file = open_item(self._channel.read_at, self._hello.size_bytes)
            self._showing = showing_of(
                self._hello.subject, file, charset=self._hello.charset
            )
        return self._showing

    def _put(self, request: Request, frames: Sequence[Pixels]) -> Result:
        height, width = frames[0].shape[:2]
        each = height * width * 3
        length = each * len(frames)
        if length > len(self._shared):
            raise DecodeError(Status.BAD_REQUEST)
        target = np.frombuffer(self._shared, dtype=np.uint8, count=length)
        for index, frame in enumerate(frames):
            target[index * each : (index + 1) * each] = frame.reshape(-1)
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_width=width,
            untrusted_height=height,
            untrusted_count=len(frames),
            untrusted_length=length,
        )

    def _put_text(self, request: Request, data: bytes) -> Result:
        self._shared[: len(data)] = data
        return Result(
            serial=request.serial, status=Status.OK, untrusted_length=len(data)
        )

    def _put_hits(self, request: Request, showing: Showing) -> Result:
        if not 0 < request.query_bytes <= QUERY_BYTES:
            raise DecodeError(Status.BAD_REQUEST)
        words = bytes(self._shared[: request.query_bytes]).decode("utf-8")
        places, goes_on = showing.find(words, request.page)
        data = pack_hits(places)
        self._shared[: len(data)] = data
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_count=len(places),
            untrusted_length=len(data),
            untrusted_pages=goes_on,
        )

    def _put_prints(self, request: Request, prints: Prints) -> Result:
        data = b"".join(bits + bytes([quality]) for bits, quality in prints.frames)
        self._shared[: len(data)] = data
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_width=prints.source.width_px,
            untrusted_height=prints.source.height_px,
            untrusted_count=len(prints.frames),
            untrusted_length=len(data),
        )


def _question(request: Request) -> Request:
    """Return what is to be seen, whether it is asked for now or ahead."""
    return replace(request, op=Op.FRAME, serial=0)


def showing_of(
    subject: Subject,
    file: BinaryIO,
    *,
    threads_count: int = THREADS_COUNT,
    charset: Charset = Charset.UNDECLARED,
) -> Showing:
    """Take an item for what the parent says it is; its bytes decide the rest."""
    match subject:
        case Subject.STILL:
            return StillShowing(file)
        case Subject.CLIP:
            return ClipShowing(file, threads_count=threads_count)
        case Subject.TEXT:
            return TextShowing(file, charset)
