"""Which modules and libraries are inside the built trees: not what sources promise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.packaging.built import RECIPE, TREES, modules_of
from tests.packaging.roots import ROOT

_DECODER: Final = ("reviewer-decoder", "reviewer-canary")

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(
        not TREES.is_dir(), reason="not run: nothing is built yet, see `poe deb`"
    ),
]


@pytest.fixture(scope="module")
def modules() -> dict[str, frozenset[str]]:
    """Return the modules of each built program, read from its archive."""
    return modules_of()


def found_of(names: frozenset[str], never: tuple[str, ...]) -> set[str]:
    """Return the modules that are one of `never`, or inside one."""
    return {
        name
        for name in names
        if any(name == one or name.startswith(f"{one}.") for one in never)
    }


def test_the_reviewer_has_no_codec_and_no_service(
    modules: dict[str, frozenset[str]],
) -> None:
    """The process that draws on the screen could not decode if it wanted to."""
    assert found_of(modules["reviewer"], RECIPE.NEVER_IN_REVIEWER) == set()
    assert {"reviewer.ui.application", "reviewer.store.vault"} <= modules["reviewer"]


@pytest.mark.parametrize("program", _DECODER)
def test_the_child_has_no_key_database_or_network(
    modules: dict[str, frozenset[str]], program: str
) -> None:
    """Who takes the child over finds no module to open, send or start anything."""
    assert found_of(modules[program], RECIPE.NEVER_IN_DECODER) == set()


def test_the_child_reads_few_kinds_of_pictures(
    modules: dict[str, frozenset[str]],
) -> None:
    """Readers that no item is opened with are not there to be attacked."""
    readers = {
        name.removeprefix("PIL.").removesuffix("ImagePlugin")
        for name in modules["reviewer-decoder"]
        if name.startswith("PIL.") and name.endswith("ImagePlugin")
    }
    assert readers <= RECIPE.PICTURES_READ
    assert {"Jpeg", "Png", "WebP"} <= readers


def test_the_child_has_its_codecs(modules: dict[str, frozenset[str]]) -> None:
    """Control: the lists are the real ones."""
    wanted = {"PIL.Image", "cv2", "av", "numpy", "pyseccomp", "reviewer.lockdown.lock"}
    assert wanted <= modules["reviewer-decoder"]
    assert "reviewer.sandbox.canary" in modules["reviewer-canary"]


def test_the_coordinator_has_what_the_reviewer_has_not(
    modules: dict[str, frozenset[str]],
) -> None:
    """Control: the service and the demonstration are in the other package."""
    names = modules["reviewer-coordinator"]
    assert {"fastapi", "sqlalchemy", "reviewer.demo.drive"} <= names
    assert found_of(names, RECIPE.NEVER_IN_COORDINATOR) == set()


def test_qt_is_no_more_than_is_used() -> None:
    """Modules and plugins of Qt, by the files that are there."""
    folder = TREES / "reviewer" / "_internal" / "PySide6"
    bindings = {f"PySide6.{p.name.split('.')[0]}" for p in folder.glob("Qt*.so")}
    assert bindings == set(RECIPE.QT_OF_REVIEWER)
    plugins = folder / "Qt" / "plugins"
    found = {str(p.relative_to(plugins)) for p in plugins.rglob("*.so")}
    assert found == RECIPE.QT_PLUGINS
    libraries = " ".join(sorted(p.name for p in folder.rglob("libQt6*")))
    for name in (
        "Network",
        "Qml",
        "Quick",
        "Sql",
        "Svg",
        "Pdf",
        "Multimedia",
        "OpenGL",
    ):
        assert f"libQt6{name}" not in libraries


def test_the_wheel_was_frozen() -> None:
    """Texts, fonts and words come from the wheel's own folder, in both windows."""
    for tree in ("reviewer", "reviewer-coordinator"):
        folder = TREES / tree / "_internal" / "reviewer" / "_resources"
        names = {path.name for path in folder.iterdir()}
        assert {"fonts", "icons", "licences", "policy", "words"} <= names
        assert list((folder.parent / "store" / "schema").glob("*.sql"))


def test_no_library_of_the_system_is_inside() -> None:
    """What the system keeps safe is asked for, not copied."""
    for name in ("libseccomp", "libssl.so", "libcrypto.so.3", "libX11.so", "libz.so"):
        assert list((TREES / "reviewer").rglob(f"{name}*")) == []
        assert list((TREES / "reviewer-decoder").rglob(f"{name}*")) == []


def test_no_path_of_the_builder_is_inside() -> None:
    """Neither archives nor metadata name the folder that they were built in."""
    needle = str(ROOT).encode()
    for tree in ("reviewer", "reviewer-decoder", "reviewer-coordinator"):
        for path in (TREES / tree).rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert needle not in _read(path), path


def _read(path: Path) -> bytes:
    return path.read_bytes()
