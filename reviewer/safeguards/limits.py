"""May this be revealed now? The caps, breaks, blocks and opt-outs that bind.

Only revealing is asked. Deciding, handing back, exporting and locking never are, and
the modules that do them may not even import this one (contract `free-acts`).

A capped view is one *item* entering softened or clearer in a day: looking again adds
seconds, not views. What an item counts as goes by its signed rating, or by the
reviewer's own where that is graver: rating an item down opens no cap.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from reviewer.domain.times import DAY_MS
from reviewer.safeguards import breaks, days
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much of everything a day, and a week, may hold."""

    severe_views: int
    worst_views: int
    unrated_views: int
    severe_ms: int
    active_minutes: int
    week_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What binds one person: the settled values, and since when they are certified."""

    values: Values
    certified: int
    """Unix milliseconds of the signed certificate; the ramp starts there."""

    def percent(self, now: int) -> int:
        """Return the part of each daily cap that holds on this day."""
        values = self.values
        ramp = (
            values.ramp_day_1_percent,
            values.ramp_day_2_percent,
            values.ramp_day_3_percent,
            values.ramp_day_4_percent,
            values.ramp_day_5_percent,
        )
        day = max(0, now - self.certified) // DAY_MS
        return ramp[day] if day < len(ramp) else 100

    def caps(self, now: int) -> Caps:
        """Return the caps of a day; the week has no ramp of its own."""
        values, percent = self.values, self.percent(now)
        return Caps(
            severe_views=values.severe_views_day * percent // 100,
            worst_views=values.worst_views_day * percent // 100,
            unrated_views=values.unrated_views_day * percent // 100,
            severe_ms=values.severe_seconds_day * 1_000 * percent // 100,
            active_minutes=values.active_minutes_day * percent // 100,
            week_minutes=values.active_minutes_week,
        )


class Reason(enum.StrEnum):
    """Why nothing is revealed; `ui.messages` has the words."""

    OPTED_OUT = "opted_out"
    BREAK = "break"
    WEEK = "week"
    DAY = "day"
    BLOCK = "block"
    WORST_VIEWS = "worst_views"
    SEVERE_VIEWS = "severe_views"
    SEVERE_SECONDS = "severe_seconds"
    UNRATED_VIEWS = "unrated_views"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """It may be revealed."""

    left_ms: int | None = None
    """How long at most, by a cap of seconds; then ask again. None: no such cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It may not; it can be decided from context, kept, or handed back."""

    reason: Reason
    words_key: str
    until: int | None
    """Ledger time from which asking again can help; None where time alone does not."""


def may_reveal(
    ledger: Ledger, facts: Facts, *, now: int, rules: Rules
) -> Allowed | Refused:
    """Say whether an item may be softened or clearer now; changes nothing.

    `now` is the ledger's time. Text that opens readable, at severity 2 or less, is
    not asked about. Ask before a look, and again once `left_ms` has passed.
    """
    current = days.at(ledger, now=now, values=rules.values)
    reason = (
        _by_choice(current, facts)
        or _by_time(current, rules)
        or item_stop(current, facts, rules=rules)
    )
    if reason is not None:
        until = _until(current, reason, rules)
        return Refused(reason=reason, words_key=f"limit_{reason.value}", until=until)
    if not facts.is_severe:
        return Allowed()
    caps = rules.caps(current.now)
    return Allowed(left_ms=caps.severe_ms - days.spent(current).severe_ms)


def is_opted_out(ledger: Ledger, facts: Facts) -> bool:
    """Return whether not even a concealed picture of it is wanted."""
    return not ledger.opted_out.isdisjoint(facts.tags)


def break_due(ledger: Ledger, *, now: int, rules: Rules) -> breaks.Due:
    """Return how pressing a break is."""
    later = max(now, ledger.now)
    return breaks.due(ledger.breaks, now=later, values=rules.values)


def left(ledger: Ledger, *, now: int, rules: Rules) -> Caps:
    """Return what is left of each cap, for the reviewer's own eyes."""
    current = days.at(ledger, now=now, values=rules.values)
    caps, spent = rules.caps(current.now), days.spent(current)
    return Caps(
        severe_views=max(0, caps.severe_views - spent.severe_views),
        worst_views=max(0, caps.worst_views - spent.worst_views),
        unrated_views=max(0, caps.unrated_views - spent.unrated_views),
        severe_ms=max(0, caps.severe_ms - spent.severe_ms),
        active_minutes=max(0, caps.active_minutes - spent.active_minutes),
        week_minutes=max(0, caps.week_minutes - days.week_minutes(current)),
    )


def is_block_full(ledger: Ledger, *, now: int, values: Values) -> bool:
    """Return whether severe items have had their time, and no break came since."""
    if ledger.block.minutes < values.block_minutes:
        return False
    later = max(now, ledger.now)
    return not breaks.is_rested(ledger.breaks, now=later, values=values)


def item_stop(ledger: Ledger, facts: Facts, *, rules: Rules) -> Reason | None:
    """Return which cap keeps this item concealed, whatever the time of day.

    The ledger is one that `days.at` returned.
    """
    caps, spent = rules.caps(ledger.now), days.spent(ledger)
    seen = days.today_of(ledger).seen
    is_new_unrated = facts.is_unrated and facts.item_id not in seen.unrated
    is_new_worst = facts.is_worst and facts.item_id not in seen.worst
    is_new_severe = facts.is_severe and facts.item_id not in seen.severe
    is_full = is_block_full(ledger, now=ledger.now, values=rules.values)
    stops = (
        (
            is_new_unrated and spent.unrated_views >= caps.unrated_views,
            Reason.UNRATED_VIEWS,
        ),
        (is_new_worst and spent.worst_views >= caps.worst_views, Reason.WORST_VIEWS),
        (
            is_new_severe and spent.severe_views >= caps.severe_views,
            Reason.SEVERE_VIEWS,
        ),
        (
            facts.is_severe and spent.severe_ms >= caps.severe_ms,
            Reason.SEVERE_SECONDS,
        ),
        (facts.is_severe and is_full, Reason.BLOCK),
    )
    return next((reason for is_met, reason in stops if is_met), None)


def _by_choice(ledger: Ledger, facts: Facts) -> Reason | None:
    return Reason.OPTED_OUT if is_opted_out(ledger, facts) else None


def _by_time(ledger: Ledger, rules: Rules) -> Reason | None:
    """Return why nothing at all may be revealed."""
    caps = rules.caps(ledger.now)
    if days.week_minutes(ledger) >= caps.week_minutes:
        return Reason.WEEK
    if days.spent(ledger).active_minutes >= caps.active_minutes:
        return Reason.DAY
    if not breaks.may_reveal(ledger.breaks, now=ledger.now, values=rules.values):
        return Reason.BREAK
    return None


def _until(ledger: Ledger, reason: Reason, rules: Rules) -> int | None:
    """Return from when on the reason may have passed."""
    match reason:
        case Reason.OPTED_OUT:
            return None
        case Reason.BREAK | Reason.BLOCK:
            return breaks.ends_at(ledger.breaks, now=ledger.now, values=rules.values)
        case Reason.WEEK:
            begun = [day.begun for day in days.week(ledger)]
            first = min(begun, default=days.today_of(ledger).begun)
            return first + days.WEEK_MS
        case _:
            return days.ends_at(days.today_of(ledger), rules.values)
