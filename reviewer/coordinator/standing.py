"""What stands about an item by the acts that devices sent: the last one, per device.

A later act replaces an earlier one and the history stays; an undo takes away what it
names. An escalation stands beside: deciding afterwards does not silence it, only its
own undo does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.models import BatchDealt, EntryRow, PackItem
from reviewer.domain.decision import Decision, Escalation, Outcome, StandingKind
from reviewer.domain.ids import ItemId, KeyId, Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats.acts import SettlingAct, kind_of
from reviewer.formats.entry import VerifiedEntry, verify_entry
from reviewer.formats.places import unpack_places
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import (
    Act,
    DecideBody,
    EscalateBody,
    HandOverBody,
    SealBody,
    SealStage,
    ShredBody,
    UndoBody,
)

NONE_FOUND_DIGIT: Final = 0  # domain.policy.Purpose: digit 0 is none found
TO_SECOND_REVIEW: Final = frozenset(
    {
        Outcome.PROPOSED.value,
        Outcome.SECOND_REVIEW.value,
        StandingKind.SECOND_OPINION.value,
        StandingKind.POLICY_UNCLEAR.value,
    }
)
RETURNED: Final = frozenset(
    {
        StandingKind.HANDED_BACK.value,
        StandingKind.HANDED_OVER.value,
        StandingKind.EXPIRED.value,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One act that was sent and not taken back."""

    seq: int
    sha256: Sha256Hex
    epoch: int
    at: str
    submission: str
    body: SettlingAct

    @property
    def outcome(self) -> str:
        """Return one word for it, as the export has it."""
        if isinstance(self.body, EscalateBody):
            return self.body.kind.value
        if isinstance(self.body, DecideBody):
            return self.body.decision.outcome.value
        return kind_of(self.body).value

    @property
    def has_note(self) -> bool:
        """Return whether a free text was committed to; it may have been erased."""
        body = self.body
        if isinstance(body, SealBody):
            return False
        held = body.decision if isinstance(body, DecideBody) else body
        return held.note_commitment is not None

    @property
    def is_final(self) -> bool:
        """Return whether it sealed its item: no later act and no undo changes that."""
        body = self.body
        return isinstance(body, SealBody) and body.stage is SealStage.SEALED

    @property
    def decision(self) -> Decision | None:
        """Return what was decided, if it was a decision."""
        return self.body.decision if isinstance(self.body, DecideBody) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What stands about one item by one device."""

    held: Sent | None
    escalation: Sent | None
    corrected: bool
    """The decision that stands replaces one that was receipted before."""

    @property
    def last(self) -> Sent | None:
        """Return what holds, or the escalation where nothing else was done."""
        return self.held or self.escalation


def sent_of(entry: VerifiedEntry, *, submission: str) -> Sent | None:
    """Return an entry as an act that settles something; None for every other."""
    if not isinstance(entry.body, SettlingAct):
        return None
    return Sent(
        seq=entry.entry.seq,
        sha256=entry.sha256,
        epoch=entry.entry.epoch,
        at=entry.entry.at,
        submission=submission,
        body=entry.body,
    )


class Pile:
    """The acts of one device upon one item, taken in their order."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._acts: dict[Sha256Hex, Sent] = {}

    def take(self, entry: VerifiedEntry, *, submission: str) -> None:
        """Take one entry into account; what settles nothing is passed over."""
        if isinstance(entry.body, UndoBody):
            undone = self._acts.get(entry.body.undoes)
            if undone is not None and not undone.is_final:
                del self._acts[undone.sha256]
            return
        sent = sent_of(entry, submission=submission)
        if sent is not None:
            self._acts[sent.sha256] = sent

    def work(self) -> Work | None:
        """Return what stands, None where nothing does."""
        acts = list(self._acts.values())
        calls = [act for act in acts if isinstance(act.body, EscalateBody)]
        others = [act for act in acts if not isinstance(act.body, EscalateBody)]
        if not acts:
            return None
        final = (act for act in others if act.is_final)
        held = next(final, others[-1] if others else None)
        return Work(
            held=held,
            escalation=max(calls, key=_gravity, default=None),
            corrected=held is not None and _corrects(held, others),
        )


def _gravity(call: Sent) -> tuple[bool, int]:
    """Order escalations: a threat to life first, then the later one."""
    return call.outcome == Escalation.THREAT_TO_LIFE, call.seq


