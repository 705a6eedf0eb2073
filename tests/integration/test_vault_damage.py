"""What a hand on the files can do to the store, and what it is told."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import UtcTime
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.ports import Store, StoredOpening, VaultKeys
from reviewer.store.opener import DATABASE, SqlStoreOpener
from tests.fakes.clock import SeededEntropy
from tests.fakes.entries import (
    Entries,
    batch_id,
    decide,
    fill,
    new_batch,
    new_item,
    put_decided,
)
from tests.fakes.key_vault import vault_keys

PAGE_BYTES = 4096
PLAIN = b"SQLite format 3\0"


class Profile:
    """A profile with two states: `old` has one decision, the current one has more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.old = folder.parent / "old"
        self.keys: VaultKeys = vault_keys()
        store = SqlStoreOpener(folder).create(self.keys)
        self.items: list[Item] = fill(store, self.keys, count=40)
        decide(store, self.keys, self.items[0], verdict="first")
        store.close()
        shutil.copytree(folder, self.old)
        store = self.open()
        for item in self.items[1:20]:
            decide(store, self.keys, item, verdict="second")
        decide(store, self.keys, self.items[0], verdict="changed")
        self.size = store.head().size
        store.close()

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def anchor(self) -> Path:
        return self.folder / "anchor"

    def open(self) -> Store:
        return SqlStoreOpener(self.folder).open(self.keys)

    def verdicts(self, store: Store) -> list[str]:
        rows = store.items(batch_id())
        return [row.standing.decision.verdict for row in rows if row.standing.decision]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def code_of_opening(profile: Profile) -> Code | None:
    """Return the code with which opening is refused, or None."""
    try:
        profile.open().close()
    except ReviewerError as error:
        return error.code
    return None


def refused_to_write(profile: Profile) -> None:
    """Read-only: everything can be read, and each write says READ_ONLY."""
    with contextlib.closing(profile.open()) as store:
        assert store.read_only()
        assert store.items(batch_id())
        with pytest.raises(RefusedError) as caught:
            decide(store, profile.keys, profile.items[30])
        assert caught.value.code is Code.READ_ONLY


def test_one_flipped_bit_in_any_page_is_caught(profile: Profile) -> None:
    """Every page has a MAC; the store refuses, and opens again once it is mended."""
    whole = profile.database.read_bytes()
    entropy = SeededEntropy(7)
    pages = len(whole) // PAGE_BYTES
    assert pages > 20
    for page in range(pages):
        place = page * PAGE_BYTES + int.from_bytes(entropy(2), "big") % PAGE_BYTES
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << entropy(1)[0] % 8
        profile.database.write_bytes(spoilt)
        assert code_of_opening(profile) is Code.DATABASE_DAMAGED, f"page {page}"
    profile.database.write_bytes(whole)
    assert code_of_opening(profile) is None


@pytest.mark.parametrize("kept_bytes", [0, 1, 15, 512, PAGE_BYTES, PAGE_BYTES + 1, -1])
def test_a_cut_file_is_caught(profile: Profile, kept_bytes: int) -> None:
    """Cut anywhere: refused or read-only, never a shorter journal taken for whole."""
    whole = profile.database.read_bytes()
    profile.database.write_bytes(whole[:kept_bytes])
    assert code_of_opening(profile) is Code.DATABASE_DAMAGED


def test_a_page_put_back_to_an_older_copy_loses_no_decision(profile: Profile) -> None:
    """SQLCipher does not see it; anchor, chain and healing do (security.md 3.2)."""
    whole = profile.database.read_bytes()
    old = (profile.old / DATABASE).read_bytes()
    with contextlib.closing(profile.open()) as store:
        expected = profile.verdicts(store)
    differing = [
        start
        for start in range(0, len(old), PAGE_BYTES)
        if old[start : start + PAGE_BYTES] != whole[start : start + PAGE_BYTES]
    ]
    anchor = profile.anchor.read_bytes()
    outcomes = []
    for start in differing:
        page = old[start : start + PAGE_BYTES]
        mixed = whole[:start] + page + whole[start + PAGE_BYTES :]
        profile.database.write_bytes(mixed)
        profile.anchor.write_bytes(anchor)
        outcomes.append(_outcome(profile, expected))
    assert len(outcomes) >= 4
    assert "lost" not in outcomes
    assert "refused" in outcomes or "read-only" in outcomes


