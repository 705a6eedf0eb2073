"""Read what a shared library needs, by objdump; drop what nothing needs.

PyInstaller follows the libraries of plugins that the recipe then leaves out. What no
kept file reaches is removed here, so that no forgotten library ships.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NEEDED: Final = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_SONAME: Final = re.compile(r"^\s+SONAME\s+(\S+)$", re.MULTILINE)
_GLIBC: Final = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_MAGIC: Final = b"\x7fELF"
_MODULE: Final = re.compile(r"\.(abi3|cpython-[^.]+)\.so$")


@dataclass(frozen=True, slots=True)
class Elf:
    """One file of machine code: what it is called, and what it asks for."""

    path: Path
    soname: str
    needed: frozenset[str]
    glibc: tuple[int, int]
    """The newest version of the C library's interface that it uses."""


def read(path: Path) -> Elf | None:
    """Return what a file needs; None if it is not machine code."""
    with path.open("rb") as file:
        if file.read(4) != _MAGIC:
            return None
    text = subprocess.run(
        ("objdump", "-p", str(path)), check=True, capture_output=True, text=True
    ).stdout
    soname = _SONAME.search(text)
    versions = [(int(a), int(b)) for a, b in _GLIBC.findall(text)]
    return Elf(
        path=path,
        soname=soname[1] if soname else path.name,
        needed=frozenset(_NEEDED.findall(text)),
        glibc=max(versions, default=(0, 0)),
    )


def read_tree(folder: Path) -> list[Elf]:
    """Return every real file of machine code below a folder, sorted by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return [elf for path in paths if (elf := read(path)) is not None]


def prune(folder: Path) -> list[str]:
    """Remove libraries that nothing reaches, then links that lead nowhere.

    Returns:
        The names of what was removed.
    """
    found = read_tree(folder)
    # Two wheels may each bring a library of one name: which is loaded, the order of
    # imports decides, so both stay.
    by_name: dict[str, list[Elf]] = {}
    for one in found:
        for name in {one.soname, one.path.name}:
            by_name.setdefault(name, []).append(one)
    waiting = [elf for elf in found if _is_root(elf.path, folder)]
    reached: set[Path] = set()
    while waiting:
        elf = waiting.pop()
        if elf.path not in reached:
            reached.add(elf.path)
            waiting += [one for name in elf.needed for one in by_name.get(name, ())]
    gone = [elf.path for elf in found if elf.path not in reached]
    for path in gone:
        path.unlink()
    for link in sorted(folder.rglob("*")):
        if link.is_symlink() and not link.exists():
            link.unlink()
    _drop_empty(folder)
    return sorted(path.name for path in gone)


def from_system(
    trees: Iterable[list[Elf]], *, known: Container[str]
) -> dict[str, Path]:
    """Return the libraries that no tree has, by name, with where this system has them.

    Args:
        trees: The machine code of each tree.
        known: Libraries whose packages are known: not looked up.

    Raises:
        FileNotFoundError: this system does not have one either.
    """
    cache = _system_libraries()
    wanted: set[str] = set()
    for found in trees:
        own = {name for elf in found for name in (elf.soname, elf.path.name)}
        wanted |= {name for elf in found for name in elf.needed} - own
    wanted = {name for name in wanted if name not in known}
    absent = sorted(name for name in wanted if name not in cache)
    if absent:
        raise FileNotFoundError(" ".join(absent))
    return {name: cache[name] for name in sorted(wanted)}


def _is_root(path: Path, folder: Path) -> bool:
    """Programs, what they load by name, and what the interpreter imports."""
    is_loaded = path.parent == folder or "plugins" in path.parts
    is_interpreter = path.name.startswith("libpython")
    return is_loaded or is_interpreter or _MODULE.search(path.name) is not None


def _system_libraries() -> dict[str, Path]:
    text = subprocess.run(
        ("/sbin/ldconfig", "-p"), check=True, capture_output=True, text=True
    ).stdout
    found: dict[str, Path] = {}
    for line in text.splitlines():
        name, arrow, path = line.strip().partition(" => ")
        if arrow and "x86-64" in name:
            found.setdefault(name.split()[0], Path(path))
    return found


def _drop_empty(folder: Path) -> None:
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
