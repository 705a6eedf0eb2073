"""The store of one unlocked profile: transactions, anchor, confirmation.

A write lands in this order: the next anchor written beside, commit, anchor in
place, then `Confirmed` for each entry. A crash between any two leaves the database
at its anchor or ahead of it, never behind; a full disk shows before the commit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.formats.acts import ACTS_UPON_ITEMS
from reviewer.formats.base64 import b64, unb64
from reviewer.ports import (
    BatchCounts,
    BatchRow,
    Confirmed,
    Head,
    Identities,
    ItemRow,
    NewEntry,
    PendingSubmission,
    SealKeyRow,
    StoredEntry,
    StoredOpening,
    VaultKeys,
    Writing,
)
from reviewer.store import (
    batches,
    finding,
    items,
    journal,
    prints,
    rotation,
    sealing,
    shelf,
)
from reviewer.store.anchor import Anchor, AnchorFile
from reviewer.store.database import Database
from reviewer.store.faults import Fault, Point
from reviewer.store.journal import Tip

META_LEDGER: Final = "ledger_totals"
MAX_TOTALS_BYTES: Final = 8 * 1024 + 64  # within an anchor, as base64


class SqlWriting:
    """One open transaction; made by `SqlStore.write` alone."""

    def __init__(self, database: Database, *, keys: VaultKeys, tip: Tip) -> None:
        """Work on `tip`, which the store takes over after the commit."""
        self._database = database
        self._keys = keys
        self.tip = tip
        self.appended: list[tuple[int, Sha256Hex]] = []
        self.ledger_totals: bytes | None = None
        self.has_sealed = False
        self._touched: dict[ItemId, int] = {}

    def append(self, entry: NewEntry, /) -> None:
        """Add an entry at exactly the head's `size`.

        Raises:
            VerificationError: CHAIN_BROKEN, it does not follow the last entry.
        """
        journal.append(self._database, self.tip, entry, epoch=self._keys.epoch)
        self.appended.append((entry.seq, self.tip.entry_sha256))
        if entry.item_id is not None and entry.act in ACTS_UPON_ITEMS:
            self._touched[entry.item_id] = entry.seq

    def add_opening(self, opening: StoredOpening, /) -> None:
        """Keep a free text beside its entry."""
        journal.add_opening(self._database, opening)

    def put_standing(self, standing: Standing, /) -> None:
        """Set what now holds for an item, after its entry was appended."""
        touched = self._touched.get(standing.item_id)
        items.put_standing(self._database, standing, touched=touched)

    def put_standings(self, standings: Sequence[Standing], /) -> None:
        """Set what the entry appended last makes of these items."""
        touched = self.tip.size - 1
        items.put_standings(self._database, standings, touched=touched)

    def mark_opened(self, item_id: ItemId, /) -> None:
        """Note that the item has its `open` entry."""
        items.mark_opened(self._database, item_id)

    def set_keep(self, item_id: ItemId, /, *, keep: bool) -> None:
        """Keep an item for later."""
        items.set_keep(self._database, item_id, keep=keep)

    def set_own_severity(self, item_id: ItemId, severity: int | None, /) -> None:
        """Correct the severity for this reviewer."""
        items.set_own_severity(self._database, item_id, severity)

    def add_batch(self, row: BatchRow, new_items: Sequence[Item], /) -> None:
        """Insert a batch and its items; identities are wrapped, then dropped."""
        if row.items_count != len(new_items):
            raise AssertionError("items_count")
        spoken = {language for item in new_items for language in item.languages}
        number = batches.insert(self._database, row, languages=tuple(sorted(spoken)))
        items.insert(
            self._database,
            new_items,
            batch=number,
            item_key=self._keys.item_key,
            generation=self._keys.item_key_generation,
        )

    def put_fingerprint(self, item_id: ItemId, fingerprint: Fingerprint, /) -> None:
        """Keep what an item looks like, in place of an earlier fingerprint."""
        prints.put(self._database, item_id, fingerprint)

    def seal_item(self, item_id: ItemId, /, *, keep_key: bool) -> None:
        """Destroy an item's key, its fingerprint, and all it says."""
        sealing.seal(self._database, item_id, keep_key=keep_key)
        self.has_sealed = True

    def drop_kept_key(self, item_id: ItemId, /) -> None:
        """Destroy a key that `seal_item` kept."""
        sealing.drop_kept(self._database, item_id)

    def shred_keys(self, item_ids: Sequence[ItemId], /) -> None:
        """Destroy the keys of items."""
        sealing.shred(self._database, item_ids)

    def put_seal_keys(self, keys: Sequence[SealKeyRow], /) -> None:
        """Add single-use keys to the stock, or mark them published."""
        shelf.put_seal_keys(self._database, keys)

    def drop_seal_key(self, key_id: KeyId, /) -> None:
        """Destroy a single-use key after its batch is in."""
        shelf.drop_seal_key(self._database, key_id)

    def add_submission(self, pending: PendingSubmission, /) -> None:
        """Freeze a submission."""
        shelf.add_submission(self._database, pending)

    def add_receipt(
        self, envelope: bytes, /, *, submission: Sha256Hex, size: int
    ) -> None:
        """Keep a verified receipt; entries below `size` now count as sent."""
        if not 0 <= size <= self.tip.size:
            raise AssertionError("a receipt covers entries that are here")
        shelf.add_receipt(self._database, envelope, submission=submission, size=size)

    def put_meta(self, key: str, value: bytes, /) -> None:
        """Set a small value."""
        shelf.put_meta(self._database, key, value)

    def put_ledger_totals(self, sealed: bytes, /) -> None:
        """Remember the exposure totals, here and in the anchor of this commit."""
        if len(sealed) > MAX_TOTALS_BYTES:
            raise AssertionError("ledger totals")
        shelf.put_meta(self._database, META_LEDGER, sealed)
        self.ledger_totals = sealed

    def raise_signed_time(self, time: UtcTime, /) -> None:
        """Lift the highest signed time seen; never lowers it."""
        shelf.raise_signed_time(self._database, time)


