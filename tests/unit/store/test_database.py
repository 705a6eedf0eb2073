"""The connection: encrypted, hardened, on one thread, with our own errors."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver  # type: ignore[import-untyped]

from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.store.database import PLAIN_MAGIC, Database, cipher_version

KEY = bytes(range(48))


def opened(path: Path) -> contextlib.closing[Database]:
    return contextlib.closing(Database(path, key=KEY))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one table of one row."""
    made = tmp_path / "some.db"
    with opened(made) as database:
        database.script("CREATE TABLE some (value); INSERT INTO some VALUES (1);")
    return made


def test_the_cipher_is_sqlcipher_4() -> None:
    """What `doctor` reports."""
    assert cipher_version().startswith("4.")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("cipher_status", "1"),
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("locking_mode", "exclusive"),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("temp_store", 2),
        ("secure_delete", 1),
        ("mmap_size", 0),
        ("fullfsync", 1),
        ("cipher_memory_security", "1"),
        ("page_size", "4096"),
    ],
)
def test_every_pragma_is_in_force(path: Path, pragma: str, value: object) -> None:
    """Read back from the connection, not believed."""
    with opened(path) as database:
        found = database.row(f"PRAGMA {pragma}")

        assert (found or (0,))[0] == value


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE 'copy.db' AS copy KEY ''",
        "VACUUM INTO 'copy.db'",
        "DETACH DATABASE main",
    ],
)
def test_no_copy_can_be_written_beside(path: Path, statement: str) -> None:
    """ATTACH with an empty key would write plain text."""
    with opened(path) as database, pytest.raises(driver.DatabaseError):
        database.run(statement)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("table", ["entries", "envelopes", "receipts"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET value = 1", "DELETE FROM {}"])
def test_the_journal_is_denied_even_without_triggers(
    tmp_path: Path, table: str, verb: str
) -> None:
    """The authorizer stands before the triggers."""
    with opened(tmp_path / "some.db") as database:
        database.script(f"CREATE TABLE {table} (value);")
        with pytest.raises(driver.DatabaseError, match="not authorized"):
            database.run(verb.format(table))


def test_the_file_is_not_plain(path: Path) -> None:
    """Neither its first bytes nor its content."""
    data = path.read_bytes()
    assert not data.startswith(PLAIN_MAGIC)
    assert b"CREATE TABLE" not in data


@pytest.mark.parametrize("key", [bytes(48), bytes(32) + KEY[32:], KEY[:-1] + b"\0"])
def test_another_key_or_salt_does_not_open(path: Path, key: bytes) -> None:
    """DATABASE_DAMAGED, and the file is as it was."""
    before = path.read_bytes()
    with pytest.raises(UnavailableError) as caught:
        Database(path, key=key)
    assert caught.value.code is Code.DATABASE_DAMAGED
    assert path.read_bytes() == before


def test_a_short_key_is_a_bug(tmp_path: Path) -> None:
    """Less than 48 bytes would make SQLCipher derive one, or none."""
    with pytest.raises(AssertionError):
        Database(tmp_path / "some.db", key=bytes(32))


def test_a_plain_database_is_refused(tmp_path: Path) -> None:
    """With a key, plain SQLite is no database."""
    plain = tmp_path / "plain.db"
    connection = driver.connect(str(plain))
    connection.execute("CREATE TABLE some (value)")
    connection.close()
    assert plain.read_bytes().startswith(PLAIN_MAGIC)
    with pytest.raises(UnavailableError) as caught:
        Database(plain, key=KEY)
    assert caught.value.code is Code.DATABASE_DAMAGED


def test_a_damaged_page_says_nothing_on_stderr(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """SQLCipher's own log is off before anything can be logged."""
    data = bytearray(path.read_bytes())
    data[4096 + 100] ^= 1
    path.write_bytes(data)
    with opened(path) as database, pytest.raises(UnavailableError) as caught:
        database.rows("SELECT * FROM some")
    assert caught.value.code is Code.DATABASE_DAMAGED
    assert capfd.readouterr() == ("", "")


def test_another_thread_is_a_bug(path: Path) -> None:
    """One database thread, by contract."""
    raised: list[BaseException] = []

    def ask(database: Database) -> None:
        try:
            database.rows("SELECT 1")
        except AssertionError as error:
            raised.append(error)

    with opened(path) as database:
        thread = threading.Thread(target=ask, args=(database,))
        thread.start()
        thread.join()
    assert len(raised) == 1


def test_a_closed_connection_answers_locked(path: Path) -> None:
    """Closing twice is no error."""
    database = Database(path, key=KEY)
    database.close()
    database.close()
    with pytest.raises(RefusedError) as caught:
        database.rows("SELECT 1")
    assert caught.value.code is Code.LOCKED


def test_a_script_is_one_transaction(path: Path) -> None:
    """A failure in the middle leaves nothing of it."""
    with opened(path) as database:
        with pytest.raises(driver.OperationalError):
            database.script("CREATE TABLE one (value); CREATE TABLE some (value);")
        names = database.rows("SELECT name FROM sqlite_master")
        assert names == [("some",)]


def test_our_own_mistakes_stay_what_they_are(path: Path) -> None:
    """A wrong statement is a bug, not the world's fault."""
    with opened(path) as database, pytest.raises(driver.OperationalError):
        database.rows("SELECT nothing FROM nowhere")


def test_a_folder_that_is_not_there_is_a_failing_disk(tmp_path: Path) -> None:
    """SQLite cannot open it; we say DISK_FAILED."""
    with pytest.raises(UnavailableError) as caught:
        Database(tmp_path / "none" / "some.db", key=KEY)
    assert caught.value.code is Code.DISK_FAILED


def test_two_files_under_one_key_share_no_page(tmp_path: Path) -> None:
    """Pages are encrypted under fresh nonces."""
    for name in ("one", "two"):
        with opened(tmp_path / name) as database:
            database.script("CREATE TABLE some (value);")
    one, two = ((tmp_path / name).read_bytes() for name in ("one", "two"))
    assert one[16:] != two[16:]
    assert len(one) == len(two)
