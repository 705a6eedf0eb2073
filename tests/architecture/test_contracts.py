"""Import contracts hold, and each of them can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.checkout import ROOT

# Planted in a copy, each in a new module of the room on the left: what the linter
# must refuse. Lazy, typing-only and aliased imports count like any other.
PLANTS: Final = (
    ("store/planted_sibling", "import reviewer.keys.planted_target"),
    ("services/planted_adapter", "from reviewer.store import planted_sibling"),
    ("services/planted_media", "from reviewer.media import planted_target"),
    ("domain/planted_up", "import reviewer.formats.wire"),
    ("errors_planted_room", "import reviewer.errors"),
    ("formats/planted_chain", "import reviewer.chain.planted_target"),
    ("pipe/planted_domain", "import reviewer.domain.ids"),
    ("decoder/planted_errors", "from reviewer.errors import Code"),
    ("decoder/planted_keys", "import reviewer.crypto.signing"),
    ("lockdown/planted_sandbox", "import reviewer.sandbox.system"),
    ("ui/planted_store", "import reviewer.store.planted_sibling"),
    ("cli/planted_formats", "import reviewer.formats.wire"),
    ("ui/planted_cli", "import reviewer.cli.planted_formats"),
    ("coordinator/planted_ports", "import reviewer.ports"),
    ("coordinator/planted_pool", "import reviewer.sandbox.system"),
    ("safeguards/planted_chain", "import reviewer.chain.planted_target"),
    ("matching/planted_chain", "import reviewer.chain.planted_target"),
    (
        "media/planted_lazy",
        "def late() -> object:\n import reviewer.sync.planted_target as x\n return x",
    ),
    (
        "sync/planted_typing",
        "import typing\nif typing.TYPE_CHECKING:\n import reviewer.keys.planted_target",
    ),
    ("media/planted_walls", "import reviewer.lockdown.lock"),
    ("services/planted_event", "import reviewer.events.kinds"),
    ("services/planted_events", "import reviewer.events.kinds"),
    ("store/planted_log", "import reviewer.events.log"),
    ("cli/planted_files", "import reviewer.events.files"),
    ("utils/planted_drawer", "import reviewer.errors"),
)
TARGETS: Final = ("keys", "media", "chain", "sync")
# A room where each protected library must be refused.
STRANGERS: Final = {
    "PySide6": "services",
    "PIL": "media",
    "cv2": "media",
    "av": "ui",
    "numpy": "ui",
    "subprocess": "services",
    "multiprocessing": "media",
    "socket": "decoder",
    "pyseccomp": "sandbox",
    "argparse": "services",
    "ctypes": "media",
    "fastapi": "sync",
    "sqlalchemy": "store",
    "uvicorn": "cli",
    "starlette": "sync",
    "sqlcipher3": "services",
    "cryptography": "store",
}
ELSEWHERE: Final = "domain"


def protected_libraries() -> tuple[str, ...]:
    """Return every library that a contract of pyproject.toml protects."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return tuple(
        library
        for contract in contracts
        for library in contract.get("protected_modules", ())
        if not library.startswith("reviewer.")
    )


LIBRARIES: Final = tuple(
    (library, STRANGERS.get(library, ELSEWHERE)) for library in protected_libraries()
)


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        (str(tool), "--no-cache", "--config", "pyproject.toml"),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "400"},
    )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the linter says of a copy with every violation planted."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "reviewer",
        copy / "reviewer",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in TARGETS:
        _plant(copy, f"{room}/planted_target", "NAME = 1")
    for place, source in PLANTS:
        _plant(copy, place, source)
    for library, room in LIBRARIES:
        _plant(copy, f"{room}/planted_library_{library.lower()}", f"import {library}")
    result = _lint(copy)
    assert result.returncode == 1
    return result.stdout


def _plant(copy: Path, place: str, source: str) -> None:
    path = copy / "reviewer" / f"{place}.py"
    if not path.parent.exists():
        path.parent.mkdir()
        (path.parent / "__init__.py").write_text('"""Planted."""\n')
    path.write_text(f"{source}\n", encoding="utf-8")


def test_contracts_hold() -> None:
    """The code as it stands breaks no import contract."""
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("place", [place for place, _ in PLANTS])
def test_planted_import_is_refused(planted: str, place: str) -> None:
    """The linter names the planted module, or the room that has no place."""
    room, _, module = place.rpartition("/")
    if room in {"utils", ""}:
        name = room or module
        assert name in planted
        assert "xhausti" in planted or "issing" in planted
    else:
        assert f"reviewer.{room}.{module} ->" in planted


@pytest.mark.parametrize("library", [library for library, _ in LIBRARIES])
def test_planted_library_is_refused(planted: str, library: str) -> None:
    """A dangerous library outside its room is named by the linter."""
    room = dict(LIBRARIES)[library]
    assert f"reviewer.{room}.planted_library_{library.lower()} -> {library}" in planted
