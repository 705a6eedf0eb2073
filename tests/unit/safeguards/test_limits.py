"""Each rule of review-loop.md, *Limits*, that binds."""

from __future__ import annotations

import pytest

from reviewer.domain.ids import Sha256Hex
from reviewer.domain.item import Item, Kind
from reviewer.safeguards import recording
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.facts import Facts, facts_of
from reviewer.safeguards.limits import (
    Allowed,
    Reason,
    Refused,
    break_due,
    is_opted_out,
    left,
)
from tests.fakes.exposure import (
    DAY,
    HOUR,
    LONG_AGO,
    MINUTE,
    START,
    Exposure,
    facts,
    item_id,
    rules,
)

QUIET = {"block_minutes": 40, "break_hard_minutes": 75}
"""Values that keep blocks and breaks out of the way of short stories."""


def reason(answer: Allowed | Refused) -> Reason | None:
    return answer.reason if isinstance(answer, Refused) else None


# Views -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "cap", "expected"),
    [
        (4, 30, Reason.SEVERE_VIEWS),
        (5, 8, Reason.WORST_VIEWS),
        (None, 120, Reason.UNRATED_VIEWS),
    ],
)
def test_a_cap_counts_items(severity: int | None, cap: int, expected: Reason) -> None:
    """So many items a day, and not one more."""
    desk = Exposure(rules(QUIET))
    for number in range(cap):
        assert reason(desk.look(facts(number, severity))) is None
        desk.wait(100)
    refused = desk.look(facts(cap, severity))
    assert isinstance(refused, Refused)
    assert refused.reason is expected
    assert refused.words_key == f"limit_{expected.value}"
    assert refused.until == desk.ledger.now + 16 * HOUR - (desk.ledger.now - START)


def test_looking_again_adds_seconds_not_views() -> None:
    """The thirtieth item may be looked at again, the thirty-first not at all."""
    desk = Exposure(rules(QUIET))
    for number in range(30):
        desk.look(facts(number, 4))
    for _ in range(3):
        assert reason(desk.look(facts(29, 4))) is None
    assert reason(desk.look(facts(30, 4))) is Reason.SEVERE_VIEWS


def test_severity_five_counts_among_four_and_five() -> None:
    """Eight of the thirty may be of severity 5."""
    desk = Exposure(rules(QUIET))
    for number in range(8):
        desk.look(facts(number, 5))
    for number in range(8, 30):
        assert reason(desk.look(facts(number, 4))) is None
    assert reason(desk.look(facts(30, 4))) is Reason.SEVERE_VIEWS
    assert reason(desk.look(facts(31, 3))) is None


def test_unrated_is_its_own_value() -> None:
    """It spends no severe views, and is spent by none."""
    desk = Exposure(rules(QUIET))
    for number in range(30):
        desk.look(facts(number, 4))
    assert reason(desk.look(facts(100, None))) is None
    assert left(desk.ledger, now=desk.now, rules=desk.rules).unrated_views == 119


@pytest.mark.parametrize(
    ("signed", "own", "severity"),
    [
        (None, None, None),
        (None, 0, None),
        (None, 3, None),
        (None, 4, 4),
        (None, 5, 5),
        (5, 0, 5),
        (4, 5, 5),
        (1, 4, 4),
        (3, None, 3),
    ],
)
def test_a_correction_counts_only_where_it_is_graver(
    signed: int | None, own: int | None, severity: int | None
) -> None:
    """Rating an item down, or an unrated one as harmless, opens no cap."""
    assert facts(1, signed, own=own).severity == severity


def test_an_item_rated_up_after_a_look_is_counted_where_it_belongs() -> None:
    """The next look spends a severe view as well."""
    desk = Exposure(rules(QUIET))
    desk.look(facts(1, None))
    desk.look(facts(1, None, own=5))
    rest = left(desk.ledger, now=desk.now, rules=desk.rules)
    assert (rest.unrated_views, rest.severe_views, rest.worst_views) == (119, 29, 7)


def test_the_facts_of_an_item_are_those_of_its_batch() -> None:
    """Severity, else the assumed one; tags as they came."""
    item = Item(
        id=item_id(7),
        ref="Heron 12-042",
        kind=Kind.IMAGE,
        identity="",
        sha256=Sha256Hex("0" * 64),
        size_bytes=1,
        offset_bytes=0,
        sealed_bytes=1,
        declared_type="image/png",
        assumed_severity=4,
        tags=("blood", "flag"),
    )
    expected = Facts(
        item_id=item.id, signed=4, own=2, tags=frozenset({"blood", "flag"})
    )
    assert facts_of(item, own=2) == expected


