"""A program that seals items and turns keys until it kills itself.

Reads its orders as one JSON line on standard input; writes one line with seq and
hash on standard output for each entry that the store confirmed. It dies at the n-th
passing of a named point of the store, or at the n-th file that is put in place
(header, its copy, anchor), before or after.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.domain.decision import Standing, StandingKind
from reviewer.formats import durable
from reviewer.formats.wire import (
    Act,
    ClockTrust,
    SealBody,
    SealedMedia,
    SealStage,
)
from reviewer.keys.vault import HeaderVault
from reviewer.ports import Store, VaultKeys
from reviewer.services.turning import Turning
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.clock import StepClock
from tests.fakes.entries import MOMENT, POLICY, Entries, batch_id
from tests.fakes.key_vault import CHEAP_POLICY, MemorySecrets
from tests.integration.kill_child import Killer, confirm

PASSPHRASE: Final = "maple otter quiet lantern fjord pebble"  # noqa: S105 (of a test)
BEFORE_FILE: Final = "before_file"
AFTER_FILE: Final = "after_file"


@dataclass
class FileKiller:
    """Ends this process at the n-th file put in place, before or after."""

    point: str
    countdown: int

    def install(self) -> None:
        """Stand in the way of every file that is put in place."""
        put = durable.commit

        def commit(path: Path) -> None:
            self._pass(BEFORE_FILE)
            put(path)
            self._pass(AFTER_FILE)

        durable.commit = commit

    def _pass(self, point: str) -> None:
        if point == self.point:
            self.countdown -= 1
            if self.countdown == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def make_vault(folder: Path) -> HeaderVault:
    """Return the header of a profile without a keyring."""
    return HeaderVault(
        folder,
        device_secrets=MemorySecrets(),
        clock=StepClock(),
        entropy=os.urandom,
        policy=CHEAP_POLICY,
    )


def seal_next(store: Store, keys: VaultKeys) -> bool:
    """Seal the first item that is still open; False once all are sealed."""
    rows = [r for r in store.items(batch_id()) if r.standing.kind is StandingKind.OPEN]
    if not rows:
        return False
    row = rows[0]
    entries = Entries(store, keys)
    body = SealBody(
        moment=MOMENT,
        clock_trust=ClockTrust.PLAUSIBLE,
        batch_id=row.batch_id,
        item_id=row.item.id,
        item_sha256=row.item.sha256,
        stage=SealStage.SEALED,
        ciphertext=SealedMedia(media_sha256=POLICY, offset_bytes=0, length_bytes=1),
        quarantine_key=keys.device.key_id,
        wrapped="AAAA",
    )
    with store.write() as tx:
        entry = entries.entry(Act.SEAL, body, item=row.item.id)
        tx.append(entry)
        tx.put_standing(
            Standing(item_id=row.item.id, kind=StandingKind.SEALED, seq=entry.seq)
        )
        tx.seal_item(row.item.id, keep_key=False)
    return True


def main() -> None:
    """Unlock, finish what was cut, seal and turn until killed or done."""
    orders = json.loads(sys.stdin.readline())
    folder = Path(orders["folder"])
    FileKiller(orders["point"], orders["countdown"]).install()
    vault = make_vault(folder)
    opener = SqlStoreOpener(
        folder, confirmed=confirm, fault=Killer(orders["point"], orders["countdown"])
    )
    keys = vault.unlock(PASSPHRASE)
    store = opener.open(keys)
    turning = Turning(vault=vault, store=store, keys=keys)
    turning.settle()
    for _ in range(orders.get("turns", 2)):
        seal_next(store, turning.keys)
        turning.destroyed()
        turning.settle()
    store.close()


if __name__ == "__main__":
    main()
