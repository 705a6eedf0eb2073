"""Verification returns a new type; nothing else constructs it."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

import reviewer

PACKAGE = Path(reviewer.__file__).parent
OWNERS = {
    "VerifiedInvitation": "formats/trust.py",
    "VerifiedEnrolment": "formats/trust.py",
    "VerifiedDevice": "formats/trust.py",
    "VerifiedTrust": "formats/trust.py",
    "VerifiedOuter": "formats/batch.py",
    "VerifiedManifest": "formats/batch.py",
    "VerifiedEntry": "formats/entry.py",
    "VerifiedRequest": "formats/requests.py",
    "VerifiedSubmission": "formats/submission.py",
    "VerifiedThreat": "formats/threat.py",
    "VerifiedChain": "chain/journal.py",
    "VerifiedReceipt": "chain/journal.py",
    "VerifiedContents": "chain/submitting.py",
}
TRUE_NAME = re.compile(r"Verified[A-Z]\w+")


@functools.cache
def made_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if TRUE_NAME.fullmatch(name):
                names.add(name)
    return names


@pytest.mark.parametrize("name", OWNERS)
def test_each_verified_type_is_made_in_its_own_module(name: str) -> None:
    """And somewhere, so that the table stays honest."""
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if name in made_in(path)
    }
    assert makers == {OWNERS[name]}


def test_the_table_names_every_verified_type() -> None:
    """A new one is added here."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        found |= made_in(path)
    assert found == set(OWNERS)
