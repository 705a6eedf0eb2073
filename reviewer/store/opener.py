"""Create and open the database of a profile, and judge it by its anchor."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer.chain.journal import START, ChainHead, verify_chain
from reviewer.crypto.hashes import sha256_hex
from reviewer.errors import (
    Code,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import durable
from reviewer.ports import Confirmed, Store, StoreState, VaultKeys
from reviewer.store import healing, journal
from reviewer.store.anchor import Anchor, AnchorFile, untrusted_size
from reviewer.store.database import CHECKED_WHOLE_BYTES, PAGE_BYTES, Database
from reviewer.store.faults import Fault, no_fault
from reviewer.store.journal import Tip
from reviewer.store.ledger import LEDGER
from reviewer.store.migrations import migrate, schema_version
from reviewer.store.vault import SqlStore

DATABASE: Final = "vault.db"
_DRAFT: Final = "vault.db.new"
_FILES: Final = (
    DATABASE,
    f"{DATABASE}-journal",
    _DRAFT,
    "anchor",
    "anchor.new",
    LEDGER,
    f"{LEDGER}.new",
)
_TABLES: Final = ("batches", "items", "standings", "item_keys")
ROLLED_BACK: Final = "rolled back"
ANCHOR_LOST: Final = "anchor"
TABLES_LOST: Final = "tables"


class SqlStoreOpener:
    """The `StoreOpener` of a profile folder."""

    def __init__(
        self,
        folder: Path,
        *,
        confirmed: Confirmed | None = None,
        fault: Fault = no_fault,
    ) -> None:
        """Open nothing yet; only tests pass a `fault`."""
        self._folder = folder
        self._confirmed = confirmed
        self._fault = fault

    def state(self) -> StoreState:
        """Return what is on the disk; nothing is opened.

        A database that is gone, though its anchor or its media tell of one, counts
        as begun: it is never cleared away for a new one.
        """
        claimed = untrusted_size(self._folder)
        media = self._folder / "media"
        if claimed or (media.is_dir() and any(media.iterdir())):
            return StoreState.BEGUN
        if not (self._folder / DATABASE).exists():
            return StoreState.NONE
        # The anchor is there before the database gets its name.
        return StoreState.BEGUN if claimed is None else StoreState.EMPTY

    def create(self, keys: VaultKeys, /) -> Store:
        """Make an empty database; a crash before the end leaves none.

        Raises:
            RefusedError: ALREADY_ENROLLED, there is a database.
            UnavailableError: DATABASE_DAMAGED, an anchor tells of a database that is
                gone; DISK_FULL, DISK_FAILED.
        """
        path = self._folder / DATABASE
        anchor_file = AnchorFile(self._folder, key=keys.anchor_key)
        if path.exists():
            raise RefusedError(Code.ALREADY_ENROLLED)
        earlier = anchor_file.read()
        if earlier is not None and earlier.size > 0:
            raise UnavailableError(Code.DATABASE_DAMAGED, "database gone")
        draft = self._folder / _DRAFT
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            self._make(draft, keys)
            anchor_file.prepare(_empty_anchor(keys))
            anchor_file.commit()
            draft.replace(path)
            durable.fsync_folder(self._folder)
        except OSError as error:
            raise durable.disk_error(error) from error
        return self.open(keys)

    def open(self, keys: VaultKeys, /) -> Store:
        """Open by the sequence of security.md 3.2, migrate, check the anchor.

        A database that its anchor contradicts opens read-only: nothing is deleted,
        and what is there can be read (security.md 5, Signal).

        Raises:
            UnavailableError: PROFILE_MISSING, PROFILE_NEWER, PROFILE_IN_USE,
                DATABASE_DAMAGED, DISK_FULL, DISK_FAILED.
        """
        path = self._folder / DATABASE
        _check_there(path)
        (self._folder / "media").mkdir(mode=0o700, exist_ok=True)
        database, opened_by = _database(path, keys)
        try:
            return self._opened(database, keys, opened_by=opened_by)
        except BaseException:
            database.close()
            raise

    def destroy(self) -> None:
        """Remove database, anchor, ledger and media (failed enrolment only).

        The store is closed before. What was never there is no error.

        Raises:
            UnavailableError: DISK_FAILED.
        """
        media = self._folder / "media"
        try:
            for name in _FILES:
                (self._folder / name).unlink(missing_ok=True)
            if media.is_dir():
                for path in media.iterdir():
                    path.unlink(missing_ok=True)
                media.rmdir()
            if self._folder.is_dir():
                durable.fsync_folder(self._folder)
        except OSError as error:
            raise durable.disk_error(error) from error

    def _make(self, draft: Path, keys: VaultKeys) -> None:
        database = Database(draft, key=keys.database_key)
        try:
            migrate(database)
            database.check_encrypted()
        finally:
            database.close()

    def _opened(
        self, database: Database, keys: VaultKeys, *, opened_by: bytes
    ) -> SqlStore:
        database.check_pages()
        if schema_version(database) == 0:
            raise UnavailableError(Code.DATABASE_DAMAGED, "empty")
        migrate(database)
        database.check_encrypted()
        anchor_file = AnchorFile(self._folder, key=keys.anchor_key)
        anchor = anchor_file.read()
        tip, refusal = _judged(database, anchor, keys)
        if not refusal:
            healing.heal(database)
        store = SqlStore(
            database,
            folder=self._folder,
            keys=keys,
            tip=tip,
            anchor_file=anchor_file,
            anchor=anchor,
            opened_by=opened_by,
            refusal=refusal,
            confirmed=self._confirmed,
            fault=self._fault,
        )
        store.ahead()
        return store


def _judged(
    database: Database, anchor: Anchor | None, keys: VaultKeys
) -> tuple[Tip, str]:
    """Return the tip, and why the database may not be written to.

    1. Every leaf is its envelope's hash (files of up to 200 MB; else by page MACs).
    2. The anchor is there, and this vault's and epoch's.
    3. The journal is not shorter than the anchor, and has its root at its size.
    4. What goes beyond the anchor is signed by this device and chained.
    5. Tables and indexes agree, and every imported batch is there with all its items.
    """
    marks = () if anchor is None else (anchor.size,)
    tip, roots = journal.load_tip(database, marks=marks)
    # 1.
    if database.size_bytes() <= CHECKED_WHOLE_BYTES:
        journal.check_leaves(database, tip.size)
    # 2.
    if anchor is None or not _same_vault(anchor, keys):
        return tip, ANCHOR_LOST
    # 3.
    if anchor.size > tip.size or roots.get(anchor.size) != anchor.root:
        return tip, ROLLED_BACK
    # 4.
    if not _extends(database, anchor.size, tip.size, keys):
        return tip, ROLLED_BACK
    # 5.
    whole = database.indexes_agree(_TABLES) and healing.tables_complete(database)
    return tip, "" if whole else TABLES_LOST


def _database(path: Path, keys: VaultKeys) -> tuple[Database, bytes]:
    """Open the file by the current key or, after a cut turn, by the one on its way."""
    try:
        return Database(path, key=keys.database_key), keys.database_key
    except UnavailableError as error:
        fresh = keys.next
        if error.code is not Code.DATABASE_DAMAGED or fresh is None:
            raise
        return Database(path, key=fresh.database_key), fresh.database_key


def _check_there(path: Path) -> None:
    """Insist on a file with content: SQLite would make an empty one anew."""
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise UnavailableError(Code.PROFILE_MISSING, "database") from error
    if size < PAGE_BYTES:
        raise UnavailableError(Code.DATABASE_DAMAGED, "size")


def _same_vault(anchor: Anchor, keys: VaultKeys) -> bool:
    """Return whether it is this vault's; a header put back is behind its anchor."""
    newest = (keys.next or keys).item_key_generation
    return (
        anchor.vault_id == keys.vault_id
        and anchor.epoch == keys.epoch
        and anchor.item_key_generation <= newest
    )


def _extends(database: Database, first: int, size: int, keys: VaultKeys) -> bool:
    """Return whether the entries from `first` on are ours and follow each other."""
    try:
        start = START if first == 0 else _head_before(database, first)
        beyond = journal.entries(database, first, size - 1)
        chain = verify_chain(
            (entry.envelope for entry in beyond),
            key=keys.device.verifying_key,
            start=start,
        )
    except VerificationError:
        return False
    return chain.size == size and chain.epoch in {None, keys.epoch}


def _head_before(database: Database, seq: int) -> ChainHead:
    """Return the head that the entry `seq` has to continue."""
    (last,) = journal.entries(database, seq - 1, seq - 1)
    entry = journal.untrusted_entry(last.envelope)
    return ChainHead(
        size=seq, head=sha256_hex(last.envelope), at=entry.at, epoch=entry.epoch
    )


def _empty_anchor(keys: VaultKeys) -> Anchor:
    empty = Tip.empty()
    return Anchor(
        vault_id=keys.vault_id,
        epoch=keys.epoch,
        size=0,
        root=empty.root(),
        signed_time=None,
        item_key_generation=keys.item_key_generation,
    )