# Seconds -----------------------------------------------------------------------


def test_clear_seconds_of_severe_items_are_capped() -> None:
    """1 200 seconds a day, told beforehand, looks of the same item included."""
    desk = Exposure(rules({**QUIET, "severe_seconds_day": 60}))
    one = facts(1, 4)
    desk.key(one)
    assert desk.begin(one) == Allowed(left_ms=60_000)
    desk.wait(45_000)
    assert desk.ask(one) == Allowed(left_ms=15_000)
    desk.end()
    assert desk.begin(one) == Allowed(left_ms=15_000)
    desk.wait(15_000)
    assert reason(desk.ask(one)) is Reason.SEVERE_SECONDS
    desk.end()
    assert reason(desk.ask(facts(2, 5))) is Reason.SEVERE_SECONDS
    assert desk.ask(facts(3, 3)) == Allowed()
    assert desk.ask(facts(4, None)) == Allowed()


def test_the_default_of_clear_seconds_is_twenty_minutes() -> None:
    """review-loop.md, Limits."""
    desk = Exposure()
    desk.key()
    assert desk.ask(facts(1, 4)) == Allowed(left_ms=1_200_000)


# Time at work ------------------------------------------------------------------


def work(desk: Exposure, minutes: int) -> None:
    """Press a key in each of so many minutes, and take every break that is due."""
    for _ in range(minutes):
        if break_due(desk.ledger, now=desk.now, rules=desk.rules) is not Due.NO:
            desk.rest(15 * MINUTE)
        desk.key()
        desk.wait(MINUTE)


def test_a_day_has_four_active_hours() -> None:
    """After them nothing is revealed until a night has passed."""
    desk = Exposure()
    work(desk, 239)
    assert reason(desk.ask(facts(1, 0))) is None
    work(desk, 1)
    refused = desk.ask(facts(1, 0))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.DAY
    assert refused.until is not None
    assert refused.until >= START + 16 * HOUR
    desk.sleep_over()
    desk.key()
    assert reason(desk.ask(facts(1, 0))) is None


def test_seven_days_have_twenty_active_hours() -> None:
    """On the sixth day at work the week is full; it empties day by day."""
    desk = Exposure()
    for _ in range(5):
        work(desk, 240)
        desk.sleep_over()
    desk.key()
    refused = desk.ask(facts(1, 0))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.WEEK
    assert refused.until == START + 7 * DAY
    while desk.now < refused.until:
        desk.sleep_over(20)
    desk.key()
    assert reason(desk.ask(facts(1, 0))) is None


def test_only_minutes_with_input_are_active() -> None:
    """A minute without a key is nobody's."""
    desk = Exposure()
    for _ in range(10):
        desk.key()
        desk.wait(4 * MINUTE)
    rest = left(desk.ledger, now=desk.now, rules=desk.rules)
    assert rest.active_minutes == 230


def test_a_break_is_due_and_then_hard_and_needs_no_permission() -> None:
    """50 and 60 active minutes; ten minutes of rest end it."""
    desk = Exposure()
    for minute in range(60):
        if minute == 50:
            assert break_due(desk.ledger, now=desk.now, rules=desk.rules) is Due.DUE
            assert reason(desk.ask(facts(1, 0))) is None
        desk.key()
        desk.wait(MINUTE)
    refused = desk.ask(facts(1, 0))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.until) == (Reason.BREAK, None)
    desk.rest(9 * MINUTE)
    resting = desk.ask(facts(1, 0))
    assert isinstance(resting, Refused)
    assert resting.until == desk.now + MINUTE
    desk.wait(MINUTE)
    assert reason(desk.ask(facts(1, 0))) is None


def test_a_restart_does_not_take_the_break_away() -> None:
    """Quit and start again after an hour: the break is still owed."""
    desk = Exposure()
    for _ in range(60):
        desk.key()
        desk.wait(MINUTE)
    desk.unlock()
    assert reason(desk.ask(facts(1, 0))) is Reason.BREAK


# Blocks ------------------------------------------------------------------------


def block(desk: Exposure) -> Facts:
    """Fill a block of severe items; return the one that is open."""
    one = facts(900, 4)
    for _ in range(25):
        desk.look(one, 100)
        desk.wait(MINUTE)
    desk.key(one)
    return one


def test_a_block_of_severe_items_ends_after_twenty_five_minutes() -> None:
    """Then severe items stay concealed; others do not."""
    desk = Exposure()
    one = block(desk)
    assert reason(desk.ask(one)) is Reason.BLOCK
    assert reason(desk.ask(facts(1, 3))) is None
    assert reason(desk.ask(facts(2, None))) is None


