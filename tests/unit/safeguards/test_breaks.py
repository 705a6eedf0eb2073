"""The break rule counts active minutes and stops reveals, never decisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.ids import MonoMs
from reviewer.safeguards.breaks import (
    MINUTE_MS,
    BreakClock,
    Due,
    Presence,
    begin_break,
    due,
    is_rested,
    may_reveal,
    on_input,
    presence,
)
from reviewer.safeguards.values import resolve

VALUES = resolve({}, {})


def at(minutes: float) -> MonoMs:
    return MonoMs(int(minutes * MINUTE_MS))


def worked(minutes_count: int, *, first: int = 0) -> BreakClock:
    """Return the clock after one input in each of so many minutes."""
    clock = BreakClock()
    for minute in range(first, first + minutes_count):
        clock = on_input(clock, now=at(minute), values=VALUES)
    return clock


def test_a_minute_counts_once_however_many_keys_are_pressed() -> None:
    """An active minute is one with input."""
    clock = BreakClock()
    for second in range(60):
        clock = on_input(clock, now=MonoMs(second * 1_000), values=VALUES)
    assert clock.minutes_count == 1
    assert on_input(clock, now=at(1), values=VALUES).minutes_count == 2


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, Due.NO), (49, Due.NO), (50, Due.DUE), (59, Due.DUE), (60, Due.HARD)],
)
def test_due_at_fifty_hard_at_sixty(minutes: int, expected: Due) -> None:
    """The two thresholds, counted in active minutes."""
    clock = worked(minutes)
    assert due(clock, now=at(minutes), values=VALUES) is expected


def test_only_a_hard_break_stops_reveals() -> None:
    """A break that is due is an offer."""
    assert may_reveal(worked(59), now=at(59), values=VALUES)
    assert not may_reveal(worked(60), now=at(60), values=VALUES)


def test_minutes_without_input_do_not_count() -> None:
    """Three hours with a key every third minute are one hour of activity."""
    clock = BreakClock()
    for turn in range(49):
        clock = on_input(clock, now=at(3 * turn), values=VALUES)
    assert due(clock, now=at(147), values=VALUES) is Due.NO


def test_a_break_of_ten_minutes_frees_and_starts_over() -> None:
    """After it everything works, and counting begins at the next input."""
    clock = begin_break(worked(60), now=at(60))
    assert not may_reveal(clock, now=at(69.9), values=VALUES)
    assert may_reveal(clock, now=at(70), values=VALUES)
    assert on_input(clock, now=at(70), values=VALUES).minutes_count == 1


def test_a_break_cut_short_changes_nothing() -> None:
    """Working on after nine minutes leaves the count where it was."""
    clock = begin_break(worked(60), now=at(60))
    resumed = on_input(clock, now=at(69), values=VALUES)
    assert resumed.rest_from is None
    assert not may_reveal(resumed, now=at(69), values=VALUES)


def test_asking_twice_does_not_make_a_break_longer() -> None:
    """The break runs from the first request."""
    clock = begin_break(begin_break(worked(60), now=at(60)), now=at(65))
    assert is_rested(clock, now=at(70), values=VALUES)


def test_idling_is_resting_once_the_curtain_has_fallen() -> None:
    """Ten minutes without input are a break, counted from the last input."""
    clock = worked(60)
    assert not may_reveal(clock, now=at(68), values=VALUES)
    assert may_reveal(clock, now=at(69), values=VALUES)


def test_nobody_rests_before_the_first_input() -> None:
    """A fresh clock owes nothing."""
    fresh = BreakClock()
    assert not is_rested(fresh, now=at(600), values=VALUES)
    assert may_reveal(fresh, now=at(600), values=VALUES)


@pytest.mark.parametrize(
    ("idle", "expected"),
    [
        (0, Presence.HERE),
        (4.99, Presence.HERE),
        (5, Presence.CURTAIN),
        (59.9, Presence.CURTAIN),
        (60, Presence.LOCK),
    ],
)
def test_idling_lowers_the_curtain_and_then_locks(
    idle: float, expected: Presence
) -> None:
    """Five idle minutes: curtain. Sixty: full lock."""
    assert presence(idle_ms=at(idle), values=VALUES) is expected


@given(
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=20), st.booleans()), max_size=200
    )
)
def test_nothing_but_a_whole_break_lifts_a_hard_stop(
    steps: list[tuple[int, bool]],
) -> None:
    """Whatever is pressed and however often a break begins, it must be long enough."""
    now = 0
    last_input = 0
    clock = worked(60)
    clock = on_input(clock, now=at(59), values=VALUES)
    now = last_input = 59
    for minutes, is_input in steps:
        now += minutes
        if may_reveal(clock, now=at(now), values=VALUES):
            assert now - last_input >= VALUES.break_length_minutes
            return
        if is_input:
            clock = on_input(clock, now=at(now), values=VALUES)
            last_input = now
        else:
            clock = begin_break(clock, now=at(now))
