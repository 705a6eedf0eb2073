"""Palette, search and similar items, driven by keys; the place is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from reviewer.domain.ids import BatchId
from reviewer.domain.item import Context, Kind
from reviewer.services.searching import By
from reviewer.ui.widgets.palette import Palette
from reviewer.ui.widgets.row_list import RowList
from reviewer.ui.widgets.search_panel import SearchPanel
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_text
from tests.ui.harness import PATIENCE_MS, Harness

Key = Qt.Key


def _text(number: int, severity: int | None = 1, caption: str = "") -> DrawnItem:
    """Return a text item; texts are copies only by their bytes."""
    return DrawnItem(
        data=fake_text(f"Drawn words {number}."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=severity,
        context=Context(source="a board", caption=caption or None),
    )


ITEMS = (
    _text(0, 2, "needle by the \u202eharbour"),
    _text(1, 4, "a needle that stays unread"),
    _text(2, None),
    _text(0),
    *(_text(number) for number in range(4, 12)),
)


@pytest.fixture(autouse=True)
def _a_batch(window: Harness) -> None:
    """A batch of twelve; the first and the fourth are the same bytes."""
    window.review(ITEMS)


def _list(window: Harness, name: str) -> RowList:
    found = window.find(name)
    assert isinstance(found, RowList)
    return found


def _titles(view: RowList) -> list[str]:
    rows = (view.rows.row_at(at) for at in range(view.rows.rowCount()))
    return [row.title for row in rows if row is not None]


def _spoken(view: RowList) -> str:
    rows = (view.rows.row_at(at) for at in range(view.rows.rowCount()))
    return "\n".join(row.spoken for row in rows if row is not None)


def _line(window: Harness, name: str) -> QLineEdit:
    found = window.find(name)
    assert isinstance(found, QLineEdit)
    return found


def _search(window: Harness, query: str) -> RowList:
    """Open the panel and wait for what is found."""
    window.tap(Key.Key_F, control=True)
    window.settle()
    window.write(query)
    window.tap(Key.Key_Return)
    window.settle()
    return _list(window, "searchResults")


# Palette --------------------------------------------------------------------------


def test_the_palette_finds_an_act_and_enter_runs_it(window: Harness) -> None:
    """Part of a name is enough."""
    window.tap(Key.Key_K, control=True)
    assert _line(window, "paletteLine").hasFocus()
    window.write("next it")
    assert _titles(_list(window, "paletteList"))[0] == "Next item"
    window.tap(Key.Key_Return)
    window.wait(lambda seen: seen.index == 1)
    assert not window.find("palette").isVisible()
    assert window.shell.review is not None
    assert window.shell.review.stage.hasFocus()


def test_esc_covers_and_closes_the_palette(window: Harness) -> None:
    """The same key as everywhere."""
    window.tap(Key.Key_K, control=True)
    window.tap(Key.Key_Escape)
    assert not window.find("palette").isVisible()
    assert window.see().stage == "covered"


def test_digits_in_the_palette_are_text(window: Harness) -> None:
    """Nothing is decided behind it, not even by Ctrl+Enter."""
    window.tap(Key.Key_K, control=True)
    window.write("1")
    window.tap(Key.Key_Down, Key.Key_Up)
    window.tap(Key.Key_Z, control=True)
    seen = window.settle()
    assert seen.open_count == len(ITEMS)
    assert seen.index == 0


def test_the_palette_decides_without_a_single_key(window: Harness) -> None:
    """The options of the lit group are acts too."""
    window.go_to(4)
    window.tap(Key.Key_K, control=True)
    window.write("not violating")
    window.tap(Key.Key_Return)
    seen = window.wait(lambda seen: not seen.committing and not seen.busy)
    assert seen.open_count == len(ITEMS) - 1


def test_lock_is_in_the_palette(window: Harness) -> None:
    """What the window does is in it too."""
    window.tap(Key.Key_K, control=True)
    window.write("lock")
    assert "Lock" in _titles(_list(window, "paletteList"))[:1]
    window.tap(Key.Key_Return)
    window.at("unlockScreen")


def test_the_palette_says_so_when_nothing_fits(window: Harness) -> None:
    """An empty list is a drawn state."""
    window.tap(Key.Key_K, control=True)
    window.write("zzzz")
    assert window.find("paletteNone").isVisible()
    window.tap(Key.Key_Return)
    assert window.find("palette").isVisible()


# Search ---------------------------------------------------------------------------


def test_search_shows_references_and_fields(window: Harness) -> None:
    """Text only of what is mild, with its controls told."""
    results = _search(window, "needle")
    assert len(_titles(results)) == 2
    words = _spoken(results)
    assert "caption 1" in words
    assert "«RLO»harbour" in words
    assert "unread" not in words


def test_a_hit_opens_as_the_item_opens_and_one_key_returns(window: Harness) -> None:
    """Item, list, query, selection and scroll are as they were."""
    window.tap(Key.Key_PageDown, Key.Key_PageDown)
    window.wait(lambda seen: seen.index == 2 and not seen.busy)
    _search(window, "needle")
    window.tap(Key.Key_Down, Key.Key_Return)
    seen = window.wait(lambda seen: seen.index == 1 and not seen.busy)
    assert seen.stage == "covered"
    window.tap(Key.Key_PageDown)
    window.tap(Key.Key_Backspace, control=True)
    seen = window.wait(lambda seen: seen.index == 2 and not seen.busy)
    assert _line(window, "searchLine").text() == "needle"
    results = _list(window, "searchResults")
    assert results.at == 1
    assert len(_titles(results)) == 2


def test_facets_narrow_by_keys_alone(window: Harness) -> None:
    """Tab goes to them, Enter chooses, and the results follow."""
    window.tap(Key.Key_F, control=True)
    window.settle()
    facets = _list(window, "searchFacets")
    window.tap(Key.Key_Tab)
    titles = _titles(facets)
    wanted = titles.index("unrated") if "unrated" in titles else -1
    assert wanted > 0
    for _ in titles:
        if facets.at < wanted:
            window.tap(Key.Key_Down)
    assert facets.at == wanted
    window.tap(Key.Key_Return)
    window.settle()
    assert len(_titles(_list(window, "searchResults"))) == 1
    panel = window.find("searchPanel")
    assert isinstance(panel, SearchPanel)
    assert panel.state().chosen == {(By.SEVERITY, "unrated")}
    window.tap(Key.Key_Tab, Key.Key_Return)
    window.wait(lambda seen: seen.index == 2)


def test_kept_items_are_a_facet(window: Harness) -> None:
    """K, and they can be found again."""
    window.tap(Key.Key_K)
    window.settle()
    window.tap(Key.Key_F, control=True)
    window.settle()
    titles = _titles(_list(window, "searchFacets"))
    assert titles[titles.index("Kept for later") + 1] == "kept"


def test_keys_of_the_item_are_text_while_searching(window: Harness) -> None:
    """No letter, digit or Ctrl+Enter decides what lies behind the panel."""
    window.tap(Key.Key_F, control=True)
    window.settle()
    window.write("1hku")
    window.tap(Key.Key_Return, control=True)
    seen = window.settle()
    assert seen.open_count == len(ITEMS)
    assert seen.lit == "verdict"
    assert not window.desk.store.items(_batch(window))[0].standing.keep


def test_esc_covers_and_closes_the_panel_and_forgets_its_words(window: Harness) -> None:
    """The next time it opens where one was."""
    _search(window, "needle")
    window.tap(Key.Key_Escape)
    assert not window.shell.window.findChildren(SearchPanel) or not any(
        one.isVisible() for one in window.shell.window.findChildren(SearchPanel)
    )
    assert window.see().stage == "covered"
    window.tap(Key.Key_F, control=True)
    window.settle()
    assert _line(window, "searchLine").text() == "needle"


@pytest.mark.parametrize("query", ['"', "needle OR", "*", "NEAR(", "\ufeff"])
def test_a_hostile_query_is_text(window: Harness, query: str) -> None:
    """No error is shown."""
    _search(window, query)
    assert window.see().error == ""


# Similar items --------------------------------------------------------------------


def test_similar_items_by_one_key_and_back_by_one(window: Harness) -> None:
    """The copy opens as it opens; the list is there again after."""
    window.tap(Key.Key_G, control=True)
    window.settle()
    results = _list(window, "searchResults")
    assert len(_titles(results)) == 1
    assert "the same bytes" in _spoken(results)
    window.tap(Key.Key_Return)
    window.wait(lambda seen: seen.index == 3 and not seen.busy)
    window.tap(Key.Key_Backspace, control=True)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert len(_titles(_list(window, "searchResults"))) == 1


def test_an_item_without_copies_says_so(window: Harness) -> None:
    """An empty list is a drawn state."""
    window.go_to(1)
    window.tap(Key.Key_G, control=True)
    window.settle()
    assert window.find("searchEmpty").isVisible()


# Undo, repeat, keep ---------------------------------------------------------------


def test_undo_goes_back_to_the_first_unsent_act(window: Harness) -> None:
    """U as often as something was done, then it says that nothing is left."""
    window.go_to(4)
    for left in range(len(ITEMS) - 1, len(ITEMS) - 6, -1):
        window.tap(Key.Key_1)
        _wait_for_open(window, left)
    for left in range(len(ITEMS) - 4, len(ITEMS) + 1):
        window.tap(Key.Key_U)
        _wait_for_open(window, left)
    assert window.see().index == 4
    window.tap(Key.Key_U)
    window.bot.waitUntil(lambda: bool(window.see().error), timeout=PATIENCE_MS)


def test_repeat_fills_the_last_fields_and_commits_nothing(window: Harness) -> None:
    """R, then Enter."""
    window.go_to(4)
    window.tap(Key.Key_1)
    window.wait(lambda seen: not seen.committing and not seen.busy)
    before = window.see().open_count
    window.tap(Key.Key_R)
    assert window.settle().open_count == before
    assert window.see().lit == "ready"
    window.tap(Key.Key_Return)
    window.wait(lambda seen: seen.open_count == before - 1)


# Rebound keys ---------------------------------------------------------------------


def _batch(window: Harness) -> BatchId:
    assert window.shell.desk is not None
    return window.shell.desk.batch_id


def test_the_strip_names_the_keys_of_what_is_open(window: Harness) -> None:
    """Of the palette, of the search and of similar items; no other key works then."""
    before = strip(window)
    assert "choose" in before
    assert "next open" in before
    for key, words in (
        (Key.Key_K, "do it"),
        (Key.Key_F, "change the list"),
        (Key.Key_G, "cover and close"),
    ):
        window.tap(key, control=True)
        window.settle()
        assert words in strip(window)
        assert "next open" not in strip(window)
        assert "undo" not in strip(window)
        window.tap(Key.Key_Escape)
        window.settle()
        assert "next open" in strip(window)


def strip(window: Harness) -> str:
    """Return what the bottom strip says."""
    review = window.shell.review
    assert review is not None
    return review.bottom.accessibleName()


def test_the_palette_has_a_name(window: Harness) -> None:
    """Controls are named for a screen reader, and the current row is spoken."""
    window.tap(Key.Key_K, control=True)
    window.write("undo")
    palette = window.find("palette")
    assert isinstance(palette, Palette)
    assert palette.accessibleName()
    assert "Undo" in _line(window, "paletteLine").accessibleDescription()


def _wait_for_open(window: Harness, count: int) -> None:
    window.wait(lambda seen: seen.open_count == count and not seen.busy)
