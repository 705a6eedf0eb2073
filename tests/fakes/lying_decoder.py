"""A decoder that misbehaves on request: a program that speaks the pipe.

`python -I lying_decoder.py PIPE_FD SHARED_FD LIE`. It stands in for an exploited
child: it is not locked, and it may send and write whatever it likes.
"""

from __future__ import annotations

import enum
import mmap
import os
import select
import sys
from typing import Final, NoReturn

from reviewer.pipe.codes import Op, Status, Wall
from reviewer.pipe.frames import (
    ANSWER_BYTES,
    HELLO_BYTES,
    REPLY_BYTES,
    REQUEST_BYTES,
    Hello,
    ReadCall,
    Ready,
    Request,
    Result,
    unpack_answer,
)
from reviewer.pipe.sizes import (
    BEST_QUALITY,
    HITS_COUNT,
    PDQ_BYTES,
    PRINT_FRAMES_COUNT,
    READ_BYTES,
    pack_hits,
)

CLEAR: Final = (640, 480)


class Lie(enum.StrEnum):
    """What goes wrong, once the child is asked for something."""

    NONE = enum.auto()
    # Sizes
    CLEAR_AS_CONCEALED = enum.auto()
    ONE_PIXEL_OVER = enum.auto()
    LONGER_THAN_ASKED = enum.auto()
    TILES_TOO_MANY = enum.auto()
    TILES_TOO_LONG = enum.auto()
    TILES_OVER_BUDGET = enum.auto()
    NO_SIZE = enum.auto()
    ENORMOUS = enum.auto()
    TOO_SHORT = enum.auto()
    TOO_LONG = enum.auto()
    WRONG_COUNT = enum.auto()
    # Frames
    WRONG_SERIAL = enum.auto()
    UNKNOWN_STATUS = enum.auto()
    BAD_REQUEST = enum.auto()
    UNKNOWN_MARK = enum.auto()
    GARBAGE = enum.auto()
    SHORT_HEADER = enum.auto()
    # Reads
    READ_PAST_END = enum.auto()
    READ_TOO_MUCH = enum.auto()
    READ_NOTHING = enum.auto()
    READ_FOR_EVER = enum.auto()
    # Time
    DEATH = enum.auto()
    SILENCE = enum.auto()
    ONE_BYTE = enum.auto()
    DEAF = enum.auto()
    FLOOD_OF_READS = enum.auto()
    # Memory and text
    LATE_WRITE = enum.auto()
    RESIZE_MEMORY = enum.auto()
    TEXT_NOT_UTF8 = enum.auto()
    TEXT_TOO_LONG = enum.auto()
    TEXT_LENGTH = enum.auto()
    INFO_TOO_LARGE = enum.auto()
    INFO_TOO_LONG = enum.auto()
    HITS_TOO_MANY = enum.auto()
    HITS_BACKWARDS = enum.auto()
    HIT_OUTSIDE = enum.auto()
    SEARCH_IN_CIRCLES = enum.auto()
    PRINTS_TOO_MANY = enum.auto()
    PRINTS_TOO_SHORT = enum.auto()
    PRINT_TOO_GOOD = enum.auto()
    # The greeting
    NOT_READY = enum.auto()
    NO_LANDLOCK = enum.auto()
    NEVER_READY = enum.auto()


