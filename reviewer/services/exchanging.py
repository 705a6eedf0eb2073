"""Small files that go by stick: written whole or not at all, read up to a cap."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import durable


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole and durable, or is what it was.

    Raises:
        UnavailableError: DISK_FULL or DISK_FAILED; nothing half is left.
    """
    try:
        durable.replace(path, data)
    except UnavailableError:
        with contextlib.suppress(UnavailableError):
            durable.discard(path)
        raise


def write_all(out: io.FileIO, block: bytes) -> None:
    """Write a block whole; a disk that fills up first takes a part of it silently."""
    view = memoryview(block)
    while view:
        view = view[out.write(view) :]


def read_whole(path: Path, *, max_bytes: int) -> bytes:
    """Read a file that is to be verified.

    Raises:
        RefusedError: INPUT_MISSING.
        VerificationError: TOO_LARGE, over `max_bytes`.
        UnavailableError: DISK_FAILED.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise RefusedError(Code.INPUT_MISSING) from error
    except OSError as error:
        raise durable.disk_error(error) from error
    if len(data) > max_bytes:
        raise VerificationError(Code.TOO_LARGE, f"over {max_bytes} bytes")
    return data