class SqlStore:
    """The `Store` over SQLCipher; every call on the thread that opened it."""

    def __init__(
        self,
        database: Database,
        *,
        folder: Path,
        keys: VaultKeys,
        tip: Tip,
        anchor_file: AnchorFile,
        anchor: Anchor | None,
        opened_by: bytes,
        refusal: str,
        confirmed: Confirmed | None,
        fault: Fault,
    ) -> None:
        """Take over an open, migrated and checked database.

        Args:
            database: At its newest schema.
            folder: Of the profile.
            keys: Of the profile.
            tip: The end of its journal.
            anchor_file: Where the anchor goes.
            anchor: What stands in it, if that holds.
            opened_by: The database key that opened the file, while two are about.
            refusal: Why nothing may be written; empty when all is well.
            confirmed: Told of each entry once it is durable.
            fault: Called at named points; does nothing outside tests.
        """
        self._database = database
        self._media = folder / "media"
        self._keys = keys
        self._tip = tip
        self._anchor_file = anchor_file
        self._anchor = anchor
        self._opened_by = opened_by
        self._refusal = refusal
        self._confirmed = confirmed
        self._fault = fault
        self._receipted = shelf.receipted(database)
        self._signed_time = _later(
            shelf.signed_time(database),
            None if anchor is None else anchor.signed_time,
        )

    # Writing

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """Open a transaction; on leaving, commit, fsync the anchor, confirm.

        Raises:
            RefusedError: READ_ONLY, LOCKED.
            UnavailableError: DISK_FULL, DISK_FAILED; nothing of the transaction
                stays, and the store can be used again. Should the anchor fail after
                the commit, the store turns read-only until it is opened anew.
        """
        self._database.check_thread()
        if self._refusal:
            raise RefusedError(Code.READ_ONLY, self._refusal)
        self._database.begin()
        try:
            writing = SqlWriting(
                self._database, keys=self._keys, tip=self._tip.copied()
            )
            yield writing
            if writing.has_sealed:
                sealing.purge_words(self._database)
            receipted = shelf.receipted(self._database)
            signed_time = _later(self._signed_time, shelf.signed_time(self._database))
            anchor = self._next_anchor(
                writing.tip, signed_time, ledger_totals=writing.ledger_totals
            )
            if anchor != self._anchor:
                self._anchor_file.prepare(anchor)
            self._fault(Point.BEFORE_COMMIT)
            self._database.commit()
        except BaseException:
            self._database.rollback()
            raise
        self._tip = writing.tip
        self._receipted = receipted
        self._signed_time = signed_time
        self._settle(anchor, writing.appended)

    def turn(self, keys: VaultKeys, /) -> None:
        """Bring what is left under `keys.next`: wrapped keys, then the file.

        Raises:
            RefusedError: READ_ONLY, LOCKED.
            UnavailableError: DISK_FULL, DISK_FAILED, DATABASE_DAMAGED; what is under
                which key can still be told, and the next turn goes on.
        """
        fresh = keys.next
        if fresh is None:
            raise AssertionError("no next keys")
        whole = fresh.database_key != keys.database_key
        before = self._keys
        self._keys = dataclasses.replace(
            keys,
            item_key=fresh.item_key,
            item_key_generation=fresh.item_key_generation,
            database_key=fresh.database_key,
            next=None,
        )
        try:
            with self.write():
                rotation.rewrap(self._database, keys)
                if whole:
                    sealing.turned(self._database)
        except BaseException:
            self._keys = before
            raise
        self._fault(Point.AFTER_REWRAP)
        if self._opened_by != fresh.database_key:
            self._database.rekey(fresh.database_key)
            self._opened_by = fresh.database_key
        self._fault(Point.AFTER_REKEY)

    def ahead(self) -> None:
        """Bring the anchor up to a database that went on without it.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED.
        """
        anchor = self._next_anchor(self._tip, self._signed_time)
        if not self._refusal and anchor != self._anchor:
            self._anchor_file.prepare(anchor)
            self._anchor_file.commit()
            self._anchor = anchor

    def _settle(self, anchor: Anchor, appended: list[tuple[int, Sha256Hex]]) -> None:
        """Put the anchor in place, then say so: the order is the promise."""
        self._fault(Point.AFTER_COMMIT)
        if anchor != self._anchor:
            try:
                self._anchor_file.commit()
            except ReviewerError:
                self._refusal = "anchor"
                raise
            self._anchor = anchor
        self._fault(Point.AFTER_ANCHOR)
        if self._confirmed is not None:
            for seq, entry_sha256 in appended:
                self._confirmed(seq, entry_sha256)
        self._fault(Point.AFTER_CONFIRM)

    def _next_anchor(
        self,
        tip: Tip,
        signed_time: UtcTime | None,
        *,
        ledger_totals: bytes | None = None,
    ) -> Anchor:
        totals = () if self._anchor is None else self._anchor.ledger_totals
        if ledger_totals is not None:
            totals = (b64(ledger_totals),)
        if self._anchor is not None and self._anchor.size == tip.size:
            return msgspec.structs.replace(
                self._anchor,
                signed_time=signed_time,
                item_key_generation=self._keys.item_key_generation,
                ledger_totals=totals,
            )
        return Anchor(
            vault_id=self._keys.vault_id,
            epoch=self._keys.epoch,
            size=tip.size,
            root=tip.root(),
            signed_time=signed_time,
            item_key_generation=self._keys.item_key_generation,
            ledger_totals=totals,
        )

    # Reading

    def read_only(self) -> bool:
        """Return whether the database is behind its anchor, or beside it."""
        return bool(self._refusal)

    def anchor_copy(self) -> bytes:
        """Return the anchor as it stands, under its MAC, to be kept elsewhere.

        Without the exposure totals: a keyring has little room, and need not have them.
        """
        self._database.check_open()
        anchor = self._anchor or self._next_anchor(self._tip, self._signed_time)
        return self._anchor_file.sealed(
            msgspec.structs.replace(anchor, ledger_totals=())
        )

    def hold_against(self, copy: bytes, /) -> None:
        """Turn read-only where a copy of the anchor goes beyond what is here.

        Bytes that are no copy of this vault's anchor, or of an epoch before this
        one, change nothing. A later signed time of the copy counts as seen.
        """
        anchor = self._anchor_file.opened(copy)
        if anchor is None or anchor.vault_id != self._keys.vault_id:
            return
        if anchor.epoch < self._keys.epoch:
            return
        _, roots = journal.load_tip(self._database, marks=(anchor.size,))
        if anchor.epoch > self._keys.epoch or roots.get(anchor.size) != anchor.root:
            self._refusal = self._refusal or "rolled back"
        self._signed_time = _later(self._signed_time, anchor.signed_time)

    def head(self) -> Head:
        """Return where the journal stands; costs nothing."""
        self._database.check_open()
        return Head(
            epoch=self._keys.epoch,
            size=self._tip.size,
            entry_sha256=self._tip.entry_sha256,
            at=self._tip.at,
            receipted=self._receipted,
        )

    def entries(self, first: int, last: int, /) -> Iterator[StoredEntry]:
        """Yield the entries `first` to `last`, both included, in flat memory."""
        return journal.entries(self._database, first, last)

    def leaf_hashes(self) -> list[bytes]:
        """Return the RFC 6962 leaf hash of every entry."""
        return journal.leaves(self._database)

    def openings(self, first: int, last: int, /) -> tuple[StoredOpening, ...]:
        """Return the free texts beside those entries."""
        return journal.openings(self._database, first, last)

    def batches(self) -> tuple[BatchRow, ...]:
        """Return all batches, newest last."""
        return batches.all_batches(self._database)

    def batch_by_seq(self, coordinator: KeyId, seq: int, /) -> BatchRow | None:
        """Return the batch of that number in the stream."""
        return batches.by_seq(self._database, coordinator, seq)

    def counts(self, batch_id: BatchId, /) -> BatchCounts:
        """Count a batch from its index; raise ITEM_UNKNOWN."""
        return batches.counts(self._database, batch_id)

    def items(self, batch_id: BatchId, /) -> tuple[ItemRow, ...]:
        """Return the items of a batch in order."""
        return items.of_batch(self._database, batch_id, receipted=self._receipted)

    def item(self, item_id: ItemId, /) -> ItemRow:
        """Return one item; raise ITEM_UNKNOWN."""
        return items.one(self._database, item_id, receipted=self._receipted)

    def identity(self, item_id: ItemId, /) -> bytes:
        """Unwrap the item's age identity; raise ITEM_UNKNOWN once shredded."""
        return items.identity(self._database, item_id, item_key=self._keys.item_key)

    def copies(self, sha256: Sha256Hex, /) -> tuple[ItemId, ...]:
        """Return the items of all batches with exactly these bytes, oldest first."""
        return sealing.copies(self._database, sha256)

    def standing_as(self, kind: StandingKind, /) -> tuple[ItemRow, ...]:
        """Return the items of all batches that stand so, oldest first."""
        return sealing.standing_as(self._database, kind, receipted=self._receipted)

    def kept_keys(self) -> tuple[ItemId, ...]:
        """Return the sealed items whose key is still here, locked away."""
        return sealing.kept(self._database)

    def kept_identity(self, item_id: ItemId, /) -> bytes:
        """Unwrap a key that was kept, to seal it; raise ITEM_UNKNOWN."""
        key = self._keys.item_key
        return sealing.kept_identity(self._database, item_id, item_key=key)

    def keyed(self, batch_id: BatchId, /) -> frozenset[ItemId]:
        """Return the items of a batch whose key is still here."""
        return sealing.keyed(self._database, batch_id)

    def turn_due(self) -> bool:
        """Return whether a key was destroyed since keys last turned whole."""
        return sealing.is_due(self._database)

    def identities(self, batch_id: BatchId, /) -> Identities:
        """Read the wrapped identities of a batch by one query."""
        return items.identities(self._database, batch_id, item_key=self._keys.item_key)

    def find(self, batch_id: BatchId, phrases: Sequence[str], /) -> frozenset[ItemId]:
        """Return the items that the index names; all, where it may not be mended."""
        self._database.check_open()
        if finding.is_behind(self._database):
            if self._refusal:
                return frozenset(row.item.id for row in self.items(batch_id))
            finding.catch_up(self._database)
        return finding.find(self._database, batch_id, phrases)

    def fingerprints(
        self, batch_id: BatchId, /
    ) -> tuple[tuple[ItemId, Fingerprint], ...]:
        """Return the fingerprints of a batch as far as they are known, in order."""
        return prints.of_batch(self._database, batch_id)

    def unprinted(self, batch_id: BatchId, /, *, most: int) -> tuple[ItemId, ...]:
        """Return the first items of a batch that have no fingerprint yet."""
        return prints.missing(self._database, batch_id, most=most)

    def seal_keys(self) -> tuple[SealKeyRow, ...]:
        """Return the stock of single-use keys."""
        return shelf.seal_keys(self._database)

    def pending(self) -> PendingSubmission | None:
        """Return the frozen submission that has no receipt yet."""
        return shelf.pending(self._database)

    def receipts(self) -> tuple[bytes, ...]:
        """Return the verified receipts, oldest first."""
        return shelf.receipts(self._database)

    def meta(self, key: str, /) -> bytes | None:
        """Return a small value."""
        return shelf.meta(self._database, key)

    def ledger_totals(self) -> tuple[bytes, ...]:
        """Return the sealed totals of database and anchor.

        A page of the database, or the anchor, can be put back to an older copy; not
        both without losing decisions. Which one is newer only the ledger's key tells.
        """
        kept = shelf.meta(self._database, META_LEDGER)
        anchored = () if self._anchor is None else self._anchor.ledger_totals
        own = () if kept is None else (kept,)
        return own + tuple(unb64(one) for one in anchored)

    def signed_time(self) -> UtcTime | None:
        """Return the highest signed time seen, by database or anchor."""
        self._database.check_open()
        return self._signed_time

    def media_dir(self) -> Path:
        """Return the folder of delivered media; callable from any thread."""
        return self._media

    def close(self) -> None:
        """Close the database; every later call raises LOCKED."""
        self._database.close()


def _later(first: UtcTime | None, second: UtcTime | None) -> UtcTime | None:
    """Return the later of two times; RFC 3339 in UTC sorts as text."""
    return max((time for time in (first, second) if time is not None), default=None)
