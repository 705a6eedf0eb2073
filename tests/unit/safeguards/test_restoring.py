"""A ledger that is missing, older or unreadable starts at half, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from reviewer.errors import Code, VerificationError
from reviewer.safeguards import days, recording, restoring
from reviewer.safeguards.ledger import MAX_LEDGER_BYTES, Ledger, from_bytes, to_bytes
from reviewer.safeguards.limits import Allowed, Caps, Reason, Refused, left
from reviewer.safeguards.restoring import Found, newest, totals_of
from tests.fakes.exposure import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Disk,
    Exposure,
    facts,
    rules,
)


def rest_of(desk: Exposure) -> Caps:
    return left(desk.ledger, now=desk.now, rules=desk.rules)


def delete(desk: Exposure) -> None:
    desk.disk.file = None


def spoil(desk: Exposure) -> None:
    assert desk.disk.file is not None
    desk.disk.file = desk.disk.file[:-1]


def set_back(desk: Exposure) -> None:
    """Put the copy of the first unlock back."""
    empty = Exposure(desk.rules)
    desk.disk = Disk(file=empty.disk.file, totals=desk.disk.totals)


LOSSES: list[tuple[Callable[[Exposure], None], Found]] = [
    (delete, Found.MISSING),
    (spoil, Found.UNREADABLE),
    (set_back, Found.OLDER),
]
every_loss = pytest.mark.parametrize(("lose", "found"), LOSSES)


def test_the_first_unlock_of_all_begins_whole() -> None:
    """Nothing was lost where nothing was."""
    desk = Exposure()
    assert desk.found is Found.FIRST
    assert rest_of(desk) == Caps(
        severe_views=30,
        worst_views=8,
        unrated_views=120,
        severe_ms=1_200_000,
        active_minutes=240,
        week_minutes=1_200,
    )


@every_loss
def test_a_loss_before_any_look_starts_at_half_the_caps(
    lose: Callable[[Exposure], None], found: Found
) -> None:
    """Half of everything, break and block included."""
    desk = Exposure()
    desk.key()
    lose(desk)
    assert desk.unlock() is found
    assert rest_of(desk) == Caps(
        severe_views=15,
        worst_views=4,
        unrated_views=60,
        severe_ms=600_000,
        active_minutes=119,
        week_minutes=599,
    )
    assert desk.ledger.breaks.minutes_count == 31
    assert desk.ledger.block.minutes == 13


@every_loss
def test_what_was_spent_stays_spent(
    lose: Callable[[Exposure], None], found: Found
) -> None:
    """And half of what was left is withheld on top, each time."""
    desk = Exposure(rules({"break_hard_minutes": 75}))
    for number in range(10):
        desk.look(facts(number, 4), 30_000)
    assert rest_of(desk).severe_views == 20
    lose(desk)
    desk.unlock()
    assert rest_of(desk).severe_views == 10
    assert rest_of(desk).severe_ms == (1_200_000 - 300_000) // 2
    delete(desk)
    desk.unlock()
    assert rest_of(desk).severe_views == 5
    desk.sleep_over()
    assert desk.found is Found.WHOLE
    assert rest_of(desk).severe_views == 30


@every_loss
def test_a_full_cap_stays_full(lose: Callable[[Exposure], None], found: Found) -> None:
    """Losing the ledger is no way to another look."""
    desk = Exposure(rules({"worst_views_day": 1}))
    desk.look(facts(1, 5))
    lose(desk)
    desk.unlock()
    answer = desk.ask(facts(1, 5))
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.WORST_VIEWS


@every_loss
def test_a_break_that_is_owed_stays_owed(
    lose: Callable[[Exposure], None], found: Found
) -> None:
    """Neither the hour nor the longer break after a block begins anew."""
    desk = Exposure()
    one = facts(1, 4)
    for _ in range(60):
        desk.key(one)
        desk.wait(MINUTE)
    lose(desk)
    desk.unlock()
    answer = desk.ask(one)
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.BREAK
    desk.rest(14 * MINUTE)
    assert isinstance(desk.ask(one), Refused)
    desk.wait(MINUTE)
    assert isinstance(desk.ask(one), Allowed)


@every_loss
def test_the_week_is_not_forgotten(
    lose: Callable[[Exposure], None], found: Found
) -> None:
    """Days before this one count as they did."""
    desk = Exposure(rules({"break_hard_minutes": 75}))
    for _ in range(100):
        desk.key()
        desk.wait(MINUTE)
    desk.sleep_over()
    assert rest_of(desk).week_minutes == 1_100
    lose(desk)
    desk.unlock()
    assert rest_of(desk).week_minutes == 550
    desk.sleep_over(7 * 24)
    desk.key()
    assert rest_of(desk).week_minutes == 1_199


def test_a_loss_after_a_night_starts_the_new_day_at_half() -> None:
    """It may have known more of the night than the vault does."""
    desk = Exposure()
    desk.look(facts(1, 4))
    delete(desk)
    desk.sleep_over()
    assert desk.found is Found.MISSING
    assert rest_of(desk).severe_views == 15


@every_loss
def test_opt_outs_outlive_a_loss(
    lose: Callable[[Exposure], None], found: Found
) -> None:
    """They protect the person: the vault remembers as many as fit."""
    desk = Exposure()
    for tag in ("blood", "x" * 65):
        desk.save(recording.opt_out(desk.ledger, tag, now=desk.now, values=desk.values))
    lose(desk)
    desk.unlock()
    assert desk.ledger.opted_out == {"blood"}


def test_the_vault_remembers_no_more_than_fits_its_anchor() -> None:
    """Ever so many opt-outs and days: the copy stays small."""
    desk = Exposure()
    for number in range(200):
        desk.ledger = recording.opt_out(
            desk.ledger, f"{number:064}", now=desk.now, values=desk.values
        )
    for _ in range(40):
        desk.key()
        desk.sleep_over(23)
    assert desk.disk.totals is not None
    assert len(desk.disk.totals) <= 7 * 1024


def test_where_nothing_can_be_read_it_starts_at_half() -> None:
    """A recovered profile: file and totals are there, their key is not."""
    desk = Exposure()
    desk.look(facts(1, 4))
    desk.disk = Disk(file=b"{}", totals=b"{}")
    assert desk.unlock() is Found.UNREADABLE
    assert rest_of(desk).severe_views == 15


def test_a_file_that_is_ahead_of_the_vault_is_whole() -> None:
    """A crash between the two writes costs nothing."""
    desk = Exposure()
    before = desk.disk.totals
    desk.look(facts(1, 4))
    desk.disk.totals = before
    assert desk.unlock() is Found.WHOLE
    assert rest_of(desk).severe_views == 29


def test_of_two_copies_the_newer_one_counts() -> None:
    """Anchor or database may be the older."""
    desk = Exposure()
    older = totals_of(desk.ledger)
    desk.key()
    newer = totals_of(desk.ledger)
    assert newest((older, newer)) == newest((newer, older)) == newer
    assert newest(()) is None


def test_an_unfinished_look_is_charged() -> None:
    """At least as long as a look may go unnoted, by the clock up to the idle time."""
    for away, charged in ((0, 20_000), (90_000, 90_000), (DAY, 300_000)):
        desk = Exposure()
        desk.begin(facts(1, 4))
        desk.wait(away)
        desk.unlock()
        past = desk.ledger.past
        today = days.today_of(desk.ledger).tally
        tally = past[0].tally if past else today
        assert tally.clear_ms[4] == charged
        assert desk.ledger.look is None


def test_an_older_file_of_an_earlier_day_brings_its_history_along() -> None:
    """What was lost is filled in from the vault, without what nobody knows."""
    desk = Exposure()
    desk.look(facts(1, 4))
    copy = desk.disk.file
    desk.sleep_over(24)
    desk.key()
    desk.sleep_over(24)
    desk.look(facts(2, 4))
    desk.disk.file = copy
    assert desk.unlock() is Found.OLDER
    assert [day.begun for day in desk.ledger.past] == sorted(
        day.begun for day in desk.ledger.past
    )
    assert [day.tally.views[4] for day in desk.ledger.past] == [1, 0]
    assert [day.active_minutes for day in desk.ledger.past] == [1, 1]
    assert days.today_of(desk.ledger).begun >= START + 48 * HOUR
    assert rest_of(desk).severe_views == 14


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (b"", Code.MALFORMED),
        (b"{}", Code.MALFORMED),
        (b"x" * (MAX_LEDGER_BYTES + 1), Code.TOO_LARGE),
    ],
)
def test_bytes_that_are_no_ledger_are_refused(spoilt: bytes, code: Code) -> None:
    """By the strict codec, whatever they are."""
    with pytest.raises(VerificationError) as caught:
        from_bytes(spoilt)
    assert caught.value.code is code


def test_a_ledger_of_another_format_is_refused() -> None:
    """FORMAT_UNKNOWN: it is kept by nobody who cannot read it."""
    desk = Exposure()
    other = msgspec.structs.replace(desk.ledger, format="rv-ledger/9")
    with pytest.raises(VerificationError) as caught:
        from_bytes(to_bytes(other))
    assert caught.value.code is Code.FORMAT_UNKNOWN


def test_every_field_survives_the_disk() -> None:
    """A full ledger reads back as it was written."""
    desk = Exposure()
    for number in range(4):
        desk.look(facts(number, number + 2, tags=("blood",)))
        desk.sleep_over()
    desk.begin(facts(9, 5, tags=("flag",)))
    desk.ledger = recording.opt_out(
        desk.ledger, "blood", now=desk.now, values=desk.values
    )
    again = from_bytes(to_bytes(desk.ledger))
    assert again == desk.ledger
    assert isinstance(again, Ledger)
    assert replace(again.breaks) == desk.ledger.breaks
    totals = totals_of(desk.ledger)
    data = restoring.totals_to_bytes(totals)
    assert restoring.totals_from_bytes(data) == totals
