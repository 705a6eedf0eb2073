"""docs/ERRORS.md names every code, as the program explains it."""

from __future__ import annotations

from reviewer.errors import Code
from tests.docs.errors_page import PAGE, render


def test_the_page_is_what_the_code_says() -> None:
    """Run `uv run poe errors-page` after a change of code or words."""
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_code_has_one_row() -> None:
    """No code is without an explanation."""
    text = render()
    assert [code for code in Code if text.count(f"| `{code.value}` |") != 1] == []
