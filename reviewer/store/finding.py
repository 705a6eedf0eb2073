"""The full-text index: what may hold the words; the caller counts and decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.matching.words import Field, fields_of, folded
from reviewer.store.database import Database

_STEP_COUNT: Final = 512
_INSERT: Final = (
    "INSERT INTO search (rowid, ref, tags, source, caption, account, context_group,"
    " flag, text, transcript, translation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND: Final = (
    "SELECT i.item_id FROM search AS f JOIN items AS i ON i.id = f.rowid"
    " JOIN batches AS b ON b.id = i.batch"
    " WHERE search MATCH ? AND b.batch_id = ?"
)
_WAITING: Final = (
    "SELECT i.id, i.data FROM search_waiting AS w JOIN items AS i ON i.id = w.id"
    " LIMIT ?"
)
_ITEMS: Final = msgspec.json.Decoder(Item)


def insert(database: Database, numbered: Iterable[tuple[int, Item]]) -> None:
    """Index items by their number in the database."""
    database.run_many(_INSERT, ((number, *_columns(item)) for number, item in numbered))


def catch_up(database: Database) -> None:
    """Index the items that an earlier version left; nothing to do as a rule.

    Raises:
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    while waiting := database.rows(_WAITING, (_STEP_COUNT,)):
        database.begin()
        try:
            insert(
                database, ((number, _ITEMS.decode(data)) for number, data in waiting)
            )
            database.run_many(
                "DELETE FROM search_waiting WHERE id = ?",
                ((number,) for number, _ in waiting),
            )
            database.commit()
        except BaseException:
            database.rollback()
            raise


def is_behind(database: Database) -> bool:
    """Return whether items wait to be indexed."""
    return database.row("SELECT 1 FROM search_waiting LIMIT 1") is not None


def find(
    database: Database, batch_id: BatchId, phrases: Sequence[str]
) -> frozenset[ItemId]:
    """Return the items of a batch in which every phrase stands, in any field.

    Args:
        database: Open.
        batch_id: Of the batch.
        phrases: Folded words (`reviewer.matching.words.phrases`), at least one.
    """
    match = " AND ".join(f'"{phrase}" *' for phrase in phrases)
    return frozenset(
        ItemId(item_id) for (item_id,) in database.rows(_FIND, (match, batch_id))
    )


def _columns(item: Item) -> list[str]:
    # The tokenizer folds and cuts ASCII as `folded` does, and faster.
    texts = {
        field: text if text.isascii() else folded(text)
        for field, text in fields_of(item)
    }
    return [texts.get(field, "") for field in Field]
