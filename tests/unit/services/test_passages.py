"""Marked passages of a text are evidence of its decision: places, never words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import (
    PASSAGES_COUNT,
    Passage,
    are_passages,
)
from reviewer.domain.item import Kind
from reviewer.errors import Code, RefusedError
from reviewer.formats.wire import DecideBody
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete, repeat
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_still, fake_text
from tests.fakes.desk import NOT_VIOLATING, Desk

PLACES = (
    Passage(page=0, start=3, end=9),
    Passage(page=0, start=9, end=12),
    Passage(page=7, start=0, end=8_000),
)
MARKED = replace(NOT_VIOLATING, passages=PLACES)
DRAWN = (
    DrawnItem(
        data=fake_text("Some words of a text."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=1,
    ),
    DrawnItem(data=fake_still(64, 48), severity=1),
)


def test_passages_stand_in_the_entry_and_the_standing(desk: Desk) -> None:
    """What was marked is signed with the decision, and read back."""
    session, batch = desk.with_batch(DRAWN)
    text = batch.rows[0].item
    changed = session.decide(text.id, MARKED, looks=Looks())
    decision = desk.store.item(text.id).standing.decision
    assert decision is not None
    assert decision.passages == PLACES
    stored = next(iter(desk.store.entries(changed.seq, changed.seq)))
    body = session._journal.read(stored.envelope).body
    assert isinstance(body, DecideBody)
    assert body.decision.passages == PLACES


def test_only_a_text_has_passages(desk: Desk) -> None:
    """Of a picture none can be marked, and nothing is recorded."""
    session, batch = desk.with_batch(DRAWN)
    before = desk.store.head().size
    with pytest.raises(RefusedError) as caught:
        session.decide(batch.rows[1].item.id, MARKED, looks=Looks())
    assert caught.value.code is Code.INPUT_INVALID
    assert desk.store.head().size == before


@pytest.mark.parametrize(
    "wrong",
    [
        (Passage(page=0, start=5, end=5),),
        (Passage(page=-1, start=0, end=5),),
        (Passage(page=0, start=-1, end=5),),
        (Passage(page=0, start=0, end=8_001),),
        (PLACES[1], PLACES[0]),
        (Passage(page=0, start=0, end=5), Passage(page=0, start=4, end=6)),
        tuple(Passage(page=page, start=0, end=1) for page in range(PASSAGES_COUNT + 1)),
    ],
)
def test_what_is_no_place_is_refused(desk: Desk, wrong: tuple[Passage, ...]) -> None:
    """Empty, outside, out of order, overlapping, or too many."""
    session, batch = desk.with_batch(DRAWN)
    with pytest.raises(RefusedError) as caught:
        session.decide(
            batch.rows[0].item.id, replace(MARKED, passages=wrong), looks=Looks()
        )
    assert caught.value.code is Code.INPUT_INVALID


def test_passages_are_not_repeated_on_another_item(desk: Desk) -> None:
    """Repeating the last fields leaves the places of the other text out."""
    _, batch = desk.with_batch(DRAWN)
    assert not hasattr(repeat(MARKED, batch.pack), "passages")
    assert Complete(verdict="x").passages == ()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=20))
def test_places_apart_and_in_order_are_passages(starts: list[tuple[int, int]]) -> None:
    """Any number of marks put in order are places as the format wants them."""
    ordered = sorted(set(starts))
    passages = tuple(
        Passage(page=page, start=start, end=start + 1) for page, start in ordered
    )
    assert are_passages(passages)
