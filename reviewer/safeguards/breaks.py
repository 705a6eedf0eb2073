"""The break rule: after so many active minutes nothing is revealed until a break.

An active minute is one with input on the review screen (review-loop.md, *Limits*).
A break, asked for or not, is a stretch without any: it counts from the last input
once the idle time is over and the curtain has fallen, and it is over, for better or
worse, at the next input. Only one as long as `break_length_minutes` sets the count
to zero; after a full block of severe items it takes `break_severe_minutes`.
Decisions, hand-back and the rest of the desk work at all times.

Times are milliseconds of any one clock that never goes back: the ledger's, so that
a restart takes nothing away, or a monotonic one.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

from reviewer.safeguards.values import Values

MINUTE_MS: Final = 60_000


class Due(enum.Enum):
    """How pressing a break is."""

    NO = "no"
    DUE = "due"
    """Offered; nothing changes yet."""
    HARD = "hard"
    """Nothing is revealed until a break was taken."""


class Presence(enum.Enum):
    """What a stretch without input asks of the window."""

    HERE = "here"
    CURTAIN = "curtain"
    LOCK = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakClock:
    """Active minutes since the last break, and the present rest."""

    minutes_count: int = 0
    minute: int | None = None
    """Number of the minute that was counted last."""
    last_input: int | None = None
    rest_from: int | None = None
    """When a break was asked for, None if none was since the last input."""
    after_block: bool = False
    """A block of severe items came to its end, so the next break is longer."""


def on_input(clock: BreakClock, *, now: int, values: Values) -> BreakClock:
    """Count an input on the review screen, at most once a minute."""
    fresh = BreakClock() if is_rested(clock, now=now, values=values) else clock
    minute = now // MINUTE_MS
    is_new = fresh.minute != minute
    return BreakClock(
        minutes_count=fresh.minutes_count + is_new,
        minute=minute,
        last_input=now,
        after_block=fresh.after_block,
    )


def begin_break(clock: BreakClock, *, now: int) -> BreakClock:
    """Begin a break now; asking twice does not make it longer."""
    if clock.rest_from is not None:
        return clock
    return replace(clock, rest_from=now)


def is_rested(clock: BreakClock, *, now: int, values: Values) -> bool:
    """Return whether the present rest is as long as a break."""
    since = _rest_from(clock, now, values)
    return since is not None and now - since >= length_ms(clock, values)


def length_ms(clock: BreakClock, values: Values) -> int:
    """Return how long the next break has to be; never shorter after a block."""
    minutes = values.break_length_minutes
    if clock.after_block:
        minutes = max(minutes, values.break_severe_minutes)
    return minutes * MINUTE_MS


def ends_at(clock: BreakClock, *, now: int, values: Values) -> int | None:
    """Return when the present rest is as long as a break, None while at work."""
    since = _rest_from(clock, now, values)
    return None if since is None else since + length_ms(clock, values)


def due(clock: BreakClock, *, now: int, values: Values) -> Due:
    """Return how pressing a break is now."""
    if is_rested(clock, now=now, values=values):
        return Due.NO
    if clock.minutes_count >= values.break_hard_minutes:
        return Due.HARD
    if clock.minutes_count >= values.break_due_minutes:
        return Due.DUE
    return Due.NO


def may_reveal(clock: BreakClock, *, now: int, values: Values) -> bool:
    """Return whether anything may be revealed now."""
    return due(clock, now=now, values=values) is not Due.HARD


def presence(*, idle_ms: int, values: Values) -> Presence:
    """Return what this long without input asks for: curtain, then the full lock."""
    if idle_ms >= values.lock_minutes * MINUTE_MS:
        return Presence.LOCK
    if idle_ms >= values.idle_minutes * MINUTE_MS:
        return Presence.CURTAIN
    return Presence.HERE


def _rest_from(clock: BreakClock, now: int, values: Values) -> int | None:
    """Return since when the person rests, None while at work."""
    if clock.rest_from is not None:
        return clock.rest_from
    if clock.last_input is None:
        return None
    is_idle = now - clock.last_input >= values.idle_minutes * MINUTE_MS
    return clock.last_input if is_idle else None
