"""Writes docs/ERRORS.md from the code: `uv run poe errors-page`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from reviewer.errors import Code
from reviewer.ui.explanations import explain
from tests.architecture.checkout import PACKAGE, ROOT

HEAD = """\
# Errors

Written by `uv run poe errors-page` from `reviewer/errors.py` and \
`reviewer/ui/explanations.py`; a test compares.
Every refusal carries one of these codes, on the screen, in `--json` output and \
from the coordinator, so that two people can talk about it on the phone.
Codes are stable: one is added, never renamed.
A detail beside a code holds identifiers and numbers, never content, names or \
paths.
"""
PAGE = ROOT / "docs" / "ERRORS.md"
_HEADING = re.compile(r"^    # (?P<heading>.+)$")
_CODE = re.compile(r'^    (?P<code>[A-Z_]+) = "')


def render() -> str:
    """Return the whole page."""
    return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    source = (PACKAGE / "errors.py").read_text(encoding="utf-8")
    body = source[source.index("class Code") : source.index("class ReviewerError")]
    for line in body.splitlines():
        if heading := _HEADING.match(line):
            yield f"\n## {heading['heading']}\n\n"
            yield "| Code | What happened | What is safe | What to do |\n"
            yield "|---|---|---|---|\n"
        elif found := _CODE.match(line):
            code = Code[found["code"]]
            words = explain(code)
            yield (
                f"| `{code.value}` | {words.happened} | {words.safe} | {words.todo} |\n"
            )


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{len(Code)} codes\n")
