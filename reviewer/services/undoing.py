"""What an undo takes back: the last act that stands, or all that stood together.

Undo is a compensating entry, never an erasure; it reaches back through every act
that no receipt covers yet. Decisions that were committed in one transaction, of an
item and its copies, are taken back in one, and so is the rest of a batch that was
handed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.domain.decision import Decision, Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats.acts import (
    ACTS_UPON_ITEMS,
    SettlingAct,
    opened_again,
    standing_after,
)
from reviewer.formats.places import unpack_places
from reviewer.formats.wire import (
    DecideBody,
    EscalateBody,
    HandBackBody,
    HandOverBody,
    SealBody,
    SealStage,
    SecondOpinionBody,
    UndoBody,
)
from reviewer.ports import ItemRow, Store, StoredEntry, Writing
from reviewer.services.journaling import Journal

META_TOGETHER: Final = "together:"
STEP_COUNT: Final = 64

_Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An act upon items, as the journal has it."""

    seq: int
    sha256: Sha256Hex
    batch_id: BatchId
    body: SettlingAct | UndoBody
    item_ids: tuple[ItemId, ...]
    """One, or all that were handed over."""

    @property
    def item_id(self) -> ItemId:
        """Return the item; of many, the first."""
        return self.item_ids[0]

    @property
    def is_seal(self) -> bool:
        """Return whether it concluded its item for good."""
        return isinstance(self.body, SealBody) and self.body.stage is SealStage.SEALED

    @property
    def supersedes(self) -> Sha256Hex | None:
        """Return the entry that this one replaced."""
        if isinstance(self.body, UndoBody | HandOverBody):
            return None
        return self.body.supersedes


class History:
    """Reads the journal backwards, on the store's thread."""

    def __init__(self, *, store: Store, journal: Journal) -> None:
        """Take what is read."""
        self._store = store
        self._journal = journal

    def undoable(self, batch_id: BatchId) -> tuple[Past, ...]:
        """Return the acts that one undo takes back, newest first.

        Raises:
            RefusedError: NOTHING_TO_UNDO; ALREADY_SENT, what stands was sent.
        """
        head = self._store.head()
        undone: set[str] = set()
        sealed: set[ItemId] = set()
        found: list[Past] = []
        first = head.receipted
        for past in self._backwards(head.size - 1, head.receipted):
            if past.seq < first:
                break
            if past.batch_id != batch_id:
                continue
            if isinstance(past.body, UndoBody):
                undone.add(past.body.undoes)
            elif past.is_seal:
                sealed.add(past.item_id)
            elif past.sha256 not in undone and not sealed.issuperset(past.item_ids):
                found.append(past)
                first = max(first, self._together_from(batch_id, past.seq))
        if not found:
            sent = any(row.standing.sent for row in self._store.items(batch_id))
            raise RefusedError(Code.ALREADY_SENT if sent else Code.NOTHING_TO_UNDO)
        return tuple(found)

    def before(self, act: Past) -> tuple[Standing, ...]:
        """Return what held for the items of an act before it.

        Raises:
            RefusedError: NOTHING_TO_UNDO, the entry it replaced is not there.
        """
        if isinstance(act.body, HandOverBody):
            rows = {row.item.id: row for row in self._store.items(act.batch_id)}
            held = [rows[each].standing for each in act.item_ids]
            # What was decided since it was handed over goes on standing.
            return tuple(opened_again(one) for one in held if one.seq == act.seq)
        opened = Standing(item_id=act.item_id, kind=StandingKind.OPEN)
        if act.supersedes is None:
            return (opened,)
        past = self._find(act.supersedes, below=act.seq)
        if isinstance(past.body, UndoBody):
            raise VerificationError(Code.CHAIN_BROKEN, f"seq {act.seq}")
        holding = msgspec.structs.replace(opened, decision=self._decision_at(past))
        after = standing_after(holding, past.body, seq=past.seq)
        sent = past.seq < self._store.head().receipted
        return (msgspec.structs.replace(after, sent=sent),)

    def standing_act(self, row: ItemRow) -> Past | None:
        """Return the act by which an item stands as it does; None for an open one."""
        seq = row.standing.seq
        if seq is None:
            return None
        return self._past(next(iter(self._store.entries(seq, seq))))

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

    def _decision_at(self, past: Past) -> Decision | None:
        """Return the decision that an escalation left in force, if there was one."""
        while isinstance(past.body, EscalateBody) and past.supersedes is not None:
            past = self._find(past.supersedes, below=past.seq)
        return past.body.decision if isinstance(past.body, DecideBody) else None

    def _find(self, sha256: Sha256Hex, *, below: int) -> Past:
        for past in self._backwards(below - 1, 0):
            if past.sha256 == sha256:
                return past
        raise RefusedError(Code.NOTHING_TO_UNDO)

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
        match body:
            case HandOverBody():
                item_ids = self._handed_over(body)
            case (
                DecideBody()
                | HandBackBody()
                | SecondOpinionBody()
                | EscalateBody()
                | SealBody()
                | UndoBody()
            ):
                item_ids = (body.item_id,)
            case _:
                raise VerificationError(Code.CHAIN_BROKEN, stored.act)
        return Past(
            seq=stored.seq,
            sha256=verified.sha256,
            batch_id=body.batch_id,
            body=body,
            item_ids=item_ids,
        )

    def _handed_over(self, body: HandOverBody) -> tuple[ItemId, ...]:
        rows = self._store.items(body.batch_id)
        return tuple(rows[place].item.id for place in unpack_places(body.items))
