"""The service's database: an encrypted SQLCipher file, or PostgreSQL by URL.

The file is opened as security.md 3.2 says, but for `locking_mode`: an administrator
deals batches while the service runs, so two processes share the file, each
transaction taking the write lock at its beginning.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from reviewer.coordinator.models import SCHEMA_VERSION, Base, Meta
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError

DATABASE_KEY_BYTES: Final = 48  # SQLCipher: 32 of key, 16 of salt
_BUSY_MS: Final = 10_000
_PLAIN_HEADER: Final = b"SQLite format 3\x00"
_ATTACH: Final = 24  # authorizer codes, security.md 3.2
_DETACH: Final = 25
_PRAGMAS: Final = (
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
    f"busy_timeout={_BUSY_MS}",
)


class Database:
    """One database; every access is a transaction.

    Safe to use from several threads: on SQLCipher one connection serves them all
    in turn, on PostgreSQL each gets its own.
    """

    def __init__(self, engine: Engine, *, serial: bool) -> None:
        self._engine = engine
        self._lock = threading.RLock() if serial else contextlib.nullcontext()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit on leaving, roll back on any error.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED or DATABASE_DAMAGED.
        """
        with self._lock:
            try:
                with (
                    Session(self._engine, expire_on_commit=False) as session,
                    session.begin(),
                ):
                    yield session
            except DBAPIError as error:
                raise UnavailableError(_code_of(error)) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(*, url: str | None, path: Path, key: bytes) -> Database:
    """Open the database and make its tables if there are none.

    Args:
        url: A PostgreSQL URL without a secret, or None for the encrypted file.
        path: Of the encrypted file.
        key: 48 bytes for SQLCipher; unused on PostgreSQL.

    Raises:
        RefusedError: INPUT_INVALID, another kind of database, or a URL with a secret.
        UnavailableError: DATABASE_DAMAGED, PROFILE_NEWER, DISK_FULL, DISK_FAILED;
            SYSTEM_LIBRARY_MISSING, the driver of PostgreSQL.
    """
    if url is None:
        database = Database(_cipher_engine(path, key), serial=True)
    else:
        database = Database(_postgresql_engine(url), serial=False)
    try:
        _prepare(database)
        if url is None:
            _assert_encrypted(path)
    except ReviewerError:
        database.close()
        raise
    return database


def _prepare(database: Database) -> None:
    version = str(SCHEMA_VERSION).encode()
    with database.transaction() as session:
        Base.metadata.create_all(session.connection())
        row = session.scalar(select(Meta).where(Meta.key == "schema"))
        if row is None:
            session.add(Meta(key="schema", value=version))
        elif row.value != version:
            raise UnavailableError(Code.PROFILE_NEWER, "coordinator database")


def _postgresql_engine(url: str) -> Engine:
    """Make an engine; the server's own means (a passfile, peer) hold the secret."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql" or parsed.password is not None:
            raise RefusedError(Code.INPUT_INVALID, "database url")
        return create_engine(parsed, hide_parameters=True)
    except ArgumentError as error:
        raise RefusedError(Code.INPUT_INVALID, "database url") from error
    except ModuleNotFoundError as error:
        raise UnavailableError(Code.SYSTEM_LIBRARY_MISSING, "postgresql") from error


def _cipher_engine(path: Path, key: bytes) -> Engine:
    if len(key) != DATABASE_KEY_BYTES:
        raise ValueError("48 bytes of key")  # a bug, not an input
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect(path, key),
        poolclass=StaticPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _connect(path: Path, key: bytes) -> Any:  # noqa: ANN401 (untyped library)
    connection = dbapi2.connect(
        str(path), check_same_thread=False, isolation_level=None
    )
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.set_key(b"x'" + key.hex().encode() + b"'")
    version = connection.execute("PRAGMA cipher_version").fetchone()
    status = connection.execute("PRAGMA cipher_status").fetchone()
    if not version or not version[0].startswith("4.") or status != ("1",):
        raise UnavailableError(Code.DATABASE_DAMAGED, "cipher")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.set_authorizer(_authorize)
    return connection


def _authorize(action: int, *_details: object) -> int:
    denied = action in (_ATTACH, _DETACH)
    return int(dbapi2.SQLITE_DENY if denied else dbapi2.SQLITE_OK)


def _assert_encrypted(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
            raise UnavailableError(Code.DATABASE_DAMAGED, "not encrypted")


def _code_of(error: SQLAlchemyError) -> Code:
    text = str(getattr(error, "orig", error)).lower()
    if "full" in text:
        return Code.DISK_FULL
    if "not a database" in text or "malformed" in text:
        return Code.DATABASE_DAMAGED
    return Code.DISK_FAILED
