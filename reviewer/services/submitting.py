"""Freeze what has been decided, send it, and believe only a verified receipt.

States: pending in the journal, frozen in the vault, receipted. A submission is
frozen before it is first sent, and its hash is the idempotency key; a lost reply
is answered by sending the same bytes again. Nothing counts as sent before its
receipt has been verified against our own tree (design.md 4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.chain import journal as chain
from reviewer.chain import tree
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.decision import Doubt, Escalation, HandOver
from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats import submission as submissions
from reviewer.formats.base64 import b64
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import (
    Act,
    Body,
    ClockTrust,
    Contents,
    EscalateBody,
    HandOverBody,
    Opening,
    Outcomes,
    ReceiptBody,
    SealBody,
    SealKey,
    SealStage,
    SecondOpinionBody,
    SubmissionBinding,
    SubmitBody,
)
from reviewer.network import Coordinator
from reviewer.ports import Clock, PendingSubmission, SealKeyRow, Store, VaultKeys
from reviewer.services.exchanging import write_whole
from reviewer.services.handing import Handing
from reviewer.services.journaling import UNFILLED, Journal
from reviewer.services.timing import check_not_far_ahead

STOCK_COUNT: Final = 32  # design.md 4: single-use keys kept in stock
_TOLD_APART: Final = frozenset(
    {Act.SECOND_OPINION, Act.ESCALATE, Act.HAND_OVER, Act.SEAL}
)
"""Acts of which the body says what they are."""
_KIND: Final = "kind:"
_SEALED: Final = "sealed:"
"""Before the item: of one item there may be two entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would leave the machine, counted; nothing has been frozen yet."""

    entries: int
    decided: int
    handed_back: int
    undone: int
    opened: int
    notes: int
    fresh_keys: int
    frozen: bool
    """An earlier submission still waits for its receipt and goes first."""
    second_opinion: int = 0
    policy_unclear: int = 0
    escalated: int = 0
    threats: int = 0
    """Threats to life: the duty officer should have been called already."""
    handed_over: int = 0
    """Items, where the rest of a batch was returned."""
    expired: int = 0
    """Undecided items past their date; submitting reports them."""
    sealed: int = 0
    """Items in which a minor may be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """A verified receipt, in words for the screen."""

    submission: Sha256Hex
    size: int
    """Entries below this number are covered."""
    head: Sha256Hex
    at: UtcTime
    verified: bool
    outcomes: Outcomes
    """What became of this device's own work, in totals."""


