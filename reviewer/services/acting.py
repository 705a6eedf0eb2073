"""What every act upon items has in common: one transaction of entry and standing.

`deciding`, `flagging` and `handing` say what is recorded; here is how. What the
journal says wins over the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import LOCKED_AWAY, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.errors import Code, RefusedError
from reviewer.formats.acts import ItemAct, standing_after
from reviewer.formats.entry import commit
from reviewer.formats.wire import Act, ClockTrust, ItemBody
from reviewer.ports import Entropy, ItemRow, Store, StoredOpening, Writing
from reviewer.services.journaling import (
    SALT_BYTES,
    UNFILLED,
    Journal,
    JournalState,
    JournalWriter,
)

NOTE_CHARACTERS: Final = 2_000
_FEW_COUNT: Final = 64  # read one by one; more are read with their batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What an act changed; views subscribe to it."""

    row: ItemRow
    journal: JournalState
    seq: int
    also: tuple[ItemRow, ...] = ()
    """Copies that the same act changed."""


class Upon(TypedDict):
    """The fields that the body of every act upon one item begins with."""

    moment: Sha256Hex
    clock_trust: ClockTrust
    batch_id: BatchId
    item_id: ItemId
    item_sha256: Sha256Hex


class Settling(Upon):
    """The fields of an act that replaces what held for an item, with a note."""

    supersedes: Sha256Hex | None
    note_commitment: Sha256Hex | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A free text and the salted hash by which an entry commits to it."""

    text: str
    salt: bytes
    commitment: Sha256Hex


class Acting:
    """Writes acts by one actor, on the store's thread."""

    def __init__(
        self, *, store: Store, journal: Journal, actor: str, entropy: Entropy
    ) -> None:
        """Take the vault and who acts."""
        self.store = store
        self.journal = journal
        self._actor = actor
        self._entropy = entropy

    def check_writable(self) -> None:
        """Refuse to act in a vault that was rolled back.

        Raises:
            RefusedError: READ_ONLY.
        """
        if self.store.read_only():
            raise RefusedError(Code.READ_ONLY)

    def writable(self, item_id: ItemId) -> ItemRow:
        """Return an item that may be acted upon.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
        """
        self.check_writable()
        return self.store.item(item_id)

    def actable(self, item_id: ItemId) -> ItemRow:
        """Return an item that something may be decided of.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN; ITEM_SEALED, a minor may be shown.
        """
        row = self.writable(item_id)
        if row.standing.kind in LOCKED_AWAY:
            raise RefusedError(Code.ITEM_SEALED, item_id)
        return row

    def writer(self, tx: Writing) -> JournalWriter:
        """Return what appends entries in this transaction; one for each."""
        return self.journal.writer(tx, actor=self._actor)

    def settle(
        self,
        item_id: ItemId,
        act: Act,
        make: Callable[[Settling], ItemAct],
        *,
        note: str | None = None,
    ) -> Changed:
        """Record one act upon one item, in a transaction of its own.

        Args:
            item_id: The item.
            act: Of the entry.
            make: Makes the body out of the fields that all have.
            note: Travels beside the entry, which commits to it.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN, ITEM_SEALED; INPUT_INVALID, a
                long note.
            UnavailableError: the disk failed; nothing has changed.
        """
        row = self.actable(item_id)
        noted = self.noted(note)
        with self.store.write() as tx:
            body = make(
                Settling(
                    **upon(row),
                    supersedes=self.standing_entry(row),
                    note_commitment=None if noted is None else noted.commitment,
                )
            )
            done = self.writer(tx).append(act, body, item_id=item_id)
            keep_note(tx, done.seq, noted)
            tx.put_standing(standing_after(row.standing, body, seq=done.seq))
        return self.changed([item_id], done.seq)

    def open(self, tx: Writing, writer: JournalWriter, row: ItemRow) -> int:
        """Record the first opening of an item; return the entry's number."""
        done = writer.append(Act.OPEN, ItemBody(**upon(row)), item_id=row.item.id)
        tx.mark_opened(row.item.id)
        return done.seq

    def noted(self, note: str | None) -> Note | None:
        """Return a note with its commitment, None for an empty one.

        Raises:
            RefusedError: INPUT_INVALID, over `NOTE_CHARACTERS`.
        """
        if not note:
            return None
        if len(note) > NOTE_CHARACTERS:
            raise RefusedError(Code.INPUT_INVALID, f"note over {NOTE_CHARACTERS}")
        salt = self._entropy(SALT_BYTES)
        return Note(text=note, salt=salt, commitment=commit(salt, note.encode()))

    def standing_entry(self, row: ItemRow) -> Sha256Hex | None:
        """Return the hash of the entry by which an item stands as it does."""
        seq = row.standing.seq
        if row.standing.kind is StandingKind.OPEN or seq is None:
            return None
        stored = next(iter(self.store.entries(seq, seq)))
        return sha256_hex(stored.envelope)

    def changed(self, item_ids: Sequence[ItemId], seq: int) -> Changed:
        """Return how items stand now; the first was acted upon."""
        row, *also = self._rows(item_ids)
        state = self.journal.state()
        return Changed(row=row, journal=state, seq=seq, also=tuple(also))

    def _rows(self, item_ids: Sequence[ItemId]) -> list[ItemRow]:
        if len(item_ids) <= _FEW_COUNT:
            return [self.store.item(item_id) for item_id in item_ids]
        batch_id = self.store.item(item_ids[0]).batch_id
        rows = {row.item.id: row for row in self.store.items(batch_id)}
        # Copies that were sealed along may be of another batch.
        return [rows.get(each) or self.store.item(each) for each in item_ids]


def upon(row: ItemRow) -> Upon:
    """Return the fields that the body of an act upon an item begins with."""
    return Upon(
        moment=UNFILLED,
        clock_trust=ClockTrust.PLAUSIBLE,
        batch_id=row.batch_id,
        item_id=row.item.id,
        item_sha256=row.item.sha256,
    )


def keep_note(tx: Writing, seq: int, noted: Note | None) -> None:
    """Keep a note beside its entry."""
    if noted is not None:
        tx.add_opening(StoredOpening(seq=seq, salt=noted.salt, text=noted.text))
