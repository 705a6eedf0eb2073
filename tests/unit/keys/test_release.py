"""What tests may inject, no release entry point passes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reviewer.compose import Parts
from reviewer.store.faults import no_fault

PACKAGE: Final = Path(__file__).parents[3] / "reviewer"
LEFT_TO_TESTS: Final = {
    "HeaderVault": {"policy"},
    "SqlStoreOpener": {"fault"},
    "Parts": {"fault"},
}
HANDED_ON: Final = ("compose.py", "SqlStoreOpener")
"""Takes the fault of its parts, and their default is none."""
DEMONSTRATION: Final = PACKAGE / "demo"
"""Pulls its own plug to show what is left; it is in no reviewer's installer."""


def calls() -> Iterator[tuple[Path, str, set[str | None]]]:
    """Yield file, name and keywords of every call in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield path, name, {keyword.arg for keyword in node.keywords}


def test_no_entry_point_passes_a_policy_or_a_fault() -> None:
    """Neither by name nor by unpacking; and the scan does see the real calls."""
    seen = set()
    for path, name, keywords in calls():
        if name not in LEFT_TO_TESTS:
            continue
        seen.add(name)
        if (path.name, name) == HANDED_ON or path.is_relative_to(DEMONSTRATION):
            continue
        assert not keywords & (LEFT_TO_TESTS[name] | {None}), path.name
    assert seen == set(LEFT_TO_TESTS)


def test_parts_have_no_fault_unless_one_is_passed() -> None:
    """The default of the one value that is handed on."""
    assert Parts().fault is no_fault


def test_the_package_has_one_policy() -> None:
    """`RELEASE`, made where it is defined."""
    made = [path.name for path, name, _ in calls() if name == "KdfPolicy"]
    assert made == ["kdf.py"]


def test_no_fault_but_none_is_in_the_package() -> None:
    """Nothing in the package ends a process by signal at a point of the store."""
    source = (PACKAGE / "store" / "faults.py").read_text(encoding="utf-8")
    assert "environ" not in source
    assert "kill" not in source
