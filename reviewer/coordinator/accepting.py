"""Accept a submission whole, or refuse it whole with its reason (design.md 4).

Entries and openings are durable before the receipt leaves; the same submission gets
the same receipt for ever. A device that told two stories leaves a proof of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.chain.journal import ChainHead
from reviewer.chain.submitting import (
    NEW_JOURNAL,
    KnownJournal,
    VerifiedContents,
    open_contents,
)
from reviewer.chain.witness import make_receipt
from reviewer.coordinator.enrolling import add_stock
from reviewer.coordinator.models import (
    BatchDealt,
    CheckpointRow,
    EntryRow,
    ForkProof,
    OpeningRow,
    PackItem,
    SubmissionRow,
)
from reviewer.coordinator.outcomes import take as take_outcomes
from reviewer.coordinator.ownkeys import OwnKeys, load_keys
from reviewer.coordinator.sealed import check_seal
from reviewer.coordinator.standing import items_named
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.entry import VerifiedEntry
from reviewer.formats.submission import ReceivedSubmission, verify_submission_outer
from reviewer.formats.trust import VerifiedDevice, VerifiedTrust
from reviewer.formats.wire import (
    BeginBody,
    HandOverBody,
    ImportBody,
    ItemBody,
    Outcomes,
    SealBody,
    ShredBody,
)

_ATTEMPTS_COUNT: Final = 5  # the same journal grew meanwhile
_MAY_BE_FORKS: Final = frozenset({Code.CHAIN_FORK, Code.CHAIN_BROKEN})


def accept(
    state: State,
    trust: VerifiedTrust,
    data: bytes,
    *,
    sender: KeyId | None = None,
) -> bytes:
    """Verify a submission, store it in one transaction, and return its receipt.

    1. The same bytes again: the same receipt.
    2. Head, seal, hash: signed by a device that the directory holds.
    3. Contents: chained, summed up by the checkpoint, continuing what is known.
    4. They are this person's, of this enrolment, about batches dealt to it.
    5. Entries, openings, fresh keys, checkpoint and receipt are committed together.

    The database is not held while the contents are verified.

    Args:
        state: The service.
        trust: Our own bundle, verified.
        data: The submission's bytes.
        sender: The device that sent it, where that is known.

    Raises:
        VerificationError: CHAIN_GAP; CHAIN_FORK, after its proof was stored;
            SEQUENCE_REPLAY, nothing in it is new; BINDING_MISMATCH; and whatever
            `verify_submission_outer` and `open_contents` raise.
        UnavailableError: DISK_FULL, DISK_FAILED; nothing was stored.
    """
    name = sha256_hex(data)
    received: ReceivedSubmission | None = None
    try:
        for _ in range(_ATTEMPTS_COUNT):
            with state.database.transaction() as session:
                receipt = _receipt_of(session, name, sender)  # 1
                if receipt is not None:
                    return receipt
                keys = load_keys(state, session)
                received = received or _received(data, trust, keys, sender)  # 2
                known = _known(session, received)
            contents = _opened(state, received, keys, known)  # 3
            _check_device(contents, received.device)  # 4
            with state.database.transaction() as session:
                if _known(session, received) == known:
                    _check_batches(state, session, contents)
                    outcomes = take_outcomes(session, trust, contents, name=name)
                    return _store(  # 5
                        state, session, contents, keys, name, outcomes=outcomes
                    )
    except _ForkError as fork:
        _keep_proof(state, fork, name)
        raise VerificationError(Code.CHAIN_FORK, f"seq={fork.seq}") from fork
    raise UnavailableError(Code.DISK_FAILED, "journal is busy")


@dataclass(frozen=True, slots=True)
class _Place:
    device: str
    epoch: int


class _ForkError(VerificationError):
    """The device signed something that cannot stand beside what we have."""

    def __init__(self, place: _Place, seq: int, kept: bytes, offered: bytes) -> None:
        super().__init__(Code.CHAIN_FORK, f"seq={seq}")
        self.place = place
        self.seq = seq
        self.kept = kept
        self.offered = offered


def _receipt_of(session: Session, name: str, sender: KeyId | None) -> bytes | None:
    row = session.get(SubmissionRow, name)
    if row is None:
        return None
    if sender not in (None, row.device):
        raise VerificationError(Code.BINDING_MISMATCH, "sender")
    return row.receipt


def _received(
    data: bytes, trust: VerifiedTrust, keys: OwnKeys, sender: KeyId | None
) -> ReceivedSubmission:
    received = verify_submission_outer(
        data, trust=trust, coordinator=keys.online.key_id
    )
    if sender not in (None, received.device.key.key_id):
        raise VerificationError(Code.BINDING_MISMATCH, "sender")
    return received


def _opened(
    state: State, received: ReceivedSubmission, keys: OwnKeys, known: KnownJournal
) -> VerifiedContents:
    """Open the contents against what is known, and tell a fork from a mistake."""
    try:
        return open_contents(received, key=keys.seal, known=known)
    except VerificationError as error:
        if error.code not in _MAY_BE_FORKS or known.head.size == 0:
            raise
        with state.database.transaction() as session:
            _check_fork(session, received, keys, known)
        raise


def _known(session: Session, received: ReceivedSubmission) -> KnownJournal:
    binding = received.binding
    row = session.get(CheckpointRow, (binding.device, binding.epoch))
    if row is None:
        other = select(CheckpointRow.epoch).where(
            CheckpointRow.device == binding.device
        )
        if session.scalar(other.limit(1)) is not None:
            raise VerificationError(Code.CHAIN_BROKEN, "epoch without a grant")
        return NEW_JOURNAL
    last = session.get(EntryRow, (binding.device, binding.epoch, row.size - 1))
    if last is None:
        raise VerificationError(Code.CHAIN_BROKEN, "stored journal")
    head = ChainHead(
        size=row.size, head=Sha256Hex(last.sha256), at=last.at, epoch=binding.epoch
    )
    return KnownJournal(head=head, root=row.root)


def _check_fork(
    session: Session,
    received: ReceivedSubmission,
    keys: OwnKeys,
    known: KnownJournal,
) -> None:
    """Compare what the device says now with what it said before.

    Its entries are first verified by themselves, so that a proof always holds two
    true signatures.
    """
    binding = received.binding
    offered = open_contents(received, key=keys.seal, known=None).entries
    place = _Place(binding.device, binding.epoch)
    for entry in offered:
        row = session.get(EntryRow, (*_key(place), entry.entry.seq))
        if row is not None and row.sha256 != entry.sha256:
            raise _ForkError(place, row.seq, row.envelope, entry.data)
    if binding.first < known.head.size:
        raise VerificationError(Code.SEQUENCE_REPLAY, f"size={known.head.size}")
    if offered[0].entry.prev != known.head.head:
        before = session.get(EntryRow, (*_key(place), binding.first - 1))
        kept = b"" if before is None else before.envelope
        raise _ForkError(place, binding.first, kept, offered[0].data)


def _key(place: _Place) -> tuple[str, int]:
    return place.device, place.epoch


def _check_device(contents: VerifiedContents, device: VerifiedDevice) -> None:
    for entry in contents.entries:
        if entry.entry.actor != device.subject:
            raise VerificationError(Code.BINDING_MISMATCH, "actor")
        body = entry.body
        if (
            isinstance(body, BeginBody)
            and body.enrolment_sha256 != device.enrolment_sha256
        ):
            raise VerificationError(Code.BINDING_MISMATCH, "enrolment")


def _check_batches(state: State, session: Session, contents: VerifiedContents) -> None:
    """Refuse acts upon batches and items that were never dealt to this device."""
    rows = session.execute(
        select(BatchDealt.batch_id, BatchDealt.pack_id).where(
            BatchDealt.device == contents.binding.device
        )
    )
    packs: dict[str, str] = {row.batch_id: row.pack_id for row in rows}
    for entry in contents.entries:
        body = entry.body
        if not isinstance(body, ItemBody | ImportBody | HandOverBody | ShredBody):
            continue
        pack_id = packs.get(body.batch_id)
        if pack_id is None:
            raise VerificationError(Code.BINDING_MISMATCH, "batch")
        if isinstance(body, HandOverBody | ShredBody):
            items_named(session, body)
        elif isinstance(body, ItemBody):
            item = session.get(PackItem, body.item_id)
            if item is None or item.pack_id != pack_id:
                raise VerificationError(Code.BINDING_MISMATCH, "item")
        if isinstance(body, SealBody):
            check_seal(state, session, body)


def _store(
    state: State,
    session: Session,
    contents: VerifiedContents,
    keys: OwnKeys,
    name: Sha256Hex,
    *,
    outcomes: Outcomes,
) -> bytes:
    binding = contents.binding
    for entry in contents.entries:
        session.add(_entry_row(entry, name))
    for opening in contents.openings:
        place = f"opening {binding.device} {binding.epoch} {opening.seq}"
        session.add(
            OpeningRow(
                device=binding.device,
                epoch=binding.epoch,
                seq=opening.seq,
                wrapped=state.key.wrap(canonical.encode(opening), purpose=place),
            )
        )
    add_stock(session, binding.device, contents.seal_keys)
    session.merge(
        CheckpointRow(
            device=binding.device,
            epoch=binding.epoch,
            size=contents.checkpoint.size,
            root=contents.checkpoint.root,
        )
    )
    receipt = make_receipt(
        contents,
        submission_sha256=name,
        key=keys.online,
        at=state.now(),
        outcomes=outcomes,
    )
    session.add(
        SubmissionRow(
            sha256=name,
            device=binding.device,
            epoch=binding.epoch,
            first=binding.first,
            last=binding.last,
            capacity=contents.capacity.value,
            receipt=receipt,
        )
    )
    return receipt


def _entry_row(entry: VerifiedEntry, name: Sha256Hex) -> EntryRow:
    value, body = entry.entry, entry.body
    return EntryRow(
        device=value.device,
        epoch=value.epoch,
        seq=value.seq,
        act=value.act.value,
        item_id=body.item_id if isinstance(body, ItemBody) else None,
        sha256=entry.sha256,
        at=value.at,
        submission=name,
        envelope=entry.data,
    )


def _keep_proof(state: State, fork: _ForkError, name: Sha256Hex) -> None:
    """Store the proof by itself: the submission's transaction was rolled back."""
    with state.database.transaction() as session:
        query = select(ForkProof.number).where(
            ForkProof.device == fork.place.device, ForkProof.offered == fork.offered
        )
        if session.scalar(query.limit(1)) is None:
            session.add(
                ForkProof(
                    device=fork.place.device,
                    epoch=fork.place.epoch,
                    seq=fork.seq,
                    kept=fork.kept,
                    offered=fork.offered,
                    submission=name,
                    found=state.now(),
                )
            )
