"""What a canary child tries, and how it reports: numbers only, as on every pipe."""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from typing import Final

_RECORD: Final = struct.Struct("<BBBB")
RECORD_BYTES: Final = _RECORD.size


class Escape(enum.IntEnum):
    """One way out of a sandbox each. All are harmless where they succeed."""

    OPEN_FILE = 1
    WRITE_FILE = 2
    OPEN_PROC = 3
    LIST_FOLDER = 4
    UNLINK = 5
    CHMOD = 6
    MOUNT = 7
    SOCKET = 8
    CONNECT = 9
    BIND = 10
    PASS_DESCRIPTOR = 11
    EXEC = 12
    EXEC_FROM_MEMORY = 13
    FORK = 14
    CLONE_PROCESS = 15
    CLONE3 = 16
    UNSHARE_USER = 17
    KILL_PARENT = 18
    PTRACE = 19
    READ_OTHER_MEMORY = 20
    PIDFD = 21
    MAP_WRITE_EXECUTE = 22
    MAKE_EXECUTABLE = 23
    IO_URING = 24
    BPF = 25
    USERFAULT = 26
    PERF = 27
    OTHER_ABI = 28
    BECOME_ROOT = 29
    UNDO_DUMPABLE = 30
    TERMINAL_INPUT = 31


class Trial(enum.IntEnum):
    """Behind which walls an escape is tried."""

    STILL = 1
    CLIP = 2
    LANDLOCK_ONLY = 3
    UNLOCKED = 4


class Ending(enum.IntEnum):
    """What became of the child that tried."""

    RETURNED = 1
    REFUSED = 2
    KILLED = 3
    UNTRIED = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """One escape, tried once; `errno` says how it was refused."""

    trial: Trial
    escape: Escape
    ending: Ending
    errno: int = 0

    def pack(self) -> bytes:
        """Return the record."""
        return _RECORD.pack(self.trial, self.escape, self.ending, self.errno)


def unpack_attempts(data: bytes) -> tuple[Attempt, ...]:
    """Read what a canary wrote.

    Raises:
        ValueError: not records, or numbers that do not exist.
    """
    if len(data) % RECORD_BYTES:
        raise ValueError("records")
    return tuple(
        Attempt(Trial(trial), Escape(escape), Ending(ending), errno)
        for trial, escape, ending, errno in _RECORD.iter_unpack(data)
    )
