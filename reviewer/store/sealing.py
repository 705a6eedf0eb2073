"""Items that were sealed or shredded: their keys go, and what they say goes with them.

What remains of a sealed item is its id, its reference, its hash and its place in the
media, which nothing here can open any more. Where the organisation names no
quarantine key, the wrapped key moves to a table that no reader of items looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from reviewer.crypto import aead
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.places import unpack_places
from reviewer.formats.wire import Act, SealBody, SealStage, ShredBody
from reviewer.ports import ItemRow
from reviewer.store import items
from reviewer.store.database import Database
from reviewer.store.journal import untrusted_entry

T = TypeVar("T")

META_DUE: Final = "turn_due"
_DUE: Final = b"due"
_NUMBER: Final = "SELECT id, data FROM items WHERE item_id = ?"
_COPIES: Final = (
    "SELECT item_id FROM items"
    " WHERE json_extract(CAST(data AS TEXT), '$.sha256') = ? ORDER BY id"
)
_KEEP: Final = (
    "INSERT INTO kept_keys (id, generation, wrapped)"
    " SELECT id, generation, wrapped FROM item_keys WHERE id = ?"
    " ON CONFLICT (id) DO NOTHING"
)
_KEYED: Final = (
    "SELECT i.item_id FROM item_keys AS k JOIN items AS i ON i.id = k.id"
    " JOIN batches AS b ON b.id = i.batch WHERE b.batch_id = ?"
)
_KEPT: Final = (
    "SELECT i.item_id FROM kept_keys AS k JOIN items AS i ON i.id = k.id ORDER BY i.id"
)
_KEPT_KEY: Final = (
    "SELECT k.generation, k.wrapped FROM kept_keys AS k"
    " JOIN items AS i ON i.id = k.id WHERE i.item_id = ?"
)
_STANDING: Final = (
    "SELECT i.item_id FROM standings AS s JOIN items AS i ON i.id = s.id"
    " WHERE s.kind = ? ORDER BY i.id"
)
_ENVELOPES: Final = (
    "SELECT e.item_id, v.envelope FROM entries AS e"
    " JOIN envelopes AS v ON v.seq = e.seq WHERE e.act = ? ORDER BY e.seq"
)
_DROP_SHREDDED: Final = (
    "DELETE FROM item_keys WHERE id = (SELECT i.id FROM items AS i"
    " JOIN batches AS b ON b.id = i.batch WHERE b.batch_id = ? AND i.position = ?)"
)


def seal(database: Database, item_id: ItemId, *, keep_key: bool) -> None:
    """Destroy the key of an item, or lock it away, and what the item says.

    Doing it again changes nothing. Call `purge_words` once before the commit.

    Raises:
        RefusedError: ITEM_UNKNOWN.
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    found = database.row(_NUMBER, (item_id,))
    if found is None:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)
    number, data = found
    if keep_key:
        database.run(_KEEP, (number,))
    database.run("DELETE FROM item_keys WHERE id = ?", (number,))
    database.run("DELETE FROM fingerprints WHERE id = ?", (number,))
    _forget_text(database, number, bytes(data))
    _due(database)


def purge_words(database: Database) -> None:
    """Write the search index anew without the words of sealed items.

    A deleted row is only marked as such until then. It takes the time of the whole
    index, so it is done once for all that one transaction seals: a batch may bring
    ten thousand copies of what was sealed before.
    """
    database.run("INSERT INTO search (search) VALUES ('optimize')")


def drop_kept(database: Database, item_id: ItemId) -> None:
    """Destroy a key that was locked away."""
    database.run(
        "DELETE FROM kept_keys WHERE id = (SELECT id FROM items WHERE item_id = ?)",
        (item_id,),
    )
    _due(database)


def shred(database: Database, item_ids: Sequence[ItemId]) -> None:
    """Destroy the keys of items; what they say stays."""
    database.run_many(
        "DELETE FROM item_keys WHERE id = (SELECT id FROM items WHERE item_id = ?)",
        ((item_id,) for item_id in item_ids),
    )
    _due(database)


def copies(database: Database, sha256: Sha256Hex) -> tuple[ItemId, ...]:
    """Return the items of all batches with exactly these bytes."""
    return tuple(ItemId(row[0]) for row in database.rows(_COPIES, (sha256,)))


def standing_as(
    database: Database, kind: StandingKind, *, receipted: int
) -> tuple[ItemRow, ...]:
    """Return the items of all batches that stand so."""
    found = database.rows(_STANDING, (kind.value,))
    return tuple(
        items.one(database, ItemId(row[0]), receipted=receipted) for row in found
    )


