"""Say which modules are inside built programs; run by an interpreter with PyInstaller.

`python contents.py PROGRAM…` prints one JSON object: for each program the names of
every module in its archive, and of the standard library that lies beside it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

from PyInstaller.archive.readers import (  # type: ignore[import-untyped]
    CArchiveReader,
)

INSIDE = "_internal"


def modules(program: Path) -> list[str]:
    """Return the sorted names of all modules that a program can import."""
    reader = CArchiveReader(str(program))
    names: set[str] = set()
    for name, entry in reader.toc.items():
        if entry[-1] == "z":
            names |= set(reader.open_embedded_archive(name).toc)
        elif entry[-1] == "m":  # what the archive itself is read with
            names.add(name)
    folder = program.parent / INSIDE
    with zipfile.ZipFile(folder / "base_library.zip") as archive:
        names |= {_dotted(name) for name in archive.namelist() if name.endswith("pyc")}
    names |= {_extension(path, folder) for path in sorted(folder.rglob("*.so"))}
    names |= {_source(path, folder) for path in sorted(folder.rglob("*.py"))}
    return sorted(names - {""})


def _dotted(name: str) -> str:
    return name.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def _source(path: Path, folder: Path) -> str:
    """Return the module of a plain file, as OpenCV has some."""
    return _dotted(str(path.relative_to(folder).with_suffix(".pyc")))


def _extension(path: Path, folder: Path) -> str:
    """Return the module that an extension is; empty for a plain library."""
    stem, _, rest = path.name.partition(".")
    if not rest.startswith(("abi3", "cpython-")):
        return ""
    parts = path.parent.relative_to(folder).parts
    if parts[-1:] == ("lib-dynload",):
        return stem
    return ".".join((*parts, stem))


if __name__ == "__main__":
    found = {Path(one).name: modules(Path(one)) for one in sys.argv[1:]}
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
