"""Acts against helplessness by keys: one key each, whatever is covered or spent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from reviewer.domain.decision import StandingKind
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.widgets.review_screen import ReviewScreen
from tests.ui.harness import Harness, stills

Key = Qt.Key
EVEN = stills(*[3] * 6)

FLAGS = [
    (Key.Key_S, StandingKind.SECOND_OPINION, "Second opinion asked for"),
    (Key.Key_G, StandingKind.POLICY_UNCLEAR, "Policy unclear"),
    (Key.Key_E, StandingKind.ESCALATED, "Escalated to the duty officer"),
]


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def screen_of(window: Harness) -> ReviewScreen:
    screen = window.shell.review
    assert screen is not None
    return screen


def kind_at(window: Harness, index: int) -> StandingKind:
    return desk_of(window).place.rows[index].standing.kind


def last(window: Harness) -> str:
    return screen_of(window).right._last.text()


def is_offered(window: Harness) -> bool:
    label = screen_of(window).findChild(QLabel, "submitOfferLine")
    return label is not None and label.isVisible()


@pytest.mark.parametrize(("key", "kind", "words"), FLAGS)
def test_one_key_flags_and_the_next_item_comes(
    window: Harness, key: Key, kind: StandingKind, words: str
) -> None:
    """Without a look or a reason; the line names the act and offers U."""
    window.review(EVEN)
    window.tap(key)
    assert window.see().index == 1
    window.wait(lambda seen: not seen.busy)
    assert kind_at(window, 0) is kind
    assert words in last(window)
    assert "U takes it back" in last(window)
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert kind_at(window, 0) is StandingKind.OPEN


# Minor possible -------------------------------------------------------------------


def marked(window: Harness, at: int = 0) -> None:
    """Press C once, and wait until it is journalled."""
    window.go_to(at)
    window.tap(Key.Key_C)
    window.wait(lambda seen: not seen.busy)
    assert stored(window, at) is StandingKind.MARKED


def stored(window: Harness, index: int) -> StandingKind:
    """Return how the vault has an item."""
    item_id = desk_of(window).place.rows[index].item.id
    return window.desk.store.item(item_id).standing.kind


def said_on_stage(window: Harness) -> str:
    return screen_of(window).stage.refusal_words


def test_c_covers_and_marks_and_a_second_c_seals(window: Harness) -> None:
    """Both are journalled, and the next item comes only after the seal."""
    window.review(EVEN)
    marked(window)
    seen = window.see()
    assert (seen.index, seen.lit, seen.holds_clear) == (0, "minor", False)
    assert "Second C seals. U takes it back." in said_on_stage(window)
    assert "Seals by itself in 10 seconds" in said_on_stage(window)
    window.tap(Key.Key_C)
    assert window.see().index == 1
    window.wait(lambda now: not now.busy)
    assert stored(window, 0) is StandingKind.SEALED
    assert "sealed" in last(window)
    assert "U takes it back" not in last(window)


def test_ten_seconds_seal(window: Harness) -> None:
    """What is left of them is said; nothing else is needed."""
    window.review(EVEN)
    marked(window)
    window.later(4_000)
    assert "in 6 seconds" in said_on_stage(window)
    window.later(6_000)
    window.wait(lambda now: now.index == 1 and not now.busy)
    assert stored(window, 0) is StandingKind.SEALED


def test_u_returns_the_item_covered(window: Harness) -> None:
    """And the clock stands still."""
    window.review(EVEN)
    marked(window)
    window.tap(Key.Key_U)
    window.wait(lambda now: not now.busy and now.painted)
    seen = window.see()
    assert (seen.index, seen.stage, seen.lit) == (0, "covered", "verdict")
    assert stored(window, 0) is StandingKind.OPEN
    window.later(60_000)
    assert stored(window, 0) is StandingKind.OPEN
