"""What the frozen program says by itself is what the program would say."""

from __future__ import annotations

import runpy
from typing import Final

from reviewer.cli.output import Exit
from reviewer.errors import Code
from reviewer.ui.explanations import explain
from tests.packaging.roots import ROOT

ENTRY: Final = ROOT / "packaging" / "entries" / "run_reviewer.py"


def test_the_sentence_of_a_program_that_cannot_begin() -> None:
    """It stands in the entry as well: the module with the words may be what is gone."""
    found = runpy.run_path(str(ENTRY))
    words = explain(Code.PROGRAM_INCOMPLETE)
    code = Code.PROGRAM_INCOMPLETE.value
    assert found["INCOMPLETE"] == f"reviewer: {words.happened} {words.todo} ({code})\n"
    assert found["UNAVAILABLE"] == Exit.UNAVAILABLE