class Liar:
    """One child."""

    def __init__(self, pipe_fd: int, shared_fd: int, lie: Lie) -> None:
        self._pipe = pipe_fd
        self._fd = shared_fd
        self._shared = mmap.mmap(shared_fd, os.fstat(shared_fd).st_size)
        self._lie = lie

    def run(self) -> NoReturn:
        """Greet, then answer every request with the lie."""
        self._greet()
        hello = Hello.unpack(self._receive(HELLO_BYTES))
        while True:
            self._answer(Request.unpack(self._receive(REQUEST_BYTES)), hello)

    def _greet(self) -> None:
        match self._lie:
            case Lie.NOT_READY:
                self._send(b"\x00" * 8)
            case Lie.NO_LANDLOCK:
                self._send(Ready(wall=Wall.REDUCED).pack())
            case Lie.NEVER_READY:
                self._wait_for_ever()
            case _:
                self._send(Ready(wall=Wall.FULL).pack())

    def _answer(self, request: Request, hello: Hello) -> None:
        if self._lie is Lie.DEATH:
            os._exit(1)
        if self._lie in _STALLS:
            self._stall(request)
        if self._lie in _READS:
            self._read(request, hello)
        if self._lie in _BYTES:
            self._send(_raw(self._lie, request))
            if self._lie is Lie.SHORT_HEADER:
                os._exit(3)
            return
        self._send(self._result(request).pack())
        if self._lie is Lie.LATE_WRITE:
            self._overwrite()

    def _result(self, request: Request) -> Result:
        if self._lie is Lie.RESIZE_MEMORY:
            self._resize()
        if request.op is Op.TEXT:
            return self._text(request)
        if request.op is Op.INFO:
            return _info(self._lie, request)
        if request.op is Op.FINGERPRINT:
            return self._prints(request)
        if request.op is Op.FIND:
            return self._hits(request)
        count, width, height = _SIZES.get(self._lie, (1, 8, 6))
        if request.op is Op.STORYBOARD and self._lie is Lie.NONE:
            count, width, height = 12, 16, 12
        length = count * width * height * 3
        claimed = {Lie.TOO_SHORT: length - 1, Lie.TOO_LONG: length + 3}
        tone = b"\x11" if self._lie in {Lie.NONE, Lie.LATE_WRITE} else b"\xee"
        room = min(length, len(self._shared))
        self._shared[:room] = tone * room
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_width=width,
            untrusted_height=height,
            untrusted_count=count + (self._lie is Lie.WRONG_COUNT),
            untrusted_length=claimed.get(self._lie, length) % 2**32,
        )

    def _text(self, request: Request) -> Result:
        data = {
            Lie.TEXT_NOT_UTF8: b"\xff\xfe\xfd",
            Lie.TEXT_TOO_LONG: b"x" * 8_001,
        }.get(self._lie, b"text")
        self._shared[: len(data)] = data
        length = 2**31 if self._lie is Lie.TEXT_LENGTH else len(data)
        return Result(serial=request.serial, status=Status.OK, untrusted_length=length)

    def _prints(self, request: Request) -> Result:
        count = PRINT_FRAMES_COUNT + (self._lie is Lie.PRINTS_TOO_MANY)
        quality = BEST_QUALITY + (self._lie is Lie.PRINT_TOO_GOOD)
        data = (bytes(PDQ_BYTES) + bytes([quality])) * count
        self._shared[: len(data)] = data
        width, height = _SIZES.get(self._lie, (1, *CLEAR))[1:]
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_width=width,
            untrusted_height=height,
            untrusted_count=count,
            untrusted_length=len(data) - (self._lie is Lie.PRINTS_TOO_SHORT),
        )

    def _hits(self, request: Request) -> Result:
        places = {
            Lie.HITS_TOO_MANY: [(page, 0, 1) for page in range(HITS_COUNT + 1)],
            Lie.HITS_BACKWARDS: [(9, 0, 1), (8, 0, 1)],
            Lie.HIT_OUTSIDE: [(9, 7_999, 8_001)],
        }.get(self._lie, [(9, 0, 1)])
        data = pack_hits(places)
        self._shared[: len(data)] = data
        return Result(
            serial=request.serial,
            status=Status.OK,
            untrusted_count=len(places),
            untrusted_length=len(data),
            untrusted_pages=request.page if self._lie is Lie.SEARCH_IN_CIRCLES else 0,
        )

    def _stall(self, request: Request) -> None:
        if self._lie is Lie.ONE_BYTE:
            self._send(b"\xa3")
        while self._lie is Lie.DEAF:
            self._send(_call(request, 0, READ_BYTES))
        while self._lie is Lie.FLOOD_OF_READS:
            self._send(_call(request, 0, 1) * 1_000)
        self._wait_for_ever()

    def _read(self, request: Request, hello: Hello) -> None:
        size = hello.size_bytes
        match self._lie:
            case Lie.READ_PAST_END:
                self._send(_call(request, size + 1, 1))
            case Lie.READ_TOO_MUCH:
                self._send(_call(request, 0, READ_BYTES + 1))
            case Lie.READ_NOTHING:
                self._send(_call(request, 0, 0))
            case _:
                while True:
                    self._send(_call(request, 0, size))
                    self._receive(unpack_answer(self._receive(ANSWER_BYTES)))
        self._wait_for_ever()

    def _overwrite(self) -> None:
        """Write clear pixels over what the parent was told, for ever."""
        bright = b"\xee" * (CLEAR[0] * CLEAR[1] * 3)
        while not select.select([self._pipe], [], [], 0)[0]:
            self._shared[: len(bright)] = bright

    def _resize(self) -> None:
        for size in (0, len(self._shared) * 2):
            try:
                os.ftruncate(self._fd, size)
            except OSError:
                continue
            os._exit(2)  # the seal did not hold: the test sees a death

    def _wait_for_ever(self) -> NoReturn:
        while True:
            select.select([], [], [])

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._pipe, view) :]

    def _receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = os.read(self._pipe, count - len(data))
            if not part:
                os._exit(0)
            data += part
        return data


