"""Batches: their rows and how they stand."""

from __future__ import annotations

import json
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Priority
from reviewer.errors import Code, RefusedError
from reviewer.ports import BatchCounts, BatchRow
from reviewer.store.database import Database, Row

_UNRATED: Final = 6
_COLUMNS: Final = (
    "batch_id, coordinator, seq, sha256, name, purpose, policy_sha256,"
    " config_sha256, issued, not_after, media_file, items_count"
)
_INSERT: Final = (
    f"INSERT INTO batches ({_COLUMNS}, languages)"  # noqa: S608 (constants only)
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ALL: Final = f"SELECT {_COLUMNS} FROM batches ORDER BY id"  # noqa: S608 (constants)
_BY_SEQ: Final = (
    f"SELECT {_COLUMNS} FROM batches"  # noqa: S608 (constants only)
    " WHERE coordinator = ? AND seq = ?"
)
_COUNTS: Final = (
    "SELECT kind, severity, count(*), min(priority) FROM standings WHERE batch = ?"
    " GROUP BY kind, severity"
)


def insert(database: Database, row: BatchRow, *, languages: tuple[str, ...]) -> int:
    """Insert a batch; return its number in the database."""
    return database.insert(
        _INSERT,
        (
            row.batch_id,
            row.coordinator,
            row.seq,
            row.sha256,
            row.name,
            row.purpose.value,
            row.policy_sha256,
            row.config_sha256,
            row.issued,
            row.not_after,
            row.media_file,
            row.items_count,
            json.dumps(languages),
        ),
    )


def all_batches(database: Database) -> tuple[BatchRow, ...]:
    """Return all batches, newest last."""
    return tuple(_batch(row) for row in database.rows(_ALL))


def by_seq(database: Database, coordinator: KeyId, seq: int) -> BatchRow | None:
    """Return the batch of that number in the stream."""
    row = database.row(_BY_SEQ, (coordinator, seq))
    return None if row is None else _batch(row)


def counts(database: Database, batch_id: BatchId) -> BatchCounts:
    """Count a batch from one covering index.

    Raises:
        RefusedError: ITEM_UNKNOWN, there is no such batch.
    """
    batch = database.row(
        "SELECT id, languages FROM batches WHERE batch_id = ?", (batch_id,)
    )
    if batch is None:
        raise RefusedError(Code.ITEM_UNKNOWN, "batch")
    kinds = dict.fromkeys(StandingKind, 0)
    severities = [0] * (_UNRATED + 1)
    urgent: list[Priority] = []
    for kind, severity, count, first in database.rows(_COUNTS, (batch[0],)):
        kinds[StandingKind(kind)] += count
        urgent += [Priority(first)] if kind == StandingKind.OPEN else []
        severities[_UNRATED if severity is None else severity] += count
    zero, one, two, three, four, five, unrated = severities
    return BatchCounts(
        open=kinds[StandingKind.OPEN],
        decided=kinds[StandingKind.DECIDED],
        handed_back=kinds[StandingKind.HANDED_BACK],
        second_opinion=kinds[StandingKind.SECOND_OPINION],
        policy_unclear=kinds[StandingKind.POLICY_UNCLEAR],
        escalated=kinds[StandingKind.ESCALATED] + kinds[StandingKind.THREAT_TO_LIFE],
        handed_over=kinds[StandingKind.HANDED_OVER] + kinds[StandingKind.EXPIRED],
        sealed=kinds[StandingKind.MARKED] + kinds[StandingKind.SEALED],
        severities=(zero, one, two, three, four, five, unrated),
        languages=tuple(json.loads(batch[1])),
        open_priority=min(urgent, default=None),
    )


def _batch(row: Row) -> BatchRow:
    return BatchRow(
        batch_id=BatchId(row[0]),
        coordinator=KeyId(row[1]),
        seq=row[2],
        sha256=Sha256Hex(row[3]),
        name=row[4],
        purpose=BatchPurpose(row[5]),
        policy_sha256=Sha256Hex(row[6]),
        config_sha256=Sha256Hex(row[7]),
        issued=UtcTime(row[8]),
        not_after=UtcTime(row[9]),
        media_file=row[10],
        items_count=row[11],
    )
