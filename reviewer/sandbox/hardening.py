"""Keep this process's memory to itself: no core dump, no tracing by the same user."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

from reviewer.errors import Code, UnavailableError

_PR_SET_DUMPABLE: Final = 4
_PR_GET_DUMPABLE: Final = 3


def harden_this_process() -> None:
    """Turn off core dumps and, on Linux, make the process not dumpable.

    Not dumpable also keeps other processes of the same user from reading our
    memory by ptrace or /proc. Call it first thing, before any key exists.

    Raises:
        UnavailableError: SANDBOX_UNAVAILABLE, the system refused.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (does not exist on Windows)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, "dumpable")


def is_hardened() -> bool:
    """Say whether `harden_this_process` holds now (for doctor and tests)."""
    if sys.platform == "win32":
        return False
    import resource  # noqa: PLC0415 (does not exist on Windows)

    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        return False
    if sys.platform != "linux":
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0
