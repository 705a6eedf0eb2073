"""One SQLCipher connection: opened to the letter, one thread, our own errors.

The open sequence is security.md 3.2. No statement runs before the key is set, and
the key never stands in a statement, where a trace could see it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as driver  # type: ignore[import-untyped]

from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError

Row = tuple[Any, ...]
PLAIN_MAGIC: Final = b"SQLite format 3\0"
CHECKED_WHOLE_BYTES: Final = 200 * 1024 * 1024  # security.md 3.2: at each unlock
PAGE_BYTES: Final = 4_096  # SQLCipher's default
_KEY_BYTES: Final = 48
_CACHE_KIB: Final = 16 * 1024
_PRAGMAS: Final = (
    "locking_mode=EXCLUSIVE",
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "mmap_size=0",
    "fullfsync=ON",
    "cipher_memory_security=ON",
    f"cache_size=-{_CACHE_KIB}",
)
_OK: Final = 0
_DENY: Final = 1
_ACTION_DELETE: Final = 9
_ACTION_UPDATE: Final = 23
_ACTION_ATTACH: Final = 24
_ACTION_DETACH: Final = 25
_IMMUTABLE: Final = frozenset({"entries", "envelopes", "receipts"})
_CODES: Final = {
    5: Code.PROFILE_IN_USE,  # SQLITE_BUSY
    6: Code.PROFILE_IN_USE,  # SQLITE_LOCKED
    7: Code.DISK_FAILED,  # SQLITE_NOMEM
    8: Code.DISK_FAILED,  # SQLITE_READONLY
    10: Code.DISK_FAILED,  # SQLITE_IOERR
    11: Code.DATABASE_DAMAGED,  # SQLITE_CORRUPT
    13: Code.DISK_FULL,  # SQLITE_FULL
    14: Code.DISK_FAILED,  # SQLITE_CANTOPEN
    26: Code.DATABASE_DAMAGED,  # SQLITE_NOTADB
}


class Database:
    """A connection that only the thread that opened it may use."""

    def __init__(self, path: Path, *, key: bytes) -> None:
        """Open, or make, the encrypted file at `path`.

        1. Silence SQLCipher's own log, which would print page errors.
        2. Set the raw key and salt, as bytes.
        3. Assert that this is SQLCipher 4 and that encryption is on.
        4. Read the schema: a wrong key or a plain file fails here.
        5. Set the pragmas.
        6. Deny ATTACH, DETACH (and so VACUUM INTO), and changes to the journal.
        7. Look at the first 16 bytes on disk: they must not be SQLite's.

        Raises:
            UnavailableError: DATABASE_DAMAGED, PROFILE_IN_USE, DISK_FAILED.
        """
        self._owner = threading.get_ident()
        self._connection: Any = None
        self._path = path
        try:
            self._connection = driver.connect(
                str(path), isolation_level=None, cached_statements=256
            )
            self._key(key)
            self._configure()
            self.check_encrypted()
        except driver.Error as error:
            self.close()
            raise _translated(error) from error
        except ReviewerError:
            self.close()
            raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and return all its rows; no cursor stays open."""
        try:
            found: list[Row] = self._open().execute(sql, values).fetchall()
        except driver.Error as error:
            raise _translated(error) from error
        return found

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        try:
            changed: int = self._open().execute(sql, values).rowcount
        except driver.Error as error:
            raise _translated(error) from error
        return changed

    def insert(self, sql: str, values: Sequence[object]) -> int:
        """Run an INSERT and return the row id."""
        try:
            made: int = self._open().execute(sql, values).lastrowid
        except driver.Error as error:
            raise _translated(error) from error
        return made

    def run_many(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of many values."""
        try:
            self._open().executemany(sql, values)
        except driver.Error as error:
            raise _translated(error) from error

    def script(self, sql: str) -> None:
        """Run several statements in one transaction of their own."""
        try:
            self._open().executescript(f"BEGIN IMMEDIATE;\n{sql}\nCOMMIT;")
        except driver.Error as error:
            self.rollback()
            raise _translated(error) from error

    def begin(self) -> None:
        """Start a transaction.

        Raises:
            AssertionError: one is open; transactions do not nest.
        """
        if self._open().in_transaction:
            raise AssertionError("transactions do not nest")
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the transaction durable; on failure it is still to be rolled back."""
        self.run("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction, unless SQLite already has."""
        if self._open().in_transaction:
            self.run("ROLLBACK")

    def check_thread(self) -> None:
        """Insist on the one database thread.

        Raises:
            AssertionError: another thread calls: a bug of the caller.
        """
        if threading.get_ident() != self._owner:
            raise AssertionError("the database belongs to another thread")

    def check_open(self) -> None:
        """Insist on the thread, and on an open database; raise LOCKED."""
        self._open()

    def size_bytes(self) -> int:
        """Return the length of the file."""
        return self._path.stat().st_size

    def check_pages(self) -> None:
        """Authenticate every page of a file of up to 200 MB.

        Raises:
            UnavailableError: DATABASE_DAMAGED, DISK_FAILED.
        """
        if self.size_bytes() > CHECKED_WHOLE_BYTES:
            return
        if self.rows("PRAGMA cipher_integrity_check"):
            raise UnavailableError(Code.DATABASE_DAMAGED, "page")

    def indexes_agree(self, tables: Sequence[str]) -> bool:
        """Return whether tables and their indexes say the same, up to 200 MB."""
        if self.size_bytes() > CHECKED_WHOLE_BYTES:
            return True
        checks = (self.rows(f"PRAGMA integrity_check({name})") for name in tables)
        return all(found == [("ok",)] for found in checks)

    def check_encrypted(self) -> None:
        """Assert that the file, once it has content, is not plain SQLite.

        Raises:
            UnavailableError: DATABASE_DAMAGED, DISK_FAILED.
        """
        try:
            with self._path.open("rb") as file:
                if file.read(len(PLAIN_MAGIC)) == PLAIN_MAGIC:
                    raise UnavailableError(Code.DATABASE_DAMAGED, "plain")
        except OSError as error:
            raise UnavailableError(Code.DISK_FAILED, f"errno {error.errno}") from error

    def rekey(self, key: bytes) -> None:
        """Write the whole file anew under another key, in one transaction.

        Killed in the middle, it opens by the old key or by the new one, never by
        neither (security.md 3.1).

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED; the old key holds.
        """
        if len(key) != _KEY_BYTES:
            raise AssertionError("database key length")
        connection = self._open()
        try:
            connection.reset_key(b"x'" + key.hex().encode("ascii") + b"'")
            self.rows("SELECT count(*) FROM sqlite_master")
        except driver.Error as error:
            raise _translated(error) from error

    def close(self) -> None:
        """Close; every later call raises LOCKED."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> Any:  # noqa: ANN401 (the driver has no types)
        self.check_thread()
        if self._connection is None:
            raise RefusedError(Code.LOCKED)
        return self._connection

    def _key(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise AssertionError("database key length")
        # 1.
        self.rows("PRAGMA cipher_log_level=NONE")
        # 2.
        self._connection.set_key(b"x'" + key.hex().encode("ascii") + b"'")
        # 3.
        version, status = (
            str(self.rows(f"PRAGMA {name}")[0][0])
            for name in ("cipher_version", "cipher_status")
        )
        if not version.startswith("4.") or status != "1":
            raise UnavailableError(Code.DATABASE_DAMAGED, "cipher")
        # 4.
        self.rows("SELECT count(*) FROM sqlite_master")

    def _configure(self) -> None:
        # 5.
        for pragma in _PRAGMAS:
            self.rows(f"PRAGMA {pragma}")
        # 6.
        self._connection.set_authorizer(_authorize)


def cipher_version() -> str:
    """Return SQLCipher's version and whether it is the cipher build, for `doctor`."""
    connection = driver.connect(":memory:")
    try:
        found = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return "" if found is None else str(found[0])


def _authorize(action: int, first: str | None, *_rest: str | None) -> int:
    if action in {_ACTION_ATTACH, _ACTION_DETACH}:
        return _DENY
    if action in {_ACTION_DELETE, _ACTION_UPDATE} and first in _IMMUTABLE:
        return _DENY
    return _OK


def _translated(error: Exception) -> Exception:
    """Return our error for the world's fault; ours stays what it is."""
    primary = getattr(error, "sqlite_errorcode", 1) & 0xFF
    code = _CODES.get(primary)
    return error if code is None else UnavailableError(code, f"sqlite {primary}")
