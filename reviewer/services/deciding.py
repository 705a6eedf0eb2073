"""Decide, undo, hand back: each act one transaction of records and their entries.

An item and its copies are decided in one act: all of them, or none. What the
journal says wins over the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Basis, Decision, Outcome, Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.domain.policy import PolicyPack, Reason
from reviewer.errors import Code, RefusedError
from reviewer.formats.entry import commit
from reviewer.formats.wire import (
    Act,
    ClockTrust,
    DecideBody,
    HandBackBody,
    ItemBody,
    UndoBody,
)
from reviewer.ports import Entropy, ItemRow, Store, StoredOpening, Writing
from reviewer.services.drafting import Complete
from reviewer.services.journaling import (
    SALT_BYTES,
    UNFILLED,
    Journal,
    JournalState,
    JournalWriter,
)
from reviewer.services.undoing import History, Past

NOTE_CHARACTERS: Final = 2_000

Beside = Callable[[Writing], None]
"""Writes into the transaction of an act."""


def _nothing_beside(tx: Writing) -> None:
    """Write nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What an act changed; views subscribe to it."""

    row: ItemRow
    journal: JournalState
    seq: int
    also: tuple[ItemRow, ...] = ()
    """Copies that the same act changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided of one item."""

    item_id: ItemId
    complete: Complete
    basis: Basis
    outcome: Outcome


class Deciding:
    """Acts upon items by one actor, on the store's thread."""

    def __init__(
        self, *, store: Store, journal: Journal, actor: str, entropy: Entropy
    ) -> None:
        """Take the vault and who acts."""
        self._store = store
        self._journal = journal
        self._actor = actor
        self._entropy = entropy
        self._history = History(store=store, journal=journal)

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening of an item; None when it is recorded already."""
        row = self._store.item(item_id)
        if row.opened or self._store.read_only():
            return None
        with self._store.write() as tx:
            seq = self._open(tx, self._writer(tx), row)
        return self._changed([item_id], seq)

    def decide(
        self,
        item_id: ItemId,
        complete: Complete,
        *,
        basis: Basis,
        outcome: Outcome,
        policy_sha256: Sha256Hex,
        note: str | None = None,
    ) -> Changed:
        """Record a decision; one on a decided item supersedes it.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        ruling = Ruling(
            item_id=item_id, complete=complete, basis=basis, outcome=outcome
        )
        return self.decide_together([ruling], policy_sha256=policy_sha256, note=note)

    def decide_together(
        self,
        rulings: Sequence[Ruling],
        *,
        policy_sha256: Sha256Hex,
        note: str | None = None,
        beside: Beside = _nothing_beside,
    ) -> Changed:
        """Record decisions on several items in one transaction: all, or none.

        Each item has its own entry and its own commitment to the note.

        Args:
            rulings: Of items of one batch; the first is the one that was looked at.
            policy_sha256: Of the pack of the batch.
            note: Goes with each decision.
            beside: Writes what belongs to the act into the same transaction.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        rows = [self._writable(ruling.item_id) for ruling in rulings]
        with self._store.write() as tx:
            writer = self._writer(tx)
            first = self._store.head().size
            seqs = [
                self._put(
                    tx, writer, row, ruling, policy_sha256=policy_sha256, note=note
                )
                for row, ruling in zip(rows, rulings, strict=True)
            ]
            if len(rows) > 1:
                batch_id = rows[0].batch_id
                self._history.mark_together(tx, batch_id, first=first, last=seqs[-1])
            beside(tx)
        return self._changed([row.item.id for row in rows], seqs[0])

    def hand_back(
        self, item_id: ItemId, *, reason: str | None = None, note: str | None = None
    ) -> Changed:
        """Return an item undecided; unlimited, the reason optional.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        row = self._writable(item_id)
        with self._store.write() as tx:
            writer = self._writer(tx)
            salt, commitment = self._committed(note)
            done = writer.append(
                Act.HAND_BACK,
                HandBackBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    batch_id=row.batch_id,
                    item_id=item_id,
                    item_sha256=row.item.sha256,
                    reason=reason,
                    note_commitment=commitment,
                    supersedes=self._standing_entry(row),
                ),
                item_id=item_id,
            )
            self._keep_note(tx, done.seq, salt, note)
            tx.put_standing(
                Standing(item_id=item_id, kind=StandingKind.HANDED_BACK, seq=done.seq)
            )
        return self._changed([item_id], done.seq)

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last act of the batch that stands unsent.

        An item and its copies that were decided in one act are taken back in one.

        Raises:
            RefusedError: NOTHING_TO_UNDO, READ_ONLY.
        """
        return self._take_back(self._history.undoable(batch_id))

    def take_out(
        self, item_ids: Sequence[ItemId], *, beside: Beside = _nothing_beside
    ) -> Changed:
        """Take back what items were given with others and is not sent.

        What was sent, or was decided on its own, stands until it is decided anew.

        Args:
            item_ids: One or more, of one batch.
            beside: Writes what belongs to the act into the same transaction.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
        """
        rows = [self._writable(item_id) for item_id in item_ids]
        acts = [self._history.unsent_together(row) for row in rows]
        return self._take_back(
            [act for act in acts if act is not None],
            also=item_ids,
            beside=beside,
        )

    def is_together(self, row: ItemRow) -> bool:
        """Return whether what holds for an item was decided with others, unsent."""
        return self._history.is_together(row)

    def _take_back(
        self,
        acts: Sequence[Past],
        *,
        also: Sequence[ItemId] = (),
        beside: Beside = _nothing_beside,
    ) -> Changed:
        rows = {act.item_id: self._writable(act.item_id) for act in acts}
        with self._store.write() as tx:
            writer = self._writer(tx)
            for act in acts:
                writer.append(
                    Act.UNDO,
                    UndoBody(
                        moment=UNFILLED,
                        clock_trust=ClockTrust.PLAUSIBLE,
                        batch_id=act.batch_id,
                        item_id=act.item_id,
                        item_sha256=rows[act.item_id].item.sha256,
                        undoes=act.sha256,
                    ),
                    item_id=act.item_id,
                )
                tx.put_standing(self._history.before(act))
            beside(tx)
        oldest_first = [act.item_id for act in reversed(acts)]
        return self._changed(
            [*dict.fromkeys([*also, *oldest_first])], self._store.head().size - 1
        )

    def _put(
        self,
        tx: Writing,
        writer: JournalWriter,
        row: ItemRow,
        ruling: Ruling,
        *,
        policy_sha256: Sha256Hex,
        note: str | None,
    ) -> int:
        """Write one decision and its entry; return the entry's number."""
        if not row.opened:
            self._open(tx, writer, row)
        salt, commitment = self._committed(note)
        decision = Decision(
            verdict=ruling.complete.verdict,
            grounds=ruling.complete.grounds,
            protected_purpose=ruling.complete.purpose,
            reasons=ruling.complete.reasons,
            basis=ruling.basis,
            outcome=ruling.outcome,
            severity_corrected=row.own_severity,
            note_commitment=commitment,
        )
        done = writer.append(
            Act.DECIDE,
            DecideBody(
                moment=UNFILLED,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=row.batch_id,
                item_id=row.item.id,
                item_sha256=row.item.sha256,
                policy_sha256=policy_sha256,
                decision=decision,
                supersedes=self._standing_entry(row),
            ),
            item_id=row.item.id,
        )
        self._keep_note(tx, done.seq, salt, note)
        tx.put_standing(
            Standing(
                item_id=row.item.id,
                kind=StandingKind.DECIDED,
                seq=done.seq,
                decision=decision,
            )
        )
        return done.seq

    def _writable(self, item_id: ItemId) -> ItemRow:
        if self._store.read_only():
            raise RefusedError(Code.READ_ONLY)
        return self._store.item(item_id)

    def _writer(self, tx: Writing) -> JournalWriter:
        return self._journal.writer(tx, actor=self._actor)

    def _open(self, tx: Writing, writer: JournalWriter, row: ItemRow) -> int:
        done = writer.append(
            Act.OPEN,
            ItemBody(
                moment=UNFILLED,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=row.batch_id,
                item_id=row.item.id,
                item_sha256=row.item.sha256,
            ),
            item_id=row.item.id,
        )
        tx.mark_opened(row.item.id)
        return done.seq

    def _committed(self, note: str | None) -> tuple[bytes, Sha256Hex | None]:
        if not note:
            return b"", None
        if len(note) > NOTE_CHARACTERS:
            raise RefusedError(Code.INPUT_INVALID, f"note over {NOTE_CHARACTERS}")
        salt = self._entropy(SALT_BYTES)
        return salt, commit(salt, note.encode())

    def _keep_note(self, tx: Writing, seq: int, salt: bytes, note: str | None) -> None:
        if note:
            tx.add_opening(StoredOpening(seq=seq, salt=salt, text=note))

    def _standing_entry(self, row: ItemRow) -> Sha256Hex | None:
        seq = row.standing.seq
        if row.standing.kind is StandingKind.OPEN or seq is None:
            return None
        stored = next(iter(self._store.entries(seq, seq)))
        return sha256_hex(stored.envelope)

    def _changed(self, item_ids: Sequence[ItemId], seq: int) -> Changed:
        row, *also = (self._store.item(item_id) for item_id in item_ids)
        state = self._journal.state()
        return Changed(row=row, journal=state, seq=seq, also=tuple(also))


