"""The schema: numbered, forward-only, and immutable where it says so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver  # type: ignore[import-untyped]

from reviewer.domain.fingerprint import NO_FINGERPRINT
from reviewer.domain.ids import BatchId, ItemId
from reviewer.errors import Code, UnavailableError
from reviewer.store import prints
from reviewer.store.database import Database
from reviewer.store.migrations import APPLICATION_ID, migrate, schema

KEY = bytes(48)
ENTRY = "INSERT INTO entries VALUES ({}, 'open', NULL, '2026-11-21T18', x'00')"
BATCH = (
    "INSERT INTO batches VALUES"
    " (1, 'b', 'c', 0, 's', 'n', 'review', 'p', 'o', 'i', 'a', 'm', 1, '[]')"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(Database(tmp_path / "some.db", key=KEY)) as made:
        yield made


def described(database: Database) -> list[tuple[str, str]]:
    rows = database.rows("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY 1")
    return [(name, sql) for name, sql in rows]


def test_a_fresh_database_gets_every_migration(database: Database) -> None:
    """Version and application id are set, and a second run changes nothing."""
    migrate(database)
    assert database.row("PRAGMA user_version") == (len(schema()),)
    assert database.row("PRAGMA application_id") == (APPLICATION_ID,)
    before = described(database)
    migrate(database)
    assert described(database) == before


def test_each_past_version_ends_where_a_fresh_one_does(tmp_path: Path) -> None:
    """From any version on, the schema comes out the same."""
    scripts = schema()
    outcomes = []
    for version in range(len(scripts) + 1):
        path = tmp_path / f"{version}.db"
        with contextlib.closing(Database(path, key=KEY)) as database:
            for number, script in enumerate(scripts[:version], start=1):
                database.script(
                    f"{script}\nPRAGMA application_id={APPLICATION_ID};"
                    f"PRAGMA user_version={number};"
                )
            migrate(database)
            outcomes.append(described(database))
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_what_an_older_version_wrote_stays(database: Database) -> None:
    """A vault of version 1 keeps its items, none of them with a fingerprint yet."""
    database.script(
        f"{schema()[0]}\nPRAGMA application_id={APPLICATION_ID};PRAGMA user_version=1;"
    )
    database.run(BATCH)
    database.run("INSERT INTO items VALUES (7, 1, 0, 'i', x'00')")
    migrate(database)
    assert database.rows("SELECT id, item_id FROM items") == [(7, "i")]
    assert prints.of_batch(database, BatchId("b")) == ()
    assert prints.missing(database, BatchId("b"), most=9) == ("i",)


def test_what_an_older_version_wrote_gets_its_priority(database: Database) -> None:
    """Out of what the batch said of the item; P4 where that cannot be read."""
    for number, script in enumerate(schema()[:4], start=1):
        database.script(
            f"{script}\nPRAGMA application_id={APPLICATION_ID};"
            f"PRAGMA user_version={number};"
        )
    database.run(BATCH)
    for number, data in enumerate((b'{"priority":"P1"}', b"{}", b"?"), start=7):
        database.run(
            "INSERT INTO items VALUES (?, 1, ?, ?, ?)",
            (number, number, f"i{number}", data),
        )
        database.run("INSERT INTO standings (id, batch) VALUES (?, 1)", (number,))
    migrate(database)
    found = database.rows("SELECT priority FROM standings ORDER BY id")
    assert found == [("P1",), ("P4",), ("P4",)]


def test_a_fingerprint_of_another_method_is_made_again(database: Database) -> None:
    """It is not compared with those of this method, and named as missing."""
    migrate(database)
    database.run(BATCH)
    database.run("INSERT INTO items VALUES (7, 1, 0, 'i', x'00')")
    prints.put(database, ItemId("i"), NO_FINGERPRINT)
    assert prints.missing(database, BatchId("b"), most=9) == ()
    database.run("UPDATE fingerprints SET method = method - 1")
    assert prints.of_batch(database, BatchId("b")) == ()
    assert prints.missing(database, BatchId("b"), most=9) == ("i",)
    prints.put(database, ItemId("i"), NO_FINGERPRINT)
    assert prints.of_batch(database, BatchId("b")) == ((ItemId("i"), NO_FINGERPRINT),)


def test_a_later_schema_is_left_alone(database: Database) -> None:
    """PROFILE_NEWER."""
    database.run(f"PRAGMA user_version={len(schema()) + 1}")
    with pytest.raises(UnavailableError) as caught:
        migrate(database)
    assert caught.value.code is Code.PROFILE_NEWER


def test_another_programs_database_is_left_alone(database: Database) -> None:
    """DATABASE_DAMAGED, though it is encrypted under our key."""
    migrate(database)
    database.run("PRAGMA application_id=1")
    with pytest.raises(UnavailableError) as caught:
        migrate(database)
    assert caught.value.code is Code.DATABASE_DAMAGED


@pytest.mark.parametrize(
    ("table", "insert"),
    [
        ("entries", ENTRY.format(1)),
        ("envelopes", "INSERT INTO envelopes VALUES (0, x'00', x'00')"),
        ("openings", "INSERT INTO openings VALUES (0, x'00', 'note')"),
        ("batches", BATCH),
        ("submissions", "INSERT INTO submissions VALUES (1, 's', 0, 0, x'00')"),
        ("receipts", "INSERT INTO receipts VALUES (1, 's', 0, x'00')"),
    ],
)
def test_what_is_immutable_cannot_be_updated(
    database: Database, table: str, insert: str
) -> None:
    """By trigger, whoever asks; the authorizer is taken away for this test."""
    migrate(database)
    database._connection.set_authorizer(None)
    database.run(ENTRY.format(0))
    database.run(insert)
    column = {"receipts": "size", "batches": "name"}.get(table, "rowid")
    with pytest.raises(driver.IntegrityError, match=r"immutable|frozen"):
        database.run(f"UPDATE {table} SET {column} = {column}")  # noqa: S608


@pytest.mark.parametrize("table", ["entries", "envelopes", "receipts"])
def test_what_is_immutable_cannot_be_deleted(database: Database, table: str) -> None:
    """Entries, envelopes and receipts stay."""
    migrate(database)
    database._connection.set_authorizer(None)
    database.run(ENTRY.format(0))
    database.run("INSERT INTO envelopes VALUES (0, x'00', x'00')")
    database.run("INSERT INTO receipts VALUES (1, 's', 0, x'00')")
    with pytest.raises(driver.IntegrityError, match="immutable"):
        database.run(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("seq", [1, 2, -1])
def test_entries_leave_no_gap(database: Database, seq: int) -> None:
    """The next number and no other."""
    migrate(database)
    with pytest.raises(driver.IntegrityError, match="gap"):
        database.run(ENTRY.format(seq))


def test_signed_time_never_goes_back(database: Database) -> None:
    """By trigger too."""
    migrate(database)
    database.run("INSERT INTO signed_time VALUES (1, '2026-11-21T00:00:00Z')")
    with pytest.raises(driver.IntegrityError, match="back"):
        database.run("UPDATE signed_time SET time = '2026-11-20T00:00:00Z'")


def test_counting_a_batch_reads_its_index_alone(database: Database) -> None:
    """Home stays fast at any size: no table is touched, no row sorted."""
    migrate(database)
    plan = database.rows(
        "EXPLAIN QUERY PLAN SELECT kind, severity, count(*), min(priority)"
        " FROM standings WHERE batch = 1 GROUP BY kind, severity"
    )
    assert [row[3] for row in plan] == [
        "SEARCH standings USING COVERING INDEX standings_by_batch (batch=?)"
    ]


def test_listing_a_batch_sorts_nothing(database: Database) -> None:
    """Items come in their order from an index."""
    migrate(database)
    plan = database.rows(
        "EXPLAIN QUERY PLAN SELECT i.data FROM items AS i"
        " JOIN standings AS s ON s.id = i.id JOIN batches AS b ON b.id = i.batch"
        " WHERE b.batch_id = 'b' ORDER BY i.position"
    )
    steps = " ".join(row[3] for row in plan)
    assert "SCAN" not in steps
    assert "TEMP B-TREE" not in steps
