"""*Minor possible*: cover at once, seal for good, take copies along (review-loop.md).

Two steps. A mark is journalled at once and can be taken back. A seal cannot: the
item's key goes to the organisation's quarantine key, every local copy of it is
destroyed, and what the item says is forgotten. Items of the same bytes go along, here
and in every later batch. What was marked and not taken back is sealed at lock, and at
unlock where a crash came before.

Without a quarantine key nothing is destroyed that the law may ask for: the key is
locked away where no reader of items looks, until the organisation names one (ADR-0035).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPublicKey
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.errors import (
    Code,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import canonical, envelope
from reviewer.formats.acts import standing_after
from reviewer.formats.sealed import quarantine_key, wrap_identity
from reviewer.formats.wire import (
    Act,
    BatchOuter,
    SealBinding,
    SealBody,
    SealedMedia,
    SealStage,
    UndoBody,
)
from reviewer.ports import ItemRow, Store, Writing
from reviewer.services.acting import Acting, Changed, upon
from reviewer.services.importing import META_HEAD
from reviewer.services.journaling import JournalWriter
from reviewer.services.turning import Turning
from reviewer.services.undoing import History


class Readers(Protocol):
    """Whoever gives out readers of the open batch."""

    def hide(self, item_ids: Iterable[ItemId], /) -> None:
        """Make no reader of these items any more."""

    def unhide(self, item_ids: Iterable[ItemId], /) -> None:
        """Make readers of these items again; they come back covered."""


class Sealing:
    """Marks and seals by one actor, on the store's thread."""

    def __init__(
        self,
        *,
        acting: Acting,
        turning: Turning,
        readers: Readers,
        release: Callable[[ItemId], None],
        quarantine: Callable[[], str | None],
    ) -> None:
        """Take the vault, who acts, and what shows items.

        Args:
            acting: Writes acts.
            turning: Lets keys turn once one was destroyed.
            readers: Are told before anything is written.
            release: Ends the child that decodes an item.
            quarantine: Returns the key that the newest org config names.
        """
        self._acting = acting
        self._store: Final[Store] = acting.store
        self._history = History(store=acting.store, journal=acting.journal)
        self._turning = turning
        self._readers = readers
        self._release = release
        self._quarantine = quarantine

    def mark(self, item_id: ItemId) -> Changed:
        """Cover an item and journal that a minor may be shown; the first C.

        The item stays hidden even where nothing could be written. One that is marked
        or sealed already is left as it is.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing is journalled.
        """
        self._hide([item_id])
        row = self._acting.writable(item_id)
        if row.standing.kind in {StandingKind.MARKED, StandingKind.SEALED}:
            return self._unchanged(row)
        with self._store.write() as tx:
            seq = self._put(
                tx,
                self._acting.writer(tx),
                row,
                SealBody(
                    **upon(row),
                    stage=SealStage.MARKED,
                    ciphertext=self._ciphertext(row),
                    supersedes=self._acting.standing_entry(row),
                ),
            )
        return self._acting.changed([item_id], seq)

    def unmark(self, item_id: ItemId) -> Changed:
        """Take a mark back by an `undo` entry; the item comes back covered.

        Raises:
            RefusedError: ITEM_SEALED, too late; NOTHING_TO_UNDO, it is not marked;
                READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; the mark stands.
        """
        row = self._acting.writable(item_id)
        if row.standing.kind is StandingKind.SEALED:
            raise RefusedError(Code.ITEM_SEALED, item_id)
        mark = self._history.standing_act(row)
        if mark is None or row.standing.kind is not StandingKind.MARKED:
            raise RefusedError(Code.NOTHING_TO_UNDO, item_id)
        with self._store.write() as tx:
            body = UndoBody(**upon(row), undoes=mark.sha256)
            done = self._acting.writer(tx).append(Act.UNDO, body, item_id=item_id)
            tx.put_standings(self._history.before(mark))
        self._readers.unhide([item_id])
        return self._acting.changed([item_id], done.seq)

    def seal(self, item_id: ItemId) -> Changed:
        """Seal a marked item and its exact copies for good; the second C.

        One that is sealed already is left as it is, so that the window's timer and a
        key may both come. `Changed.also` are the copies.

        Raises:
            RefusedError: INPUT_INVALID, it is not marked, or not any more;
                READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; it is marked, and sealed at the lock.
        """
        row = self._acting.writable(item_id)
        if row.standing.kind is StandingKind.SEALED:
            return self._unchanged(row)
        if row.standing.kind is not StandingKind.MARKED:
            raise RefusedError(Code.INPUT_INVALID, "not marked")
        seq, sealed = self._seal([row])
        return self._acting.changed(sealed, seq)

    def finish_marked(self) -> int:
        """Seal what is marked, and keys that waited for a quarantine key; how many.

        Called at lock and, for what a crash left, at unlock.

        Raises:
            UnavailableError: the disk failed; all stays marked and covered.
        """
        if self._store.read_only():
            return 0
        marked = self._store.standing_as(StandingKind.MARKED)
        sealed = self._seal(marked)[1] if marked else ()
        return len(sealed) + self._seal_kept()

    def imported(
        self, tx: Writing, writer: JournalWriter, batch_id: BatchId
    ) -> tuple[ItemId, ...]:
        """Seal the items of a new batch whose bytes were sealed before.

        Within the transaction of the import; keys turn once it is committed.
        """
        earlier = self._store.standing_as(StandingKind.SEALED)
        known = {row.item.sha256 for row in earlier}
        rows = [r for r in self._store.items(batch_id) if r.item.sha256 in known]
        self._hide([row.item.id for row in rows])
        for row in rows:
            self._conclude(tx, writer, row)
        return tuple(row.item.id for row in rows)

    def destroyed(self) -> None:
        """Let keys turn after an import that sealed something; never raises."""
        self._turning.destroyed()

    def _seal(self, marked: Sequence[ItemRow]) -> tuple[int, tuple[ItemId, ...]]:
        """Seal items and their copies in one transaction; return first seq and ids."""
        rows = self._with_copies(marked)
        sealed = tuple(row.item.id for row in rows)
        self._hide(sealed)
        first = self._store.head().size
        with self._store.write() as tx:
            writer = self._acting.writer(tx)
            for row in rows:
                self._conclude(tx, writer, row)
        self._turning.destroyed()
        return first, sealed

    def _hide(self, item_ids: Sequence[ItemId]) -> None:
        """Let nothing of these items be decoded, and end what is."""
        self._readers.hide(item_ids)
        for item_id in item_ids:
            self._release(item_id)

    def _with_copies(self, marked: Sequence[ItemRow]) -> tuple[ItemRow, ...]:
        found = {row.item.id: row for row in marked}
        for sha256 in dict.fromkeys(row.item.sha256 for row in marked):
            for item_id in self._store.copies(sha256):
                found.setdefault(item_id, self._store.item(item_id))
        return tuple(
            row
            for row in found.values()
            if row.standing.kind is not StandingKind.SEALED
        )

    def _conclude(self, tx: Writing, writer: JournalWriter, row: ItemRow) -> None:
        """Write one seal: the entry, then the end of the local key."""
        to = self._key()
        with contextlib.suppress(RefusedError):
            identity = self._store.identity(row.item.id)
            self._put(tx, writer, row, self._sealed(row, identity, to))
            tx.seal_item(row.item.id, keep_key=to is None)
            return
        # Its key went before, by shredding: there is nothing to wrap.
        self._put(tx, writer, row, self._sealed(row, None, None))
        tx.seal_item(row.item.id, keep_key=False)

    def _seal_kept(self) -> int:
        """Bring keys that were locked away to the quarantine key, if there is one."""
        to, kept = self._key(), self._store.kept_keys()
        if to is None or not kept:
            return 0
        with self._store.write() as tx:
            writer = self._acting.writer(tx)
            for item_id in kept:
                row = self._store.item(item_id)
                identity = self._store.kept_identity(item_id)
                self._put(tx, writer, row, self._sealed(row, identity, to))
                tx.drop_kept_key(item_id)
        self._turning.destroyed()
        return len(kept)

    def _sealed(
        self, row: ItemRow, identity: bytes | None, to: SealPublicKey | None
    ) -> SealBody:
        entry = self._acting.standing_entry(row)
        binding = SealBinding(
            item_id=row.item.id,
            item_sha256=row.item.sha256,
            ciphertext=self._ciphertext(row),
        )
        wrapped = None
        if identity is not None and to is not None:
            wrapped = wrap_identity(identity, binding=binding, to=to)
        return SealBody(
            **upon(row),
            stage=SealStage.SEALED,
            ciphertext=binding.ciphertext,
            marked=entry if row.standing.kind is StandingKind.MARKED else None,
            quarantine_key=to.key_id if to is not None and wrapped else None,
            wrapped=wrapped,
            supersedes=entry,
        )

    def _put(
        self, tx: Writing, writer: JournalWriter, row: ItemRow, body: SealBody
    ) -> int:
        done = writer.append(Act.SEAL, body, item_id=row.item.id)
        tx.put_standing(standing_after(row.standing, body, seq=done.seq))
        return done.seq

    def _key(self) -> SealPublicKey | None:
        """Return the quarantine key; one that cannot be read counts as none."""
        text = self._quarantine()
        if text is None:
            return None
        with contextlib.suppress(VerificationError):
            return quarantine_key(text)
        return None

    def _ciphertext(self, row: ItemRow) -> SealedMedia:
        return SealedMedia(
            media_sha256=self._media_sha256(row.batch_id),
            offset_bytes=row.item.offset_bytes,
            length_bytes=row.item.sealed_bytes,
        )

    def _media_sha256(self, batch_id: BatchId) -> Sha256Hex:
        """Return the hash of a batch's media, as its own envelope has it."""
        head = self._store.meta(META_HEAD + batch_id) or b""
        known = (row.sha256 for row in self._store.batches())
        if sha256_hex(head) not in known:
            raise UnavailableError(Code.DATABASE_DAMAGED, "batch head")
        signed = envelope.parse(head, max_bytes=len(head))
        payload = signed.untrusted_payload  # the row's hash is of a verified one
        outer = canonical.decode(payload, BatchOuter, max_bytes=len(payload))
        return outer.binding.media.sha256

    def _unchanged(self, row: ItemRow) -> Changed:
        return self._acting.changed([row.item.id], row.standing.seq or 0)
