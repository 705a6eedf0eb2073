"""The harness fails a test that leaves something behind, and only then."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.checkout import ROOT

WHAT: Final = ("thread", "child", "descriptor", "window", "logged")
LEAKS: Final = """
import logging, os, subprocess, sys, threading
from PySide6.QtWidgets import QLabel
keep = []

def test_thread():
    threading.Thread(target=threading.Event().wait, daemon=True).start()

def test_child():
    code = "import sys; sys.stdin.read()"
    keep.append(subprocess.Popen((sys.executable, "-c", code), stdin=subprocess.PIPE))

def test_descriptor(tmp_path):
    os.open(tmp_path / "file", os.O_CREAT | os.O_RDWR)

def test_window(qapp):
    keep.append(QLabel("left"))
    keep[-1].show()

def test_logged():
    logging.getLogger("anything").warning("unexpected")
"""
CLEAN: Final = """
import logging, threading, pytest

def test_thread():
    threading.Thread(target=lambda: None).start()

@pytest.mark.logs_warnings
def test_logged():
    logging.getLogger("anything").warning("expected")
"""


def _run(folder: Path, source: str) -> str:
    """Run tests in a folder that has our harness and configuration only."""
    harness = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    quick = harness.replace("_PATIENCE_S: Final = 5", "_PATIENCE_S: Final = 0.2")
    assert quick != harness
    (folder / "conftest.py").write_text(quick, encoding="utf-8")
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", folder)
    options = ("-p", "no:randomly", "-p", "no:cacheprovider")
    return subprocess.run(
        (sys.executable, "-m", "pytest", *options, "test_it.py"),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what pytest said of tests that leak."""
    return _run(tmp_path_factory.mktemp("leaking"), LEAKS)


@pytest.mark.parametrize("what", WHAT)
def test_a_leak_fails(leaking: str, what: str) -> None:
    """Control: each kind of leak is found and named."""
    assert re.search(rf"ERROR test_it.py::test_{what} - Failed: .*{what}", leaking)


def test_a_clean_test_passes(tmp_path: Path) -> None:
    """A thread that ends, and a warning that was announced, are no leaks."""
    assert "2 passed" in _run(tmp_path, CLEAN)
