"""Hand over the rest of a batch: one act for all that is undecided.

Nothing refuses it: no cap, no date, no reason asked for. What was decided stays and
is sent; what was only kept for later goes too. The same entry reports what was still
undecided when a batch's date passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reviewer.domain import times
from reviewer.domain.decision import HandOver, StandingKind
from reviewer.domain.ids import BatchId
from reviewer.errors import Code, RefusedError
from reviewer.formats.acts import standing_after
from reviewer.formats.places import pack_places
from reviewer.formats.wire import Act, ClockTrust, HandOverBody
from reviewer.ports import BatchRow, Clock, ItemRow
from reviewer.services.acting import Acting, Note, keep_note
from reviewer.services.journaling import UNFILLED, JournalState

LINE_CHARACTERS: Final = 280
"""Of the one line that may go with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What was returned."""

    batch_id: BatchId
    items: int
    decided: int
    """Items of the batch that stay as they are and are sent."""
    seq: int
    journal: JournalState


class Handing:
    """Returns the rest of batches, on the store's thread."""

    def __init__(self, acting: Acting, *, clock: Clock) -> None:
        """Take who acts, and the clock that tells whether a batch is past its date."""
        self._acting = acting
        self._store = acting.store
        self._clock = clock

    def undecided(self, batch_id: BatchId) -> int:
        """Return how many items `hand_over` would return."""
        return self._store.counts(batch_id).open

    def hand_over(self, batch_id: BatchId, *, line: str | None = None) -> HandedOver:
        """Return every undecided item, kept ones too, in one entry.

        U takes it back whole, until it is sent.

        Args:
            batch_id: The batch.
            line: One line for whoever goes on, never required.

        Raises:
            RefusedError: READ_ONLY; NOTHING_TO_HAND_OVER, every item has an answer;
                INPUT_INVALID, a long line; ITEM_UNKNOWN, no such batch.
            UnavailableError: the disk failed; nothing has changed.
        """
        self._acting.check_writable()
        text = " ".join((line or "").split())
        if len(text) > LINE_CHARACTERS:
            raise RefusedError(Code.INPUT_INVALID, f"line over {LINE_CHARACTERS}")
        rows = self._store.items(batch_id)
        left = _undecided(rows)
        if not left:
            counts = self._store.counts(batch_id)  # ITEM_UNKNOWN for no batch
            raise RefusedError(Code.NOTHING_TO_HAND_OVER, f"{counts.decided}")
        noted = self._acting.noted(text)
        seq = self._put(batch_id, left, HandOver.REQUESTED, noted)
        decided = sum(row.standing.kind is StandingKind.DECIDED for row in rows)
        return HandedOver(
            batch_id=batch_id,
            items=len(left),
            decided=decided,
            seq=seq,
            journal=self._acting.journal.state(),
        )

    def expired(self) -> tuple[BatchId, ...]:
        """Return the batches past their date that still hold undecided items."""
        return tuple(
            row.batch_id
            for row in self._store.batches()
            if self._is_past(row) and self._store.counts(row.batch_id).open
        )

    def expired_items(self) -> int:
        """Return how many undecided items are past the date of their batch."""
        return sum(self._store.counts(each).open for each in self.expired())

    def report_expired(self) -> int:
        """Report what is undecided in batches past their date; return how many items.

        Run before a submission is frozen. Such an item may still be decided while its
        key lives: the decision then stands in place of the report.

        Raises:
            RefusedError: READ_ONLY.
            UnavailableError: the disk failed; nothing has changed.
        """
        reported = 0
        for batch_id in self.expired():
            self._acting.check_writable()
            left = _undecided(self._store.items(batch_id))
            self._put(batch_id, left, HandOver.EXPIRED, None)
            reported += len(left)
        return reported

    def _put(
        self,
        batch_id: BatchId,
        left: tuple[ItemRow, ...],
        reason: HandOver,
        noted: Note | None,
    ) -> int:
        body = HandOverBody(
            moment=UNFILLED,
            clock_trust=ClockTrust.PLAUSIBLE,
            batch_id=batch_id,
            items=pack_places(row.position for row in left),
            items_count=len(left),
            reason=reason,
            note_commitment=None if noted is None else noted.commitment,
        )
        with self._store.write() as tx:
            done = self._acting.writer(tx).append(Act.HAND_OVER, body)
            keep_note(tx, done.seq, noted)
            tx.put_standings(
                [standing_after(row.standing, body, seq=done.seq) for row in left]
            )
        return done.seq

    def _is_past(self, row: BatchRow) -> bool:
        now = times.utc_of(self._clock.unix_ms())
        return max(now, self._store.signed_time() or now) > row.not_after


def _undecided(rows: tuple[ItemRow, ...]) -> tuple[ItemRow, ...]:
    return tuple(row for row in rows if row.standing.kind is StandingKind.OPEN)