def _outcome(profile: Profile, expected: list[str]) -> str:
    try:
        store = profile.open()
    except UnavailableError as error:
        return "refused" if error.code is Code.DATABASE_DAMAGED else "lost"
    with contextlib.closing(store):
        if store.read_only():
            return "read-only"
        whole = store.head().size == profile.size
        return "whole" if whole and profile.verdicts(store) == expected else "lost"


def test_standings_put_back_are_made_again_from_the_journal(profile: Profile) -> None:
    """The journal wins over the tables."""
    with contextlib.closing(profile.open()) as store:
        expected = profile.verdicts(store)
        database = store._database  # type: ignore[attr-defined]
        database.run("UPDATE standings SET kind = 'open', seq = NULL, touched = -1")
        database.run("UPDATE standings SET decision = NULL, opened = 0")
        assert profile.verdicts(store) == []
    with contextlib.closing(profile.open()) as store:
        assert not store.read_only()
        assert profile.verdicts(store) == expected
        assert store.item(profile.items[0].id).standing.kind is StandingKind.DECIDED


def test_an_older_file_opens_read_only(profile: Profile) -> None:
    """The whole database put back: behind its anchor."""
    shutil.copy(profile.old / DATABASE, profile.database)
    refused_to_write(profile)


def test_a_newer_file_than_its_anchor_is_accepted(profile: Profile) -> None:
    """A crash between commit and anchor leaves the database ahead; it catches up."""
    newest = profile.anchor.read_bytes()
    shutil.copy(profile.old / "anchor", profile.anchor)
    with contextlib.closing(profile.open()) as store:
        assert not store.read_only()
        assert store.head().size == profile.size
    assert profile.anchor.read_bytes() == newest


def test_entries_of_another_device_beyond_the_anchor_are_not_accepted(
    profile: Profile,
) -> None:
    """Ahead of the anchor counts only if this device signed it."""
    anchor = profile.anchor.read_bytes()
    stranger = replace(profile.keys, device=SigningKey.generate(SeededEntropy(9)))
    with contextlib.closing(SqlStoreOpener(profile.folder).open(stranger)) as store:
        decide(store, stranger, profile.items[30])
    profile.anchor.write_bytes(anchor)
    refused_to_write(profile)


def test_a_missing_anchor_means_read_only(profile: Profile) -> None:
    """Without an anchor nothing says that this is the latest."""
    profile.anchor.unlink()
    refused_to_write(profile)
    assert not profile.anchor.exists()


def test_each_changed_byte_of_the_anchor_means_read_only(profile: Profile) -> None:
    """The anchor is under a MAC."""
    whole = profile.anchor.read_bytes()
    for place in range(0, len(whole), 5):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x01
        profile.anchor.write_bytes(spoilt)
        with contextlib.closing(profile.open()) as store:
            assert store.read_only(), f"byte {place}"
    for cut in (b"", whole[:31], whole[:32], whole[:-1], whole + b" "):
        profile.anchor.write_bytes(cut)
        with contextlib.closing(profile.open()) as store:
            assert store.read_only()


def test_an_anchor_of_another_profile_means_read_only(
    profile: Profile, tmp_path: Path
) -> None:
    """Even under the same key: vault id and epoch are part of it."""
    other = replace(profile.keys, vault_id="00" * 16)
    SqlStoreOpener(tmp_path / "other").create(other).close()
    shutil.copy(tmp_path / "other" / "anchor", profile.anchor)
    refused_to_write(profile)


def test_a_lost_batch_means_read_only(profile: Profile) -> None:
    """A batch that the journal imported, with items missing, is not written to."""
    with contextlib.closing(profile.open()) as store:
        database = store._database  # type: ignore[attr-defined]
        row = database.row("SELECT max(id) FROM items")
        database.run("DELETE FROM standings WHERE id = ?", row)
    refused_to_write(profile)


def test_the_highest_signed_time_survives_in_the_anchor(profile: Profile) -> None:
    """Clearing it in the database does not bring it down."""
    time = UtcTime("2026-11-21T00:00:00Z")
    with contextlib.closing(profile.open()) as store:
        with store.write() as tx:
            tx.raise_signed_time(time)
        store._database.run("DELETE FROM signed_time")  # type: ignore[attr-defined]
    with contextlib.closing(profile.open()) as store:
        assert store.signed_time() == time


