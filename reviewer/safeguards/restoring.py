"""How a ledger begins, and begins again after its file was lost, set back or spoilt.

The vault keeps `Totals` beside the ledger's file: in the database and in its anchor,
sealed under the ledger's key, so that whoever recovers a vault cannot read them. They
hold what the limits need and nothing else. So deleting the file, or putting an older
copy back, gives no view back; and half of what was left is withheld as well, because
the file may have known more.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from reviewer.domain.item import Wire
from reviewer.formats import canonical
from reviewer.safeguards import days
from reviewer.safeguards.breaks import BreakClock
from reviewer.safeguards.ledger import Block, Ledger, PastDay, Spent, Today
from reviewer.safeguards.limits import Caps, Rules
from reviewer.safeguards.recording import end_lost_look
from reviewer.safeguards.runs import Run, begin_run
from reviewer.safeguards.values import Values

MAX_TOTALS_BYTES: Final = 8 * 1024
_OPT_OUTS_COUNT: Final = 64
_OPT_OUT_LENGTH: Final = 64


class Found(enum.StrEnum):
    """What there was at unlock; the screen says so where it costs something."""

    FIRST = "first"
    WHOLE = "whole"
    MISSING = "missing"
    OLDER = "older"
    UNREADABLE = "unreadable"


class DayTotal(Wire, frozen=True, kw_only=True):
    """The active minutes of a day of this week."""

    begun: int
    minutes: int


class Totals(Wire, frozen=True, kw_only=True):
    """What no lost file may give back."""

    generation: int
    now: int
    mono: int
    begun: int
    last_at: int
    spent: Spent
    """Of the day, with what was carried over and withheld."""
    week: tuple[DayTotal, ...]
    withheld_week_minutes: int
    break_minutes: int
    block_minutes: int
    opted_out: tuple[str, ...]
    """As many as fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A ledger to go on with; write it at once unless it was WHOLE."""

    ledger: Ledger
    run: Run
    found: Found


def totals_of(ledger: Ledger) -> Totals:
    """Return what the vault has to remember of a ledger that has a day."""
    today = days.today_of(ledger)
    short = (tag for tag in sorted(ledger.opted_out) if len(tag) <= _OPT_OUT_LENGTH)
    return Totals(
        generation=ledger.generation,
        now=ledger.now,
        mono=ledger.mono,
        begun=today.begun,
        last_at=today.last_at,
        spent=days.spent(ledger),
        week=tuple(
            DayTotal(begun=day.begun, minutes=_minutes(day))
            for day in days.week(ledger)
        ),
        withheld_week_minutes=today.withheld_week_minutes,
        break_minutes=ledger.breaks.minutes_count,
        block_minutes=ledger.block.minutes,
        opted_out=tuple(short)[:_OPT_OUTS_COUNT],
    )


def totals_to_bytes(totals: Totals) -> bytes:
    """Return the canonical bytes, to be sealed."""
    return canonical.encode(totals)


def totals_from_bytes(data: bytes) -> Totals:
    """Return what `totals_to_bytes` wrote.

    Raises:
        VerificationError: MALFORMED, NOT_CANONICAL, TOO_LARGE.
    """
    return canonical.decode(data, Totals, max_bytes=MAX_TOTALS_BYTES)


def newest(copies: Iterable[Totals]) -> Totals | None:
    """Return the copy of the highest generation, None where there is none."""
    return max(copies, key=lambda one: one.generation, default=None)


def restore(
    stored: Ledger | None,
    totals: Totals | None,
    *,
    was_unreadable: bool,
    wall: int,
    mono: int,
    rules: Rules,
) -> Restored:
    """Begin a run with what was found at unlock.

    Args:
        stored: What the file held, None where it is missing or unreadable.
        totals: The newest copy that the vault holds, None where it holds none.
        was_unreadable: The file, or a copy of the totals, is there and does not open.
        wall: The computer's clock.
        mono: Its monotonic clock.
        rules: What binds this person.
    """
    if stored is None and totals is None:
        blank = _blank(wall=wall, mono=mono)
        return _begun_anew(blank, was_unreadable=was_unreadable, rules=rules)
    base = stored if stored is not None else _blank(wall=0, mono=0)
    is_older = totals is not None and base.generation < totals.generation
    if totals is not None and is_older:
        base = _raised(base, totals)
    run = begin_run(base, wall=wall, mono=mono)
    settled = _settled(base, run, rules.values)
    if not is_older:
        return Restored(ledger=settled, run=run, found=Found.WHOLE)
    found = Found.OLDER
    if stored is None:
        found = Found.UNREADABLE if was_unreadable else Found.MISSING
    return Restored(ledger=_withheld(settled, rules), run=run, found=found)


def _begun_anew(blank: Ledger, *, was_unreadable: bool, rules: Rules) -> Restored:
    """Begin where nothing can be read: whole at the first unlock, else at half."""
    ledger = days.at(blank, now=blank.now, values=rules.values)
    run = Run(base=blank.now, mono=blank.mono)
    if not was_unreadable:
        return Restored(ledger=ledger, run=run, found=Found.FIRST)
    return Restored(ledger=_withheld(ledger, rules), run=run, found=Found.UNREADABLE)


def _blank(*, wall: int, mono: int) -> Ledger:
    return Ledger(now=wall, mono=mono)


def _settled(ledger: Ledger, run: Run, values: Values) -> Ledger:
    """Charge a look that was never ended, and see whether a night has passed."""
    ended = end_lost_look(ledger, now=run.base, values=values)
    return days.at(ended, now=run.base, values=values)


def _raised(ledger: Ledger, totals: Totals) -> Ledger:
    """Return an older ledger with at least what the vault remembers."""
    known, past = Spent(), ledger.past
    today = Today(begun=totals.begun, last_at=totals.last_at)
    if ledger.today is not None and ledger.today.begun == totals.begun:
        today = ledger.today
        known = days.spent(ledger)
    elif ledger.today is not None:
        past = (*past, days.over(ledger.today))
    today = msgspec.structs.replace(
        today,
        last_at=max(today.last_at, totals.last_at),
        carried=today.carried.plus(_beyond(totals.spent, known)),
        withheld_week_minutes=max(
            today.withheld_week_minutes, totals.withheld_week_minutes
        ),
    )
    breaks_clock = replace(
        ledger.breaks,
        minutes_count=max(ledger.breaks.minutes_count, totals.break_minutes),
        last_input=totals.last_at,
        rest_from=None,
    )
    block = Block(minutes=max(ledger.block.minutes, totals.block_minutes))
    return msgspec.structs.replace(
        ledger,
        generation=totals.generation,
        now=max(ledger.now, totals.now),
        mono=totals.mono,
        today=today,
        past=_merged(past, totals.week, before=today.begun),
        breaks=breaks_clock,
        block=block,
        look=None,
        opted_out=ledger.opted_out | frozenset(totals.opted_out),
    )


def _beyond(whole: Spent, known: Spent) -> Spent:
    """Return what the vault remembers beyond what the file knew."""
    return Spent(
        severe_views=max(0, whole.severe_views - known.severe_views),
        worst_views=max(0, whole.worst_views - known.worst_views),
        unrated_views=max(0, whole.unrated_views - known.unrated_views),
        severe_ms=max(0, whole.severe_ms - known.severe_ms),
        active_minutes=max(0, whole.active_minutes - known.active_minutes),
    )


def _merged(
    past: tuple[PastDay, ...], week: tuple[DayTotal, ...], *, before: int
) -> tuple[PastDay, ...]:
    """Return the days of the older file, with at least the minutes of the week."""
    days_of = {day.begun: day for day in past}
    for total in week:
        known = days_of.get(total.begun)
        if known is None:
            known = PastDay(begun=total.begun, active_minutes=0)
        missing = max(0, total.minutes - _minutes(known))
        days_of[total.begun] = msgspec.structs.replace(
            known, active_minutes=known.active_minutes + missing
        )
    return tuple(day for begun, day in sorted(days_of.items()) if begun < before)


def _withheld(ledger: Ledger, rules: Rules) -> Ledger:
    """Withhold a part of what is left of everything, until the day or week lapses."""
    today, values = days.today_of(ledger), rules.values
    caps, spent = rules.caps(ledger.now), days.spent(ledger)
    more = _part_of_rest(caps, spent, values)
    week_left = caps.week_minutes - days.week_minutes(ledger)
    today = msgspec.structs.replace(
        today,
        withheld=today.withheld.plus(more),
        withheld_week_minutes=today.withheld_week_minutes + _part(week_left, values),
    )
    minutes, done = ledger.breaks.minutes_count, ledger.block.minutes
    clock = BreakClock(
        minutes_count=minutes + _part(values.break_hard_minutes - minutes, values),
        last_input=ledger.now,
        after_block=done >= values.block_minutes,
    )
    block = Block(minutes=done + _part(values.block_minutes - done, values))
    return msgspec.structs.replace(ledger, today=today, breaks=clock, block=block)


def _part_of_rest(caps: Caps, spent: Spent, values: Values) -> Spent:
    return Spent(
        severe_views=_part(caps.severe_views - spent.severe_views, values),
        worst_views=_part(caps.worst_views - spent.worst_views, values),
        unrated_views=_part(caps.unrated_views - spent.unrated_views, values),
        severe_ms=_part(caps.severe_ms - spent.severe_ms, values),
        active_minutes=_part(caps.active_minutes - spent.active_minutes, values),
    )


def _part(left: int, values: Values) -> int:
    """Return the part of what is left that is withheld, rounded up."""
    return -(-max(0, left) * values.lost_percent // 100)


def _minutes(day: PastDay) -> int:
    return day.active_minutes + day.withheld_week_minutes
