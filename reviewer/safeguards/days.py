"""Where a day begins and ends, and what was spent in it.

A day begins with the first unlock or input after a night and lasts until after the
next: at least `day_least_minutes` after it began, and `day_rest_minutes` without
work. So it knows no midnight, no time zone and no daylight saving, a night shift is
one day, and nobody gets two budgets by working across a boundary. A week is any
seven days.
"""

from __future__ import annotations

from typing import Final

import msgspec

from reviewer.domain.times import DAY_MS
from reviewer.safeguards.breaks import MINUTE_MS, BreakClock
from reviewer.safeguards.ledger import Block, Ledger, PastDay, Spent, Today
from reviewer.safeguards.values import Values

WEEK_MS: Final = 7 * DAY_MS


def at(ledger: Ledger, *, now: int, values: Values) -> Ledger:
    """Return the ledger at a time: the day rolled over if a night has passed.

    `now` before the ledger's own time counts as that time. No day ends during a look.
    """
    later = max(now, ledger.now)
    moved = msgspec.structs.replace(ledger, now=later)
    today = ledger.today
    if today is None:
        return msgspec.structs.replace(moved, today=Today(begun=later, last_at=later))
    if ledger.look is not None or later < ends_at(today, values):
        return moved
    return msgspec.structs.replace(
        moved,
        today=Today(begun=later, last_at=later),
        past=_kept((*ledger.past, over(today)), later, values),
        breaks=BreakClock(),
        block=Block(),
        cooldown=None,
    )


def today_of(ledger: Ledger) -> Today:
    """Return the day of a ledger that `at` returned."""
    if ledger.today is None:
        raise AssertionError("a ledger before its first day")
    return ledger.today


def ends_at(today: Today, values: Values) -> int:
    """Return when the next day may begin, if nobody works until then."""
    return max(
        today.begun + values.day_least_minutes * MINUTE_MS,
        today.last_at + values.day_rest_minutes * MINUTE_MS,
    )


def over(today: Today) -> PastDay:
    """Return what stays of a day that is over."""
    return PastDay(
        begun=today.begun,
        active_minutes=today.active_minutes + today.carried.active_minutes,
        withheld_week_minutes=today.withheld_week_minutes,
        is_graphic_free=today.is_graphic_free,
        tally=today.tally,
    )


def spent(ledger: Ledger) -> Spent:
    """Return what counts against the caps of the day, withheld parts included.

    The look on the screen counts up to the ledger's time.
    """
    today = today_of(ledger)
    counted = Spent(
        severe_views=len(today.seen.severe),
        worst_views=len(today.seen.worst),
        unrated_views=len(today.seen.unrated),
        severe_ms=today.severe_ms + running_ms(ledger),
        active_minutes=today.active_minutes,
    )
    return counted.plus(today.carried).plus(today.withheld)


def running_ms(ledger: Ledger) -> int:
    """Return the time of the look on the screen that is not charged yet."""
    look = ledger.look
    if look is None or not look.is_severe:
        return 0
    return max(0, ledger.now - look.since)


def week_minutes(ledger: Ledger) -> int:
    """Return the active minutes of the last seven days, withheld ones included."""
    today = today_of(ledger)
    past = sum(day.active_minutes + day.withheld_week_minutes for day in week(ledger))
    own = today.active_minutes + today.carried.active_minutes
    return past + own + today.withheld_week_minutes


def week(ledger: Ledger) -> tuple[PastDay, ...]:
    """Return the days before this one that began within the last seven."""
    return tuple(day for day in ledger.past if day.begun > ledger.now - WEEK_MS)


def _kept(past: tuple[PastDay, ...], now: int, values: Values) -> tuple[PastDay, ...]:
    """Forget what is older than the ledger keeps."""
    oldest = now - values.history_days * DAY_MS
    return tuple(day for day in past if day.begun > oldest)
