"""Kill -9 at each write, fsync, unlink and rename of three commits (long).

`strace` injects the signal at the n-th call of a kind, so that every point is met,
one after the other, until a run ends by itself.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.chain.journal import verify_chain
from reviewer.crypto.hashes import sha256_hex
from reviewer.ports import VaultKeys
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import fill
from tests.fakes.key_vault import vault_keys
from tests.integration.kill_child import keys_to_json

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
TURNS = 3
MOST = 200


def run(folder: Path, keys: VaultKeys, *, call: str, when: int) -> tuple[bool, str]:
    """Return whether the child was killed, and what it had confirmed."""
    orders = {
        "folder": str(folder),
        "keys": keys_to_json(keys),
        "point": "none",
        "countdown": 0,
        "turns": TURNS,
    }
    inject = f"inject={call}:signal=SIGKILL:when={when}"
    done = subprocess.run(
        [
            *(str(STRACE), "-f", "-qq", "-o", "/dev/null", "-P", str(folder)),
            *(f"-P{folder / name}" for name in NAMES),
            *("-e", f"trace={call}", "-e", inject),
            *(sys.executable, "-m", "tests.integration.kill_child"),
        ],
        input=json.dumps(orders).encode() + b"\n",
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    killed = done.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}
    assert killed or done.returncode == 0, done.stderr.decode()
    return killed, done.stdout.decode()


NAMES = ("vault.db", "vault.db-journal", "anchor", "anchor.new")


@pytest.mark.long
@pytest.mark.skipif(STRACE is None, reason="not run: there is no strace here")
@pytest.mark.parametrize("call", ["pwrite64", "write", "fsync", "unlink", "rename"])
def test_every_call_of_a_commit_can_be_the_last(tmp_path: Path, call: str) -> None:
    """All that was confirmed is there, the chain verifies, and writing goes on."""
    keys = vault_keys()
    original = tmp_path / "original"
    store = SqlStoreOpener(original).create(keys)
    fill(store, keys, count=5)
    store.close()
    points = 0
    for when in range(1, MOST):
        folder = tmp_path / f"{when}"
        shutil.copytree(original, folder)
        killed, confirmed = run(folder, keys, call=call, when=when)
        check(folder, keys, confirmed)
        shutil.rmtree(folder)
        if not killed:
            break
        points += 1
    assert points >= 1
    assert points < MOST - 1


def check(folder: Path, keys: VaultKeys, confirmed: str) -> None:
    """Compare what was confirmed with what is there."""
    store = SqlStoreOpener(folder).open(keys)
    try:
        assert not store.read_only()
        stored = [one.envelope for one in store.entries(0, store.head().size - 1)]
        chain = verify_chain(stored, key=keys.device.verifying_key)
        assert chain.head == store.head().entry_sha256
        for line in confirmed.splitlines():
            seq, entry_sha256 = line.split()
            assert sha256_hex(stored[int(seq)]) == entry_sha256
    finally:
        store.close()
