"""The core runs without Qt: every room below the window imports without it."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from tests.architecture.checkout import PACKAGE, ROOT, module_name, python_files

# The first argument, `compose` and the commands load before Qt does: a missing system
# library is named by them, where Qt would end the process without a word.
WITH_QT: Final = ("reviewer.ui", "reviewer.demo.drive", "reviewer.demo.hands")
PROGRAM: Final = """
import importlib, importlib.abc, sys

class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError(f"{name} is refused here")
        return None

sys.meta_path.insert(0, Refuse())
for name in sys.argv[1:]:
    importlib.import_module(name)
assert not [name for name in sys.modules if name.startswith("PySide6")]
print("imported", len(sys.argv) - 1)
"""


def _below_the_window() -> list[str]:
    names = [module_name(path) for path in python_files(PACKAGE.name)]
    return [name for name in names if not name.startswith(WITH_QT)]


def _run(*names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-c", PROGRAM, *names),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_below_the_window_imports_without_qt() -> None:
    """Also catches a dynamic import, which no linter sees."""
    names = _below_the_window()
    result = _run(*names)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"imported {len(names)}\n"


def test_the_refusal_works() -> None:
    """Control: a module of the window does not import in that process."""
    result = _run("reviewer.ui.tasks")
    assert result.returncode == 1
    assert "is refused here" in result.stderr
