"""Seals that hold: real files, older copies put back, and nothing left to read."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from reviewer.coordinator.packs import Packed
from reviewer.coordinator.sealed import COLUMNS
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId, KeyId, Sha256Hex
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.base64 import b64
from reviewer.formats.sealed import unwrap_identity
from reviewer.formats.wire import SealBody, SealedMedia, SealStage
from reviewer.services.acting import Upon
from reviewer.services.acting import upon as acting_upon
from reviewer.services.session import Session
from reviewer.store.database import Database
from reviewer.store.opener import SqlStoreOpener
from reviewer.store.vault import SqlStore
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    bench_config,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.canaries import Marker, found, word

QUARANTINE = SealPrivateKey.generate()
CAPTION, TRANSCRIPT = word("caption"), word("transcript")
STILL = bytes(range(256)) * 40


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    config = msgspec.structs.replace(
        bench_config(KeyringMode.REQUIRED), quarantine_key=b64(QUARANTINE.public.raw)
    )
    with organisation(tmp_path / "coordinator", config=config) as made:
        yield made


@pytest.fixture
def profile(org: Organisation, tmp_path: Path) -> BenchProfile:
    """A profile with two exact copies and another still, locked."""
    made = make_profile(org, tmp_path / "profile")
    session = made.enrol(org)
    fetched(org, session, drawn(org, tmp_path / "in", ("a", "b", "c")))
    session.lock()
    return made


def drawn(org: Organisation, folder: Path, names: tuple[str, ...]) -> Packed:
    """Pack stills, the first two of the same bytes, with markers in the table."""
    media = folder / "media"
    media.mkdir(parents=True)
    rows = "".join(
        f"{name}.jpg,a forum,{TRANSCRIPT.data.decode()},{CAPTION.data.decode()}\n"
        for name in names
    )
    for place, name in enumerate(names):
        data = STILL if place < 2 else STILL + name.encode()
        (media / f"{name}.jpg").write_bytes(data)
    table = folder / "items.csv"
    table.write_text("file,source,transcript,caption\n" + rows)
    return org.pack(media, table=table)


def ids(session: Session) -> list[ItemId]:
    batch = session.open_batch(session.home().batches[0].batch_id)
    return [row.item.id for row in batch.rows]


def seal_first(session: Session) -> ItemId:
    first = ids(session)[0]
    session.sealing.mark(first)
    session.sealing.seal(first)
    return first


def kinds(session: Session) -> list[StandingKind]:
    batch = session.open_batch(session.home().batches[0].batch_id)
    return [row.standing.kind for row in batch.rows]


def ended(session: Session) -> None:
    """Leave everything as kill -9 does: no lock, no turn."""
    session._store.close()
    session._pool.shut_down()
    session._on_lock(None)


def database_of(session: Session) -> Database:
    """Return what lies below the store, to look behind it."""
    store = session._store
    assert isinstance(store, SqlStore)
    return store._database


SEALED, OPEN = StandingKind.SEALED, StandingKind.OPEN


def test_a_seal_is_there_after_lock_and_unlock(profile: BenchProfile) -> None:
    """Copies went along; the third item opens as before, under the fresh keys."""
    with profile.unlocked() as session:
        kept = session._store.identity(ids(session)[2])
        before = session._turning.keys
        seal_first(session)
    with profile.unlocked() as session:
        assert kinds(session) == [SEALED, SEALED, OPEN]
        assert session._store.identity(ids(session)[2]) == kept
        after = session._turning.keys
        assert after.item_key != before.item_key
        assert after.database_key != before.database_key
        assert after.item_key_generation >= before.item_key_generation + 2
        assert not session._store.turn_due()
        assert not session.journal().read_only
        assert session.verify_journal().entries > 0


def test_nothing_of_it_is_left_in_the_profile(profile: BenchProfile) -> None:
    """Neither identity nor text, in any file, even for who has all keys of today."""
    with profile.unlocked() as session:
        first = ids(session)[0]
        identity = session._store.identity(first)
        seal_first(session)
    markers = (Marker("identity", identity), CAPTION, TRANSCRIPT)
    assert found(profile.folder, markers) == set()
    with profile.unlocked() as session:
        database = database_of(session)
        tables = [row[0] for row in database.rows(TABLES)]
        assert {"items", "item_keys", "kept_keys", "standings"} <= set(tables)
        rows = b"\n".join(
            _flat(row)
            for table in tables
            for row in database.rows(f"SELECT * FROM {table}")  # noqa: S608 (ours)
        )
        for marker, count in ((markers[0], 0), (CAPTION, 1), (TRANSCRIPT, 1)):
            assert rows.count(marker.data) == count  # the third item has its own
        database.run(WORDS)
        words = "SELECT term, doc FROM temp.words"
        counted: dict[str, int] = dict(database.rows(words))
        assert counted[CAPTION.data.decode()] == 1


TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
)
WORDS = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, row)"


def _flat(row: tuple[object, ...]) -> bytes:
    return b"|".join(
        one if isinstance(one, bytes) else str(one).encode() for one in row
    )


def test_an_older_database_beside_todays_header_opens_no_sealed_item(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """The key that wrapped it is gone, and with it the key of the whole file."""
    older = tmp_path / "older.db"
    shutil.copy(profile.folder / "vault.db", older)
    with profile.unlocked() as session:
        seal_first(session)
    shutil.copy(older, profile.folder / "vault.db")
    with pytest.raises(ReviewerError) as caught:
        profile.door().unlock(PASSPHRASE)
    assert caught.value.code is Code.DATABASE_DAMAGED


def test_what_is_wrapped_in_an_older_database_opens_by_no_key_of_today(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Even where its file key is known; and it opens read-only, by the anchor."""
    older = tmp_path / "older"
    with profile.unlocked() as session:
        first = ids(session)[0]
        file_key = session._turning.keys.database_key
    shutil.copytree(profile.folder, older)
    with profile.unlocked() as session:
        seal_first(session)
    with profile.unlocked() as session:
        today = session._turning.keys
    shutil.copy(profile.folder / "anchor", older / "anchor")
    store = SqlStoreOpener(older).open(replace(today, database_key=file_key))
    try:
        assert store.read_only()
        with pytest.raises(UnavailableError) as caught:
            store.identity(first)
        assert caught.value.code is Code.DATABASE_DAMAGED
    finally:
        store.close()


