"""What is offered next: each preference of wellbeing.md 2, and that none binds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.item import Priority
from reviewer.safeguards import recording
from reviewer.safeguards.limits import Allowed
from reviewer.safeguards.ordering import (
    Because,
    Candidate,
    Choice,
    Preference,
    next_item,
    offers,
)
from tests.fakes.exposure import MINUTE, Exposure, facts, item_id, rules


def candidate(
    number: int,
    severity: int | None,
    *,
    priority: Priority = Priority.P4,
    tags: tuple[str, ...] = (),
) -> Candidate:
    return Candidate(facts=facts(number, severity, tags=tags), priority=priority)


def chosen(desk: Exposure, candidates: Sequence[Candidate]) -> Choice:
    return next_item(candidates, desk.ledger, now=desk.now, rules=desk.rules)


def suits(number: int) -> Choice:
    return Choice(item_id=item_id(number), because=Because.SUITS)


def begun() -> Exposure:
    """Return somebody past the first ten minutes of a day."""
    desk = Exposure()
    for _ in range(10):
        desk.key()
        desk.wait(MINUTE)
    return desk


BENIGN = tuple(candidate(100 + number, 1) for number in range(6))
"""Enough for one to be offered before the end."""


def test_by_priority_and_then_in_the_batchs_order() -> None:
    """Nothing else matters where everything suits."""
    desk = begun()
    both = (candidate(1, 3), candidate(2, 3), candidate(3, 3, priority=Priority.P2))
    assert chosen(desk, both) == suits(3)
    assert chosen(desk, both[:2]) == suits(1)


@pytest.mark.parametrize("severity", [None, 0, 5])
def test_p1_comes_first_whatever_else_is_preferred(severity: int | None) -> None:
    """Even at the beginning of a graphic-free day, after severity 5."""
    desk = Exposure()
    desk.look(facts(90, 5))
    desk.save(
        recording.choose_graphic_free(
            desk.ledger, chosen=True, now=desk.now, values=desk.values
        )
    )
    both = (*BENIGN, candidate(7, severity, priority=Priority.P1))
    assert chosen(desk, both) == Choice(item_id=item_id(7), because=Because.PRIORITY)


def test_opted_out_tags_are_never_offered_not_even_as_p1() -> None:
    """With nothing else left, the rest can be handed over."""
    desk = begun()
    desk.save(recording.opt_out(desk.ledger, "blood", now=desk.now, values=desk.values))
    out = candidate(1, 0, priority=Priority.P1, tags=("blood",))
    assert chosen(desk, (out, candidate(2, 3))) == suits(2)
    assert chosen(desk, (out,)) == Choice(item_id=None, because=Because.NOTHING_LEFT)
    assert chosen(desk, ()) == Choice(item_id=None, because=Because.NOTHING_LEFT)


def test_a_day_begins_with_ten_minutes_below_severity_four() -> None:
    """And what nobody has rated waits, too."""
    desk = Exposure()
    desk.key()
    both = (candidate(1, 4), candidate(2, None), candidate(3, 3))
    assert chosen(desk, both) == suits(3)
    assert chosen(begun(), both) == suits(1)


def test_a_day_ends_with_thirty_minutes_below_severity_four() -> None:
    """Counted back from the daily cap."""
    desk = Exposure(rules({"active_minutes_day": 60}))
    both = (candidate(1, 4), candidate(3, 3))
    for _ in range(29):
        desk.key()
        desk.wait(MINUTE)
    assert chosen(desk, both) == suits(1)
    desk.key()
    assert chosen(desk, both) == suits(3)


def test_after_severity_five_five_items_up_to_two() -> None:
    """Decided or handed back, seen or not."""
    desk = begun()
    desk.look(facts(90, 5))
    both = (candidate(1, 3), *BENIGN)
    for number in range(5):
        assert chosen(desk, both) == suits(100)
        desk.finish(facts(200 + number, 2))
    assert chosen(desk, both) == suits(1)


def test_after_severity_five_its_tags_rest_for_an_hour() -> None:
    """Choosing only: opened by hand, it can be looked at."""
    desk = begun()
    desk.look(facts(90, 5, tags=("blood", "weapon")))
    for number in range(5):
        desk.finish(facts(200 + number, 2))
    both = (candidate(1, 3, tags=("blood",)), candidate(2, 3, tags=("flag",)))
    assert chosen(desk, both) == suits(2)
    assert isinstance(desk.look(facts(1, 3, tags=("blood",))), Allowed)
    desk.wait(59 * MINUTE)
    assert chosen(desk, both) == suits(2)
    desk.wait(2 * MINUTE)
    assert chosen(desk, both) == suits(1)


def test_a_second_look_at_severity_five_begins_no_second_cooldown() -> None:
    """The item has had its own."""
    desk = begun()
    desk.look(facts(90, 5))
    desk.finish(facts(200, 2))
    desk.look(facts(90, 5))
    assert desk.ledger.cooldown is not None
    assert desk.ledger.cooldown.calm_left == 4


def test_at_most_three_severe_items_in_a_row() -> None:
    """Anything below severity 4 ends the run."""
    desk = begun()
    for number in range(20):
        desk.finish(facts(300 + number, 1))
    both = (candidate(1, 4), candidate(2, 3))
    for number in range(3):
        assert chosen(desk, both) == suits(1)
        desk.finish(facts(200 + number, 4))
    assert chosen(desk, both) == suits(2)
    desk.finish(facts(400, 3))
    assert chosen(desk, both) == suits(1)


def test_one_benign_item_for_two_severe_ones() -> None:
    """Real items of the batch, over the day."""
    desk = begun()
    both = (candidate(1, 4), *BENIGN)
    offered: list[bool] = []
    for number in range(12):
        choice = chosen(desk, both)
        is_severe = choice == suits(1)
        offered.append(is_severe)
        desk.finish(facts(200 + number, 4 if is_severe else 1))
    for count in range(1, 13):
        severe = sum(offered[:count])
        assert (count - severe) >= severe // 2


def test_five_benign_items_are_kept_for_the_end() -> None:
    """As long as something else suits."""
    desk = begun()
    last = BENIGN[:5]
    assert chosen(desk, (*last, candidate(1, 3))) == suits(1)
    assert chosen(desk, (*BENIGN, candidate(1, 3))) == suits(100)
    assert chosen(desk, last) == suits(100)


def test_what_is_kept_for_the_end_is_offered_before_nothing() -> None:
    """After three severe items in a row, a benign one comes all the same."""
    desk = begun()
    for number in range(3):
        desk.finish(facts(200 + number, 4))
    assert chosen(desk, (*BENIGN[:5], candidate(1, 4))) == suits(100)


def test_on_a_graphic_free_day_nothing_severe_is_offered() -> None:
    """Nor what nobody has rated."""
    desk = begun()
    both = (candidate(1, 4), candidate(2, None), candidate(3, 3))
    desk.save(
        recording.choose_graphic_free(
            desk.ledger, chosen=True, now=desk.now, values=desk.values
        )
    )
    assert chosen(desk, both) == suits(3)


def test_what_could_not_be_looked_at_comes_later() -> None:
    """A cap that is met makes room for what is not capped."""
    desk = Exposure(rules({"unrated_views_day": 1}))
    for _ in range(10):
        desk.key()
        desk.wait(MINUTE)
    desk.look(facts(90, None))
    assert chosen(desk, (candidate(1, None), candidate(2, 3))) == suits(2)


def test_with_nothing_suitable_the_least_severe_is_offered_and_it_says_so() -> None:
    """Unrated stands between 3 and 4."""
    desk = Exposure()
    desk.look(facts(90, 5, tags=("blood",)))
    assert chosen(
        desk, (candidate(1, 5), candidate(2, 4), candidate(3, None, tags=("blood",)))
    ) == Choice(
        item_id=item_id(3),
        because=Because.LEAST_SEVERE,
        unmet=frozenset(
            {Preference.EDGES, Preference.COOLDOWN, Preference.COOLDOWN_TAG}
        ),
    )
    only = chosen(desk, (candidate(1, 5), candidate(2, 4)))
    assert (only.item_id, only.because) == (item_id(2), Because.LEAST_SEVERE)


def test_a_pause_is_offered_after_severity_five() -> None:
    """For five minutes, unless a break is taken anyway."""
    desk = begun()
    assert offers(desk.ledger, now=desk.now, values=desk.values).pause_minutes is None
    desk.look(facts(90, 5))
    assert offers(desk.ledger, now=desk.now, values=desk.values).pause_minutes == 5
    desk.rest(MINUTE)
    assert offers(desk.ledger, now=desk.now, values=desk.values).pause_minutes is None
    desk.key()
    assert offers(desk.ledger, now=desk.now, values=desk.values).pause_minutes == 5
    desk.wait(4 * MINUTE)
    assert offers(desk.ledger, now=desk.now, values=desk.values).pause_minutes is None


def test_one_day_of_five_is_offered_as_graphic_free() -> None:
    """Only offered, and only if none of the last four was one."""
    desk = Exposure()
    for _ in range(4):
        desk.key()
        assert not offers(desk.ledger, now=desk.now, values=desk.values).graphic_free
        desk.sleep_over()
    assert offers(desk.ledger, now=desk.now, values=desk.values).graphic_free
    desk.save(
        recording.choose_graphic_free(
            desk.ledger, chosen=True, now=desk.now, values=desk.values
        )
    )
    assert not offers(desk.ledger, now=desk.now, values=desk.values).graphic_free
    desk.sleep_over()
    assert not offers(desk.ledger, now=desk.now, values=desk.values).graphic_free


SEVERITY = st.sampled_from([None, 0, 1, 2, 3, 4, 5])
CANDIDATES = st.lists(
    st.tuples(
        SEVERITY,
        st.sampled_from(list(Priority)),
        st.sets(st.sampled_from(["blood", "flag"])),
    ),
    max_size=12,
)


@given(
    drawn=CANDIDATES,
    done=st.lists(SEVERITY, max_size=12),
    out=st.booleans(),
    minutes=st.integers(0, 30),
)
def test_something_is_always_offered_and_it_is_honest(
    drawn: list[tuple[int | None, Priority, set[str]]],
    done: list[int | None],
    minutes: int,
    *,
    out: bool,
) -> None:
    """Never nothing while something is left; never an opted-out tag; P1 first."""
    desk = Exposure()
    for number, severity in enumerate(done):
        desk.look(facts(500 + number, severity))
        desk.finish(facts(500 + number, severity))
    for _ in range(minutes):
        desk.key()
        desk.wait(MINUTE)
    if out:
        desk.save(
            recording.opt_out(desk.ledger, "blood", now=desk.now, values=desk.values)
        )
    all_of = [
        candidate(number, severity, priority=priority, tags=tuple(tags))
        for number, (severity, priority, tags) in enumerate(drawn)
    ]
    wanted = [one for one in all_of if not (out and "blood" in one.facts.tags)]
    choice = chosen(desk, all_of)
    if not wanted:
        assert choice.because is Because.NOTHING_LEFT
        return
    taken = next(one for one in wanted if one.facts.item_id == choice.item_id)
    urgent = [one for one in wanted if one.priority is Priority.P1]
    assert (choice.because is Because.PRIORITY) is bool(urgent)
    assert not urgent or taken == urgent[0]
    assert (choice.because is Because.LEAST_SEVERE) is bool(choice.unmet)
    if choice.unmet:
        ranks = [_rank(one) for one in wanted]
        assert _rank(taken) == min(ranks)


def _rank(one: Candidate) -> float:
    return 3.5 if one.facts.severity is None else one.facts.severity
