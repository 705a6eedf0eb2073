"""What a ledger tells its owner, and nobody else: today, the days before, what is left.

Plain values for one screen. Nothing here is an average, a rank or a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.safeguards import breaks, days, limits
from reviewer.safeguards.ledger import Ledger, Spent, Tally
from reviewer.safeguards.limits import Caps, Rules
from reviewer.safeguards.restoring import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day as it was."""

    begun: int
    """Ledger time of its first unlock or input, in milliseconds since 1970."""
    active_minutes: int
    is_graphic_free: bool
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the owner's page shows."""

    found: Found
    """What there was at the last unlock."""
    today: DayView
    past: tuple[DayView, ...]
    """Newest first; only so many days as the ledger keeps."""
    caps: Caps
    """What this day and this week may hold, the ramp counted in."""
    left: Caps
    """What may still be looked at."""
    withheld: Spent
    """What of today's caps is not given, because the ledger was lost."""
    ramp_percent: int
    """The part of each daily cap that holds on this day of the certificate."""
    week_minutes: int
    """Active minutes of the last seven days, withheld ones included."""
    break_minutes: int
    """Active minutes since the last break."""
    is_block_full: bool
    """Severe items have had their time until a break, or until calmer items."""
    opted_out: frozenset[str]


def overview(ledger: Ledger, *, now: int, rules: Rules, found: Found) -> Overview:
    """Gather it; changes nothing."""
    current = days.at(ledger, now=now, values=rules.values)
    today = days.today_of(current)
    rested = breaks.is_rested(current.breaks, now=current.now, values=rules.values)
    return Overview(
        found=found,
        today=DayView(
            begun=today.begun,
            active_minutes=today.active_minutes + today.carried.active_minutes,
            is_graphic_free=today.is_graphic_free,
            tally=today.tally,
        ),
        past=tuple(
            DayView(
                begun=day.begun,
                active_minutes=day.active_minutes,
                is_graphic_free=day.is_graphic_free,
                tally=day.tally,
            )
            for day in reversed(current.past)
        ),
        caps=rules.caps(current.now),
        left=limits.left(current, now=now, rules=rules),
        withheld=today.withheld,
        ramp_percent=rules.percent(current.now),
        week_minutes=days.week_minutes(current),
        break_minutes=0 if rested else current.breaks.minutes_count,
        is_block_full=limits.is_block_full(current, now=now, values=rules.values),
        opted_out=current.opted_out,
    )
