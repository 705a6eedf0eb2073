"""Files stay small, named for what they hold, and free of addresses and media."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.checkout import PACKAGE, ROOT, python_files, tracked_files

LINES_MAX: Final = 600  # style-book 3.2
FILE_BYTES_MAX: Final = 3 * 1024 * 1024
DRAWERS: Final = frozenset({"utils", "misc", "common", "helpers", "core", "manager"})
MEDIA_ENDINGS: Final = frozenset(
    [
        "jpg",
        "jpeg",
        "gif",
        "webp",
        "bmp",
        "tif",
        "tiff",
        "heic",
        "avif",
        "mp4",
        "mov",
        "mkv",
        "webm",
        "avi",
        "mp3",
        "wav",
        "ogg",
        "pdf",
        "rvbatch",
        "rvsub",
        "age",
        "zip",
        "tar",
        "gz",
        "exe",
        "dll",
        "so",
    ]
)
DOCUMENTED_PICTURES: Final = "docs/screens"
ICON: Final = "resources/icons/reviewer.png"
BINARY_ENDINGS: Final = frozenset({"png", "ttf", "otf", "bin", "woff2"})
# Written in parts, so that this file does not find itself.
ADDRESSES: Final = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            r"deb\." + r"debian\.org",
            "registry" + r"\.npmjs",
            "static" + r"\.crates",
            r"(?<![\w.-])/" + r"(?:work|root|opt)/",
            r"(?<![\w.-])/" + r"home/[a-z]",
        )
    )
)
FOLDERS_AT_TOP: Final = frozenset(
    {".ci", ".github", "docs", "packaging", "resources", "reviewer", "tests"}
)
FILES_AT_TOP: Final = frozenset(
    {".gitignore", "LICENSE", "README.md", "pyproject.toml"}
)

every_file = pytest.mark.parametrize("folder", ["reviewer", "tests", "packaging"])


@every_file
def test_no_python_file_is_long(folder: str) -> None:
    """A file over the limit is two nouns."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in python_files(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert not long


@every_file
def test_every_init_holds_a_docstring_and_nothing_else(folder: str) -> None:
    """One import path per name: no re-exports."""
    for path in python_files(folder):
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, path
            assert isinstance(body[0], ast.Expr), path


def test_every_test_folder_is_a_package() -> None:
    """Unique module names need a package around each test."""
    folders = {path.parent for path in python_files("tests")}
    assert not [str(f) for f in folders if not (f / "__init__.py").is_file()]


def test_no_room_is_a_drawer() -> None:
    """A room's name says what it holds."""
    names = {
        part
        for path in python_files("reviewer")
        for part in path.relative_to(PACKAGE).with_suffix("").parts
    }
    assert not names & DRAWERS


def test_nothing_large_and_no_media_is_committed() -> None:
    """Test media are drawn by code; screenshots of the harness are the exception."""
    for path in tracked_files():
        assert path.stat().st_size <= FILE_BYTES_MAX, path
        ending = path.suffix.lstrip(".").lower()
        assert ending not in MEDIA_ENDINGS, path
        if ending == "png":
            inside = path.relative_to(ROOT).as_posix()
            assert inside.startswith(DOCUMENTED_PICTURES) or inside == ICON, path


def test_no_address_or_machine_path_is_committed() -> None:
    """No registry host and no path of anyone's machine stands in a tracked file."""
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked_files()
        if path.suffix.lstrip(".") not in BINARY_ENDINGS
        if (match := ADDRESSES.search(path.read_text("utf-8", errors="replace")))
    }
    assert not found


def test_the_top_level_stays_as_fixed() -> None:
    """The folder docs is the only one added to the fixed top level (design.md 7)."""
    tops = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert tops <= FOLDERS_AT_TOP | FILES_AT_TOP


def test_ignored_files_are_not_tracked() -> None:
    """uv.lock would carry registry addresses; build holds what a run made."""
    names = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    assert "uv.lock" not in names
    assert not [name for name in names if name.startswith(("build/", "dist/"))]


@pytest.mark.parametrize("folder", ["fonts", "policy", "words"])
def test_resources_are_present(folder: str) -> None:
    """What the program loads stands in resources, and nothing is fetched."""
    found = [p for p in (ROOT / "resources" / folder).rglob("*") if p.is_file()]
    assert found


def test_bundled_fonts_carry_their_licence() -> None:
    """An open font is shipped with the text that opens it."""
    fonts = ROOT / "resources" / "fonts"
    assert [p for p in fonts.iterdir() if re.search("OFL|LICEN", p.name)]


def test_no_type_or_lint_exemption_covers_a_module() -> None:
    """Exemptions stand at their line with a reason, never over a whole module."""
    pattern = re.compile(r"^# (?:mypy: |ruff: noqa|type: ignore)", re.MULTILINE)
    found = [
        str(path.relative_to(ROOT))
        for path in python_files("reviewer", "tests")
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_the_licence_is_apache_2() -> None:
    """LICENSE is the unchanged text of Apache-2.0."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("Apache License\n")
    assert "Version 2.0, January 2004" in text
    assert Path(ROOT / "LICENSE").stat().st_size == 11_358
