"""Bring what is left under fresh keys: first each item key, then the whole file.

Each step can be done again after a crash. Wrapped keys name the generation they are
under; and the file opens under the one key or the other, since SQLCipher writes it
anew within one transaction of its own.
"""

from __future__ import annotations

from typing import Final

from reviewer.crypto import aead
from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.ports import VaultKeys
from reviewer.store.database import Database, Row

TABLES: Final = ("item_keys", "kept_keys")


def rewrap(database: Database, keys: VaultKeys) -> int:
    """Wrap every key anew that is still under the current generation; return how many.

    Raises:
        AssertionError: `keys.next` is not set.
        UnavailableError: DATABASE_DAMAGED, a wrapped key is not this vault's;
            DISK_FULL.
    """
    return sum(_rewrap(database, table, keys) for table in TABLES)


def _rewrap(database: Database, table: str, keys: VaultKeys) -> int:
    if keys.next is None:
        raise AssertionError("no next keys")
    found = database.rows(
        f"SELECT k.id, i.item_id, k.wrapped FROM {table} AS k"  # noqa: S608 (ours)
        " JOIN items AS i ON i.id = k.id WHERE k.generation = ?",
        (keys.item_key_generation,),
    )
    generation = keys.next.item_key_generation
    database.run_many(
        f"UPDATE {table} SET generation = ?, wrapped = ? WHERE id = ?",  # noqa: S608
        ((generation, _again(row, keys), row[0]) for row in found),
    )
    return len(found)


def _again(row: Row, keys: VaultKeys) -> bytes:
    _, item_id, wrapped = row
    if keys.next is None:
        raise AssertionError("no next keys")

    def associated(generation: int) -> bytes:
        return canonical.encode({"item_id": item_id, "generation": generation})

    try:
        identity = aead.unwrap(
            keys.item_key,
            wrapped=bytes(wrapped),
            associated=associated(keys.item_key_generation),
        )
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "item key") from error
    return aead.wrap(
        keys.next.item_key,
        plaintext=identity,
        associated=associated(keys.next.item_key_generation),
    )
