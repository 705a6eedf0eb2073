"""Kill -9 around the commit: no confirmed decision is ever lost."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reviewer.chain.journal import verify_chain
from reviewer.chain.tree import leaf_hash
from reviewer.crypto.hashes import sha256_hex
from reviewer.formats.wire import Act
from reviewer.ports import Store, VaultKeys
from reviewer.store.faults import Point
from reviewer.store.healing import projected
from reviewer.store.journal import untrusted_entry
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import batch_id, fill
from tests.fakes.key_vault import vault_keys
from tests.integration.kill_child import keys_to_json

COUNTDOWNS = (1, 2, 3, 4, 5, 7)
COMMIT = frozenset(Point) - {Point.AFTER_REWRAP, Point.AFTER_REKEY}
"""Without the points of a turn of keys: `test_kill_turn` has those."""
PLACEMENTS = tuple(itertools.product(sorted(COMMIT), COUNTDOWNS))
ROOT = Path(__file__).parents[2]


@dataclass
class Profile:
    """A profile that is killed again and again, and what was seen confirmed."""

    folder: Path
    keys: VaultKeys
    seen: dict[int, str] = field(default_factory=dict)

    def run(self, point: Point, countdown: int) -> int:
        """Let the child work until it dies; return how many lines it wrote."""
        orders = {
            "folder": str(self.folder),
            "keys": keys_to_json(self.keys),
            "point": point.value,
            "countdown": countdown,
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.integration.kill_child"],
            input=json.dumps(orders).encode() + b"\n",
            capture_output=True,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        lines = [line.split() for line in done.stdout.decode().splitlines()]
        for seq, entry_sha256 in lines:
            assert int(seq) not in self.seen
            self.seen[int(seq)] = entry_sha256
        return len(lines)

    def open(self) -> Store:
        return SqlStoreOpener(self.folder).open(self.keys)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    folder = tmp_path_factory.mktemp("killed")
    made = Profile(folder=folder, keys=vault_keys())
    store = SqlStoreOpener(folder).create(made.keys)
    fill(store, made.keys, count=5)
    store.close()
    return made


@pytest.mark.parametrize(("point", "countdown"), PLACEMENTS)
def test_nothing_confirmed_is_lost(
    profile: Profile, point: Point, countdown: int
) -> None:
    """Each placement: all that was seen is there, chained, signed, and projected."""
    profile.run(point, countdown)
    store = profile.open()
    try:
        _check_journal(store, profile)
        _check_standings(store)
    finally:
        store.close()


def test_the_placements_are_enough() -> None:
    """At least 20, with some in every gap between commit and confirmation."""
    assert len(PLACEMENTS) >= 20
    assert {point for point, _ in PLACEMENTS} == COMMIT


def _check_journal(store: Store, profile: Profile) -> None:
    assert not store.read_only()
    head = store.head()
    stored = list(store.entries(0, head.size - 1))
    chain = verify_chain(
        (entry.envelope for entry in stored), key=profile.keys.device.verifying_key
    )
    assert (chain.size, chain.head) == (head.size, head.entry_sha256)
    assert store.leaf_hashes() == [leaf_hash(entry.envelope) for entry in stored]
    for seq, entry_sha256 in profile.seen.items():
        assert sha256_hex(stored[seq].envelope) == entry_sha256
    noted = {one.seq for one in store.openings(0, head.size)}
    assert {entry.seq for entry in stored if entry.act == "decide"} >= noted


def _check_standings(store: Store) -> None:
    """What the tables say is what the journal says; a hand-over names all."""
    stored = list(store.entries(0, store.head().size - 1))
    for row in store.items(batch_id()):
        acts = [
            (untrusted_entry(entry.envelope), sha256_hex(entry.envelope))
            for entry in stored
            if row.item.id == entry.item_id or entry.act == Act.HAND_OVER
        ]
        assert row.standing == projected(row.item.id, acts)
