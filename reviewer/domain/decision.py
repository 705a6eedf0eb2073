"""Decisions: what a reviewer concluded, and on what basis."""

from __future__ import annotations

import enum
from typing import Final

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
