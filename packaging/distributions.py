"""Which installed distributions are inside a tree, with licence and native parts."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_CLASSIFIER: Final = "License :: OSI Approved :: "
_LICENCE_FILE: Final = re.compile(
    r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE
)
# Where the metadata say too little; taken from the file in the wheel that is named.
_SPOKEN: Final = {
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
# What copy_metadata brings along and a program does not need; one names the machine.
_KEPT_METADATA: Final = frozenset({"METADATA", "entry_points.txt"})


@dataclass(frozen=True, slots=True)
class Distribution:
    """One package from a registry, as far as it is inside."""

    name: str
    version: str
    licence: str
    """As the package says: an SPDX expression where it has one."""
    texts: tuple[tuple[str, bytes], ...]
    """Licence files of its own, by name."""
    hashes: frozenset[str] = field(repr=False)
    """SHA-256 of every file it installs."""
    modules: frozenset[str] = field(repr=False)
    """The names of its modules."""


def installed(site: Path) -> list[Distribution]:
    """Read every distribution of a folder of packages, sorted by name."""
    found = importlib.metadata.distributions(path=[str(site)])
    return sorted((_read(one) for one in found), key=lambda one: one.name)


def inside(
    distributions: Iterable[Distribution], *, modules: Iterable[str], tree: Path
) -> list[Distribution]:
    """Return those of which a module or a file is in a tree."""
    names = set(modules)
    hashes = {sha256(path) for path in files(tree)}
    return [one for one in distributions if one.modules & names or one.hashes & hashes]


def files(folder: Path) -> list[Path]:
    """Return every real file below a folder that has anything in it, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_size > 0
    )


def sha256(path: Path) -> str:
    """Return the hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def trim_metadata(tree: Path) -> None:
    """Keep of a distribution's metadata what the program reads: version and entries."""
    for folder in tree.rglob("*.dist-info"):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.name not in _KEPT_METADATA or path.parent != folder:
                path.unlink()


def _read(found: importlib.metadata.Distribution) -> Distribution:
    name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
    own = [one for one in found.files or () if ".." not in one.parts]
    real = [one for one in own if Path(str(one.locate())).is_file()]
    return Distribution(
        name=name,
        version=found.version,
        licence=_SPOKEN.get(name) or _licence(found),
        texts=tuple(
            (one.name, one.read_binary()) for one in real if _is_licence(str(one))
        ),
        hashes=frozenset(
            sha256(Path(str(one.locate())))
            for one in real
            if ".so" in one.name and one.size
        ),
        modules=frozenset(_module(str(one)) for one in real if one.suffix == ".py"),
    )


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_licence(path: str) -> bool:
    name = path.rpartition("/")[2]
    inside_metadata = ".dist-info/" in path or "licen" in path.lower()
    return (
        inside_metadata
        and not name.endswith((".py", ".pyc", ".so"))
        and (_LICENCE_FILE.search(name) is not None or "/licenses/" in path)
    )


def _licence(found: importlib.metadata.Distribution) -> str:
    expression = found.metadata.get_all("License-Expression")
    if expression:
        return str(expression[0])
    classes = found.metadata.get_all("Classifier") or []
    named = [one.removeprefix(_CLASSIFIER) for one in classes if _CLASSIFIER in one]
    if named:
        return " AND ".join(named)
    spoken = found.metadata.get_all("License") or ["see its text"]
    return str(spoken[0]).splitlines()[0]
