"""Every surface: nothing of an item before a look, and nothing where none belongs.

Every item here carries a marker in each of its texts (`tests.ui.marked`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QClipboard, QPixmap, QPixmapCache
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from reviewer.events.crashes import CrashHandler
from reviewer.events.kinds import Event as LogEvent
from reviewer.events.kinds import Hook
from reviewer.ui.widgets.text_page import TextPage
from tests.architecture.checkout import ROOT
from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import Harness
from tests.ui.marked import (
    CLIP,
    ITEMS,
    MARK,
    PLAIN,
    SEVERE,
    TEXT,
    UNRATED,
    fine_surfaces,
    found,
    on_clipboard,
    spoken,
)

_Key = Qt.Key
ABSENT: Final = frozenset(
    {
        "QDrag",
        "QFileDialog",
        "QMenu",
        "QMessageBox",
        "QPdfWriter",
        "QPrintDialog",
        "QPrinter",
        "QSettings",
        "QSystemTrayIcon",
        "QtPrintSupport",
        "QToolTip",
        "QWhatsThis",
        "clipboard",
        "grabWindow",
        "setDragEnabled",
        "setStatusTip",
        "setToolTip",
        "setWhatsThis",
        "setWindowFilePath",
        "setWindowIconText",
    }
)
"""Ways out of the window that nothing of ours may take: drag, print, files of
recent documents, notices, tooltips, clipboard, settings of the system."""


def test_no_source_takes_a_way_out_of_the_window() -> None:
    """No name of such a way is imported, called or read in the window."""
    files = list(ROOT.glob("reviewer/ui/**/*.py"))
    assert len(files) > 50
    used = {name: path.name for path in files for name in _names(path)}
    assert {name: used[name] for name in ABSENT & used.keys()} == {}


def _names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {each.name for each in node.names}
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Name):
            names.add(node.id)
    return {part for name in names for part in name.split(".")}


def clean(window: Harness) -> bool:
    """Say what is where it should not be; true if there is nothing."""
    window.settle()
    assert found(window.shell.window) == []
    assert fine_surfaces() == []
    return not window.see().holds_clear


@pytest.mark.parametrize("at", [SEVERE, UNRATED, TEXT, CLIP])
def test_an_item_as_it_opens(window: Harness, at: int) -> None:
    """Rows, stage, sheet of a clip, names for a screen reader: nothing of it."""
    window.review(ITEMS)
    window.go_to(at)
    assert clean(window)
    window.tap(_Key.Key_Space)
    assert clean(window)


def _search(window: Harness) -> None:
    window.tap(_Key.Key_F, control=True)
    window.settle()
    window.write(PLAIN)
    window.tap(_Key.Key_Return)


def _similar(window: Harness) -> None:
    window.tap(_Key.Key_G, control=True)


def _palette(window: Harness) -> None:
    window.tap(_Key.Key_K, control=True)


def _compare(window: Harness) -> None:
    window.bot.waitUntil(window.find("itemCopies").isVisible)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Space)


def _contexts(window: Harness) -> None:
    window.bot.waitUntil(window.find("itemCopies").isVisible)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")


def _sheet(window: Harness) -> None:
    window.tap(_Key.Key_F1)


def _decided(window: Harness) -> None:
    window.go_to(UNRATED)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == len(ITEMS) - 1)


def _threat(window: Harness) -> None:
    window.tap(_Key.Key_T)
    window.wait(lambda seen: seen.lit == "threat")


def _marked(window: Harness) -> None:
    window.tap(_Key.Key_C)


def _sealed(window: Harness) -> None:
    window.tap(_Key.Key_C)
    window.settle()
    window.tap(_Key.Key_C)


def _escalated(window: Harness) -> None:
    window.tap(_Key.Key_E)


def _home(window: Harness) -> None:
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")


def _submit(window: Harness) -> None:
    _decided(window)
    _home(window)
    window.press("toSubmit")
    window.at("submitScreen")


@pytest.mark.parametrize(
    "go",
    [
        _search,
        _similar,
        _palette,
        _compare,
        _contexts,
        _sheet,
        _decided,
        _home,
        _submit,
        _threat,
        _marked,
        _sealed,
        _escalated,
    ],
)
def test_wherever_one_goes_without_a_look(
    window: Harness, go: Callable[[Harness], None]
) -> None:
    """Search names fields and counts; palette, copies and submission no text at all."""
    window.review(ITEMS)
    go(window)
    assert clean(window)


def _release(window: Harness) -> None:
    window.up(_Key.Key_F)


def _escape(window: Harness) -> None:
    window.tap(_Key.Key_Escape)


def _curtain(window: Harness) -> None:
    window.shell.draw_curtain()
    window.at("curtainScreen")


def _lock(window: Harness) -> None:
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")


def _minimise(window: Harness) -> None:
    window.shell.window.showMinimized()


def _hide(window: Harness) -> None:
    window.shell.window.hide()


def _next(window: Harness) -> None:
    window.tap(_Key.Key_PageDown)


def _crash(window: Harness) -> None:
    window.shell.crashed()


LEAVING: Final = (
    _release,
    _escape,
    _curtain,
    _lock,
    _minimise,
    _hide,
    _next,
    _crash,
    _marked,
    _threat,
)


@pytest.mark.parametrize("at", [UNRATED, TEXT, CLIP])
@pytest.mark.parametrize("leave", LEAVING)
def test_after_a_look(
    window: Harness, leave: Callable[[Harness], None], at: int
) -> None:
    """However it ends: no picture, cache, preview, field or hidden screen keeps any."""
    window.review(ITEMS)
    window.go_to(at)
    _look(window)
    if at != TEXT:
        assert fine_surfaces() != []
    leave(window)
    window.wait(lambda seen: not seen.holds_clear)
    assert clean(window)


@pytest.mark.parametrize("leave", [_escape, _curtain, _lock, _hide])
def test_opened_item_text_is_gone(
    window: Harness, leave: Callable[[Harness], None]
) -> None:
    """A caption that was opened by hand, and read out, is nowhere afterwards."""
    window.review(ITEMS)
    review = window.shell.review
    assert review is not None
    window.press(review.left.texts[0].line.objectName())
    assert any(MARK in each for each in spoken(window.shell.window))
    leave(window)
    assert clean(window)


def test_an_open_text_goes_nowhere_else(window: Harness) -> None:
    """Selecting by mouse or by keys copies nothing; dragging starts nothing."""
    window.review(ITEMS)
    window.go_to(TEXT)
    _look(window)
    page = window.find("textPageBody")
    for mode in QClipboard.Mode:
        QApplication.clipboard().clear(mode)
    viewport = page.findChild(QWidget, "qt_scrollarea_viewport")
    assert viewport is not None
    kinds = QEvent.Type
    window.mouse(viewport, kinds.MouseButtonPress, QPointF(40, 40))
    window.mouse(viewport, kinds.MouseMove, QPointF(300, 120))
    window.mouse(viewport, kinds.MouseButtonRelease, QPointF(300, 120))
    window.mouse(viewport, kinds.MouseButtonDblClick, QPointF(60, 40))
    for key in (_Key.Key_A, _Key.Key_C, _Key.Key_X):
        window.tap(key, control=True, to=page)
    assert on_clipboard() == []
    assert isinstance(page.parent(), TextPage)
    assert not page.acceptDrops()


def test_the_window_tells_the_desktop_one_word(window: Harness) -> None:
    """Title, icon text, file path and the name of the program never change."""
    before = _told(window)
    window.review(ITEMS)
    window.go_to(TEXT)
    _look(window)
    assert _told(window) == before
    assert all(not one.acceptDrops() for one in _pictures(window))


def _told(window: Harness) -> tuple[str, ...]:
    top = window.shell.window
    return (
        top.windowTitle(),
        top.windowIconText(),
        top.windowFilePath(),
        top.windowRole(),
        QApplication.applicationDisplayName(),
        QApplication.desktopFileName(),
    )


def _pictures(window: Harness) -> list[QWidget]:
    review = window.shell.review
    assert review is not None
    return [review.stage, review.left, review.top]


def test_undo_brings_nothing_back(window: Harness) -> None:
    """Ctrl+Z in a field that was emptied: no note, no query, no passphrase."""
    window.review(ITEMS)
    window.tap(_Key.Key_N)
    window.write("a note of my own")
    _search(window)
    window.tap(_Key.Key_Escape)
    _lock(window)
    assert _undoable() == []
    secret = window.find("unlockScreenPassphrase")
    assert isinstance(secret, QLineEdit)
    secret.setFocus()
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    _lock(window)
    window.press("unlockScreenPassphraseShow")
    secret.setFocus()
    window.tap(_Key.Key_Z, control=True)
    assert secret.text() == ""
    assert _undoable() == []


def _undoable() -> list[str]:
    """Return what an undo would bring back, of every field there is."""
    found = [one for one in QApplication.allWidgets() if _can_undo(one)]
    return [one.objectName() for one in found]


def _can_undo(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    if isinstance(widget, QPlainTextEdit):
        return widget.document().isUndoAvailable()
    return False


def test_a_note_goes_with_its_item(window: Harness) -> None:
    """The next item's field cannot undo its way back to the last one's note."""
    window.review(ITEMS)
    window.tap(_Key.Key_N)
    window.write(f"{MARK} of my own")
    window.tap(_Key.Key_Escape, _Key.Key_PageDown)
    window.tap(_Key.Key_N)
    window.tap(_Key.Key_Z, control=True)
    note = window.find("note")
    assert isinstance(note, QPlainTextEdit)
    assert note.toPlainText() == ""
    assert clean(window)


@pytest.mark.parametrize("leave", [_curtain, _lock])
def test_the_cache_of_pixmaps_is_emptied(
    window: Harness, leave: Callable[[Harness], None]
) -> None:
    """Whatever Qt kept there for itself goes."""
    window.review(ITEMS)
    QPixmapCache.insert("planted", QPixmap(8, 8))
    leave(window)
    assert not QPixmapCache.find("planted", QPixmap())


def test_a_crash_report_names_no_content() -> None:
    """The message of a fault quotes an item; the event does not."""
    log = _Kept()
    handler = CrashHandler(log)
    handler.on_crash(lambda: None)
    try:
        dict[str, str]()[f"{MARK} in a message"]
    except KeyError as error:
        handler.note(Hook.MAIN, type(error), error, error.__traceback__)
    assert len(log.events) == 1
    assert MARK not in repr(log.events)


class _Kept:
    """A log in memory."""

    def __init__(self) -> None:
        self.events: list[LogEvent] = []

    def write(self, event: LogEvent) -> None:
        self.events.append(event)


def test_no_button_says_more_than_it_did(window: Harness) -> None:
    """What a screen reader reads of a closed text is its title and its length."""
    window.review(ITEMS)
    review = window.shell.review
    assert review is not None
    assert [section.line.text() for section in review.left.texts] == [
        f"{title}, 6 words"
        for title in (
            "Caption", "Text", "Transcript", "Translation", "Why it was flagged",
        )
    ]  # fmt: skip


def _look(window: Harness) -> None:
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
