"""The child's end of the pipe: plain reads and writes on one descriptor."""

from __future__ import annotations

import os

from reviewer.pipe.frames import (
    ANSWER_BYTES,
    HELLO_BYTES,
    REQUEST_BYTES,
    Hello,
    ReadCall,
    Ready,
    Request,
    Result,
    unpack_answer,
)
from reviewer.pipe.sizes import READ_BYTES


class ParentGoneError(Exception):
    """The other end is closed: nothing is left to do."""


class Channel:
    """Requests in, reads and results out. Uses the calls `read` and `write` only."""

    def __init__(self, pipe_fd: int) -> None:
        self._fd = pipe_fd
        self._serial = 0

    def ready(self, ready: Ready) -> Hello:
        """Say that the walls stand; return what the item is.

        Raises:
            ParentGoneError: the parent closed the pipe.
        """
        self._write(ready.pack())
        return Hello.unpack(self._read(HELLO_BYTES))

    def next_request(self) -> Request:
        """Wait for the next question.

        Raises:
            ParentGoneError: the parent closed the pipe.
        """
        request = Request.unpack(self._read(REQUEST_BYTES))
        self._serial = request.serial
        return request

    def send(self, result: Result) -> None:
        """Answer the current request.

        Raises:
            ParentGoneError: the parent closed the pipe.
        """
        self._write(result.pack())

    def read_at(self, offset: int, length: int) -> bytes:
        """Ask the parent for bytes of the item; short only at its end.

        Raises:
            ParentGoneError: the parent closed the pipe.
        """
        call = ReadCall(
            serial=self._serial,
            untrusted_offset=offset,
            untrusted_length=min(length, READ_BYTES),
        )
        self._write(call.pack())
        return self._read(unpack_answer(self._read(ANSWER_BYTES)))

    def _read(self, count: int) -> bytes:
        parts = []
        while count > 0:
            try:
                part = os.read(self._fd, count)
            except OSError as error:
                raise ParentGoneError from error
            if not part:
                raise ParentGoneError
            parts.append(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise ParentGoneError from error