def check_complete(complete: Complete, pack: PolicyPack, *, has_note: bool) -> None:
    """Refuse what no way through the pack's questions can have given.

    Raises:
        RefusedError: DECISION_INCOMPLETE, naming the group.
    """
    verdict = next((row for row in pack.verdicts if row.code == complete.verdict), None)
    if verdict is None:
        raise RefusedError(Code.DECISION_INCOMPLETE, "verdict")
    if bool(complete.grounds) != verdict.asks_grounds:
        raise RefusedError(Code.DECISION_INCOMPLETE, "grounds")
    purposes = {row.code for row in pack.purposes} if verdict.asks_purpose else {None}
    if complete.purpose not in purposes:
        raise RefusedError(Code.DECISION_INCOMPLETE, "purpose")
    given = list(zip_longest(complete.grounds, complete.reasons))
    reasons = [_reason(pack, ground, reason) for ground, reason in given]
    if None in reasons:
        raise RefusedError(Code.DECISION_INCOMPLETE, "reasons")
    if any(row is not None and row.asks_note for row in reasons) and not has_note:
        raise RefusedError(Code.DECISION_INCOMPLETE, "note")


def _reason(pack: PolicyPack, ground: str | None, code: str | None) -> Reason | None:
    """Return the reason of that code under that ground, if there is one."""
    asked = (row.reasons for row in pack.grounds if row.code == ground)
    return next((row for row in next(asked, ()) if row.code == code), None)
