"""Decide, undo, hand back: each act one transaction of a record and its entry.

Undo is a compensating entry, never an erasure; it reaches back through every act
that no receipt covers yet. What the journal says wins over the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Basis, Decision, Outcome, Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.domain.policy import PolicyPack, Reason
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats.entry import commit
from reviewer.formats.wire import (
    Act,
    ClockTrust,
    DecideBody,
    HandBackBody,
    ItemBody,
    UndoBody,
)
from reviewer.ports import Entropy, ItemRow, Store, StoredEntry, StoredOpening, Writing
from reviewer.services.drafting import Complete
from reviewer.services.journaling import (
    ACTS_UPON_ITEMS,
    SALT_BYTES,
    UNFILLED,
    Journal,
    JournalState,
    JournalWriter,
)

NOTE_CHARACTERS: Final = 2_000
STEP_COUNT: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What an act changed; views subscribe to it."""

    row: ItemRow
    journal: JournalState
    seq: int


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

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening of an item; None when it is recorded already."""
        row = self._store.item(item_id)
        if row.opened or self._store.read_only():
            return None
        with self._store.write() as tx:
            seq = self._open(tx, self._writer(tx), row)
        return self._changed(item_id, seq)

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
        row = self._writable(item_id)
        with self._store.write() as tx:
            writer = self._writer(tx)
            if not row.opened:
                self._open(tx, writer, row)
            salt, commitment = self._committed(note)
            decision = Decision(
                verdict=complete.verdict,
                grounds=complete.grounds,
                protected_purpose=complete.purpose,
                reasons=complete.reasons,
                basis=basis,
                outcome=outcome,
                severity_corrected=row.own_severity,
                note_commitment=commitment,
            )
            done = writer.append(
                Act.DECIDE,
                DecideBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    batch_id=row.batch_id,
                    item_id=item_id,
                    item_sha256=row.item.sha256,
                    policy_sha256=policy_sha256,
                    decision=decision,
                    supersedes=self._standing_entry(row),
                ),
                item_id=item_id,
            )
            self._keep_note(tx, done.seq, salt, note)
            tx.put_standing(
                Standing(
                    item_id=item_id,
                    kind=StandingKind.DECIDED,
                    seq=done.seq,
                    decision=decision,
                )
            )
        return self._changed(item_id, done.seq)

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
        return self._changed(item_id, done.seq)

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last act upon an item of the batch that stands unsent.

        Raises:
            RefusedError: NOTHING_TO_UNDO, READ_ONLY.
        """
        act = self._last_undoable(batch_id)
        row = self._writable(act.item_id)
        with self._store.write() as tx:
            done = self._writer(tx).append(
                Act.UNDO,
                UndoBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    batch_id=row.batch_id,
                    item_id=act.item_id,
                    item_sha256=row.item.sha256,
                    undoes=act.sha256,
                ),
                item_id=act.item_id,
            )
            tx.put_standing(self._before(act))
        return self._changed(act.item_id, done.seq)

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

    def _changed(self, item_id: ItemId, seq: int) -> Changed:
        return Changed(
            row=self._store.item(item_id), journal=self._journal.state(), seq=seq
        )

    def _last_undoable(self, batch_id: BatchId) -> _Past:
        head = self._store.head()
        undone: set[str] = set()
        for past in self._backwards(head.size - 1, head.receipted):
            if past.batch_id != batch_id:
                continue
            if isinstance(past.body, UndoBody):
                undone.add(past.body.undoes)
            elif past.sha256 not in undone:
                return past
        raise RefusedError(Code.NOTHING_TO_UNDO)

    def _before(self, act: _Past) -> Standing:
        supersedes = act.supersedes
        if supersedes is None:
            return Standing(item_id=act.item_id, kind=StandingKind.OPEN)
        receipted = self._store.head().receipted
        for past in self._backwards(act.seq - 1, 0):
            if past.sha256 != supersedes:
                continue
            decided = isinstance(past.body, DecideBody)
            return Standing(
                item_id=act.item_id,
                kind=StandingKind.DECIDED if decided else StandingKind.HANDED_BACK,
                seq=past.seq,
                decision=past.body.decision
                if isinstance(past.body, DecideBody)
                else None,
                sent=past.seq < receipted,
            )
        raise RefusedError(Code.NOTHING_TO_UNDO)

    def _backwards(self, last: int, first: int) -> Iterator[_Past]:
        """Yield acts upon items from the newest to the oldest, read in steps."""
        while last >= first:
            start = max(first, last - STEP_COUNT + 1)
            for stored in reversed(list(self._store.entries(start, last))):
                if stored.act in ACTS_UPON_ITEMS:
                    yield self._past(stored)
            last = start - 1

    def _past(self, stored: StoredEntry) -> _Past:
        verified = self._journal.read(stored.envelope)
        body = verified.body
        if not isinstance(body, DecideBody | HandBackBody | UndoBody):
            raise VerificationError(Code.CHAIN_BROKEN, stored.act)
        return _Past(
            seq=stored.seq,
            sha256=verified.sha256,
            batch_id=body.batch_id,
            item_id=body.item_id,
            body=body,
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    seq: int
    sha256: Sha256Hex
    batch_id: BatchId
    item_id: ItemId
    body: DecideBody | HandBackBody | UndoBody

    @property
    def supersedes(self) -> Sha256Hex | None:
        return None if isinstance(self.body, UndoBody) else self.body.supersedes