def kept(database: Database) -> tuple[ItemId, ...]:
    """Return the items whose key is locked away here."""
    return tuple(ItemId(row[0]) for row in database.rows(_KEPT))


def kept_identity(database: Database, item_id: ItemId, *, item_key: bytes) -> bytes:
    """Unwrap a key that was locked away.

    Raises:
        RefusedError: ITEM_UNKNOWN.
        UnavailableError: DATABASE_DAMAGED.
    """
    row = database.row(_KEPT_KEY, (item_id,))
    if row is None:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)
    generation, wrapped = row
    try:
        return aead.unwrap(
            item_key,
            wrapped=bytes(wrapped),
            associated=canonical.encode({"item_id": item_id, "generation": generation}),
        )
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "kept key") from error


def keyed(database: Database, batch_id: BatchId) -> frozenset[ItemId]:
    """Return the items of a batch whose key is still here and not locked away."""
    return frozenset(ItemId(row[0]) for row in database.rows(_KEYED, (batch_id,)))


def is_due(database: Database) -> bool:
    """Return whether a key was destroyed since keys last turned."""
    found = database.row("SELECT value FROM meta WHERE key = ?", (META_DUE,))
    return found is not None and bytes(found[0]) == _DUE


def turned(database: Database) -> None:
    """Note that all keys have turned since the last one was destroyed."""
    database.run("DELETE FROM meta WHERE key = ?", (META_DUE,))


def enforce(database: Database) -> int:
    """Let the journal's seals and shreds win over the tables; return how many keys.

    Part of the transaction that heals: a page with a key that was destroyed may have
    been put back.

    Raises:
        UnavailableError: DATABASE_DAMAGED, an entry cannot be read.
    """
    before = _keys_count(database)
    sealed: dict[ItemId, bool] = {}
    for item_id, data in database.rows(_ENVELOPES, (Act.SEAL.value,)):
        body = _body(bytes(data), SealBody)
        if body.stage is SealStage.SEALED:
            has_key = body.wrapped is not None
            sealed[ItemId(item_id)] = sealed.get(ItemId(item_id), False) or has_key
    again = [
        _enforce_seal(database, item_id, is_wrapped=is_wrapped)
        for item_id, is_wrapped in sealed.items()
    ]
    if any(again):
        purge_words(database)
    for _, data in database.rows(_ENVELOPES, (Act.SHRED.value,)):
        gone = _body(bytes(data), ShredBody)
        database.run_many(_DROP_SHREDDED, _places(gone))
    count = before - _keys_count(database)
    if count:
        _due(database)
    return count


def _enforce_seal(database: Database, item_id: ItemId, *, is_wrapped: bool) -> bool:
    """Seal an item again whose key came back; return whether it had."""
    found = database.row(
        "SELECT 1 FROM item_keys AS k JOIN items AS i ON i.id = k.id"
        " WHERE i.item_id = ?",
        (item_id,),
    )
    if found is not None:
        seal(database, item_id, keep_key=not is_wrapped)
    if is_wrapped and item_id in kept(database):
        drop_kept(database, item_id)
    return found is not None


def _forget_text(database: Database, number: int, data: bytes) -> None:
    item = msgspec.json.decode(data, type=Item)
    bare = Item(
        id=item.id,
        ref=item.ref,
        kind=item.kind,
        identity="",
        sha256=item.sha256,
        size_bytes=item.size_bytes,
        offset_bytes=item.offset_bytes,
        sealed_bytes=item.sealed_bytes,
        declared_type=item.declared_type,
    )
    database.run(
        "UPDATE items SET data = ? WHERE id = ?", (msgspec.json.encode(bare), number)
    )
    database.run(
        "UPDATE standings SET severity = NULL, own_severity = NULL, keep = 0,"
        " priority = ? WHERE id = ?",
        (bare.priority.value, number),
    )
    database.run("DELETE FROM search_waiting WHERE id = ?", (number,))
    database.run("DELETE FROM search WHERE rowid = ?", (number,))


def _due(database: Database) -> None:
    database.run(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (META_DUE, _DUE),
    )


def _keys_count(database: Database) -> int:
    return int(
        database.rows(
            "SELECT (SELECT count(*) FROM item_keys) + (SELECT count(*) FROM kept_keys)"
        )[0][0]
    )


def _places(body: ShredBody) -> list[tuple[BatchId, int]]:
    try:
        return [(body.batch_id, place) for place in unpack_places(body.items)]
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "shredded items") from error


def _body(data: bytes, type_: type[T]) -> T:
    try:
        return msgspec.convert(untrusted_entry(data).body, type_, strict=True)
    except (msgspec.ValidationError, VerificationError) as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "entry") from error