def _corrects(held: Sent, acts: Iterable[Sent]) -> bool:
    earlier = (act for act in acts if act.submission != held.submission)
    return held.decision is not None and any(
        act.decision is not None for act in earlier
    )


def needs_second_review(sent: Sent | None, trust: VerifiedTrust) -> bool:
    """Return whether somebody else has to look before anything is done.

    What the device says is not enough: a protected purpose with grounds for removal
    goes to second review whatever it says.
    """
    if sent is None:
        return False
    if sent.outcome in TO_SECOND_REVIEW:
        return True
    body = sent.body
    if not isinstance(body, DecideBody) or not body.decision.grounds:
        return False
    pack = trust.policy(body.policy_sha256)
    none = {row.code for row in pack.purposes if row.digit == NONE_FOUND_DIGIT}
    purpose = body.decision.protected_purpose
    return purpose is not None and purpose not in none


def items_named(session: Session, body: HandOverBody | ShredBody) -> tuple[ItemId, ...]:
    """Return the items that an entry names by their places in the batch.

    Raises:
        VerificationError: BINDING_MISMATCH, no such batch or no such place.
    """
    dealt = session.get(BatchDealt, body.batch_id)
    if dealt is None:
        raise VerificationError(Code.BINDING_MISMATCH, "batch")
    query = select(PackItem.item_id).where(PackItem.pack_id == dealt.pack_id)
    items = session.scalars(query.order_by(PackItem.position)).all()
    places = unpack_places(body.items)
    if places[-1] >= len(items):
        raise VerificationError(Code.BINDING_MISMATCH, "place")
    return tuple(ItemId(items[place]) for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An entry out of the database, verified once however many items it is about."""

    device: str
    submission: str
    entry: VerifiedEntry

    @property
    def place(self) -> tuple[str, int, int]:
        """Return where it stands: device, epoch and number."""
        return self.device, self.entry.entry.epoch, self.entry.entry.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A hand-over that was stored, and the items it names."""

    stored: Stored
    items: tuple[ItemId, ...]
    taken_back: bool


def hand_overs(
    session: Session, trust: VerifiedTrust, *, device: str | None = None
) -> tuple[Handed, ...]:
    """Return the hand-overs of one device, or of all; few entries for many items."""
    query = select(EntryRow).where(EntryRow.act == Act.HAND_OVER.value)
    if device is not None:
        query = query.where(EntryRow.device == device)
    found = []
    undone: dict[str, frozenset[str]] = {}
    for row in session.scalars(query.order_by(EntryRow.device, EntryRow.seq)).all():
        stored = stored_of(row, trust)
        body = stored.entry.body
        if not isinstance(body, HandOverBody):
            raise VerificationError(Code.CHAIN_BROKEN, "stored journal")
        items = items_named(session, body)
        if row.device not in undone:
            undone[row.device] = _undone(session, trust, row.device)
        back = row.sha256 in undone[row.device]
        found.append(Handed(stored=stored, items=items, taken_back=back))
    return tuple(found)


def by_item(handed: Iterable[Handed]) -> dict[ItemId, tuple[Stored, ...]]:
    """Return the hand-overs that stand, by item."""
    found: dict[ItemId, tuple[Stored, ...]] = {}
    for one in handed:
        for item_id in () if one.taken_back else one.items:
            found[item_id] = (*found.get(item_id, ()), one.stored)
    return found


def verified(row: EntryRow, trust: VerifiedTrust) -> VerifiedEntry:
    """Return a stored entry; its signature is checked again."""
    return verify_entry(row.envelope, key=trust.devices[KeyId(row.device)].key)


def stored_of(row: EntryRow, trust: VerifiedTrust) -> Stored:
    """Return a stored entry with where it came from; checked as by `verified`."""
    entry = verified(row, trust)
    return Stored(device=row.device, submission=row.submission, entry=entry)


def _undone(session: Session, trust: VerifiedTrust, device: str) -> frozenset[str]:
    """Return what a device took back, whichever item its entry names."""
    query = select(EntryRow).where(
        EntryRow.act == Act.UNDO.value, EntryRow.device == device
    )
    bodies = (verified(row, trust).body for row in session.scalars(query))
    return frozenset(body.undoes for body in bodies if isinstance(body, UndoBody))