def test_a_whole_older_folder_opens_nothing_without_its_keyring(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Header, database and anchor of before: the other half of the key is gone."""
    older = tmp_path / "older"
    shutil.copytree(profile.folder, older)
    with profile.unlocked() as session:
        seal_first(session)
    shutil.rmtree(profile.folder)
    shutil.copytree(older, profile.folder)
    with pytest.raises(UnavailableError) as caught:
        profile.door().unlock(PASSPHRASE)
    assert caught.value.code is Code.KEYRING_MISSING


def test_the_stated_residual(profile: BenchProfile, tmp_path: Path) -> None:
    """A copy of profile, keyring and passphrase from before opens what it had."""
    older, kept = tmp_path / "older", dict(profile.secrets.kept)
    shutil.copytree(profile.folder, older)
    with profile.unlocked() as session:
        seal_first(session)
    shutil.rmtree(profile.folder)
    shutil.copytree(older, profile.folder)
    profile.secrets.kept = kept
    with profile.unlocked() as session:
        assert kinds(session) == [OPEN, OPEN, OPEN]


def test_a_crash_between_mark_and_seal(profile: BenchProfile) -> None:
    """The next unlock seals, and the keys turn then."""
    session = profile.door().unlock(PASSPHRASE)
    session.sealing.mark(ids(session)[0])
    ended(session)
    with profile.unlocked() as again:
        assert kinds(again) == [SEALED, SEALED, OPEN]
        assert not again._store.turn_due()


def test_a_crash_after_the_seal(profile: BenchProfile) -> None:
    """The item key has turned with the seal; the file's key does at the unlock."""
    session = profile.door().unlock(PASSPHRASE)
    before = session._turning.keys
    seal_first(session)
    seal_keys = session._turning.keys
    assert seal_keys.item_key != before.item_key
    assert seal_keys.database_key == before.database_key
    ended(session)
    with profile.unlocked() as again:
        assert again._turning.keys.database_key != before.database_key
        assert kinds(again) == [SEALED, SEALED, OPEN]


def test_the_journal_wins_over_a_table_put_back(profile: BenchProfile) -> None:
    """A page with the wrapped key comes back; the next unlock takes it away."""
    with profile.unlocked() as session:
        first = ids(session)[0]
        database = database_of(session)
        kept = database.rows("SELECT id, generation, wrapped FROM item_keys")
        seal_first(session)
        database.run("UPDATE standings SET kind = 'open', touched = -1")
        database.run_many("INSERT OR IGNORE INTO item_keys VALUES (?, ?, ?)", kept)
        database_of(session).run("DELETE FROM meta WHERE key = 'turn_due'")
        session._turning.forget()
    with profile.unlocked() as session:
        assert kinds(session)[:2] == [SEALED, SEALED]
        with pytest.raises(RefusedError):
            session._store.identity(first)


def test_the_coordinator_keeps_lists_and_never_deals_it_again(
    org: Organisation, profile: BenchProfile, tmp_path: Path
) -> None:
    """The list for a hand-over has reference and hashes, and a key that opens."""
    with profile.unlocked() as session:
        identity = session._store.identity(ids(session)[0])
        ref = session._store.item(ids(session)[0]).item.ref
        seal_first(session)
        session.submit_online(Capacity.OK)
        device = session._keys.device.key_id
    listed, table = io.BytesIO(), io.BytesIO()
    assert org.service.export_sealed(listed) == 2
    rows = list(csv.DictReader(io.StringIO(listed.getvalue().decode())))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["reference"] == ref
    body = SealBody(
        **upon(profile, rows[0]["item"]),
        stage=SealStage.SEALED,
        ciphertext=SealedMedia(
            media_sha256=Sha256Hex(rows[0]["media_sha256"]),
            offset_bytes=int(rows[0]["offset_bytes"]),
            length_bytes=int(rows[0]["length_bytes"]),
        ),
        quarantine_key=KeyId(rows[0]["quarantine_key"]),
        wrapped=rows[0]["wrapped_key"],
    )
    assert unwrap_identity(body, key=QUARANTINE) == identity
    org.service.export_csv(table)
    assert CAPTION.data not in listed.getvalue()
    assert table.getvalue().count(CAPTION.data) == 1
    again = drawn(org, tmp_path / "again", ("x",))
    with pytest.raises(VerificationError) as caught:
        org.deal(again, device)
    assert caught.value.code is Code.ITEM_NOT_FOR_LAPTOPS


def upon(profile: BenchProfile, item: str) -> Upon:
    """Return what every seal of an item begins with."""
    with profile.unlocked() as session:
        return acting_upon(session._store.item(ItemId(item)))
