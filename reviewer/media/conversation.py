"""One question and its answer: reads served, deadlines kept, lies found."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from reviewer.errors import Code, MediaError
from reviewer.media.deadlines import Deadlines
from reviewer.media.link import Link, Timer
from reviewer.pipe.codes import Status, Subject
from reviewer.pipe.frames import (
    REPLY_BYTES,
    FrameError,
    ReadCall,
    Request,
    Result,
    pack_answer,
    unpack_reply,
)
from reviewer.pipe.sizes import SizeError, read_range
from reviewer.ports import MediaReader

_READS_SPARE_BYTES: Final = 64 * 1024 * 1024
_READS_FACTOR: Final = 4  # a codec may go over an item this often for one answer
_READS_COUNT: Final = 100_000

_CODES: Final = {
    Status.BROKEN: Code.MEDIA_BROKEN,
    Status.UNSUPPORTED: Code.MEDIA_UNSUPPORTED,
    Status.TOO_LARGE: Code.MEDIA_TOO_LARGE,
    # The parent checked what it asked, so such an answer is a lie.
    Status.BAD_REQUEST: Code.DECODER_LIED,
}

T = TypeVar("T")


class Conversation:
    """Talks to one child about one item. Not thread-safe: its session locks."""

    def __init__(
        self,
        link: Link,
        reader: MediaReader,
        *,
        subject: Subject,
        deadlines: Deadlines,
    ) -> None:
        self._link = link
        self._reader = reader
        self._subject = subject
        self._deadlines = deadlines
        self._size_bytes = reader.size_bytes

    def ask(self, request: Request) -> Result:
        """Send a request, answer its reads, and return its successful result.

        Raises:
            MediaError: by status, or MEDIA_TIMEOUT, DECODER_DIED, DECODER_LIED.
            VerificationError: the item's bytes are not what was signed.
        """
        seconds = self._deadlines.of(
            request.op, self._subject, size_bytes=self._size_bytes
        )
        result = translated(lambda: self._exchange(request, Timer(seconds)))
        if result.status is not Status.OK:
            raise MediaError(_CODES[result.status], request.op.name)
        return result

    def _exchange(self, request: Request, timer: Timer) -> Result:
        self._link.send(request.pack(), timer)
        budget = self._size_bytes * _READS_FACTOR + _READS_SPARE_BYTES
        for _ in range(_READS_COUNT):
            reply = unpack_reply(self._link.receive(REPLY_BYTES, timer))
            if reply.serial != request.serial:
                raise FrameError("serial")
            if isinstance(reply, Result):
                return reply
            budget -= self._serve(reply, timer)
            if budget < 0:
                break
        raise FrameError("reads")

    def _serve(self, call: ReadCall, timer: Timer) -> int:
        length = read_range(
            call.untrusted_offset, call.untrusted_length, size_bytes=self._size_bytes
        )
        started = time.monotonic()
        data = self._reader.read(call.untrusted_offset, length) if length else b""
        timer.push_back(started)
        self._link.send(pack_answer(len(data)) + data, timer)
        return length


def translated(act: Callable[[], T]) -> T:
    """Turn what the pipe and the system raise into media errors.

    Raises:
        MediaError: MEDIA_TIMEOUT, DECODER_DIED or DECODER_LIED.
    """
    try:
        return act()
    except (FrameError, SizeError) as error:
        raise MediaError(Code.DECODER_LIED, str(error)) from error
    except TimeoutError as error:
        raise MediaError(Code.MEDIA_TIMEOUT) from error
    except OSError as error:
        raise MediaError(Code.DECODER_DIED) from error
