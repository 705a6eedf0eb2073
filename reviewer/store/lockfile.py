"""One program a profile: an advisory lock on `lock`, released when the process ends.

The file is empty and stays; a stale one from a crash locks nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from reviewer.errors import Code, UnavailableError


class ProfileLock:
    """The claim of this process on a profile folder; also a context manager."""

    def __init__(self, folder: Path) -> None:
        """Claim nothing yet."""
        self._path = folder / "lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Claim the profile, making its folder where there is none; never waits.

        Raises:
            UnavailableError: PROFILE_IN_USE, another process holds it;
                PROFILE_NOT_MADE, there can be no such folder; DISK_FAILED.
        """
        if self._descriptor is not None:
            return
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        _make(self._path.parent)
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise UnavailableError(Code.DISK_FAILED, f"errno {error.errno}") from error
        try:
            _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise UnavailableError(Code.PROFILE_IN_USE) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the profile free; safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Acquire."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release."""
        self.release()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        detail = f"errno {error.errno}"
        raise UnavailableError(Code.PROFILE_NOT_MADE, detail) from error


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
