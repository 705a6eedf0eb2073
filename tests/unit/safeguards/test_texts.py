"""Item text beside the stage opens by one action and is covered with the rest."""

from __future__ import annotations

import pytest

from reviewer.safeguards.reveal import Event
from reviewer.safeguards.texts import ItemText, advance_text, open_item_text


def after(text: ItemText, *events: Event, may_reveal: bool = True) -> ItemText:
    for event in events:
        text = advance_text(text, event, may_reveal=may_reveal)
    return text


@pytest.mark.parametrize(
    ("severity", "opens"), [(0, True), (2, True), (3, False), (5, False), (None, False)]
)
def test_text_is_open_up_to_severity_two(
    *,
    severity: int | None,
    opens: bool,
) -> None:
    """Above that, and unrated, it is one line."""
    assert open_item_text(severity).is_open is opens


def test_one_action_opens_and_closes() -> None:
    """The same action works both ways."""
    text = after(open_item_text(4), Event.OPEN_TEXT)
    assert text.is_open
    assert not after(text, Event.OPEN_TEXT).is_open


@pytest.mark.parametrize(
    "event",
    [
        Event.ESC,
        Event.CURTAIN,
        Event.LOCK,
        Event.SLEEP,
        Event.FOCUS_LOST,
        Event.HIDDEN,
    ],
)
@pytest.mark.parametrize("severity", [1, 4])
def test_everything_that_covers_covers_text(event: Event, severity: int) -> None:
    """Esc, focus loss and lock cover text of every severity."""
    text = open_item_text(severity)
    opened = text if text.is_open else after(text, Event.OPEN_TEXT)
    assert not after(opened, event).is_open


def test_readable_text_comes_back_with_the_focus_and_only_then() -> None:
    """Focus loss is not a wish to cover; Esc is; opened text has to be opened again."""
    mild = open_item_text(1)
    assert after(mild, Event.FOCUS_LOST, Event.HIDDEN, Event.FOCUS_GAINED).is_open
    assert not after(mild, Event.ESC, Event.FOCUS_LOST, Event.FOCUS_GAINED).is_open
    severe = after(open_item_text(4), Event.OPEN_TEXT)
    assert not after(severe, Event.FOCUS_LOST, Event.FOCUS_GAINED).is_open
    assert after(severe, Event.FOCUS_GAINED).is_open


def test_keys_of_the_picture_leave_text_alone() -> None:
    """Holding Space is for the stage."""
    text = open_item_text(1)
    assert after(text, Event.SPACE_DOWN, Event.TICK, Event.SPACE_UP) == text


def test_an_overdue_break_closes_opened_text_and_keeps_readable_text() -> None:
    """Text that needs an action is a reveal; text that opens readable is paperwork."""
    severe = open_item_text(4)
    assert not after(severe, Event.OPEN_TEXT, may_reveal=False).is_open
    opened = after(severe, Event.OPEN_TEXT)
    assert not after(opened, Event.TICK, may_reveal=False).is_open
    mild = open_item_text(1)
    assert after(mild, Event.TICK, may_reveal=False).is_open
    closed = after(mild, Event.ESC, may_reveal=False)
    assert after(closed, Event.OPEN_TEXT, may_reveal=False).is_open
