"""The database is encrypted, transactional, and says what went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from reviewer.coordinator.db import Database, open_database
from reviewer.coordinator.models import Meta
from reviewer.errors import Code, RefusedError, UnavailableError

KEY = bytes(range(48))


def opened(path: Path, key: bytes = KEY) -> Database:
    return open_database(url=None, path=path, key=key)


def refusal(path: Path, key: bytes = KEY) -> Code:
    with pytest.raises(UnavailableError) as caught:
        opened(path, key).close()
    return caught.value.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "service.db"
    database = opened(path)
    with database.transaction() as session:
        session.add(Meta(key="marker", value=b"Markername"))
    database.close()
    return path


def test_nothing_in_clear(path: Path) -> None:
    """No header of SQLite, no value, no name of a table stands in the file."""
    data = path.read_bytes()
    for clear in (b"SQLite format 3", b"Markername", b"CREATE TABLE", b"stock_keys"):
        assert clear not in data


def test_it_is_there_again(path: Path) -> None:
    """What was committed is read after reopening."""
    database = opened(path)
    with database.transaction() as session:
        row = session.get(Meta, "marker")
        assert row is not None
        assert row.value == b"Markername"
    database.close()


def test_wrong_key_and_changed_page(path: Path) -> None:
    """Another key, or a page that was changed, is DATABASE_DAMAGED."""
    assert refusal(path, bytes(48)) is Code.DATABASE_DAMAGED
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    assert refusal(path) is Code.DATABASE_DAMAGED


def test_plain_database_is_refused(path: Path) -> None:
    """A database in clear in the same place is not opened."""
    path.write_bytes(b"SQLite format 3\0" + bytes(4080))
    assert refusal(path) is Code.DATABASE_DAMAGED


def test_newer_schema(path: Path) -> None:
    """A database of a newer program is left alone."""
    database = opened(path)
    with database.transaction() as session:
        row = session.get(Meta, "schema")
        assert row is not None
        row.value = b"999"
    database.close()
    assert refusal(path) is Code.PROFILE_NEWER


def test_error_rolls_back(path: Path) -> None:
    """A transaction that ends in an error leaves nothing."""
    database = opened(path)
    with pytest.raises(RefusedError):
        _half(database)
    with database.transaction() as session:
        assert session.get(Meta, "half") is None
    database.close()


def test_no_plain_copy(path: Path, tmp_path: Path) -> None:
    """ATTACH, by which a plain copy could be made, is forbidden."""
    database = opened(path)
    target = tmp_path / "plain.db"
    with pytest.raises(UnavailableError), database.transaction() as session:
        session.execute(text(f"ATTACH '{target}' AS plain KEY ''"))
    database.close()
    assert not target.exists()


def test_two_processes_take_turns(path: Path) -> None:
    """An administrator's command and the service see each other's commits."""
    first, second = opened(path), opened(path)
    with first.transaction() as session:
        session.add(Meta(key="dealt", value=b"1"))
    with second.transaction() as session:
        assert session.get(Meta, "dealt") is not None
    first.close()
    second.close()


def test_other_databases(tmp_path: Path) -> None:
    """Only the encrypted file and PostgreSQL are taken."""
    urls = ("sqlite:///plain.db", "mysql://host/name", "nonsense")
    for url in (*urls, "postgresql://name:secret@host/db"):
        with pytest.raises(RefusedError) as caught:
            open_database(url=url, path=tmp_path / "x", key=KEY)
        assert caught.value.code is Code.INPUT_INVALID


def test_full_disk(path: Path) -> None:
    """A full disk is named, and what was there stays."""
    database = opened(path)
    with database.transaction() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(UnavailableError) as caught, database.transaction() as session:
        session.add(Meta(key="large", value=bytes(10**6)))
    assert caught.value.code is Code.DISK_FULL
    with database.transaction() as session:
        assert session.get(Meta, "marker") is not None
    database.close()


def _half(database: Database) -> None:
    with database.transaction() as session:
        session.add(Meta(key="half", value=b"x"))
        session.flush()
        raise RefusedError(Code.INPUT_INVALID)
