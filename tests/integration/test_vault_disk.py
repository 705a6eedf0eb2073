"""A full or failing disk: a clear code, nothing half done, and the store goes on."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.keys.vault import HeaderVault
from reviewer.ports import Store, VaultKeys
from reviewer.store.faults import Point
from reviewer.store.opener import DATABASE, SqlStoreOpener
from tests.fakes.clock import StepClock
from tests.fakes.entries import decide, fill
from tests.fakes.key_vault import CHEAP_POLICY, MemorySecrets, vault_keys

WORDS = "maple otter quiet lantern fjord pebble"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MiB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("not run: mounting takes root")
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("not run: no mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


@contextlib.contextmanager
def largest_file(limit_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def take_all_room(folder: Path, *, but_bytes: int) -> Path:
    """Fill the file system except for a little."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast.write_bytes(bytes(max(0, free - but_bytes)))
    return ballast


def fill_until_refused(store: Store) -> Code:
    """Write larger and larger values until the store says why not."""
    for turn in range(1_000):
        try:
            with store.write() as tx:
                tx.put_meta(f"value {turn}", os.urandom(256 * 1024))
        except UnavailableError as error:
            return error.code
    raise AssertionError("never full")


def still_works(store: Store, keys: VaultKeys) -> None:
    """After room is made, the next decision lands."""
    size = store.head().size
    item = store.items(store.batches()[0].batch_id)[1].item
    decide(store, keys, item)
    assert store.head().size == size + 1


def test_a_full_disk_is_told_and_nothing_is_half_done(small_disk: Path) -> None:
    """DISK_FULL; what was there stays, and writing goes on once there is room."""
    keys = vault_keys()
    seen: list[int] = []
    opener = SqlStoreOpener(
        small_disk / "profile", confirmed=lambda seq, _sha: seen.append(seq)
    )
    store = opener.create(keys)
    items = fill(store, keys)
    decide(store, keys, items[0])
    before = store.head()
    assert fill_until_refused(store) is Code.DISK_FULL
    ballast = take_all_room(small_disk, but_bytes=0)
    with pytest.raises(UnavailableError) as caught:
        decide(store, keys, items[1])
    assert caught.value.code is Code.DISK_FULL
    assert store.head() == before
    assert seen == list(range(before.size))
    assert not store.read_only()
    ballast.unlink()
    still_works(store, keys)
    store.close()
    with contextlib.closing(opener.open(keys)) as again:
        assert not again.read_only()
        assert again.head().size == before.size + 1


@pytest.mark.parametrize("spare_pages", range(0, 24, 2))
def test_every_amount_of_room_ends_whole(small_disk: Path, spare_pages: int) -> None:
    """With little room left, a decision lands whole or not at all."""
    keys = vault_keys()
    opener = SqlStoreOpener(small_disk / "profile")
    store = opener.create(keys)
    items = fill(store, keys)
    before = store.head().size
    ballast = take_all_room(small_disk, but_bytes=spare_pages * 4096)
    landed = True
    try:
        decide(store, keys, items[0])
    except UnavailableError as error:
        landed = False
        code = error.code
        assert code is Code.DISK_FULL
    assert store.head().size == before + landed
    ballast.unlink()
    store.close()
    with contextlib.closing(opener.open(keys)) as again:
        assert not again.read_only()
        assert again.head().size == before + landed
        still_works(again, keys)


def test_a_failing_write_is_told_and_the_store_goes_on(tmp_path: Path) -> None:
    """A file that may not grow: DISK_FAILED or DISK_FULL, then all is well again."""
    keys = vault_keys()
    opener = SqlStoreOpener(tmp_path)
    store = opener.create(keys)
    items = fill(store, keys)
    before = store.head()
    limit = (tmp_path / DATABASE).stat().st_size
    with largest_file(limit):
        code = fill_until_refused(store)
    assert code in {Code.DISK_FAILED, Code.DISK_FULL}
    assert store.head() == before
    assert not store.read_only()
    decide(store, keys, items[0])
    store.close()
    with contextlib.closing(opener.open(keys)) as again:
        assert not again.read_only()
        assert again.head().size == before.size + 1


def test_an_anchor_that_cannot_be_written_stops_the_commit(tmp_path: Path) -> None:
    """The next anchor is written before the commit, so a failure undoes all."""
    keys = vault_keys()
    opener = SqlStoreOpener(tmp_path)
    store = opener.create(keys)
    items = fill(store, keys)
    before = store.head()
    obstacle = tmp_path / "anchor.new"
    obstacle.mkdir()
    with pytest.raises(UnavailableError) as caught:
        decide(store, keys, items[0])
    assert caught.value.code is Code.DISK_FAILED
    assert store.head() == before
    obstacle.rmdir()
    still_works(store, keys)
    store.close()


def test_an_anchor_that_fails_after_the_commit_confirms_nothing(tmp_path: Path) -> None:
    """The store turns read-only; opened anew, the database is ahead and accepted."""
    keys = vault_keys()
    seen: list[int] = []
    anchor = tmp_path / "anchor"
    kept = tmp_path / "kept"

    def obstruct(point: Point) -> None:
        if point is Point.AFTER_COMMIT and kept.exists():
            anchor.unlink()
            anchor.mkdir()

    opener = SqlStoreOpener(
        tmp_path, confirmed=lambda seq, _sha: seen.append(seq), fault=obstruct
    )
    store = opener.create(keys)
    items = fill(store, keys)
    size = store.head().size
    kept.write_bytes(anchor.read_bytes())
    with pytest.raises(UnavailableError) as caught:
        decide(store, keys, items[0])
    assert caught.value.code is Code.DISK_FAILED
    assert seen == list(range(size))
    with pytest.raises(RefusedError) as refused:
        decide(store, keys, items[1])
    assert refused.value.code is Code.READ_ONLY
    store.close()
    anchor.rmdir()
    kept.rename(anchor)
    with contextlib.closing(opener.open(keys)) as again:
        assert not again.read_only()
        assert again.head().size == size + 1


def test_a_header_on_a_full_disk_is_old_or_new(small_disk: Path) -> None:
    """A passphrase change without room fails, and the old one still opens."""
    vault = HeaderVault(
        small_disk / "profile",
        device_secrets=MemorySecrets(),
        clock=StepClock(),
        entropy=os.urandom,
        policy=CHEAP_POLICY,
    )
    made = vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    ballast = take_all_room(small_disk, but_bytes=0)
    with pytest.raises(UnavailableError) as caught:
        vault.change_passphrase(WORDS, WORDS[::-1])
    assert caught.value.code is Code.DISK_FULL
    assert vault.unlock(WORDS).database_key == made.database_key
    ballast.unlink()
    vault.change_passphrase(WORDS, WORDS[::-1])
    assert vault.unlock(WORDS[::-1]).database_key == made.database_key


def test_a_vault_that_finds_no_room_leaves_nothing(small_disk: Path) -> None:
    """No header, no device secret: enrolment can start again."""
    secrets = MemorySecrets()
    vault = HeaderVault(
        small_disk / "profile",
        device_secrets=secrets,
        clock=StepClock(),
        entropy=os.urandom,
        policy=CHEAP_POLICY,
    )
    (small_disk / "profile").mkdir()
    take_all_room(small_disk, but_bytes=0)
    with pytest.raises(UnavailableError) as caught:
        vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    assert caught.value.code is Code.DISK_FULL
    assert not vault.exists()
    assert secrets.kept == {}
