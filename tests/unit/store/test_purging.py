"""The words of sealed items leave the index, once for all that a transaction seals."""

from __future__ import annotations

from pathlib import Path

import msgspec

from reviewer.domain.item import Item
from reviewer.store.opener import SqlStoreOpener
from reviewer.store.vault import SqlStore
from tests.fakes.entries import Entries, batch_id, new_batch, new_item
from tests.fakes.key_vault import vault_keys

WORDS = ("kumquat", "quokka", "xylophone", "zeppelin")


def open_store(folder: Path) -> tuple[SqlStore, list[Item]]:
    """Return a store with four items, each with a word of its own."""
    keys = vault_keys()
    store = SqlStoreOpener(folder).create(keys)
    assert isinstance(store, SqlStore)
    items = [
        msgspec.structs.replace(new_item(place), text=word)
        for place, word in enumerate(WORDS)
    ]
    row = new_batch(1, items_count=len(items))
    entries = Entries(store, keys)
    with store.write() as tx:
        tx.append(entries.begin())
        tx.add_batch(row, items)
        tx.append(entries.imported(row))
    return store, items


def indexed(store: SqlStore) -> bytes:
    """Return all that the index holds."""
    rows = store._database.rows("SELECT block FROM search_data")
    return b"".join(bytes(row[0]) for row in rows)


def test_many_seals_write_the_index_once(tmp_path: Path) -> None:
    """A batch may bring thousands of copies of what was sealed: not once for each."""
    store, items = open_store(tmp_path)
    connection = store._database._connection
    assert all(word.encode()[1:] in indexed(store) for word in WORDS)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    with store.write() as tx:
        for item in items[:3]:
            tx.seal_item(item.id, keep_key=False)
    connection.set_trace_callback(None)
    del connection
    assert sum("'optimize'" in one for one in statements) == 1
    left = indexed(store)
    assert not any(word.encode()[1:] in left for word in WORDS[:3])
    assert WORDS[3].encode()[1:] in left
    assert store.find(batch_id(), [WORDS[3]]) == {items[3].id}
    store.close()