def test_ten_calmer_items_end_a_block() -> None:
    """Ten different ones of severity up to 2, however they are decided."""
    desk = Exposure()
    one = block(desk)
    for _ in range(20):
        desk.finish(facts(1, 0))
    for number in range(2, 10):
        desk.finish(facts(number, 2))
    desk.finish(facts(50, 3))
    desk.finish(facts(51, None, own=1))
    assert reason(desk.ask(one)) is Reason.BLOCK
    desk.finish(facts(10, 1))
    assert reason(desk.ask(one)) is None


def test_a_break_of_fifteen_minutes_ends_a_block() -> None:
    """Ten are enough elsewhere, not after a block."""
    desk = Exposure()
    one = block(desk)
    desk.rest(14 * MINUTE)
    assert reason(desk.ask(one)) is Reason.BLOCK
    desk.wait(MINUTE)
    assert reason(desk.ask(one)) is None
    desk.key(one)
    assert reason(desk.ask(one)) is None


def test_a_break_cut_short_ends_no_block() -> None:
    """Work after fourteen minutes, and it is all still owed."""
    desk = Exposure()
    one = block(desk)
    desk.rest(14 * MINUTE)
    desk.key(one)
    desk.wait(2 * MINUTE)
    assert reason(desk.ask(one)) is Reason.BLOCK


def test_after_calm_items_the_next_break_is_an_ordinary_one() -> None:
    """The block is over, and so is its longer break."""
    desk = Exposure()
    block(desk)
    for number in range(10):
        desk.finish(facts(number, 1))
    assert not desk.ledger.breaks.after_block


# Opt-outs ----------------------------------------------------------------------


def test_an_opt_out_binds_at_once_and_can_be_taken_back() -> None:
    """No reason, no permission; not even a concealed picture."""
    desk = Exposure()
    one = facts(1, 0, tags=("blood", "flag"))
    assert reason(desk.look(one)) is None
    desk.save(recording.opt_out(desk.ledger, "blood", now=desk.now, values=desk.values))
    assert desk.ask(one) == Refused(
        reason=Reason.OPTED_OUT, words_key="limit_opted_out", until=None
    )
    assert is_opted_out(desk.ledger, one)
    assert not is_opted_out(desk.ledger, facts(2, 5, tags=("flag",)))
    desk.sleep_over()
    assert reason(desk.ask(one)) is Reason.OPTED_OUT
    desk.save(recording.opt_in(desk.ledger, "blood"))
    assert reason(desk.ask(one)) is None


# The ramp ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "percent"),
    [
        (-3 * DAY, 25),
        (0, 25),
        (DAY - 1, 25),
        (DAY, 25),
        (2 * DAY, 50),
        (3 * DAY, 50),
        (4 * DAY, 75),
        (5 * DAY, 100),
        (500 * DAY, 100),
    ],
)
def test_the_ramp_starts_from_the_signed_certificate(after: int, percent: int) -> None:
    """A quarter, a quarter, half, half, three quarters; never from the first use."""
    caps = rules(certified=START - after).caps(START)
    whole = rules(certified=LONG_AGO).caps(START)
    assert caps.severe_views == whole.severe_views * percent // 100
    assert caps.worst_views == whole.worst_views * percent // 100
    assert caps.unrated_views == whole.unrated_views * percent // 100
    assert caps.severe_ms == whole.severe_ms * percent // 100
    assert caps.active_minutes == whole.active_minutes * percent // 100
    assert caps.week_minutes == whole.week_minutes


def test_the_ramp_binds() -> None:
    """Two items of severity 5 on the first day."""
    desk = Exposure(rules(certified=START))
    for number in range(2):
        assert reason(desk.look(facts(number, 5))) is None
    assert reason(desk.look(facts(3, 5))) is Reason.WORST_VIEWS


# What is left ------------------------------------------------------------------


def test_what_is_left_is_never_less_than_nothing() -> None:
    """A config that tightens during a day refuses, and owes nothing."""
    desk = Exposure(rules(QUIET))
    for number in range(10):
        desk.look(facts(number, 5 if number < 8 else 4))
    desk.rules = rules({"severe_views_day": 3, "worst_views_day": 0})
    rest = left(desk.ledger, now=desk.now, rules=desk.rules)
    assert (rest.severe_views, rest.worst_views) == (0, 0)
    assert reason(desk.ask(facts(50, 4))) is Reason.SEVERE_VIEWS


def test_asking_changes_nothing() -> None:
    """However often it is asked."""
    desk = Exposure()
    before = desk.ledger
    for severity in (None, 0, 3, 4, 5):
        desk.ask(facts(1, severity))
    assert desk.ledger == before
