"""Beside the journal: single-use keys, submissions, receipts, small values."""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime
from reviewer.ports import PendingSubmission, SealKeyRow
from reviewer.store.database import Database


def put_seal_keys(database: Database, keys: Sequence[SealKeyRow]) -> None:
    """Add single-use keys, or mark known ones published; never the other way."""
    database.run_many(
        "INSERT INTO seal_keys (key_id, private, published) VALUES (?, ?, ?)"
        " ON CONFLICT (key_id) DO UPDATE"
        " SET published = max(published, excluded.published)",
        ((key.key_id, key.private, int(key.published)) for key in keys),
    )


def drop_seal_key(database: Database, key_id: KeyId) -> None:
    """Destroy a single-use key; its pages are overwritten (secure_delete)."""
    database.run("DELETE FROM seal_keys WHERE key_id = ?", (key_id,))


def seal_keys(database: Database) -> tuple[SealKeyRow, ...]:
    """Return the stock, oldest first."""
    found = database.rows(
        "SELECT key_id, private, published FROM seal_keys ORDER BY id"
    )
    return tuple(
        SealKeyRow(key_id=KeyId(key_id), private=bytes(raw), published=bool(published))
        for key_id, raw, published in found
    )


def add_submission(database: Database, pending: PendingSubmission) -> None:
    """Freeze a submission."""
    database.run(
        "INSERT INTO submissions (sha256, first, last, data) VALUES (?, ?, ?, ?)",
        (pending.sha256, pending.first, pending.last, pending.data),
    )


def pending(database: Database) -> PendingSubmission | None:
    """Return the oldest frozen submission without a receipt."""
    row = database.row(
        "SELECT sha256, first, last, data FROM submissions ORDER BY id LIMIT 1"
    )
    if row is None:
        return None
    sha256, first, last, data = row
    return PendingSubmission(
        sha256=Sha256Hex(sha256), first=first, last=last, data=bytes(data)
    )


def add_receipt(
    database: Database, data: bytes, *, submission: Sha256Hex, size: int
) -> None:
    """Keep a receipt; the same one again is no news. Its submission is answered."""
    database.run(
        "INSERT INTO receipts (submission, size, envelope) VALUES (?, ?, ?)"
        " ON CONFLICT (submission) DO NOTHING",
        (submission, size, data),
    )
    database.run("DELETE FROM submissions WHERE sha256 = ?", (submission,))


def receipts(database: Database) -> tuple[bytes, ...]:
    """Return the receipts, oldest first."""
    found = database.rows("SELECT envelope FROM receipts ORDER BY id")
    return tuple(bytes(data) for (data,) in found)


def receipted(database: Database) -> int:
    """Return how many entries verified receipts cover."""
    row = database.row("SELECT coalesce(max(size), 0) FROM receipts")
    return 0 if row is None else int(row[0])


def put_meta(database: Database, key: str, value: bytes) -> None:
    """Set a small value."""
    database.run(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def meta(database: Database, key: str) -> bytes | None:
    """Return a small value."""
    row = database.row("SELECT value FROM meta WHERE key = ?", (key,))
    return None if row is None else bytes(row[0])


def raise_signed_time(database: Database, time: UtcTime) -> None:
    """Lift the highest signed time; a lower one changes nothing."""
    database.run(
        "INSERT INTO signed_time (id, time) VALUES (1, ?)"
        " ON CONFLICT (id) DO UPDATE SET time = excluded.time"
        " WHERE excluded.time > time",
        (time,),
    )


def signed_time(database: Database) -> UtcTime | None:
    """Return the highest signed time that the database holds."""
    row = database.row("SELECT time FROM signed_time")
    return None if row is None else UtcTime(row[0])
