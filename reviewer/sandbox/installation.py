"""Whether everything is there that an installer put there.

On Linux an installed tree carries a list of its files (packaging/parts.py). It is
read where a fault could have its cause in a missing file, and by `doctor --preflight`;
it proves nothing against somebody who may write to the installation. Elsewhere the
system keeps that record: a signed app, an installer that repairs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from reviewer.sandbox import launch
from reviewer.settings import resource

LIST: Final = "parts.txt"


def missing_parts() -> tuple[str, ...]:
    """Return the names of files that are gone or cut short; none in a checkout."""
    if not sys.platform.startswith("linux") or not launch.is_installed():
        return ()
    try:
        lines = resource(LIST).read_text(encoding="utf-8").splitlines()
    except OSError:
        return (LIST,)
    return missing_of(lines, Path(sys.executable).resolve().parent.parent)


def missing_of(lines: list[str], trees: Path) -> tuple[str, ...]:
    """Return the names of what a list has and a folder has not.

    Args:
        lines: The size in bytes, a space, and the path below the folder.
        trees: The folder that holds the installed trees.
    """
    parts = [line.partition(" ") for line in lines]
    return tuple(
        path.rpartition("/")[2]
        for size, _, path in parts
        if not _is_whole(trees / path, int(size))
    )


def _is_whole(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False
