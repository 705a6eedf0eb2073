"""What is offered next: preferences that bind nothing (review-loop.md, *Limits*).

P1 comes first, concealed. Then what meets every preference, by priority and the
batch's order. Where nothing does, the least severe is offered and the value says
which preferences it does not meet, so that the screen can. Any item may be opened by
hand, and none of this is asked then. Opted-out tags are never offered.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Priority
from reviewer.safeguards import days, limits
from reviewer.safeguards.breaks import MINUTE_MS
from reviewer.safeguards.facts import UNRATED_PLACE, Facts
from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.limits import Rules
from reviewer.safeguards.measures import MILD_TO, SEVERE_FROM
from reviewer.safeguards.values import Values

NO_ITEM: Final = ItemId("")
_PLACES: Final = range(UNRATED_PLACE + 1)


class Preference(enum.StrEnum):
    """What the next item should be, where there is a choice."""

    CAP = "cap"
    """One that could still be looked at."""
    GRAPHIC_FREE = "graphic_free"
    """Below severity 4, on a day chosen so."""
    EDGES = "edges"
    """Up to severity 3, at the beginning and the end of a day."""
    COOLDOWN = "cooldown"
    """Up to severity 2, after an item of severity 5."""
    COOLDOWN_TAG = "cooldown_tag"
    """Without a tag of that item."""
    RUN = "run"
    """Not one more severe item in a row."""
    RATIO = "ratio"
    """Not one more severe item for so few benign ones."""
    CLOSURE = "closure"
    """Not one of the benign items that are kept for the end."""


class Because(enum.StrEnum):
    """Why this item is offered."""

    PRIORITY = "priority"
    SUITS = "suits"
    LEAST_SEVERE = "least_severe"
    NOTHING_LEFT = "nothing_left"
    """No candidate, or only ones with opted-out tags: hand over the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that could be next, in the batch's order."""

    facts: Facts
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The item to offer, and why."""

    item_id: ItemId | None
    because: Because
    unmet: frozenset[Preference] = frozenset()
    """For LEAST_SEVERE: the preferences that this item does not meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What is offered beside the next item; declining costs nothing."""

    pause_minutes: int | None
    """A pause after an item of severity 5."""
    graphic_free: bool
    """A day without severity 4 and above is due."""


def next_item(
    candidates: Sequence[Candidate], ledger: Ledger, *, now: int, rules: Rules
) -> Choice:
    """Choose what auto-advance offers; one pass over the candidates."""
    current = days.at(ledger, now=now, values=rules.values)
    wanted = [one for one in candidates if not limits.is_opted_out(current, one.facts)]
    if not wanted:
        return Choice(item_id=None, because=Because.NOTHING_LEFT)
    first = min(wanted, key=lambda one: one.priority)
    if first.priority is Priority.P1:
        return Choice(item_id=first.facts.item_id, because=Because.PRIORITY)
    by_place = _unmet_by_place(current, wanted, rules)
    tags = _resting_tags(current, rules.values)

    def unmet(one: Candidate) -> frozenset[Preference]:
        found = by_place[one.facts.place]
        return found if tags.isdisjoint(one.facts.tags) else found | _TAGGED

    for tolerated in (frozenset[Preference](), _CLOSED):
        suiting = [one for one in wanted if unmet(one) <= tolerated]
        if suiting:
            best = min(suiting, key=lambda one: one.priority)
            return Choice(item_id=best.facts.item_id, because=Because.SUITS)
    mildest = min(wanted, key=lambda one: (_gravity(one.facts), one.priority))
    return Choice(
        item_id=mildest.facts.item_id,
        because=Because.LEAST_SEVERE,
        unmet=unmet(mildest),
    )


def offers(ledger: Ledger, *, now: int, values: Values) -> Offers:
    """Return what to offer now."""
    current = days.at(ledger, now=now, values=values)
    return Offers(
        pause_minutes=_pause_minutes(current, values),
        graphic_free=_is_graphic_free_due(current, values),
    )


_CLOSED: Final = frozenset({Preference.CLOSURE})
_TAGGED: Final = frozenset({Preference.COOLDOWN_TAG})


def _unmet_by_place(
    ledger: Ledger, wanted: Sequence[Candidate], rules: Rules
) -> tuple[frozenset[Preference], ...]:
    """Return, for each severity and unrated, what such an item does not meet.

    Caps are those of an item that was not looked at yet.
    """
    keeps = _keeps_for_the_end(wanted, rules.values)
    return tuple(
        frozenset(
            preference
            for preference, is_met in _answers(ledger, place, rules, keeps=keeps)
            if not is_met
        )
        for place in _PLACES
    )


def _answers(
    ledger: Ledger, place: int, rules: Rules, *, keeps: bool
) -> tuple[tuple[Preference, bool], ...]:
    today, values = days.today_of(ledger), rules.values
    severity = None if place == UNRATED_PLACE else place
    facts = Facts(item_id=NO_ITEM, signed=severity)
    below_severe = severity is not None and severity < SEVERE_FROM
    severe_after = today.severe_done + facts.is_severe
    owed = severe_after // values.severe_per_benign
    is_cooling = ledger.cooldown is not None and ledger.cooldown.calm_left > 0
    return (
        (Preference.CAP, limits.item_stop(ledger, facts, rules=rules) is None),
        (Preference.GRAPHIC_FREE, below_severe or not today.is_graphic_free),
        (Preference.EDGES, below_severe or not _is_edge(ledger, rules)),
        (Preference.COOLDOWN, facts.is_calm or not is_cooling),
        (
            Preference.RUN,
            not facts.is_severe or today.severe_run < values.run_items,
        ),
        (Preference.RATIO, not facts.is_severe or owed <= today.benign_done),
        (Preference.CLOSURE, not (facts.is_calm and keeps)),
    )


def _is_edge(ledger: Ledger, rules: Rules) -> bool:
    """Return whether the day has just begun or is about to end."""
    values, today = rules.values, days.today_of(ledger)
    left = rules.caps(ledger.now).active_minutes - days.spent(ledger).active_minutes
    is_first = today.active_minutes < values.edge_first_minutes
    return is_first or left <= values.edge_last_minutes


def _keeps_for_the_end(wanted: Sequence[Candidate], values: Values) -> bool:
    """Return whether so few benign items are left that they wait for the end."""
    calm_count = sum(one.facts.is_calm for one in wanted)
    return calm_count < len(wanted) and calm_count <= values.closure_items


def _resting_tags(ledger: Ledger, values: Values) -> frozenset[str]:
    """Return the tags that are not offered again so soon."""
    cooldown = ledger.cooldown
    if cooldown is None:
        return frozenset()
    is_over = ledger.now - cooldown.since >= values.cooldown_tag_minutes * MINUTE_MS
    return frozenset() if is_over else cooldown.tags


def _gravity(facts: Facts) -> float:
    """Return how severe it may be; unrated stands between 3 and 4."""
    return MILD_TO + 1.5 if facts.severity is None else facts.severity


def _pause_minutes(ledger: Ledger, values: Values) -> int | None:
    cooldown = ledger.cooldown
    if cooldown is None or ledger.breaks.rest_from is not None:
        return None
    is_fresh = ledger.now - cooldown.since < values.cooldown_pause_minutes * MINUTE_MS
    return values.cooldown_pause_minutes if is_fresh else None


def _is_graphic_free_due(ledger: Ledger, values: Values) -> bool:
    """Return whether none of the last days at work, nor this one, was graphic-free."""
    others_count = values.graphic_free_every_days - 1
    others = ledger.past[-others_count:]
    if days.today_of(ledger).is_graphic_free or len(others) < others_count:
        return False
    return not any(day.is_graphic_free for day in others)
