"""Which arguments open the window at once, and what is not loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reviewer.__main__ import wants_window

EARLY = """
import sys
from reviewer.ui import first_frame
heavy = ("reviewer.services", "reviewer.store", "msgspec", "cryptography", "keyring")
print([name for name in heavy if name in sys.modules])
window = first_frame.show()
print(window.isVisible(), window.windowTitle())
"""


@pytest.mark.parametrize("arguments", [[], ["--profile", "x"], ["--profile=x"]])
def test_the_window_comes_first(arguments: list[str]) -> None:
    assert wants_window(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["--help"],
        ["--profile"],
        ["--profile", "--help"],
        ["--profile", "x", "doctor"],
    ],
)
def test_anything_else_opens_none(arguments: list[str]) -> None:
    """A command, help and wrong usage show no window, not for a moment."""
    assert not wants_window(arguments)


def test_the_first_frame_loads_little() -> None:
    """Else it would not be first."""
    run = subprocess.run(
        (sys.executable, "-c", EARLY),
        check=True,
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    assert run.stdout.splitlines() == ["[]", "True Reviewer"]
