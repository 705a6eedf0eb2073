"""Nothing that is shown can leave the window: no picture, clipboard, list or print.

Only the demonstration may take pictures of the window; it holds drawn media, or a
plate over the stage. Tests name each way by which Qt could copy what is on the
screen, and look for it in the syntax of every other module.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.checkout import PACKAGE, python_files

HARNESS: Final = PACKAGE / "demo"
NAMES: Final = frozenset(
    {
        "grab",
        "grabWindow",
        "grabFramebuffer",
        "QScreen",
        "QScreenCapture",
        "QWindowCapture",
        "QImageWriter",
        "QPicture",
        "QPdfWriter",
        "QPrinter",
        "QSvgGenerator",
        "clipboard",
        "QClipboard",
        "QMimeData",
        "QDrag",
        "QSettings",
        "QFileDialog",
        "QDesktopServices",
        "QSystemTrayIcon",
        "QUndoStack",
        "QFileSystemModel",
        "addToRecentDocs",
        "recentFiles",
    }
)
"""Ways to copy, keep or announce what is shown; `QFileDialog` keeps recent files."""
SAVERS: Final = frozenset({"save", "toImage", "render"})
"""With an argument, in a module that knows Qt: `QPainter.save()` has none."""


def breaches(source: str) -> list[str]:
    """Return every way out that a module names."""
    tree = ast.parse(source)
    knows_qt = "PySide6" in source
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.alias(name=name) | ast.Name(id=name):
                if name.rpartition(".")[2] in NAMES:
                    found.append(name)
            case ast.Call(func=ast.Attribute(attr=name), args=args) if (
                knows_qt and name in SAVERS and (args or name == "toImage")
            ):
                found.append(f"{name}()")
            case _:
                pass
    return found


def _modules() -> list[Path]:
    return [path for path in python_files(PACKAGE.name) if HARNESS not in path.parents]


def test_no_module_copies_what_is_shown() -> None:
    """Outside the demonstration nobody takes a picture of the window or writes one."""
    found = {
        path.relative_to(PACKAGE).as_posix(): names
        for path in _modules()
        if (names := breaches(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_demonstration_does() -> None:
    """Control: the test sees the one place that takes pictures."""
    found = breaches((HARNESS / "hands.py").read_text(encoding="utf-8"))
    assert {"grab", "save()"} <= set(found)


@pytest.mark.parametrize(
    "line",
    [
        "picture = window.grab()",
        "picture = QGuiApplication.primaryScreen().grabWindow(0)",
        "QApplication.clipboard().setText(words)",
        "from PySide6.QtGui import QClipboard",
        "from PySide6.QtCore import QSettings as Kept",
        "import PySide6.QtPrintSupport as p; p.QPrinter()",
        "pixmap.save(path)",
        "image.save(path, 'PNG')",
        "widget.render(painter)",
        "picture = pixmap.toImage()",
        "QFileDialog.getOpenFileName()",
    ],
)
def test_each_way_out_is_seen(line: str) -> None:
    """Planted in a module that knows Qt."""
    assert breaches(f"import PySide6\n{line}\n")


@pytest.mark.parametrize("line", ["painter.save()", "files.save(header)"])
def test_other_savings_are_not_meant(line: str) -> None:
    """The state of a painter, and a header in a module that knows no Qt."""
    assert breaches(f"{line}\n") == []
