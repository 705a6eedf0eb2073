"""Frames between the parent and the zygote: one question, two answers."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from reviewer.pipe.codes import Subject
from reviewer.pipe.frames import FrameError

_FORK: Final = struct.Struct("<BBB5x")
_ANSWER: Final = struct.Struct("<BxxxI")
_MARK_FORK: Final = 0xB1
_MARK_WARM: Final = 0xB2
_MARK_FORKED: Final = 0xB3

FORK_BYTES: Final = _FORK.size
CONTROL_BYTES: Final = _ANSWER.size
FORK_FDS_COUNT: Final = 2  # the child's end of the pipe, and the shared memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Ask for one child; its two descriptors travel beside the frame."""

    subject: Subject
    without_landlock: bool

    def pack(self) -> bytes:
        """Return the frame."""
        return _FORK.pack(_MARK_FORK, self.subject, self.without_landlock)

    @classmethod
    def unpack(cls, data: bytes) -> Fork:
        """Read the frame.

        Raises:
            FrameError: not a fork request.
        """
        try:
            mark, subject, without_landlock = _FORK.unpack(data)
            if mark != _MARK_FORK:
                raise FrameError("fork")
            return cls(
                subject=Subject(subject), without_landlock=bool(without_landlock)
            )
        except (struct.error, ValueError) as error:
            raise FrameError("fork") from error


def pack_warm() -> bytes:
    """Return the frame that says: every codec is loaded, forks are welcome."""
    return _ANSWER.pack(_MARK_WARM, 0)


def check_warm(data: bytes) -> None:
    """Accept the frame that `pack_warm` makes.

    Raises:
        FrameError: anything else.
    """
    if data != pack_warm():
        raise FrameError("warm")


def pack_forked(pid: int) -> bytes:
    """Return the frame that goes with a pidfd."""
    return _ANSWER.pack(_MARK_FORKED, pid)


def unpack_forked(data: bytes) -> int:
    """Return the process number of the new child.

    Raises:
        FrameError: not the answer to a fork.
    """
    try:
        mark, pid = _ANSWER.unpack(data)
    except struct.error as error:
        raise FrameError("forked") from error
    if mark != _MARK_FORKED:
        raise FrameError("forked")
    return int(pid)
