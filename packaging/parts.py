"""List the files of an installation, so that the program can say what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

LIST: Final = Path("_internal/reviewer/_resources/parts.txt")


def write(tree: Path, trees: Iterable[Path]) -> None:
    """Write into `tree` the size and the path of every file of `trees`.

    The list is not in itself. `reviewer.sandbox.installation` reads it.
    """
    (tree / LIST).unlink(missing_ok=True)
    lines = [
        f"{path.stat().st_size} {path.relative_to(one.parent)}\n"
        for one in trees
        for path in sorted(one.rglob("*"))
        if path.is_file()
    ]
    (tree / LIST).write_text("".join(lines), encoding="utf-8")
