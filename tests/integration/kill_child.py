"""A program that decides items until it kills itself at a named point.

Reads its orders as one JSON line on standard input; writes one line with seq and
hash on standard output for each entry that the store confirmed.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from pathlib import Path
from typing import Final

from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import Sha256Hex
from reviewer.domain.item import Item
from reviewer.domain.orgconfig import KeyringMode
from reviewer.ports import Store, StoredOpening, VaultKeys
from reviewer.store.faults import Point
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import Entries, batch_id, put_decided

_KEYS: Final = ("database_key", "anchor_key", "item_key", "log_key", "ledger_key")


def keys_to_json(keys: VaultKeys) -> dict[str, str]:
    """Return the keys of a test profile as hex."""
    return {
        "vault_id": keys.vault_id,
        "device": keys.device.seed.hex(),
        **{name: getattr(keys, name).hex() for name in _KEYS},
    }


def keys_from_json(found: dict[str, str]) -> VaultKeys:
    """Return what `keys_to_json` wrote."""
    return VaultKeys(
        vault_id=found["vault_id"],
        epoch=0,
        keyring=KeyringMode.OPTIONAL,
        database_key=bytes.fromhex(found["database_key"]),
        anchor_key=bytes.fromhex(found["anchor_key"]),
        item_key=bytes.fromhex(found["item_key"]),
        log_key=bytes.fromhex(found["log_key"]),
        ledger_key=bytes.fromhex(found["ledger_key"]),
        device=SigningKey.from_seed(bytes.fromhex(found["device"])),
    )


@dataclasses.dataclass
class Killer:
    """Ends this process at the n-th passing of a point."""

    point: str
    countdown: int

    def __call__(self, point: Point) -> None:
        """Count, and die without a word when the count is up."""
        if point == self.point:
            self.countdown -= 1
            if self.countdown == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def confirm(seq: int, entry_sha256: Sha256Hex) -> None:
    """Write one whole line at once."""
    os.write(1, f"{seq} {entry_sha256}\n".encode())


def act(store: Store, keys: VaultKeys, item: Item, *, turn: int) -> None:
    """Decide with a note, hand back or over, or undo and decide again, by turns."""
    entries = Entries(store, keys)
    if turn % 4 == 3:
        hand_over(store, entries)
        return
    with store.write() as tx:
        if turn % 3 == 0:
            back = entries.handed_back(item)
            tx.append(back)
            standing = Standing(
                item_id=item.id, kind=StandingKind.HANDED_BACK, seq=back.seq
            )
            tx.put_standing(standing)
            return
        decided = entries.decided(item)
        put_decided(tx, decided, item, verdict="violates")
        opening = StoredOpening(seq=decided.seq, salt=b"s" * 16, text=f"note {turn}")
        tx.add_opening(opening)
        if turn % 3 == 1:
            tx.append(entries.undone(item, decided))
            put_decided(tx, entries.decided(item), item, verdict="violates")


def hand_over(store: Store, entries: Entries) -> None:
    """Hand over every item by one entry, whatever was done to it."""
    rows = store.items(batch_id())
    over = entries.handed_over(row.position for row in rows)
    with store.write() as tx:
        tx.append(over)
        tx.put_standings(
            [
                Standing(
                    item_id=row.item.id, kind=StandingKind.HANDED_OVER, seq=over.seq
                )
                for row in rows
            ]
        )


def main() -> None:
    """Work until killed, or until the turns are over."""
    orders = json.loads(sys.stdin.readline())
    keys = keys_from_json(orders["keys"])
    opener = SqlStoreOpener(
        Path(orders["folder"]),
        confirmed=confirm,
        fault=Killer(orders["point"], orders["countdown"]),
    )
    store = opener.open(keys)
    rows = store.items(batch_id())
    for turn in range(orders.get("turns", 100)):
        act(store, keys, rows[turn % len(rows)].item, turn=turn + orders["countdown"])
    store.close()


if __name__ == "__main__":
    main()
