"""No field, no import and no signed entry carries any of the exposure ledger."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest

from reviewer.domain.item import Item
from reviewer.domain.person import Capacity
from reviewer.formats import receipt, signed, submission, wire
from reviewer.formats.wire import Act, Contents, Entry
from reviewer.safeguards import ledger, restoring
from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.restoring import Totals
from tests.architecture.checkout import PACKAGE, ROOT

# Names that both sides use for things that have nothing to do with each other.
NEUTRAL: Final = frozenset({"format", "item_id", "tags"})
WORDS: Final = (
    "ledger",
    "exposure",
    "reveal",
    "clear_ms",
    "audio_ms",
    "views",
    "breaks",
    "opt_out",
    "opted",
    "covers",
    "active_minutes",
    "graphic_free",
    "cooldown",
    "severe",
)


def structs_of(*modules: types.ModuleType) -> set[type[msgspec.Struct]]:
    """Return every wire value of these modules and all that they are made of."""
    found: set[type[msgspec.Struct]] = set()
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct):
                _collect(value, found)
    return found


def _collect(type_: type[msgspec.Struct], found: set[type[msgspec.Struct]]) -> None:
    if type_ in found:
        return
    found.add(type_)
    for hint in typing.get_type_hints(type_).values():
        for inner in _types_in(hint):
            if issubclass(inner, msgspec.Struct):
                _collect(inner, found)


def _types_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and not typing.get_args(hint):
        yield hint
    for one in typing.get_args(hint):
        yield from _types_in(one)


WIRE: Final = structs_of(wire, receipt, submission, signed)
OURS: Final = structs_of(ledger, restoring)


def _names(structs: set[type[msgspec.Struct]]) -> set[str]:
    return {name for one in structs for name in one.__struct_fields__}


def test_the_walk_finds_what_leaves_and_what_stays() -> None:
    """The comparison below is between two lists that are not empty."""
    assert {Contents, Entry, Item} <= WIRE
    assert {Ledger, Totals} <= OURS
    assert len(WIRE) > 30


def test_no_wire_value_is_made_of_the_ledger() -> None:
    """Neither a struct of it nor anything typed in its room crosses the border."""
    assert not {one.__name__ for one in WIRE & OURS if one.__struct_fields__}
    rooms = {one.__module__ for one in WIRE}
    assert not {room for room in rooms if room.startswith("reviewer.safeguards")}


def test_no_wire_field_has_a_name_of_the_ledger() -> None:
    """A field that was copied by hand would show here."""
    assert _names(WIRE) & _names(OURS) <= NEUTRAL
    named = {name for name in _names(WIRE) for word in WORDS if word in name}
    assert not named


def test_no_act_of_the_journal_is_about_safeguards() -> None:
    """Breaks, caps, opt-outs and choices of safeguards are never entries."""
    assert not {act for act in Act for word in WORDS if word in act.value}
    assert not {act for act in Act if act.value in {"break", "cover", "cap", "pause"}}


def test_the_word_about_capacity_is_not_computed() -> None:
    """No module below the screens names two of its words: a person chooses it."""
    words = {f"Capacity.{word.name}" for word in Capacity}
    for path in (PACKAGE / "services").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert sum(word in source for word in words) <= 1, path.name


def test_formats_know_no_room_of_safeguards() -> None:
    """Whatever the linter is told: the source says so itself."""
    for room in ("formats", "chain", "coordinator", "sync"):
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert not (node.module or "").startswith("reviewer.safeguards")


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        (
            "services/submitting.py",
            "import reviewer.safeguards.ledger",
            "what leaves the machine never sees the exposure ledger",
        ),
        (
            "services/deciding.py",
            "from reviewer.safeguards.limits import may_reveal",
            "deciding, handing back and submitting never ask",
        ),
    ],
)
def test_a_planted_import_is_refused(
    tmp_path: Path, module: str, planted: str, contract: str
) -> None:
    """Each contract can fail."""
    shutil.copytree(
        PACKAGE, tmp_path / "reviewer", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "reviewer" / module
    path.write_text(f"{path.read_text()}\n\n{planted}\n")
    result = subprocess.run(
        (
            str(Path(sys.executable).with_name("lint-imports")),
            "--no-cache",
            "--config",
            "pyproject.toml",
        ),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin", "COLUMNS": "400"},
    )
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert [line for line in broken if line.startswith(contract)], broken
