"""docs/SAFEGUARDS.md is the table, and nothing but the table."""

from __future__ import annotations

from pathlib import Path

from reviewer.safeguards.report import report
from reviewer.safeguards.values import TABLE

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "SAFEGUARDS.md"


def test_the_document_is_what_the_table_says() -> None:
    """No number stands twice: the file is written from the code."""
    assert DOCUMENT.read_text(encoding="utf-8") == report()


def test_every_safeguard_has_a_line() -> None:
    """A reader finds each key once."""
    for row in TABLE:
        assert report().count(f"| `{row.key}` |") == 1
