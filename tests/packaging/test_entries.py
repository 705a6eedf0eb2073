"""What the frozen program says by itself is what the program would say."""

from __future__ import annotations

import runpy
from typing import Final

import pytest

from reviewer.cli.output import Exit
from reviewer.errors import Code
from reviewer.ui.explanations import explain
from tests.packaging.roots import ROOT

ENTRIES: Final = ROOT / "packaging" / "entries"


@pytest.mark.parametrize("name", ["run_reviewer", "hook_qt"])
def test_the_sentence_of_a_program_that_cannot_begin(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands here as well: the module with the words may be what is gone."""
    monkeypatch.setenv("QT_PLUGIN_PATH", "")  # put back afterwards
    found = runpy.run_path(str(ENTRIES / f"{name}.py"))
    words = explain(Code.PROGRAM_INCOMPLETE)
    code = Code.PROGRAM_INCOMPLETE.value
    assert found["INCOMPLETE"] == f"reviewer: {words.happened} {words.todo} ({code})\n"
    assert found["UNAVAILABLE"] == Exit.UNAVAILABLE
