"""What an undo takes back: the last act that stands, or all that stood together.

Undo is a compensating entry, never an erasure; it reaches back through every act
that no receipt covers yet. Decisions that were committed in one transaction, of an
item and its copies, are taken back in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats.wire import DecideBody, HandBackBody, UndoBody
from reviewer.ports import ItemRow, Store, StoredEntry, Writing
from reviewer.services.journaling import ACTS_UPON_ITEMS, Journal

META_TOGETHER: Final = "together:"
STEP_COUNT: Final = 64

_Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An act upon an item, as the journal has it."""

    seq: int
    sha256: Sha256Hex
    batch_id: BatchId
    item_id: ItemId
    body: DecideBody | HandBackBody | UndoBody

    @property
    def supersedes(self) -> Sha256Hex | None:
        """Return the entry that this one replaced."""
        return None if isinstance(self.body, UndoBody) else self.body.supersedes


class History:
    """Reads the journal backwards, on the store's thread."""

    def __init__(self, *, store: Store, journal: Journal) -> None:
        """Take what is read."""
        self._store = store
        self._journal = journal

    def undoable(self, batch_id: BatchId) -> tuple[Past, ...]:
        """Return the acts that one undo takes back, newest first.

        Raises:
            RefusedError: NOTHING_TO_UNDO.
        """
        head = self._store.head()
        undone: set[str] = set()
        found: list[Past] = []
        first = head.receipted
        for past in self._backwards(head.size - 1, head.receipted):
            if past.seq < first:
                break
            if past.batch_id != batch_id:
                continue
            if isinstance(past.body, UndoBody):
                undone.add(past.body.undoes)
            elif past.sha256 not in undone:
                found.append(past)
                first = max(first, self._together_from(batch_id, past.seq))
        if not found:
            raise RefusedError(Code.NOTHING_TO_UNDO)
        return tuple(found)

    def before(self, act: Past) -> Standing:
        """Return what held for an item before an act upon it.

        Raises:
            RefusedError: NOTHING_TO_UNDO, the entry it replaced is not there.
        """
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

    def unsent_together(self, row: ItemRow) -> Past | None:
        """Return the decision of an item that it got with others and that is unsent."""
        seq = row.standing.seq
        if seq is None or not self.is_together(row):
            return None
        return self._past(next(iter(self._store.entries(seq, seq))))

    def is_together(self, row: ItemRow) -> bool:
        """Return whether what holds for an item was decided with others, unsent."""
        standing = row.standing
        seq = standing.seq
        if standing.kind is not StandingKind.DECIDED or standing.sent or seq is None:
            return False
        return any(first <= seq <= last for first, last in self._ranges(row.batch_id))

    def mark_together(
        self, tx: Writing, batch_id: BatchId, *, first: int, last: int
    ) -> None:
        """Remember that these entries were committed as one act upon several items."""
        ranges = [*self._ranges(batch_id), (first, last)]
        tx.put_meta(META_TOGETHER + batch_id, msgspec.json.encode(ranges))

    def _together_from(self, batch_id: BatchId, seq: int) -> int:
        """Return the first entry that was committed with this one."""
        ranges = self._ranges(batch_id)
        return next((first for first, last in ranges if first <= seq <= last), seq)

    def _ranges(self, batch_id: BatchId) -> _Ranges:
        kept = self._store.meta(META_TOGETHER + batch_id)
        return [] if kept is None else msgspec.json.decode(kept, type=_Ranges)

    def _backwards(self, last: int, first: int) -> Iterator[Past]:
        """Yield acts upon items from the newest to the oldest, read in steps."""
        while last >= first:
            start = max(first, last - STEP_COUNT + 1)
            for stored in reversed(list(self._store.entries(start, last))):
                if stored.act in ACTS_UPON_ITEMS:
                    yield self._past(stored)
            last = start - 1

    def _past(self, stored: StoredEntry) -> Past:
        verified = self._journal.read(stored.envelope)
        body = verified.body
        if not isinstance(body, DecideBody | HandBackBody | UndoBody):
            raise VerificationError(Code.CHAIN_BROKEN, stored.act)
        return Past(
            seq=stored.seq,
            sha256=verified.sha256,
            batch_id=body.batch_id,
            item_id=body.item_id,
            body=body,
        )
