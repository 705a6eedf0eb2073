"""The vault as it fills: opening a list and going to the next item, against itself.

The same batch of a thousand items is asked for in a vault that holds nothing else,
and again once many more batches lie beside it, each time by a process of its own.
Each answer is that of the store, as the window waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from reviewer.ports import Store, VaultKeys
from reviewer.store.opener import SqlStoreOpener
from tests.bench.memory import told
from tests.bench.rows import Row, median, timed
from tests.bench.sizes import is_big
from tests.fakes.clock import SeededEntropy
from tests.fakes.entries import batch_id, fill
from tests.fakes.key_vault import vault_keys

BATCH_ITEMS: Final = 1_000
BATCHES_COUNT: Final = 20
BIG_BATCHES_COUNT: Final = 100
LISTS_COUNT: Final = 15
NEXTS_COUNT: Final = 400
FLAT_MB: Final = 24  # 16 MB of page cache, which a small vault does not fill, and 8
NS: Final = 1_000_000_000
_MB: Final = 1024**2


def rows(folder: Path) -> tuple[Row, ...]:
    """Fill a vault, and ask before and after."""
    batches = BIG_BATCHES_COUNT if is_big() else BATCHES_COUNT
    keys = throw_away_keys()
    store = SqlStoreOpener(folder).create(keys)
    try:
        fill(store, keys, count=BATCH_ITEMS, number=1)
        store.close()
        before = told("vault", str(folder))
        store = SqlStoreOpener(folder).open(keys)
        for number in range(2, batches + 1):
            fill(store, keys, count=BATCH_ITEMS, number=number)
    finally:
        store.close()
    after = told("vault", str(folder))
    words = f"1 000 to {batches * BATCH_ITEMS:,} items in the vault".replace(",", " ")
    more_mb = (after[2] - before[2]) / _MB
    return (
        _ratio(f"{words}: opening a list", after[0], before[0], goal=1.5),
        _ratio(f"{words}: next item", after[1], before[1], goal=1.2),
        Row(
            name=f"{words}: memory while it is asked",
            ours=after[2] / _MB,
            baseline=before[2] / _MB,
            ratio=after[2] / before[2],
            goal=f"<= +{FLAT_MB} MB",
            met=more_mb <= FLAT_MB,
            unit="MB",
            note=f"{more_mb:+.1f} MB",
        ),
    )


def asked(store: Store) -> tuple[float, float]:
    """Return the seconds of a list and of a next item."""
    batch = batch_id(1)
    ids = [row.item.id for row in store.items(batch)]
    lists = _seconds(lambda _: len(store.items(batch)), LISTS_COUNT)
    return lists, _seconds(lambda place: store.item(ids[place]), NEXTS_COUNT)


def throw_away_keys() -> VaultKeys:
    """Return the same keys in every process of one measurement."""
    return vault_keys(SeededEntropy(BATCH_ITEMS))


def _seconds(act: Callable[[int], object], times: int) -> float:
    return median([timed(lambda: act(number)) for number in range(times)])  # noqa: B023


def _ratio(name: str, ours: float, baseline: float, *, goal: float) -> Row:
    ratio = ours / baseline
    return Row(
        name=name,
        ours=ours / NS,
        baseline=baseline / NS,
        ratio=ratio,
        goal=f"<= {goal:g}",
        met=ratio <= goal,
    )
