"""What was built: its trees, the recipe they follow, and the modules inside."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from functools import cache
from types import ModuleType
from typing import Final

from tests.packaging.roots import BUILT, ROOT

TREES: Final = BUILT / "trees"
SOURCES: Final = BUILT / "source"
PYTHON: Final = BUILT / "venv" / "bin" / "python"
PROGRAMS: Final = (
    "reviewer/reviewer",
    "reviewer-decoder/reviewer-decoder",
    "reviewer-decoder/reviewer-canary",
    "reviewer-coordinator/reviewer-coordinator",
)


@cache
def modules_of() -> dict[str, frozenset[str]]:
    """Return the modules of each program, by its name, read from its archive."""
    answer = subprocess.run(
        (
            PYTHON,
            ROOT / "packaging" / "contents.py",
            *(TREES / program for program in PROGRAMS),
        ),
        check=True,
        capture_output=True,
        text=True,
    )
    return {name: frozenset(each) for name, each in json.loads(answer.stdout).items()}


@cache
def builtins_of() -> frozenset[str]:
    """Return the modules that are part of the frozen interpreter itself."""
    script = "import sys; print(*sys.builtin_module_names)"
    answer = subprocess.run(
        (PYTHON, "-I", "-c", script), check=True, capture_output=True, text=True
    )
    return frozenset(answer.stdout.split())


def _recipe() -> ModuleType:
    path = ROOT / "packaging" / "recipe.py"
    spec = importlib.util.spec_from_file_location("recipe", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECIPE: Final = _recipe()