class Submitting:
    """Submissions and receipts of one unlocked profile, on the store's thread."""

    def __init__(
        self,
        *,
        store: Store,
        journal: Journal,
        keys: VaultKeys,
        trust: VerifiedTrust,
        actor: str,
        clock: Clock,
        handing: Handing,
    ) -> None:
        """Take the vault, whom to trust, and what reports items past their date."""
        self._store = store
        self._journal = journal
        self._keys = keys
        self._trust = trust
        self._actor = actor
        self._clock = clock
        self._handing = handing

    def preview(self) -> Preview:
        """Count what has no receipt yet."""
        head = self._store.head()
        acts: Counter[str] = Counter()
        notes = 0
        if head.size > head.receipted:
            for entry in self._store.entries(head.receipted, head.size - 1):
                acts[entry.act] += 1
                if entry.act in _TOLD_APART:
                    acts.update(_told_apart(self._journal.read(entry.envelope).body))
            notes = len(self._store.openings(head.receipted, head.size - 1))
        return Preview(
            entries=head.size - head.receipted,
            decided=acts[Act.DECIDE],
            handed_back=acts[Act.HAND_BACK],
            undone=acts[Act.UNDO],
            opened=acts[Act.OPEN],
            notes=notes,
            fresh_keys=max(0, STOCK_COUNT - len(self._store.seal_keys())),
            frozen=self._store.pending() is not None,
            second_opinion=acts[_KIND + Doubt.SECOND_OPINION],
            policy_unclear=acts[_KIND + Doubt.POLICY_UNCLEAR],
            escalated=acts[_KIND + Escalation.DUTY_OFFICER],
            threats=acts[_KIND + Escalation.THREAT_TO_LIFE],
            handed_over=acts[_KIND + HandOver.REQUESTED],
            expired=acts[_KIND + HandOver.EXPIRED] + self._handing.expired_items(),
            sealed=sum(key.startswith(_SEALED) for key in acts),
        )

    def send(self, coordinator: Coordinator, capacity: Capacity) -> ReceiptView:
        """Send what waits, frozen first, and verify the answer.

        Raises:
            UnavailableError: the service is down; the frozen bytes stay.
            VerificationError: the answer is not a receipt for what was sent.
            RefusedError: NOTHING_TO_SUBMIT, READ_ONLY.
        """
        pending = self._store.pending() or self._freeze(capacity)
        answer = coordinator.submit(self._keys.device, pending.data, pending.sha256)
        return self.take_receipt(answer)

    def write_file(self, path: Path, capacity: Capacity) -> Path:
        """Write the frozen submission to a file, for a stick.

        Raises:
            UnavailableError: DISK_FULL or DISK_FAILED.
            RefusedError: NOTHING_TO_SUBMIT, READ_ONLY.
        """
        pending = self._store.pending() or self._freeze(capacity)
        write_whole(path, pending.data)
        return path

    def take_receipt(self, data: bytes) -> ReceiptView:
        """Verify a receipt against the frozen submission and keep it.

        A receipt that is already kept is confirmed again and changes nothing.

        Raises:
            VerificationError: forged, for another device, or not for our tree;
                TIME_IMPLAUSIBLE, over 48 h ahead of the local clock.
            RefusedError: READ_ONLY.
        """
        if data in self._store.receipts():
            return self._view(data, self._verified(data))
        pending = self._store.pending()
        if pending is None:
            raise VerificationError(Code.RECEIPT_MISMATCH, "nothing was sent")
        verified = self._verified(data)
        receipt = verified.receipt
        if (
            receipt.submission_sha256 != pending.sha256
            or (receipt.first, receipt.last) != (pending.first, pending.last)
            or receipt.epoch != self._keys.epoch
        ):
            raise VerificationError(Code.RECEIPT_MISMATCH, "for other bytes")
        leaves = self._store.leaf_hashes()[: pending.last + 1]
        if verified.size != len(leaves) or verified.root != tree.root(leaves):
            raise VerificationError(Code.RECEIPT_MISMATCH, "for another tree")
        check_not_far_ahead(receipt.at, clock=self._clock)
        with self._store.write() as tx:
            tx.add_receipt(data, submission=pending.sha256, size=verified.size)
            tx.raise_signed_time(receipt.at)
            tx.put_seal_keys(
                [
                    _published(row)
                    for row in self._store.seal_keys()
                    if not row.published
                ]
            )
            self._journal.writer(tx, actor=self._actor).append(
                Act.RECEIPT,
                ReceiptBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    receipt_sha256=sha256_hex(data),
                    size=verified.size,
                ),
            )
        return self._view(data, verified)

    def verify_receipts(self) -> int:
        """Verify every receipt that is kept against our own tree; return how many.

        Raises:
            VerificationError: RECEIPT_MISMATCH, or a receipt is not genuine.
        """
        receipts = [self._verified(data) for data in self._store.receipts()]
        promised = {one.size: one.root for one in receipts}
        frontier = tree.Frontier()
        for leaf in self._store.leaf_hashes():
            frontier.append(leaf)
            if promised.pop(frontier.size, None) not in (None, frontier.root()):
                raise VerificationError(Code.RECEIPT_MISMATCH, f"size {frontier.size}")
        if promised:
            raise VerificationError(Code.RECEIPT_MISMATCH, "beyond the journal")
        return len(receipts)

    def _verified(self, data: bytes) -> chain.VerifiedReceipt:
        return chain.verify_receipt(
            data, trust=self._trust, device=self._keys.device.verifying_key
        )

    def _view(self, data: bytes, verified: chain.VerifiedReceipt) -> ReceiptView:
        last = next(
            iter(self._store.entries(verified.receipt.last, verified.receipt.last))
        )
        return ReceiptView(
            submission=verified.receipt.submission_sha256,
            size=verified.size,
            head=sha256_hex(last.envelope),
            at=verified.receipt.at,
            verified=bool(data),
            outcomes=verified.receipt.outcomes or Outcomes(),
        )

    def _freeze(self, capacity: Capacity) -> PendingSubmission:
        if self._store.read_only():
            raise RefusedError(Code.READ_ONLY)
        self._handing.report_expired()
        head = self._store.head()
        waiting = self._store.entries(head.receipted, head.size - 1)
        if not any(entry.act != Act.RECEIPT for entry in waiting):
            raise RefusedError(Code.NOTHING_TO_SUBMIT)
        target = self._trust.coordinators()[-1]
        binding = SubmissionBinding(
            device=self._keys.device.key_id,
            epoch=self._keys.epoch,
            coordinator=target.key.key_id,
            first=head.receipted,
            last=head.size,
        )
        fresh = self._fresh_keys()
        with self._store.write() as tx:
            self._journal.writer(tx, actor=self._actor).append(
                Act.SUBMIT,
                SubmitBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    first=binding.first,
                    last=binding.last,
                ),
            )
            data = submissions.freeze(
                binding=binding,
                contents=self._contents(binding, capacity, fresh),
                signer=self._keys.device,
                coordinator=target.seal,
            )
            pending = PendingSubmission(
                sha256=sha256_hex(data),
                first=binding.first,
                last=binding.last,
                data=data,
            )
            tx.put_seal_keys(fresh)
            tx.add_submission(pending)
        return pending

    def _fresh_keys(self) -> list[SealKeyRow]:
        missing = STOCK_COUNT - len(self._store.seal_keys())
        return [new_seal_key() for _ in range(max(0, missing))]

    def _contents(
        self,
        binding: SubmissionBinding,
        capacity: Capacity,
        fresh: list[SealKeyRow],
    ) -> Contents:
        stored = list(self._store.entries(binding.first, binding.last))
        leaves = self._store.leaf_hashes()
        openings = self._store.openings(binding.first, binding.last)
        return Contents(
            binding=binding,
            entries=tuple(b64(entry.envelope) for entry in stored),
            openings=tuple(
                Opening(seq=opening.seq, salt=b64(opening.salt), text=opening.text)
                for opening in openings
            ),
            checkpoint=chain.sign_checkpoint(
                device=self._keys.device, epoch=binding.epoch, leaves=leaves
            ),
            consistency=tuple(
                b64(step) for step in tree.consistency_proof(leaves, binding.first)
            ),
            seal_keys=tuple(public_seal_key(row) for row in fresh),
            capacity=capacity,
        )


def new_seal_key() -> SealKeyRow:
    """Make a single-use key that nobody knows of yet."""
    private = SealPrivateKey.generate()
    return SealKeyRow(
        key_id=private.public.key_id, private=private.raw, published=False
    )


def public_seal_key(row: SealKeyRow) -> SealKey:
    """Return the half of a single-use key that may leave the machine."""
    public = SealPrivateKey.from_raw(row.private).public
    return SealKey(key_id=KeyId(public.key_id), public_key=b64(public.raw))


def _told_apart(body: Body) -> dict[str, int]:
    """Return how many items an act stands for, under the word of its body."""
    match body:
        case SecondOpinionBody():
            return {_KIND + body.reason: 1}
        case EscalateBody():
            return {_KIND + body.kind: 1}
        case HandOverBody():
            return {_KIND + body.reason: body.items_count}
        case SealBody(stage=SealStage.SEALED):
            return {_SEALED + body.item_id: 1}
        case _:
            return {}


def _published(row: SealKeyRow) -> SealKeyRow:
    return SealKeyRow(key_id=row.key_id, private=row.private, published=True)
