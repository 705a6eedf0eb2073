"""Kill -9 while keys turn: nothing confirmed is lost, nothing destroyed comes back."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reviewer.chain.journal import verify_chain
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import StandingKind
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError
from reviewer.ports import Store, VaultKeys
from reviewer.services.turning import Turning
from reviewer.store.faults import Point
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import batch_id, fill
from tests.integration.turn_child import (
    AFTER_FILE,
    BEFORE_FILE,
    PASSPHRASE,
    make_vault,
)

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
ITEMS_COUNT = 30
MOST = 1_000
SLICES = 8
FILES_COUNT = 22  # two seals: header twice, its copy twice and anchors, for each turn
PLACEMENTS = (
    *itertools.product((one.value for one in Point), (1, 2, 3)),
    *itertools.product((BEFORE_FILE, AFTER_FILE), range(1, FILES_COUNT + 1)),
)
CALLS = ("pwrite64", "fsync", "unlink", "rename")
NAMES = (
    "vault.db",
    "vault.db-journal",
    "anchor",
    "anchor.new",
    "header",
    "header.new",
    "header.bak",
    "header.bak.new",
)


@dataclass
class Profile:
    """A profile that is killed again and again, and what was seen confirmed."""

    folder: Path
    seen: dict[int, str] = field(default_factory=dict)

    def run(self, point: str, countdown: int, *wrapper: str, turns: int = 2) -> bool:
        """Let the child work until it dies or is done; return whether it died."""
        orders = {
            "folder": str(self.folder),
            "point": point,
            "countdown": countdown,
            "turns": turns,
        }
        done = subprocess.run(
            [*wrapper, sys.executable, "-m", "tests.integration.turn_child"],
            input=json.dumps(orders).encode() + b"\n",
            capture_output=True,
            check=False,
            cwd=ROOT,
            timeout=120,
        )
        killed = done.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}
        assert killed or done.returncode == 0, done.stderr.decode()
        for line in done.stdout.decode().splitlines():
            seq, entry_sha256 = line.split()
            assert int(seq) not in self.seen
            self.seen[int(seq)] = entry_sha256
        return killed

    def check(self) -> None:
        """Unlock as the program does, and look at everything."""
        vault = make_vault(self.folder)
        keys = vault.unlock(PASSPHRASE)
        store = SqlStoreOpener(self.folder).open(keys)
        try:
            assert not store.read_only()
            turning = Turning(vault=vault, store=store, keys=keys)
            turning.settle()
            assert turning.keys.next is None
            assert not store.turn_due()
            self._check_journal(store, keys)
            _check_items(store)
        finally:
            store.close()
        header, copy = (self.folder / name for name in ("header", "header.bak"))
        assert header.read_bytes() == copy.read_bytes()
        again = SqlStoreOpener(self.folder).open(
            make_vault(self.folder).unlock(PASSPHRASE)
        )
        again.close()

    def _check_journal(self, store: Store, keys: VaultKeys) -> None:
        stored = list(store.entries(0, store.head().size - 1))
        chain = verify_chain(
            (entry.envelope for entry in stored), key=keys.device.verifying_key
        )
        assert chain.size == store.head().size
        for seq, entry_sha256 in self.seen.items():
            assert sha256_hex(stored[seq].envelope) == entry_sha256
        sealed = {entry.item_id for entry in stored if entry.act == "seal"}
        rows = store.standing_as(StandingKind.SEALED)
        assert {row.item.id for row in rows} == sealed


def _check_items(store: Store) -> None:
    """An open item has its key; a sealed one has none."""
    for row in store.items(batch_id()):
        if row.standing.kind is StandingKind.OPEN:
            number = int(row.item.id, 16)
            assert store.identity(row.item.id) == number.to_bytes(32, "big")
        else:
            with pytest.raises(RefusedError) as caught:
                store.identity(row.item.id)
            assert caught.value.code is Code.ITEM_UNKNOWN


def made(folder: Path) -> Profile:
    keys = make_vault(folder).create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
    store = SqlStoreOpener(folder).create(keys)
    fill(store, keys, count=ITEMS_COUNT)
    store.close()
    return Profile(folder)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("turning") / "original"
    made(folder)
    return folder


@pytest.mark.parametrize(("point", "countdown"), PLACEMENTS)
def test_a_turn_that_is_killed_goes_on(
    original: Path, tmp_path: Path, point: str, countdown: int
) -> None:
    """At each step of header, copy, database and anchor: old or new, never neither."""
    folder = tmp_path / "killed"
    shutil.copytree(original, folder)
    profile = Profile(folder)
    assert profile.run(point, countdown)
    profile.check()


def test_the_placements_reach_the_end(original: Path, tmp_path: Path) -> None:
    """No file is put in place after the last one that is tried."""
    folder = tmp_path / "whole"
    shutil.copytree(original, folder)
    profile = Profile(folder)
    assert not profile.run(AFTER_FILE, FILES_COUNT + 1)
    profile.check()


@pytest.mark.long
@pytest.mark.skipif(STRACE is None, reason="not run: there is no strace here")
@pytest.mark.parametrize("first", range(1, SLICES + 1))
@pytest.mark.parametrize("call", CALLS)
def test_every_call_of_a_turn_can_be_the_last(
    original: Path, tmp_path: Path, call: str, first: int
) -> None:
    """Every write, fsync, unlink and rename, rekeying of the whole file among them."""
    for when in range(first, MOST, SLICES):
        folder = tmp_path / f"{when}"
        shutil.copytree(original, folder)
        wrapper = (
            *(str(STRACE), "-f", "-qq", "-o", "/dev/null", "-P", str(folder)),
            *(f"-P{folder / name}" for name in NAMES),
            *("-e", f"trace={call}"),
            *("-e", f"inject={call}:signal=SIGKILL:when={when}"),
        )
        profile = Profile(folder)
        killed = profile.run("none", 0, *wrapper, turns=1)
        profile.check()
        shutil.rmtree(folder)
        if not killed:
            return
    pytest.fail("there are more calls than were tried")
