"""Files that are whole or absent: write aside, fsync, rename, fsync the folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from reviewer.errors import Code, RefusedError
from reviewer.formats.durable import disk_error, fsync_folder

TEMPORARY: Final = ".part"
_OWNER_ONLY: Final = 0o600


def make_folder(path: Path) -> None:
    """Make a folder that only its owner enters; keep one that is there.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error) from error


class Staged:
    """A file written aside; `publish` gives it its name, once it is whole."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._published = False
        self.file = file

    def publish(self) -> None:
        """Sync the file and give it its name, atomically."""
        self.file.flush()
        os.fsync(self.file.fileno())
        aside_of(self._path).replace(self._path)
        self._published = True
        fsync_folder(self._path.parent)

    def withdraw(self) -> None:
        """Remove the file under whichever name it has."""
        path = self._path if self._published else aside_of(self._path)
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def staged_file(path: Path) -> Iterator[Staged]:
    """Yield a file that is removed unless it is published and no error follows.

    So a database row and its file appear together: publish inside the transaction.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED.
    """
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(aside_of(path), flags, _OWNER_ONLY), "w+b") as file:
            staged = Staged(path, file)
            try:
                yield staged
            except BaseException:
                staged.withdraw()
                raise
        aside_of(path).unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(error) from error


def aside_of(path: Path) -> Path:
    """Return the name under which a file is written before it is whole."""
    return path.with_name(path.name + TEMPORARY)


def sweep(folder: Path, *, keep: frozenset[str]) -> None:
    """Remove files that no row names: a crash came between the two.

    Call it inside a transaction, so that nothing is just being published. Files
    still being written have another name and are left alone.

    Raises:
        UnavailableError: DISK_FAILED.
    """
    try:
        for path in folder.iterdir():
            if path.name not in keep and path.suffix != TEMPORARY:
                path.unlink()
    except OSError as error:
        raise disk_error(error) from error


def read_input(path: Path, *, max_bytes: int) -> bytes:
    """Read a file that a person named.

    Raises:
        RefusedError: INPUT_MISSING, or INPUT_INVALID when it is too large.
        UnavailableError: DISK_FAILED.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise RefusedError(Code.INPUT_MISSING, "file") from error
    except OSError as error:
        raise disk_error(error) from error
    if len(data) > max_bytes:
        raise RefusedError(Code.INPUT_INVALID, "too large")
    return data
