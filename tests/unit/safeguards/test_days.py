"""Where a day ends: no midnight, no time zone, no second budget."""

from __future__ import annotations

import pytest

from reviewer.safeguards import days
from reviewer.safeguards.limits import Allowed, Reason, Refused
from tests.fakes.exposure import HOUR, MINUTE, START, Exposure, facts, rules


def worked(desk: Exposure, hours: float) -> None:
    """Press a key every quarter of an hour."""
    for _ in range(int(hours * 4)):
        desk.key()
        desk.wait(15 * MINUTE)
    desk.key()


def days_count(desk: Exposure) -> int:
    return len(desk.ledger.past) + 1


@pytest.mark.parametrize(
    ("first_h", "away_h", "expected"),
    [
        (4, 1, 1),
        (4, 5.75, 1),
        (4, 11, 1),  # long away, but the day is not over: 16 hours since it began
        (4, 12, 2),
        (12, 5, 1),
        (12, 6, 2),
        (8, 16, 2),
        (14, 5.75, 1),  # no night: six hours without work are missing
    ],
)
def test_a_day_ends_with_a_night(first_h: float, away_h: float, expected: int) -> None:
    """16 hours since its first input, and 6 without work."""
    desk = Exposure()
    worked(desk, first_h)
    desk.wait(int(away_h * HOUR))
    desk.key()
    assert days_count(desk) == expected


@pytest.mark.parametrize("hour", range(24))
def test_it_makes_no_difference_at_which_hour_one_works(hour: int) -> None:
    """A shift across any midnight is one day."""
    desk = Exposure(wall=START + hour * HOUR)
    worked(desk, 8)
    assert days_count(desk) == 1
    desk.sleep_over(16)
    worked(desk, 8)
    assert days_count(desk) == 2


def test_nobody_gets_two_budgets_by_working_without_a_night() -> None:
    """Thirty hours on end are one day."""
    desk = Exposure(rules({"break_hard_minutes": 75}))
    for number in range(30):
        desk.look(facts(number, 4))
        desk.wait(HOUR)
    answer = desk.look(facts(30, 4))
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.SEVERE_VIEWS


def test_no_day_ends_during_a_look() -> None:
    """A look is charged to the day in which it began."""
    desk = Exposure()
    desk.begin(facts(1, 1))
    desk.wait(17 * HOUR)
    desk.end()
    assert days_count(desk) == 1


def test_a_new_day_gives_everything_again() -> None:
    """Views, seconds, minutes."""
    desk = Exposure(rules({"severe_views_day": 1}))
    desk.look(facts(1, 4))
    assert isinstance(desk.look(facts(2, 4)), Refused)
    desk.sleep_over()
    assert isinstance(desk.look(facts(2, 4)), Allowed)


def test_an_item_seen_yesterday_counts_again_today() -> None:
    """The cap is of a day."""
    desk = Exposure(rules({"severe_views_day": 1}))
    desk.look(facts(1, 4))
    desk.sleep_over()
    desk.look(facts(1, 4))
    assert isinstance(desk.look(facts(2, 4)), Refused)


def test_a_ledger_without_a_day_cannot_be_asked() -> None:
    """Asking goes through `days.at`, which begins one."""
    desk = Exposure()
    empty = type(desk.ledger)(now=START, mono=0)
    with pytest.raises(AssertionError):
        days.today_of(empty)
    assert days.today_of(days.at(empty, now=START, values=desk.values)).begun == START
    assert days.running_ms(empty) == 0
