"""The frames on the pipe: fixed binary layouts, little-endian, no strings.

Parent to child: one `Hello`, then `Request`s, and a `ReadAnswer` followed by that
many bytes for each read. Child to parent: one `Ready`, then `ReadCall`s and one
`Result` for each request. The serial number ties a result to its request.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from reviewer.pipe.codes import Charset, Mark, Op, Rung, Status, Subject, Wall

_HELLO: Final = struct.Struct("<BBxxIQ")
_READY: Final = struct.Struct("<BB6x")
_REQUEST: Final = struct.Struct("<BBBxIIIIIIIQIII")
_READ: Final = struct.Struct("<BxxxIQI24x")
_RESULT: Final = struct.Struct("<BBBxIIIIIIIIQ")
_ANSWER: Final = struct.Struct("<BxxxI")

HELLO_BYTES: Final = _HELLO.size
READY_BYTES: Final = _READY.size
REQUEST_BYTES: Final = _REQUEST.size
REPLY_BYTES: Final = _RESULT.size
ANSWER_BYTES: Final = _ANSWER.size


class FrameError(ValueError):
    """A frame is not one of ours: the other side is broken or lying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a locked child must know before the first request."""

    subject: Subject
    shared_bytes: int
    size_bytes: int
    charset: Charset = Charset.UNDECLARED

    def pack(self) -> bytes:
        """Return the frame."""
        return _HELLO.pack(
            self.subject, self.charset, self.shared_bytes, self.size_bytes
        )

    @classmethod
    def unpack(cls, data: bytes) -> Hello:
        """Read the frame.

        Raises:
            FrameError: not a hello.
        """
        try:
            subject, charset, shared_bytes, size_bytes = _HELLO.unpack(data)
            return cls(
                subject=Subject(subject),
                charset=Charset(charset),
                shared_bytes=shared_bytes,
                size_bytes=size_bytes,
            )
        except (struct.error, ValueError) as error:
            raise FrameError("hello") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Sent by a child once it stands behind its walls."""

    wall: Wall

    def pack(self) -> bytes:
        """Return the frame."""
        return _READY.pack(Mark.READY, self.wall)

    @classmethod
    def unpack(cls, data: bytes) -> Ready:
        """Read the frame.

        Raises:
            FrameError: not a ready.
        """
        try:
            mark, wall = _READY.unpack(data)
            if mark != Mark.READY:
                raise FrameError("ready")
            return cls(wall=Wall(wall))
        except (struct.error, ValueError) as error:
            raise FrameError("ready") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a child. Box values are millionths of the frame.

    A search finds its words, `query_bytes` of UTF-8, in the shared memory.
    """

    op: Op
    serial: int
    rung: Rung = Rung.CONCEALED
    is_grey: bool = True
    width_px: int = 0
    height_px: int = 0
    box_x: int = 0
    box_y: int = 0
    box_width: int = 0
    box_height: int = 0
    at_ms: int = 0
    page: int = 0
    tiles_count: int = 0
    query_bytes: int = 0

    def pack(self) -> bytes:
        """Return the frame."""
        return _REQUEST.pack(
            self.op,
            self.rung,
            self.is_grey,
            self.serial,
            self.width_px,
            self.height_px,
            self.box_x,
            self.box_y,
            self.box_width,
            self.box_height,
            self.at_ms,
            self.page,
            self.tiles_count,
            self.query_bytes,
        )

    @classmethod
    def unpack(cls, data: bytes) -> Request:
        """Read the frame.

        Raises:
            FrameError: not a request.
        """
        try:
            op, rung, grey, serial, *numbers = _REQUEST.unpack(data)
            width, height, box_x, box_y, box_width, box_height, *rest = numbers
            at, page, tiles, query = rest
            return cls(
                op=Op(op),
                serial=serial,
                rung=Rung(rung),
                is_grey=bool(grey),
                width_px=width,
                height_px=height,
                box_x=box_x,
                box_y=box_y,
                box_width=box_width,
                box_height=box_height,
                at_ms=at,
                page=page,
                tiles_count=tiles,
                query_bytes=query,
            )
        except (struct.error, ValueError) as error:
            raise FrameError("request") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """A child asks for bytes of its item."""

    serial: int
    untrusted_offset: int
    untrusted_length: int

    def pack(self) -> bytes:
        """Return the frame."""
        return _READ.pack(
            Mark.READ, self.serial, self.untrusted_offset, self.untrusted_length
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A child answers a request; every number is untrusted until checked.

    `width` and `height` are of the rendition, of each tile, or of the source for
    an info; `count` is tiles, frames or hits; `length` the bytes that the child
    wrote to the shared memory; `pages` of a text, or where a search goes on;
    `duration_ms` of a clip or animation, of whose frames `reach` can be looked at.
    """

    serial: int
    status: Status
    has_audio: bool = False
    untrusted_width: int = 0
    untrusted_height: int = 0
    untrusted_count: int = 0
    untrusted_length: int = 0
    untrusted_words: int = 0
    untrusted_pages: int = 0
    untrusted_duration_ms: int = 0
    untrusted_reach: int = 0

    def pack(self) -> bytes:
        """Return the frame."""
        return _RESULT.pack(
            Mark.RESULT,
            self.status,
            self.has_audio,
            self.serial,
            self.untrusted_width,
            self.untrusted_height,
            self.untrusted_count,
            self.untrusted_length,
            self.untrusted_words,
            self.untrusted_pages,
            self.untrusted_reach,
            self.untrusted_duration_ms,
        )


def unpack_reply(data: bytes) -> ReadCall | Result:
    """Read what a child sent after it was ready.

    Raises:
        FrameError: neither a read nor a result, or a status that does not exist.
    """
    if len(data) != REPLY_BYTES:
        raise FrameError("reply length")
    match data[0]:
        case Mark.READ:
            _, serial, offset, length = _READ.unpack(data)
            return ReadCall(
                serial=serial, untrusted_offset=offset, untrusted_length=length
            )
        case Mark.RESULT:
            return _unpack_result(data)
        case _:
            raise FrameError("reply mark")


def _unpack_result(data: bytes) -> Result:
    _, status, audio, serial, *numbers = _RESULT.unpack(data)
    width, height, count, length, words, pages, reach, duration = numbers
    try:
        known = Status(status)
    except ValueError as error:
        raise FrameError("status") from error
    return Result(
        serial=serial,
        status=known,
        has_audio=bool(audio),
        untrusted_width=width,
        untrusted_height=height,
        untrusted_count=count,
        untrusted_length=length,
        untrusted_words=words,
        untrusted_pages=pages,
        untrusted_duration_ms=duration,
        untrusted_reach=reach,
    )


def pack_answer(length_bytes: int) -> bytes:
    """Return the header before the bytes of a read."""
    return _ANSWER.pack(1, length_bytes)


def unpack_answer(data: bytes) -> int:
    """Return how many bytes of the item follow.

    Raises:
        FrameError: not an answer.
    """
    try:
        mark, length = _ANSWER.unpack(data)
    except struct.error as error:
        raise FrameError("answer") from error
    if mark != 1:
        raise FrameError("answer")
    return int(length)
