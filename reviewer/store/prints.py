"""Fingerprints of items: what the decoder found, kept as it was checked."""

from __future__ import annotations

from typing import Final

from reviewer.domain.fingerprint import METHOD, PDQ_BYTES, Fingerprint, FramePrint
from reviewer.domain.ids import BatchId, ItemId
from reviewer.errors import Code, RefusedError
from reviewer.store.database import Database

_FRAME_BYTES: Final = PDQ_BYTES + 1  # the hash, then its quality
_PUT: Final = (
    "INSERT INTO fingerprints (id, method, pixels, frames)"
    " SELECT id, ?, ?, ? FROM items WHERE item_id = ?"
    " AND NOT EXISTS"
    " (SELECT 1 FROM standings AS s WHERE s.id = items.id AND s.kind = 'sealed')"
    " ON CONFLICT (id) DO UPDATE SET"
    " method = excluded.method, pixels = excluded.pixels, frames = excluded.frames"
)
_KNOWN: Final = "SELECT 1 FROM items WHERE item_id = ?"
_OF_BATCH: Final = (
    "SELECT i.item_id, f.pixels, f.frames FROM batches AS b"
    " JOIN items AS i ON i.batch = b.id JOIN fingerprints AS f ON f.id = i.id"
    " WHERE b.batch_id = ? AND f.method = ? ORDER BY i.position"
)
_MISSING: Final = (
    "SELECT i.item_id FROM batches AS b JOIN items AS i ON i.batch = b.id"
    " LEFT JOIN standings AS s ON s.id = i.id"
    " LEFT JOIN fingerprints AS f ON f.id = i.id AND f.method = ?"
    " WHERE b.batch_id = ? AND f.id IS NULL"
    " AND coalesce(s.kind, '') NOT IN ('marked', 'sealed')"
    " ORDER BY i.position LIMIT ?"
)


def put(database: Database, item_id: ItemId, fingerprint: Fingerprint) -> None:
    """Keep the fingerprint of an item, in place of an earlier one.

    One that comes after the item was sealed is dropped.

    Raises:
        RefusedError: ITEM_UNKNOWN.
    """
    frames = b"".join(
        frame.hash + bytes([frame.quality]) for frame in fingerprint.frames
    )
    values = (METHOD, fingerprint.pixels_count, frames, item_id)
    if database.run(_PUT, values) != 1 and not database.row(_KNOWN, (item_id,)):
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)


def of_batch(
    database: Database, batch_id: BatchId
) -> tuple[tuple[ItemId, Fingerprint], ...]:
    """Return what is known of a batch, in its order, by one query."""
    rows = database.rows(_OF_BATCH, (batch_id, METHOD))
    return tuple(
        (
            ItemId(item_id),
            Fingerprint(frames=_frames(bytes(frames)), pixels_count=pixels),
        )
        for item_id, pixels, frames in rows
    )


def missing(database: Database, batch_id: BatchId, *, most: int) -> tuple[ItemId, ...]:
    """Return the first items of a batch that have none yet."""
    rows = database.rows(_MISSING, (METHOD, batch_id, most))
    return tuple(ItemId(row[0]) for row in rows)


def _frames(data: bytes) -> tuple[FramePrint, ...]:
    starts = range(0, len(data), _FRAME_BYTES)
    frames = (data[start : start + _FRAME_BYTES] for start in starts)
    return tuple(FramePrint(frame[:-1], frame[-1]) for frame in frames)
