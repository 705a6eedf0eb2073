"""What an act makes of an item: the one rule for the vault and whoever reads it."""

from __future__ import annotations

from typing import Final

import msgspec

from reviewer.domain.decision import (
    Doubt,
    Escalation,
    HandOver,
    Standing,
    StandingKind,
)
from reviewer.formats.wire import (
    Act,
    DecideBody,
    EscalateBody,
    HandBackBody,
    HandOverBody,
    SealBody,
    SealStage,
    SecondOpinionBody,
)

ItemAct = DecideBody | HandBackBody | SecondOpinionBody | EscalateBody
"""The bodies that settle one item; each names the entry that it supersedes."""
SettlingAct = ItemAct | HandOverBody | SealBody
"""The bodies that an undo can name."""
SETTLING: Final[frozenset[Act]] = frozenset(
    {
        Act.DECIDE,
        Act.HAND_BACK,
        Act.SECOND_OPINION,
        Act.ESCALATE,
        Act.HAND_OVER,
        Act.SEAL,
    }
)
ACTS_UPON_ITEMS: Final[frozenset[Act]] = SETTLING | {Act.UNDO}
"""The acts that move a standing."""

_DOUBTS: Final = {
    Doubt.SECOND_OPINION: StandingKind.SECOND_OPINION,
    Doubt.POLICY_UNCLEAR: StandingKind.POLICY_UNCLEAR,
}
_ESCALATIONS: Final = {
    Escalation.DUTY_OFFICER: StandingKind.ESCALATED,
    Escalation.THREAT_TO_LIFE: StandingKind.THREAT_TO_LIFE,
}
_STAGES: Final = {
    SealStage.MARKED: StandingKind.MARKED,
    SealStage.SEALED: StandingKind.SEALED,
}
_HAND_OVERS: Final = {
    HandOver.REQUESTED: StandingKind.HANDED_OVER,
    HandOver.EXPIRED: StandingKind.EXPIRED,
}


def standing_after(before: Standing, body: SettlingAct, *, seq: int) -> Standing:
    """Return what holds for an item once an act upon it stands.

    An escalation leaves a decision in force; every other act replaces it.

    Args:
        before: What held for the item, kept for later or not.
        body: The act.
        seq: Of its entry.
    """
    decision = before.decision if isinstance(body, EscalateBody) else None
    if isinstance(body, DecideBody):
        decision = body.decision
    return Standing(
        item_id=before.item_id,
        kind=kind_of(body),
        seq=seq,
        decision=decision,
        keep=before.keep if isinstance(body, HandOverBody) else False,
    )


def kind_of(body: SettlingAct) -> StandingKind:
    """Return the kind of standing that an act makes."""
    match body:
        case DecideBody():
            return StandingKind.DECIDED
        case HandBackBody():
            return StandingKind.HANDED_BACK
        case SecondOpinionBody():
            return _DOUBTS[body.reason]
        case EscalateBody():
            return _ESCALATIONS[body.kind]
        case HandOverBody():
            return _HAND_OVERS[body.reason]
        case SealBody():
            return _STAGES[body.stage]


def opened_again(before: Standing) -> Standing:
    """Return an item as it was before any act, still kept for later if it was."""
    return msgspec.structs.replace(
        before, kind=StandingKind.OPEN, seq=None, decision=None, sent=False
    )
