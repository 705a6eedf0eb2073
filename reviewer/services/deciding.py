"""Decide, undo, hand back: each act one transaction of records and their entries.

An item and its copies are decided in one act: all of them, or none. What the
journal says wins over the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reviewer.domain.decision import (
    LOCKED_AWAY,
    Basis,
    Decision,
    Outcome,
    are_passages,
)
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.domain.item import Kind
from reviewer.domain.policy import PolicyPack, Reason
from reviewer.errors import Code, RefusedError
from reviewer.formats.acts import standing_after
from reviewer.formats.wire import Act, DecideBody, HandBackBody, UndoBody
from reviewer.ports import ItemRow, Writing
from reviewer.services.acting import (
    NOTE_CHARACTERS,
    Acting,
    Changed,
    keep_note,
    upon,
)
from reviewer.services.drafting import Complete
from reviewer.services.journaling import JournalWriter
from reviewer.services.undoing import History, Past

__all__ = ["NOTE_CHARACTERS", "Changed", "Deciding", "Ruling", "check_complete"]

Beside = Callable[[Writing], None]
"""Writes into the transaction of an act."""


def _nothing_beside(tx: Writing) -> None:
    """Write nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided of one item."""

    item_id: ItemId
    complete: Complete
    basis: Basis
    outcome: Outcome


class Deciding:
    """Acts upon items by one actor, on the store's thread."""

    def __init__(self, acting: Acting) -> None:
        """Take the vault and who acts."""
        self._acting = acting
        self._store = acting.store
        self._history = History(store=acting.store, journal=acting.journal)

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening of an item; None when it is recorded already."""
        row = self._store.item(item_id)
        locked_away = row.standing.kind in LOCKED_AWAY
        if row.opened or locked_away or self._store.read_only():
            return None
        with self._store.write() as tx:
            seq = self._acting.open(tx, self._acting.writer(tx), row)
        return self._acting.changed([item_id], seq)

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
        """Record a decision; one on a decided item supersedes it, sent or not.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN; CORRECTION_LATE, it was sent and
                the item's key is gone.
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
            RefusedError: READ_ONLY, ITEM_UNKNOWN, CORRECTION_LATE; INPUT_INVALID,
                the passages are not places of a text.
            UnavailableError: the disk failed; nothing has changed.
        """
        rows = [self._decidable(ruling.item_id) for ruling in rulings]
        for row, ruling in zip(rows, rulings, strict=True):
            _check_passages(row, ruling)
        with self._store.write() as tx:
            writer = self._acting.writer(tx)
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
        return self._acting.changed([row.item.id for row in rows], seqs[0])

    def hand_back(
        self, item_id: ItemId, *, reason: str | None = None, note: str | None = None
    ) -> Changed:
        """Return an item undecided; unlimited, the reason optional.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        return self._acting.settle(
            item_id,
            Act.HAND_BACK,
            lambda fields: HandBackBody(**fields, reason=reason),
            note=note,
        )

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last act of the batch that stands unsent.

        An item and its copies that were decided in one act are taken back in one,
        and so is the rest of a batch that was handed over.

        Raises:
            RefusedError: NOTHING_TO_UNDO, READ_ONLY; ALREADY_SENT, what stands was
                sent: it is corrected by deciding anew.
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
        rows = [self._acting.actable(item_id) for item_id in item_ids]
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
        rows = {act.item_id: self._acting.writable(act.item_id) for act in acts}
        with self._store.write() as tx:
            writer = self._acting.writer(tx)
            for act in acts:
                body = UndoBody(**upon(rows[act.item_id]), undoes=act.sha256)
                writer.append(Act.UNDO, body, item_id=act.item_id)
                tx.put_standings(self._history.before(act))
            beside(tx)
        oldest_first = [item for act in reversed(acts) for item in act.item_ids]
        return self._acting.changed(
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
            self._acting.open(tx, writer, row)
        noted = self._acting.noted(note)
        decision = Decision(
            verdict=ruling.complete.verdict,
            grounds=ruling.complete.grounds,
            protected_purpose=ruling.complete.purpose,
            reasons=ruling.complete.reasons,
            basis=ruling.basis,
            outcome=ruling.outcome,
            severity_corrected=row.own_severity,
            note_commitment=None if noted is None else noted.commitment,
            passages=ruling.complete.passages,
        )
        body = DecideBody(
            **upon(row),
            policy_sha256=policy_sha256,
            decision=decision,
            supersedes=self._acting.standing_entry(row),
        )
        done = writer.append(Act.DECIDE, body, item_id=row.item.id)
        keep_note(tx, done.seq, noted)
        tx.put_standing(standing_after(row.standing, body, seq=done.seq))
        return done.seq

    def _decidable(self, item_id: ItemId) -> ItemRow:
        """Return an item that may be decided; what was sent, while its key lives."""
        row = self._acting.actable(item_id)
        if row.standing.sent and not self._has_key(item_id):
            raise RefusedError(Code.CORRECTION_LATE, item_id)
        return row

    def _has_key(self, item_id: ItemId) -> bool:
        try:
            self._store.identity(item_id)
        except RefusedError:
            return False
        return True


def _check_passages(row: ItemRow, ruling: Ruling) -> None:
    passages = ruling.complete.passages
    if passages and (row.item.kind is not Kind.TEXT or not are_passages(passages)):
        raise RefusedError(Code.INPUT_INVALID, "passages")


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
