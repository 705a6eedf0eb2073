"""Look at an item as a hand on the keyboard would: through the state machine."""

from __future__ import annotations

from reviewer.domain.ids import MonoMs
from reviewer.domain.item import Kind
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.reveal import Event, State, advance, open_item
from reviewer.safeguards.values import Values
from reviewer.services.exposing import Exposing
from tests.fakes.clock import StepClock

_ASKING = (
    Event.CLEARER,
    Event.TOGGLE_WHOLE,
    Event.TICK,
    Event.OPEN_TEXT,
    Event.TICK,
)


def grant_for(row: ItemRow, *, values: Values, clock: StepClock) -> Grant:
    """Ask for it clear and whole for as long as it takes, and return the grant."""
    is_text = row.item.kind is Kind.TEXT
    reveal = open_item(
        row.item.id,
        severity=row.item.severity,
        is_text=is_text,
        values=values,
        now=clock.mono_ms(),
    )
    assert reveal.grant is None
    for event in (
        Event.CLEARER,
        Event.TOGGLE_WHOLE,
        Event.TICK,
        Event.OPEN_TEXT,
        Event.TICK,
    ):
        reveal = advance(reveal, event, now=clock.mono_ms(), may_reveal=True)
        if reveal.state is State.SHOWN:
            break
        clock.advance(_wait(clock, reveal.deadline))
    assert reveal.grant is not None
    return reveal.grant


def note(exposure: Exposing, row: ItemRow) -> None:
    """Write a look down, as the window does before it asks for anything clear."""
    exposure.begin_look(row)
    exposure.save()
    assert exposure.is_noted(row)


def _wait(clock: Clock, deadline: MonoMs | None) -> int:
    return 0 if deadline is None else max(0, deadline - clock.mono_ms())
