"""Items: what their batch says, their wrapped identities, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from reviewer.crypto import aead
from reviewer.domain.decision import Decision, Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import unb64
from reviewer.ports import Identities, ItemRow
from reviewer.store import finding
from reviewer.store.database import Database, Row

_SELECT: Final = (
    "SELECT b.batch_id, i.position, i.data, s.opened, s.own_severity, s.kind, s.seq,"
    " s.decision, s.keep FROM items AS i"
    " JOIN standings AS s ON s.id = i.id JOIN batches AS b ON b.id = i.batch"
)
_OF_BATCH: Final = f"{_SELECT} WHERE b.batch_id = ? ORDER BY i.position"
_ONE: Final = f"{_SELECT} WHERE i.item_id = ?"
_KEY: Final = (
    "SELECT k.generation, k.wrapped FROM item_keys AS k"
    " JOIN items AS i ON i.id = k.id WHERE i.item_id = ?"
)
_KEYS: Final = (
    "SELECT i.item_id, k.generation, k.wrapped FROM item_keys AS k"
    " JOIN items AS i ON i.id = k.id JOIN batches AS b ON b.id = i.batch"
    " WHERE b.batch_id = ?"
)
_PUT_STANDING: Final = (
    "UPDATE standings SET kind = ?, seq = ?, decision = ?, keep = ?,"
    " touched = coalesce(?, touched)"
    " WHERE id = (SELECT id FROM items WHERE item_id = ?)"
)
_PUT_SEVERITY: Final = (
    "UPDATE standings SET own_severity = ?, severity = ?"
    " WHERE id = (SELECT id FROM items WHERE item_id = ?)"
)
_ITEMS: Final = msgspec.json.Decoder(Item)
_DECISIONS: Final = msgspec.json.Decoder(Decision)


def insert(
    database: Database,
    items: Sequence[Item],
    *,
    batch: int,
    item_key: bytes,
    generation: int,
) -> None:
    """Insert the items of a batch in their order; identities are wrapped here.

    Raises:
        VerificationError: MALFORMED, an identity is not base64.
    """
    found = database.row("SELECT coalesce(max(id), 0) FROM items")
    start = 1 if found is None else int(found[0]) + 1
    numbered = list(enumerate(items, start=start))
    database.run_many(
        "INSERT INTO items (id, batch, position, item_id, data) VALUES (?, ?, ?, ?, ?)",
        (
            (number, batch, number - start, item.id, _without_identity(item))
            for number, item in numbered
        ),
    )
    database.run_many(
        "INSERT INTO item_keys (id, generation, wrapped) VALUES (?, ?, ?)",
        (
            (number, generation, _wrapped(item, item_key, generation))
            for number, item in numbered
        ),
    )
    database.run_many(
        "INSERT INTO standings (id, batch, severity, priority) VALUES (?, ?, ?, ?)",
        (
            (number, batch, item.severity, item.priority.value)
            for number, item in numbered
        ),
    )
    finding.insert(database, numbered)


def of_batch(
    database: Database, batch_id: BatchId, *, receipted: int
) -> tuple[ItemRow, ...]:
    """Return the items of a batch in order, by one query."""
    return tuple(_item(row, receipted) for row in database.rows(_OF_BATCH, (batch_id,)))


def one(database: Database, item_id: ItemId, *, receipted: int) -> ItemRow:
    """Return one item.

    Raises:
        RefusedError: ITEM_UNKNOWN.
    """
    row = database.row(_ONE, (item_id,))
    if row is None:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)
    return _item(row, receipted)


def identity(database: Database, item_id: ItemId, *, item_key: bytes) -> bytes:
    """Unwrap the age identity of an item.

    Raises:
        RefusedError: ITEM_UNKNOWN, no such item, or its key is shredded.
        UnavailableError: DATABASE_DAMAGED, the wrapped key is not this vault's.
    """
    row = database.row(_KEY, (item_id,))
    if row is None:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)
    generation, wrapped = row
    return _unwrapped(item_id, generation, bytes(wrapped), item_key=item_key)


def identities(database: Database, batch_id: BatchId, *, item_key: bytes) -> Identities:
    """Read the wrapped identities of a batch by one query; each is unwrapped if asked.

    What is returned may be called on any thread, also once the database is closed,
    and raises as `identity` does.
    """
    wrapped = {
        ItemId(item_id): (int(generation), bytes(data))
        for item_id, generation, data in database.rows(_KEYS, (batch_id,))
    }

    def unwrapped(item_id: ItemId, /) -> bytes:
        if item_id not in wrapped:
            raise RefusedError(Code.ITEM_UNKNOWN, item_id)
        return _unwrapped(item_id, *wrapped[item_id], item_key=item_key)

    return unwrapped


def put_standing(
    database: Database, standing: Standing, *, touched: int | None
) -> None:
    """Set what now holds for an item; `sent` follows from the receipts.

    Args:
        database: In a transaction.
        standing: What holds.
        touched: The entry that made it so; None leaves the earlier one.

    Raises:
        RefusedError: ITEM_UNKNOWN.
    """
    changed = database.run(_PUT_STANDING, _standing_values(standing, touched))
    _one_changed(changed, standing.item_id)


def put_standings(
    database: Database, standings: Sequence[Standing], *, touched: int
) -> None:
    """Set what one entry makes of many items; an unknown item is passed over."""
    values = [_standing_values(standing, touched) for standing in standings]
    database.run_many(_PUT_STANDING, values)


def mark_opened(database: Database, item_id: ItemId) -> None:
    """Note that the item has its `open` entry; raise ITEM_UNKNOWN."""
    _set(database, "opened", 1, item_id)


def set_keep(database: Database, item_id: ItemId, *, keep: bool) -> None:
    """Keep an item for later, or no longer; raise ITEM_UNKNOWN."""
    _set(database, "keep", int(keep), item_id)


def set_own_severity(database: Database, item_id: ItemId, severity: int | None) -> None:
    """Correct the severity; None goes back to what the batch says.

    Raises:
        RefusedError: ITEM_UNKNOWN.
    """
    row = one(database, item_id, receipted=0)
    shown = row.item.severity if severity is None else severity
    database.run(_PUT_SEVERITY, (severity, shown, item_id))


def _set(database: Database, column: str, value: int, item_id: ItemId) -> None:
    changed = database.run(
        f"UPDATE standings SET {column} = ?"  # noqa: S608 (a name of ours)
        " WHERE id = (SELECT id FROM items WHERE item_id = ?)",
        (value, item_id),
    )
    _one_changed(changed, item_id)


def _standing_values(
    standing: Standing, touched: int | None
) -> tuple[str | int | bytes | None, ...]:
    decision = standing.decision
    return (
        standing.kind.value,
        standing.seq,
        None if decision is None else msgspec.json.encode(decision),
        int(standing.keep),
        touched,
        standing.item_id,
    )


def _one_changed(changed: int, item_id: ItemId) -> None:
    if changed != 1:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)


def _item(row: Row, receipted: int) -> ItemRow:
    item = _ITEMS.decode(row[2])
    seq: int | None = row[6]
    return ItemRow(
        batch_id=BatchId(row[0]),
        position=row[1],
        item=item,
        opened=bool(row[3]),
        own_severity=row[4],
        standing=Standing(
            item_id=item.id,
            kind=StandingKind(row[5]),
            seq=seq,
            decision=None if row[7] is None else _DECISIONS.decode(row[7]),
            sent=seq is not None and seq < receipted,
            keep=bool(row[8]),
        ),
    )


def _without_identity(item: Item) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(item, identity=""))


def _unwrapped(
    item_id: ItemId, generation: int, wrapped: bytes, *, item_key: bytes
) -> bytes:
    try:
        return aead.unwrap(
            item_key, wrapped=wrapped, associated=_associated(item_id, generation)
        )
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "item key") from error


def _wrapped(item: Item, item_key: bytes, generation: int) -> bytes:
    return aead.wrap(
        item_key,
        plaintext=unb64(item.identity),
        associated=_associated(item.id, generation),
    )


def _associated(item_id: ItemId, generation: int) -> bytes:
    return canonical.encode({"item_id": item_id, "generation": generation})
