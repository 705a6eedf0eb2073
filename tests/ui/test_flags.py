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