_STALLS: Final = {Lie.SILENCE, Lie.ONE_BYTE, Lie.DEAF, Lie.FLOOD_OF_READS}
_READS: Final = {
    Lie.READ_PAST_END,
    Lie.READ_TOO_MUCH,
    Lie.READ_NOTHING,
    Lie.READ_FOR_EVER,
}
_BYTES: Final = {
    Lie.WRONG_SERIAL,
    Lie.UNKNOWN_STATUS,
    Lie.BAD_REQUEST,
    Lie.UNKNOWN_MARK,
    Lie.GARBAGE,
    Lie.SHORT_HEADER,
}
_SIZES: Final = {
    Lie.CLEAR_AS_CONCEALED: (1, *CLEAR),
    Lie.ONE_PIXEL_OVER: (1, 49, 48),
    Lie.LONGER_THAN_ASKED: (1, 32, 24),
    Lie.TILES_TOO_MANY: (13, 8, 6),
    Lie.TILES_TOO_LONG: (2, 17, 12),
    Lie.TILES_OVER_BUDGET: (12, 16, 16),
    Lie.NO_SIZE: (1, 0, 0),
    Lie.ENORMOUS: (1, 2**31, 2**31),
}


def _info(lie: Lie, request: Request) -> Result:
    return Result(
        serial=request.serial,
        status=Status.OK,
        untrusted_width=70_000 if lie is Lie.INFO_TOO_LARGE else 640,
        untrusted_height=480,
        untrusted_count=1,
        untrusted_duration_ms=2**62 if lie is Lie.INFO_TOO_LONG else 0,
    )


def _raw(lie: Lie, request: Request) -> bytes:
    frame = bytearray(Result(serial=request.serial, status=Status.OK).pack())
    match lie:
        case Lie.WRONG_SERIAL:
            return Result(serial=request.serial + 1, status=Status.OK).pack()
        case Lie.BAD_REQUEST:
            return Result(serial=request.serial, status=Status.BAD_REQUEST).pack()
        case Lie.UNKNOWN_STATUS:
            frame[1] = 99
        case Lie.UNKNOWN_MARK:
            frame[0] = 0
        case Lie.GARBAGE:
            return b"\x55" * 4_096
        case _:
            return bytes(frame[:7])
    return bytes(frame)


def _call(request: Request, offset: int, length: int) -> bytes:
    call = ReadCall(
        serial=request.serial, untrusted_offset=offset, untrusted_length=length
    ).pack()
    assert len(call) == REPLY_BYTES
    return call


if __name__ == "__main__":
    Liar(int(sys.argv[1]), int(sys.argv[2]), Lie(sys.argv[3])).run()