def test_a_plain_file_under_the_name_of_the_database_is_refused(
    profile: Profile,
) -> None:
    """A plain SQLite file is damage, not a database."""
    profile.database.write_bytes(PLAIN + bytes(4080))
    assert code_of_opening(profile) is Code.DATABASE_DAMAGED


def test_a_lost_database_is_not_made_anew(profile: Profile) -> None:
    """An anchor that tells of entries stops `create`; nothing is silently replaced."""
    profile.database.unlink()
    assert code_of_opening(profile) is Code.PROFILE_MISSING
    with pytest.raises(UnavailableError) as caught:
        SqlStoreOpener(profile.folder).create(profile.keys)
    assert caught.value.code is Code.DATABASE_DAMAGED


def test_a_crash_while_creating_leaves_room_for_the_next_try(tmp_path: Path) -> None:
    """A draft is thrown away, and an anchor of size 0 stands in nobody's way."""
    keys = vault_keys()
    (tmp_path / "vault.db.new").write_bytes(os.urandom(PAGE_BYTES))
    SqlStoreOpener(tmp_path).create(keys).close()
    (tmp_path / DATABASE).unlink()
    with contextlib.closing(SqlStoreOpener(tmp_path).create(keys)) as store:
        assert not store.read_only()


def test_a_second_opener_is_told_that_the_profile_is_in_use(profile: Profile) -> None:
    """The database is locked exclusively, beside the lock file."""
    with contextlib.closing(profile.open()) as store:
        decide(store, profile.keys, profile.items[30])
        assert code_of_opening(profile) is Code.PROFILE_IN_USE


def test_nothing_in_the_profile_is_readable(tmp_path: Path) -> None:
    """Planted markers are found nowhere, but the same scan finds them in plain JSON.

    Also in the middle of a large transaction, when a rollback journal is on disk.
    """
    keys = vault_keys()
    folder = tmp_path / "profile"
    markers = [f"marker-{os.urandom(8).hex()}" for _ in range(4)]
    with contextlib.closing(SqlStoreOpener(folder).create(keys)) as store:
        plant(store, keys, markers)
        with store.write() as tx:
            tx.put_meta("large", markers[0].encode() * 200_000)
            tx.put_meta("place", markers[1].encode())
            assert (folder / f"{DATABASE}-journal").exists()
            assert found(folder, markers) == set()
        assert found(folder, markers) == set()
    assert found(folder, markers) == set()
    assert not any(starts_plain(path) for path in folder.rglob("*") if path.is_file())
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "vault.json").write_text("\n".join(markers[:2]), encoding="utf-8")
    (plain / "notes.json").write_text("\n".join(markers[2:]), encoding="utf-16-le")
    (plain / "vault.db").write_bytes(PLAIN)
    assert found(plain, markers) == set(markers)
    assert starts_plain(plain / "vault.db")


def plant(store: Store, keys: VaultKeys, markers: list[str]) -> None:
    """Put markers where content goes: item text, note, name, small values."""
    text, note, name, value = markers
    items = [new_item(n, text=f"{text} {n}") for n in range(30)]
    row = replace(new_batch(items_count=30), name=name)
    items[0] = msgspec.structs.replace(items[0], ref=name)
    entries = Entries(store, keys)
    with store.write() as tx:
        tx.append(entries.begin())
        tx.add_batch(row, items)
        tx.append(entries.imported(row))
        for item in items[:5]:
            entry = entries.decided(item, verdict=value)
            put_decided(tx, entry, item, verdict=value)
            opening = StoredOpening(seq=entry.seq, salt=b"s" * 16, text=note)
            tx.add_opening(opening)
        tx.put_meta("place", value.encode())


def found(folder: Path, markers: list[str]) -> set[str]:
    """Return the markers in any file under a folder, in any usual encoding."""
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {
        marker
        for marker in markers
        if any(marker.encode(how) in raw for how in ("utf-8", "utf-16-le", "utf-16-be"))
    }


def starts_plain(path: Path) -> bool:
    """Return whether a file begins as plain SQLite does."""
    return path.read_bytes().startswith(PLAIN)
