"""A long batch in the real store: how long opening, facets and search take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from reviewer.domain.item import Item
from reviewer.services.searching import By, Searching
from reviewer.store.opener import SqlStoreOpener
from reviewer.ui.place import Place
from tests.fakes.entries import Entries, batch_id, new_batch, new_item
from tests.fakes.key_vault import vault_keys

ITEMS_COUNT: Final = 10_000
_WORDS: Final = ("the", "quick", "flag", "convoy", "paper", "crowd", "street")
_OTHERS: Final = ("карта мира", "العلم الأسود", "国旗在广场", "ธงชาติ")


def finding_ms(folder: Path, *, items_count: int = ITEMS_COUNT) -> Mapping[str, float]:
    """Return milliseconds by what was done, for a batch of that many items."""
    keys = vault_keys()
    store = SqlStoreOpener(folder).create(keys)
    try:
        entries, row = Entries(store, keys), new_batch(items_count=items_count)
        with store.write() as tx:
            tx.append(entries.begin())
            tx.add_batch(row, [_item(number) for number in range(items_count)])
            tx.append(entries.imported(row))
        searching, batch = Searching(store), batch_id()
        rows = store.items(batch)
        place, last = Place(rows, 0), rows[-1].item.id
        severe = frozenset({(By.SEVERITY, "4")})
        done: Mapping[str, Callable[[], object]] = {
            "items": lambda: store.items(batch),
            "identities": lambda: store.identities(batch),
            "facets": lambda: searching.facets(batch),
            "search, rare word": lambda: searching.search(batch, "000077"),
            "search, every item": lambda: searching.search(batch, "harbour"),
            "search, no spaces": lambda: searching.search(batch, "旗在"),
            "search, one facet": lambda: searching.search(batch, "", severe),
            "place": lambda: (place.index_of(last), place.open_count()),
        }
        return {name: _timed(act) for name, act in done.items()}
    finally:
        store.close()


def _item(number: int) -> Item:
    words = [_WORDS[(number * 7 + step * step) % len(_WORDS)] for step in range(80)]
    text = " ".join((*words, "harbour", _OTHERS[number % len(_OTHERS)]))
    severity = None if number % 7 == 6 else number % 7
    return msgspec.structs.replace(new_item(number, severity=severity), text=text)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000
