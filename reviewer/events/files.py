"""The log file of a profile: five files of at most 2 MiB, then the oldest goes.

A full or failing disk never stops the work: what cannot be written is dropped, and
so is what comes before there is a profile to belong to. The file is opened for each
event and closed again, so that no descriptor stays open.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from reviewer.domain.ids import UnixMs
from reviewer.events.kinds import Event, render
from reviewer.formats.entry import quarter_of

FILES_COUNT: Final = 5  # security.md 3.7
FILE_BYTES: Final = 2 * 1024 * 1024  # security.md 3.7
NAME: Final = "events.log"


class LogFiles:
    """The `Log` of a profile folder; made by `compose` alone."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], UnixMs],
        file_bytes: int = FILE_BYTES,
    ) -> None:
        """Touch nothing yet; only tests pass another size."""
        self._folder = folder
        self._now = now
        self._file_bytes = file_bytes
        self._at = ""
        self._number = 0
        # A fault while writing is itself written, in the same thread.
        self._lock = threading.RLock()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return where the files are, or would be, newest first."""
        older = (f"{NAME}.{number}" for number in range(1, FILES_COUNT))
        return tuple(self._folder / name for name in (NAME, *older))

    def write(self, event: Event, /) -> None:
        """Append a line, and begin a new file where this one would grow too large.

        Raises:
            UnknownFieldError: the event is not of the closed set: a bug.
        """
        with self._lock:
            self._at = quarter_of(self._now(), previous=self._at)
            line = render(event, number=self._number, at=self._at)
            self._number += 1
            with contextlib.suppress(OSError):
                self._append(line.encode("ascii") + b"\n")

    def _append(self, line: bytes) -> None:
        current = self.paths[0]
        if _size(current) + len(line) > self._file_bytes:
            self._rotate()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(current, flags, 0o600)
        with os.fdopen(descriptor, "ab", buffering=0) as file:
            file.write(line)

    def _rotate(self) -> None:
        """Move each file one place on; the oldest is replaced."""
        paths = self.paths
        for newer, older in reversed(list(itertools.pairwise(paths))):
            with contextlib.suppress(FileNotFoundError):
                newer.replace(older)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
