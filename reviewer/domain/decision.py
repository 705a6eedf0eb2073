"""Decisions: what a reviewer concluded, and on what basis."""

from __future__ import annotations

import enum
from itertools import pairwise
from typing import Final

import msgspec

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Wire


class Basis(enum.StrEnum):
    """What happened before the decision; computed, never chosen."""

    CONTEXT_ONLY = "CONTEXT_ONLY"
    HASH_MATCH = "HASH_MATCH"
    PARTIAL_VIEW = "PARTIAL_VIEW"
    FULL_VIEW = "FULL_VIEW"


class Outcome(enum.StrEnum):
    """What the standing record means downstream."""

    DECIDED = "decided"
    PROPOSED = "proposed"
    """Less basis than the pack asks for: removal proposed, to second review."""
    SECOND_REVIEW = "second_review"


class Passage(Wire, frozen=True, kw_only=True):
    """A marked place of a text: where it stands, never what it says."""

    page: int
    """From 0, as the format cuts pages (docs/formats/v1/journal.md)."""
    start: int
    """The first character of the page that belongs to it, from 0."""
    end: int
    """Behind the last one."""


PASSAGES_COUNT: Final = 32
PASSAGE_PAGE_CHARACTERS: Final = 8_000


def are_passages(passages: tuple[Passage, ...]) -> bool:
    """Say whether passages are few, in order, apart, and each within one page."""
    places = [(one.page, one.start, one.end) for one in passages]
    apart = all(
        before[0] < after[0] or before[2] <= after[1]
        for before, after in pairwise(places)
    )
    return (
        len(places) <= PASSAGES_COUNT
        and places == sorted(places)
        and apart
        and all(
            0 <= page < 2**31 and 0 <= start < end <= PASSAGE_PAGE_CHARACTERS
            for page, start, end in places
        )
    )


class Decision(Wire, frozen=True, kw_only=True):
    """The fields that a person set, as they stand in a `decide` entry."""

    verdict: str
    """A verdict code of the policy pack."""
    grounds: tuple[str, ...] = ()
    protected_purpose: str | None = None
    reasons: tuple[str, ...] = ()
    """One reason phrase code per ground, in the order of `grounds`."""
    basis: Basis
    outcome: Outcome = Outcome.DECIDED
    severity_corrected: int | None = None
    note_commitment: str | None = None
    """Hex SHA-256 of salt and note; the note itself travels beside."""
    passages: tuple[Passage, ...] | msgspec.UnsetType = msgspec.UNSET
    """Of a text: the places that the decision rests on, in their order. Absent in an
    entry from before there were any."""


class Doubt(enum.StrEnum):
    """Why somebody else is asked to look at an item."""

    SECOND_OPINION = "second_opinion"
    POLICY_UNCLEAR = "policy_unclear"
    """The rule book does not answer; the item may be plain to see."""


class Escalation(enum.StrEnum):
    """Who is told at once, beside and independent of any decision."""

    DUTY_OFFICER = "duty_officer"
    THREAT_TO_LIFE = "threat_to_life"


class HandOver(enum.StrEnum):
    """Why the rest of a batch was returned."""

    REQUESTED = "requested"
    EXPIRED = "expired"
    """Its date passed while items were undecided."""


class StandingKind(enum.StrEnum):
    """The state of one item after the last act upon it."""

    OPEN = "open"
    DECIDED = "decided"
    HANDED_BACK = "handed_back"
    SECOND_OPINION = "second_opinion"
    POLICY_UNCLEAR = "policy_unclear"
    ESCALATED = "escalated"
    THREAT_TO_LIFE = "threat_to_life"
    HANDED_OVER = "handed_over"
    EXPIRED = "expired"
    MARKED = "marked"
    """A minor may be shown: covered, and sealed within seconds unless taken back."""
    SEALED = "sealed"
    """For good: its key is gone from here, and nothing of it can be shown."""


LOCKED_AWAY: Final = frozenset({StandingKind.MARKED, StandingKind.SEALED})
"""Such an item is concluded: it is not shown, decided or handed back."""


class Standing(Wire, frozen=True, kw_only=True):
    """What now holds for an item: the projection of its entries."""

    item_id: ItemId
    kind: StandingKind
    seq: int | None = None
    """Of the entry that made it so."""
    decision: Decision | None = None
    """What was decided; an escalation leaves it in force."""
    sent: bool = False
    """Covered by a verified receipt."""
    keep: bool = False
    """Kept for later by the reviewer."""
