"""What runs is what was pinned, and pins carry hashes and no address."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from tests.architecture.checkout import ROOT

FOLDER: Final = ROOT / "packaging" / "requirements"
FILES: Final = tuple(sorted(path.name for path in FOLDER.glob("*.txt")))


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script, which is not a package (and `packaging` is another's name)."""
    path = ROOT / "packaging" / "pins.py"
    spec = importlib.util.spec_from_file_location("rv_pins", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "rv_pins", module)
    spec.loader.exec_module(module)
    return module


def test_nothing_has_drifted(
    pins: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run `uv run poe pins` after changing a dependency."""
    code = pins.main(["check"])
    assert (code, capsys.readouterr().out) == (0, "")


def test_what_runs_is_what_was_pinned(pins: ModuleType) -> None:
    """Every installed package that is pinned has the pinned version."""
    wrong = {
        name: (installed, version)
        for name, version in pins.constraints().items()
        if (installed := _installed(name)) not in {None, version}
    }
    assert wrong == {}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_a_hash(name: str) -> None:
    """A package without a hash would be whatever the registry says today."""
    blocks = re.split(r"\n(?=\S)", (FOLDER / name).read_text(encoding="utf-8"))
    pinned = [block for block in blocks if "==" in block]
    assert pinned
    assert [block for block in pinned if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("pillow==", "pillow==0.", "pillow"),
        ("pillow==", "--index-url x\npillow==", "address"),
        ("pillow==", "stranger==1.0\npillow==", "stranger"),
    ],
    ids=["version", "address", "stranger"],
)
def test_planted_drift_is_named(
    pins: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    old: str,
    new: str,
    word: str,
) -> None:
    """Control: the check can fail."""
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(pins, "FOLDER", tmp_path)
    assert pins.main(["check"]) == 1
    assert word in capsys.readouterr().out


def test_anything_else_is_a_usage_error(pins: ModuleType) -> None:
    """Two words are known."""
    assert pins.main([]) == 2


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
