"""The files of this checkout, as git or the file system knows them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "reviewer"


def tracked_files() -> tuple[Path, ...]:
    """Return every committed file; without git, every file of the known folders."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        folders = ("reviewer", "tests", "docs", "resources", "packaging")
        found = [path for name in folders for path in (ROOT / name).rglob("*")]
        return tuple(p for p in found if p.is_file() and "__pycache__" not in p.parts)
    listed = subprocess.run(
        (git, "ls-files", "-z"), cwd=ROOT, check=True, capture_output=True
    ).stdout.decode()
    return tuple(
        path for name in listed.split("\0") if name and (path := ROOT / name).is_file()
    )


def python_files(*folders: str) -> tuple[Path, ...]:
    """Return every Python file below the named top-level folders."""
    return tuple(
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    )


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
