"""The ledger records what was, for its owner and for the limits."""

from __future__ import annotations

from reviewer.safeguards import days, recording
from reviewer.safeguards.ledger import NOTHING, Ledger, Tally
from reviewer.safeguards.limits import left
from tests.fakes.exposure import DAY, HOUR, MINUTE, START, Exposure, facts


def tally(desk: Exposure) -> Tally:
    return days.today_of(desk.ledger).tally


def test_views_are_items_and_clear_time_is_time() -> None:
    """By severity; looking again adds time alone."""
    desk = Exposure()
    desk.look(facts(1, 4), 700)
    desk.look(facts(1, 4), 300)
    desk.look(facts(2, None), 50)
    desk.look(facts(3, 0), 10)
    assert tally(desk).views == (1, 0, 0, 0, 1, 0, 1)
    assert tally(desk).clear_ms == (10, 0, 0, 0, 1_000, 0, 50)
    assert tally(desk).audio_ms == 0


def test_a_refused_look_is_no_view() -> None:
    """Nothing was seen, nothing is counted."""
    desk = Exposure()
    for number in range(8):
        desk.look(facts(number, 5))
    before = tally(desk)
    desk.look(facts(9, 5))
    assert tally(desk) == before


def test_a_second_look_ends_the_first() -> None:
    """Two reveals at once cannot be; time is never counted twice."""
    desk = Exposure()
    desk.begin(facts(1, 4))
    desk.wait(100)
    desk.begin(facts(2, 4))
    desk.wait(200)
    desk.end()
    desk.end()
    assert tally(desk).clear_ms == (0, 0, 0, 0, 300, 0, 0)


def test_a_long_look_is_charged_at_every_input() -> None:
    """So a crash loses at most the time since the last key."""
    desk = Exposure()
    one = facts(1, 4)
    desk.begin(one)
    desk.wait(3_000)
    desk.key(one)
    assert tally(desk).clear_ms[4] == 3_000
    desk.wait(500)
    desk.end()
    assert tally(desk).clear_ms[4] == 3_500


def test_breaks_and_covers_and_opt_outs_are_counted_for_the_owner() -> None:
    """A whole break counts when work goes on; half a break does not; Esc does."""
    desk = Exposure()
    desk.key()
    desk.rest(10 * MINUTE)
    desk.key()
    desk.rest(5 * MINUTE)
    desk.key()
    desk.save(recording.cover(desk.ledger, now=desk.now, values=desk.values))
    for tag in ("blood", "blood", "flag"):
        desk.save(recording.opt_out(desk.ledger, tag, now=desk.now, values=desk.values))
    assert tally(desk) == Tally(breaks_count=1, opt_outs_count=2, covers_count=1)


def test_a_night_is_no_break_that_was_taken() -> None:
    """The count of a new day begins at nothing."""
    desk = Exposure()
    desk.key()
    desk.sleep_over()
    desk.key()
    assert tally(desk) == Tally()
    assert len(desk.ledger.past) == 1


def test_esc_ends_the_look() -> None:
    """What was covered is no longer clear."""
    desk = Exposure()
    desk.begin(facts(1, 4))
    desk.wait(100)
    desk.save(recording.cover(desk.ledger, now=desk.now, values=desk.values))
    desk.wait(10_000)
    desk.end()
    assert tally(desk).clear_ms[4] == 100


def test_asking_for_a_break_ends_the_look() -> None:
    """And asking twice does not make the break longer."""
    desk = Exposure()
    desk.begin(facts(1, 4))
    desk.rest(6 * MINUTE)
    assert desk.ledger.look is None
    desk.rest(4 * MINUTE)
    desk.key()
    assert tally(desk).breaks_count == 1


def full_month() -> Exposure:
    """Forty days at work, each with a look and a cover."""
    desk = Exposure()
    for number in range(40):
        desk.look(facts(number, 4))
        desk.save(recording.cover(desk.ledger, now=desk.now, values=desk.values))
        desk.sleep_over(24)
    desk.key()
    return desk


def test_the_ledger_forgets_after_thirty_days() -> None:
    """Rolling; nothing older is kept anywhere in it."""
    desk = full_month()
    oldest = desk.ledger.past[0].begun
    assert desk.now - oldest <= 30 * DAY
    assert len(desk.ledger.past) == 29
    assert [day.begun for day in desk.ledger.past] == sorted(
        day.begun for day in desk.ledger.past
    )


def test_the_owner_may_delete_what_no_limit_needs() -> None:
    """Today's and this week's totals stay until they lapse."""
    desk = full_month()
    desk.look(facts(100, 5))
    before = left(desk.ledger, now=desk.now, rules=desk.rules)
    desk.save(recording.forget_history(desk.ledger))
    assert left(desk.ledger, now=desk.now, rules=desk.rules) == before
    assert len(desk.ledger.past) == 6
    assert tally(desk) == Tally()
    assert {day.tally for day in desk.ledger.past} == {Tally()}
    assert all(day.active_minutes == 1 for day in desk.ledger.past)


def test_deleting_before_there_is_anything_is_no_error() -> None:
    """An empty ledger stays empty."""
    empty = Ledger(now=START, mono=0)
    assert recording.forget_history(empty) == empty
    assert Tally().views == NOTHING


def test_deleting_does_not_end_an_opt_out_a_break_or_a_block() -> None:
    """They are choices and limits, not history."""
    desk = Exposure()
    one = facts(1, 4)
    for _ in range(30):
        desk.look(one, 100)
        desk.wait(MINUTE)
    desk.save(recording.opt_out(desk.ledger, "flag", now=desk.now, values=desk.values))
    before = desk.ledger
    desk.save(recording.forget_history(desk.ledger))
    assert desk.ledger.breaks == before.breaks
    assert desk.ledger.block == before.block
    assert desk.ledger.opted_out == {"flag"}


def test_a_graphic_free_day_is_chosen_and_kept_in_the_history() -> None:
    """And can be taken back."""
    desk = Exposure()
    for chosen in (True, False, True):
        desk.save(
            recording.choose_graphic_free(
                desk.ledger, chosen=chosen, now=desk.now, values=desk.values
            )
        )
        assert days.today_of(desk.ledger).is_graphic_free is chosen
    desk.sleep_over()
    desk.key()
    assert desk.ledger.past[-1].is_graphic_free
    assert not days.today_of(desk.ledger).is_graphic_free


def test_an_earlier_time_counts_as_the_time_that_is_known() -> None:
    """Whoever passes a clock that went back gets nothing for it."""
    desk = Exposure()
    desk.look(facts(1, 4))
    before = desk.ledger
    for back in (0, 1, START - HOUR):
        after = recording.on_input(before, facts(1, 4), now=back, values=desk.values)
        assert after.now == before.now
        assert recording.end_look(before, now=back).now == before.now
        assert recording.begin_break(before, now=back).now == before.now
