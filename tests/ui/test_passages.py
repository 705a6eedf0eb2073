"""Find in a text and mark passages, in the window, by keys."""

from __future__ import annotations

from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.decision import Passage
from reviewer.domain.item import Kind
from reviewer.ui.widgets.text_page import TextPage, sentences
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_text
from tests.ui.harness import Harness

FILLER: Final = "Plain words of a drawn text. " * 400
TEXT: Final = (
    f"First line here.\nA \u202eturned\u202c word. {FILLER}The needle is here. End."
)
ITEMS: Final = (
    DrawnItem(
        data=fake_text(TEXT), kind=Kind.TEXT, declared_type="text/plain", severity=1
    ),
    DrawnItem(
        data=fake_text("Another text."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=1,
    ),
)


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def page(around: QWidget) -> TextPage:
    made = TextPage()
    made.setParent(around)
    made.resize(600, 400)
    return made


def body(page: TextPage) -> QTextEdit:
    found = page.findChild(QTextEdit, "textPageBody")
    assert isinstance(found, QTextEdit)
    return found


def lit(page: TextPage) -> list[str]:
    return [one.cursor.selectedText() for one in body(page).extraSelections()]


def test_places_hold_where_characters_are_told(page: TextPage) -> None:
    """Lit is what stands there, whatever invisible characters come before it."""
    text = "👧 \u202ea\u200b\u200bb needle"
    page.fill(text, page=0, pages_count=1)
    start = text.index("needle")
    page.mark([(start, start + 6)], [(0, 1)])
    assert lit(page) == ["needle", "👧"]
    assert "«RLO»" in body(page).toPlainText()


def test_nothing_stays_when_it_is_emptied(page: TextPage) -> None:
    """No text, no place, no light."""
    page.fill("some words", page=0, pages_count=1)
    page.mark([(0, 4)], [])
    page.empty()
    assert lit(page) == []
    assert body(page).toPlainText() == ""
    assert page.sentence_at(0) is None


def test_nothing_is_read_as_markup(page: TextPage) -> None:
    """Tags, links and styles are words like others."""
    text = "<b>bold</b> <a href='x'>link</a> &amp; https://example.org"
    page.fill(text, page=0, pages_count=1)
    assert body(page).toPlainText() == text


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("نص عربي مع word", Qt.LayoutDirection.RightToLeft),
        ("מילים בעברית", Qt.LayoutDirection.RightToLeft),
        ("word مع نص", Qt.LayoutDirection.LeftToRight),
    ],
)
def test_each_paragraph_has_its_direction(
    page: TextPage, text: str, direction: Qt.LayoutDirection
) -> None:
    """Right to left stands mirrored; a line beside it keeps its own direction."""
    page.fill(f"plain\n{text}\nplain", page=0, pages_count=1)
    block = body(page).document().findBlockByNumber(1)
    assert block.textDirection() is direction
    page.grab()  # lays it out
    begins = body(page).cursorRect(QTextCursor(block)).x()
    is_at_the_left = begins < page.width() / 2
    assert is_at_the_left == (direction is Qt.LayoutDirection.LeftToRight)
    first = body(page).document().findBlockByNumber(0)
    assert first.textDirection() is Qt.LayoutDirection.LeftToRight


def test_sentences_cover_what_can_be_read() -> None:
    """By full stops of several scripts, lines, and a bound."""
    text = "One. Two?\n  نص؟ 三。" + "x" * 1_500
    found = [text[start:end] for start, end in sentences(text)]
    assert found[:4] == ["One.", "Two?", "نص؟", "三。"]
    assert [len(one) for one in found[4:]] == [600, 600, 300]


def opened(window: Harness) -> Harness:
    """Open the batch on the first text, which shows at once."""
    window.review(ITEMS)
    window.wait(lambda _: not reading(window).is_empty)
    return window


def reading(window: Harness) -> TextPage:
    screen = window.shell.review
    assert screen is not None
    return screen.stage.reading


def count(window: Harness) -> str:
    found = window.find("findCount")
    assert isinstance(found, QLabel)
    return found.text()


def find(window: Harness, words: str) -> None:
    window.tap(Qt.Key.Key_T, control=True)
    window.write(words)
    window.bot.waitUntil(lambda: bool(count(window)))
    window.settle()


def test_a_word_is_found_and_its_page_opened(window: Harness) -> None:
    """The page turns to the first place, which is lit; its number is told."""
    opened(window)
    find(window, "NEEDLE")
    window.bot.waitUntil(lambda: "needle" in lit(reading(window)))
    assert count(window) == "1 of 1 place"
    find(window, "nowhere")


def test_marks_go_into_the_decision(window: Harness) -> None:
    """I and O mark from sentence to sentence; the decision names the places."""
    opened(window)
    find(window, "needle")
    window.bot.waitUntil(lambda: "needle" in lit(reading(window)))
    window.tap(Qt.Key.Key_Tab)
    window.tap(Qt.Key.Key_O)
    assert "The needle is here." in lit(reading(window))
    window.tap(Qt.Key.Key_1)
    window.settle()
    desk = window.shell.desk
    assert desk is not None
    decision = desk.place.rows[0].standing.decision
    assert decision is not None
    start = TEXT.index("The needle") - 8_000
    assert decision.passages == (Passage(page=1, start=start, end=start + 19),)


def test_the_line_has_its_own_keys_and_the_verdict_stays_in_sight(
    window: Harness,
) -> None:
    """The panel has a title of its own above the group that the digits go to."""
    opened(window)
    screen = window.shell.review
    assert screen is not None
    find(window, "needle")
    assert "next place" in screen.bottom.accessibleName()
    assert "next open" not in screen.bottom.accessibleName()
    headings = [
        one.text()
        for one in screen.right.findChildren(QLabel)
        if one.property("role") == "heading" and one.isVisible()
    ]
    assert set(headings) == {"Find in this text", "Verdict"}
    assert screen.right.rows[0].isVisible()
    window.tap(Qt.Key.Key_Tab)
    assert "next open" in screen.bottom.accessibleName()
    window.tap(Qt.Key.Key_2)
    assert window.see().lit == "grounds"
    assert screen.right.rows[0].isVisible()


def test_covering_takes_everything_away(window: Harness) -> None:
    """Esc: no text, no query, no place."""
    opened(window)
    find(window, "needle")
    window.tap(Qt.Key.Key_Escape)
    assert reading(window).is_empty
    assert not window.shell.window.findChildren(QLabel, "findCount") or not any(
        one.isVisible() for one in window.shell.window.findChildren(QLabel, "findCount")
    )
