"""Replace small files so that a crash leaves the old bytes or the new, never neither.

The one place in this room that touches a disk: header and anchor, which live in
sibling rooms, share it. Order: write beside, fsync, rename, fsync the folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import Final

from reviewer.errors import Code, UnavailableError

_NEW_SUFFIX: Final = ".new"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_error(error: OSError) -> UnavailableError:
    """Return DISK_FULL or DISK_FAILED for what the system said, without its path."""
    code = Code.DISK_FULL if error.errno in _FULL else Code.DISK_FAILED
    return UnavailableError(code, f"errno {error.errno}")


def prepare(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and fsync it; `commit` makes it current.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED; `path` is as it was.
    """
    beside = path.with_name(path.name + _NEW_SUFFIX)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(beside, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise disk_error(error) from error


def commit(path: Path) -> None:
    """Put what `prepare` wrote in the place of `path`, durably.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED; `path` is old or new.
    """
    try:
        path.with_name(path.name + _NEW_SUFFIX).replace(path)
        fsync_folder(path.parent)
    except OSError as error:
        raise disk_error(error) from error


def replace(path: Path, data: bytes) -> None:
    """Prepare and commit at once.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED; `path` is old or new.
    """
    prepare(path, data)
    commit(path)


def discard(path: Path) -> None:
    """Remove what `prepare` left beside `path`; nothing there is no error.

    Raises:
        UnavailableError: DISK_FAILED.
    """
    try:
        path.with_name(path.name + _NEW_SUFFIX).unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(error) from error


def fsync_folder(folder: Path) -> None:
    """Make renames in `folder` durable; Windows has no such call."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
