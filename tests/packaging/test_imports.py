"""Nothing that a module inside a tree imports, early or late, is missing there.

A late import (keyring, HTTP, the window itself) fails only when it is reached, and in
the child behind the walls it ends the child. So the sources that were frozen are read
and every import in them, also inside functions, is looked up in the built tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.packaging.built import RECIPE, SOURCES, TREES, builtins_of, modules_of

# By tree: what its modules name and must not find, or find somewhere else.
_LEFT_OUT: Final = {
    "reviewer": RECIPE.NEVER_IN_REVIEWER,
    "reviewer-decoder": RECIPE.NEVER_IN_DECODER,
    "reviewer-canary": RECIPE.NEVER_IN_DECODER,
    "reviewer-coordinator": RECIPE.NEVER_IN_COORDINATOR,
}
# Of other systems, behind a test of the system.
_ELSEWHERE: Final = frozenset({"msvcrt", "winreg", "ctypes.wintypes", "ctypes.windll"})

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(
        not TREES.is_dir(), reason="not run: nothing is built yet, see `poe deb`"
    ),
]


@pytest.mark.parametrize("program", _LEFT_OUT)
def test_every_import_is_inside(program: str) -> None:
    """Every import of every module of ours, but what the recipe leaves out."""
    inside = modules_of()[program] | builtins_of()
    never = _LEFT_OUT[program]
    missing = {
        f"{module}: {name}"
        for module in sorted(one for one in inside if _source(one) is not None)
        for name in _imported(module)
        if name not in inside and name not in _ELSEWHERE and not _is_of(name, never)
    }
    assert missing == set()


def test_late_imports_are_seen() -> None:
    """Control: the window, keyring and network are imported inside functions."""
    late = set(_imported("reviewer.keys.latekeyring")) | set(
        _imported("reviewer.sync.late")
    )
    assert {"reviewer.keys.systemkeyring", "reviewer.sync.client"} <= late
    assert "PIL.AvifImagePlugin" in set(_imported("reviewer.decoder.stills"))
    assert late <= modules_of()["reviewer"] | {"__future__"}


def _imported(module: str) -> Iterator[str]:
    path = _source(module)
    assert path is not None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _nodes(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(whole), names=names):
                yield whole
                yield from (
                    name for one in names if _exists(name := f"{whole}.{one.name}")
                )
            case _:
                pass


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk, but not into what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _nodes(child)


def _source(module: str) -> Path | None:
    """Return the frozen source of a module of ours; None for others."""
    if module.partition(".")[0] != "reviewer":
        return None
    stem = SOURCES.joinpath(*module.split("."))
    found = (stem.with_suffix(".py"), stem / "__init__.py")
    return next((path for path in found if path.is_file()), None)


def _exists(name: str) -> bool:
    """Return whether a dotted name is a module, of ours or of what was installed."""
    if name.startswith("reviewer."):
        return _source(name) is not None
    (site,) = (TREES.parent / "venv" / "lib").glob("python*/site-packages")
    stem = site.joinpath(*name.split("."))
    return (
        stem.with_suffix(".py").is_file()
        or (stem / "__init__.py").is_file()
        or any(stem.parent.glob(f"{stem.name}.*.so"))
    )


def _is_of(name: str, never: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in never)
