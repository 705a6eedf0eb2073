"""A clock that jumps never gives exposure back."""

from __future__ import annotations

import pytest

from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.limits import Reason, Refused
from reviewer.safeguards.restoring import Found
from reviewer.safeguards.runs import Run, begin_run, stamped
from tests.fakes.exposure import DAY, HOUR, MINUTE, START, Exposure, facts, rules


def spent() -> Exposure:
    """Return somebody who has used up the one severe view of the day."""
    desk = Exposure(rules({"severe_views_day": 1}))
    desk.look(facts(1, 4))
    return desk


def refusal(desk: Exposure) -> Reason | None:
    answer = desk.ask(facts(999, 4))
    return answer.reason if isinstance(answer, Refused) else None


@pytest.mark.parametrize("jump", [-400 * DAY, -DAY, -HOUR, HOUR, DAY, 400 * DAY])
def test_within_a_run_the_clock_may_say_what_it_likes(jump: int) -> None:
    """Only the monotonic clock counts."""
    desk = spent()
    desk.wall += jump
    desk.key()
    assert refusal(desk) is Reason.SEVERE_VIEWS
    assert desk.now < START + HOUR


@pytest.mark.parametrize("jump", [-400 * DAY, -DAY, -HOUR, -1])
def test_a_clock_set_back_between_two_runs_gives_nothing(jump: int) -> None:
    """The ledger's time stands until the clock has caught up."""
    desk = spent()
    desk.wall += jump
    desk.unlock()
    assert desk.now >= desk.ledger.now >= START
    assert refusal(desk) is Reason.SEVERE_VIEWS


def test_days_begun_early_do_not_begin_again() -> None:
    """Forward by three days, a view, and back: three days pass without another."""
    desk = spent()
    desk.wall += 3 * DAY
    desk.unlock()
    desk.look(facts(2, 4))
    desk.wall -= 3 * DAY
    for _ in range(3):
        desk.sleep_over(24)
        assert refusal(desk) is Reason.SEVERE_VIEWS
    desk.sleep_over(24)
    assert refusal(desk) is None


def test_toggling_the_clock_gives_one_day_at_most() -> None:
    """Forward and back and forward again is the same day."""
    desk = spent()
    for number in range(5):
        desk.wall += 2 * DAY
        desk.unlock()
        desk.look(facts(10 + number, 4))
        desk.wall -= 2 * DAY
        desk.unlock()
        assert refusal(desk) is Reason.SEVERE_VIEWS


def test_a_clock_that_was_far_ahead_is_caught_up_with_by_staying_on() -> None:
    """A year ahead for once, then right: a night with the computer on is a night."""
    desk = spent()
    desk.wall += 365 * DAY
    desk.unlock()
    desk.look(facts(2, 4))
    desk.wall -= 365 * DAY
    desk.unlock()
    assert refusal(desk) is Reason.SEVERE_VIEWS
    desk.wait(17 * HOUR)
    desk.unlock()
    assert refusal(desk) is None


def test_a_monotonic_clock_that_began_anew_proves_what_it_shows() -> None:
    """After a reboot, that much time has passed at least."""
    ledger = Ledger(now=START, mono=50 * MINUTE)
    assert begin_run(ledger, wall=0, mono=20 * MINUTE).base == START + 20 * MINUTE
    assert begin_run(ledger, wall=0, mono=60 * MINUTE).base == START + 10 * MINUTE
    assert begin_run(ledger, wall=START + HOUR, mono=0).base == START + HOUR


def test_a_run_never_goes_back() -> None:
    """Not even should the monotonic clock."""
    run = Run(base=START, mono=1_000)
    assert run.now(500) == START
    assert run.now(1_500) == START + 500
    ledger = Ledger(now=START + HOUR, mono=0)
    assert stamped(ledger, run, mono=2_000).now == START + HOUR


def test_a_restart_is_not_a_loss() -> None:
    """The file is whole, and its generation has risen."""
    desk = spent()
    before = desk.ledger.generation
    assert desk.unlock() is Found.WHOLE
    assert desk.ledger.generation > before
