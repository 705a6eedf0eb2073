"""Importing: what is refused, what is kept, and that nothing half is ever left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.ids import BatchId
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.rendition import SandboxLevel
from reviewer.domain.times import DAY_MS
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import Act, ImportBody
from reviewer.services.importing import META_FORK, META_HEAD
from reviewer.services.policies import default_config
from reviewer.services.session import Session
from tests.fakes.coordinator import DRAWN, DrawnItem, FakeCoordinator
from tests.fakes.desk import Desk, device_of, make_desk
from tests.fakes.limits import small_files

HOUR_MS = 3_600_000


@pytest.fixture
def session(desk: Desk) -> Session:
    return desk.enrol()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder / "a.rvbatch"


def media_names(desk: Desk) -> set[str]:
    return {path.name for path in desk.store.media_dir().iterdir()}


def refused(desk: Desk, session: Session, path: Path) -> Code:
    """Import what must be refused; check that nothing came of it, return why."""
    before = (desk.store.head(), desk.store.batches(), desk.store.seal_keys())
    files = media_names(desk)
    with pytest.raises(ReviewerError) as error:
        session.import_file(path)
    assert (desk.store.head(), desk.store.batches(), desk.store.seal_keys()) == before
    assert media_names(desk) == files
    return error.value.code


def dealt(desk: Desk, session: Session, path: Path, *, days: int = 14) -> BatchId:
    batch_id = desk.deal(session, days=days)
    desk.batch_file(session, batch_id, path)
    return batch_id


def test_an_import_keeps_one_file_and_one_entry(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Items, keys and entry are there; the media file is named by the batch."""
    batch_id = dealt(desk, session, stick)
    done = session.import_file(stick)
    assert (done.batch_id, done.items_count) == (batch_id, len(DRAWN))
    assert (done.already_here, done.missing, done.late) == (False, (), False)
    assert media_names(desk) == {batch_id}
    (entry,) = desk.store.entries(1, 1)
    body = session._journal.read(entry.envelope).body
    assert entry.act == Act.IMPORT
    assert isinstance(body, ImportBody)
    assert (body.batch_seq, body.items_count, body.missing) == (0, len(DRAWN), ())


def test_the_same_file_again_is_no_news(
    desk: Desk, session: Session, stick: Path
) -> None:
    """A replay adds nothing, and says so."""
    dealt(desk, session, stick)
    session.import_file(stick)
    size = desk.store.head().size
    again = session.import_file(stick)
    assert again.already_here
    assert desk.store.head().size == size


def test_the_single_use_key_is_gone(desk: Desk, session: Session, stick: Path) -> None:
    """After the import no key in the vault opens the file: a copy is worth nothing."""
    dealt(desk, session, stick)
    before = {row.key_id for row in desk.store.seal_keys()}
    session.import_file(stick)
    after = {row.key_id for row in desk.store.seal_keys()}
    assert len(before - after) == 1
    desk.store._state.batches.clear()  # as if the batch had never come
    assert refused(desk, session, stick) is Code.SEAL_KEY_UNKNOWN


def test_two_stories_of_one_number_leave_a_proof(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Same number, other bytes: refused, and both signed envelopes are kept."""
    device = desk.coordinator._devices[device_of(session)]
    first = dealt(desk, session, stick)
    session.import_file(stick)
    device.batches.clear()
    device.head = type(device.head)("0" * 64)
    second = dealt(desk, session, stick)
    assert second != first
    assert refused(desk, session, stick) is Code.SEQUENCE_FORK
    kept = desk.store.meta(META_HEAD + first)
    other = desk.store.meta(f"{META_FORK}{desk.coordinator.online.key_id}:0")
    assert kept is not None
    assert other is not None
    assert kept != other


def test_a_batch_that_does_not_follow_leaves_a_proof(
    desk: Desk, session: Session, stick: Path
) -> None:
    """The next number on another past is a fork too."""
    dealt(desk, session, stick)
    session.import_file(stick)
    device = desk.coordinator._devices[device_of(session)]
    device.head = type(device.head)("ab" * 32)
    dealt(desk, session, stick)
    assert refused(desk, session, stick) is Code.SEQUENCE_FORK
    assert desk.store.meta(f"{META_FORK}{desk.coordinator.online.key_id}:1")


def test_an_old_number_with_other_bytes_is_a_fork_too(
    desk: Desk, session: Session, stick: Path, tmp_path: Path
) -> None:
    """However far the stream has gone on."""
    dealt(desk, session, stick)
    session.import_file(stick)
    dealt(desk, session, tmp_path / "second")
    session.import_file(tmp_path / "second")
    device = desk.coordinator._devices[device_of(session)]
    device.batches.clear()
    device.head = type(device.head)("0" * 64)
    dealt(desk, session, stick)
    assert refused(desk, session, stick) is Code.SEQUENCE_FORK


def test_a_gap_is_reported_and_filled_later(
    desk: Desk, session: Session, tmp_path: Path
) -> None:
    """Number 2 before 0 and 1: taken, the gap written down; then the late ones."""
    files = [tmp_path / f"{number}.rvbatch" for number in range(3)]
    for path in files:
        dealt(desk, session, path)
    assert session.import_file(files[2]).missing == (0, 1)
    (entry,) = desk.store.entries(1, 1)
    body = session._journal.read(entry.envelope).body
    assert isinstance(body, ImportBody)
    assert body.missing == (0, 1)
    assert session.import_file(files[0]).missing == ()
    assert session.import_file(files[1]).missing == ()
    assert session.import_file(files[1]).already_here


def test_late_by_the_local_clock_only_warns(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Past its date by the wall clock alone: taken in, and marked."""
    dealt(desk, session, stick, days=1)
    desk.clock.advance(2 * DAY_MS)
    assert session.import_file(stick).late


def test_expired_by_a_signed_time_is_refused(
    desk: Desk, session: Session, tmp_path: Path
) -> None:
    """A later signed time was seen: now it is past its date for certain."""
    old, new = tmp_path / "old", tmp_path / "new"
    dealt(desk, session, old, days=1)
    desk.later(2 * DAY_MS)
    dealt(desk, session, new)
    session.import_file(new)
    desk.clock.set_unix_ms(desk.clock.unix_ms() - 2 * DAY_MS)
    assert refused(desk, session, old) is Code.EXPIRED


def test_a_time_far_ahead_is_kept_out(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Signed over 48 hours ahead of this clock: it must not move the signed time."""
    desk.coordinator.unix_ms += 48 * HOUR_MS + 60_000
    dealt(desk, session, stick)
    seen = desk.store.signed_time()
    assert refused(desk, session, stick) is Code.TIME_IMPLAUSIBLE
    assert desk.store.signed_time() == seen
    desk.clock.advance(HOUR_MS)
    assert not session.import_file(stick).already_here


def test_a_batch_for_another_laptop_is_refused(
    desk: Desk, session: Session, stick: Path, tmp_path: Path
) -> None:
    """Two laptops of one organisation: each takes its own."""
    other = make_desk(tmp_path / "other")
    other.coordinator = desk.coordinator
    theirs = other.enrol()
    dealt(desk, theirs, stick)
    session.take_trust(desk.coordinator.trust())
    assert refused(desk, session, stick) is Code.WRONG_AUDIENCE


def test_a_batch_of_another_organisation_is_refused(
    desk: Desk, session: Session, stick: Path, tmp_path: Path
) -> None:
    """Its coordinator's key is in no directory that this laptop knows."""
    other = make_desk(tmp_path / "other")
    theirs = other.enrol()
    dealt(other, theirs, stick)
    assert refused(desk, session, stick) is Code.KEY_UNKNOWN


def _cut(data: bytes) -> bytes:
    return data[:-1]


def _halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _headless(data: bytes) -> bytes:
    return data[:3]


def _appended(data: bytes) -> bytes:
    return data + b"\0"


def _other_magic(data: bytes) -> bytes:
    return b"RVX1\n" + data[5:]


def _flipped_media(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


def _flipped_signature(data: bytes) -> bytes:
    at = data.index(b'"sig":"') + 10
    other = b"A" if data[at : at + 1] != b"A" else b"B"
    return data[:at] + other + data[at + 1 :]


def _nothing(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_cut, Code.MALFORMED),
        (_halved, Code.MALFORMED),
        (_headless, Code.FORMAT_UNKNOWN),
        (_appended, Code.MALFORMED),
        (_other_magic, Code.FORMAT_UNKNOWN),
        (_flipped_media, Code.HASH_MISMATCH),
        (_flipped_signature, Code.SIGNATURE_INVALID),
        (_nothing, Code.FORMAT_UNKNOWN),
    ],
)
def test_changed_bytes_are_refused(
    desk: Desk,
    session: Session,
    stick: Path,
    change: Callable[[bytes], bytes],
    code: Code,
) -> None:
    """Cut, appended, flipped: each has its code, and the true file still goes in."""
    dealt(desk, session, stick)
    data = stick.read_bytes()
    stick.write_bytes(change(data))
    assert refused(desk, session, stick) is code
    stick.write_bytes(data)
    assert not session.import_file(stick).already_here


def test_a_forged_batch_is_refused(desk: Desk, session: Session, stick: Path) -> None:
    """Somebody who knows everything but the coordinator's key signs with another."""
    forger = FakeCoordinator(unix_ms=desk.coordinator.unix_ms)
    forger._devices = desk.coordinator._devices
    batch_id = forger.deal(device_of(session))
    desk.batch_file(session, batch_id, stick)
    assert refused(desk, session, stick) is Code.KEY_UNKNOWN


def test_a_file_that_is_not_there(desk: Desk, session: Session, stick: Path) -> None:
    """Said by a code of its own."""
    assert refused(desk, session, stick) is Code.INPUT_MISSING


def test_a_folder_is_no_batch(desk: Desk, session: Session, tmp_path: Path) -> None:
    """The system's refusal becomes ours."""
    assert refused(desk, session, tmp_path) is Code.DISK_FAILED


def test_cancelled_leaves_nothing(desk: Desk, session: Session, stick: Path) -> None:
    """Between two steps of copying; the same file can be taken in afterwards."""
    dealt(desk, session, stick)
    with pytest.raises(RefusedError) as error:
        session.import_file(stick, cancelled=lambda: True)
    assert error.value.code is Code.CANCELLED
    assert media_names(desk) == set()
    assert not session.import_file(stick).already_here


def test_progress_is_told_up_to_the_whole(
    desk: Desk, session: Session, stick: Path
) -> None:
    """The last word is that everything is done."""
    dealt(desk, session, stick)
    told: list[tuple[int, int]] = []
    session.import_file(stick, progress=lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_while_copying_leaves_nothing(
    desk: Desk, session: Session, stick: Path
) -> None:
    """The system refuses the write: DISK_FULL, no half file, and later it works."""
    batch_id = desk.deal(session, (DrawnItem(data=bytes(200_000)),))
    desk.batch_file(session, batch_id, stick)
    with small_files(50_000):
        assert refused(desk, session, stick) is Code.DISK_FULL
    assert not session.import_file(stick).already_here


def test_a_disk_without_room_is_told_before_copying(
    desk: Desk, session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked first: a batch of 60 GB does not fill the disk to find out."""
    dealt(desk, session, stick)
    usage = shutil.disk_usage(stick.parent)
    full = usage._replace(free=1_000_000)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: full)
        assert refused(desk, session, stick) is Code.DISK_FULL
    assert not session.import_file(stick).already_here


def test_a_disk_full_at_the_commit_leaves_nothing(
    desk: Desk, session: Session, stick: Path
) -> None:
    """The media file goes again when its row could not be written."""
    dealt(desk, session, stick)
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    assert refused(desk, session, stick) is Code.DISK_FULL
    assert not session.import_file(stick).already_here


def test_a_read_only_vault_takes_no_batch(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Nor does it destroy the single-use key."""
    dealt(desk, session, stick)
    desk.store.is_read_only = True
    assert refused(desk, session, stick) is Code.READ_ONLY


def test_what_a_crash_left_is_swept(desk: Desk, session: Session, stick: Path) -> None:
    """Files without a row go at the next start; a download stays, to be resumed."""
    batch_id = dealt(desk, session, stick)
    session.import_file(stick)
    media = desk.store.media_dir()
    for name in ("f" * 32, f"{'e' * 32}.part", f"{'d' * 32}.incoming"):
        (media / name).write_bytes(b"left")
    assert session.sweep() == 2
    assert media_names(desk) == {batch_id, f"{'d' * 32}.incoming"}


def test_a_lapsed_authorisation_takes_nothing_in(
    desk: Desk, session: Session, stick: Path
) -> None:
    """No batch comes in after the person's authorisation has ended."""
    dealt(desk, session, stick)
    desk.clock.advance(400 * DAY_MS)
    assert refused(desk, session, stick) is Code.NOT_AUTHORISED


def _below(config: OrgConfig) -> OrgConfig:
    return msgspec.structs.replace(config, sandbox_floor=SandboxLevel.NONE)


def _beyond(config: OrgConfig) -> OrgConfig:
    return msgspec.structs.replace(config, safeguards={"concealed_px": 10**6})


def _unknown(config: OrgConfig) -> OrgConfig:
    return msgspec.structs.replace(config, safeguards={"no_such_limit": 1})


def _no_days(config: OrgConfig) -> OrgConfig:
    return msgspec.structs.replace(config, batch_days=0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_below, Code.CONFIG_BELOW_LIMIT),
        (_beyond, Code.CONFIG_BELOW_LIMIT),
        (_unknown, Code.MALFORMED),
        (_no_days, Code.MALFORMED),
    ],
)
def test_a_config_beyond_a_limit_is_refused_with_its_batch(
    desk: Desk,
    session: Session,
    stick: Path,
    change: Callable[[OrgConfig], OrgConfig],
    code: Code,
) -> None:
    """Signed by the root all the same: nothing is taken in, the trust file neither."""
    desk.coordinator.set_config(change(default_config()))
    dealt(desk, session, stick)
    trust = desk.coordinator.trust()
    with pytest.raises(VerificationError) as error:
        session.take_trust(trust)
    assert error.value.code is code
    session._trusting.trust = verify_trust(trust, root_sha256=None, now=None)
    assert refused(desk, session, stick) is code


def test_a_pack_that_cannot_be_answered_is_refused_with_its_batch(
    desk: Desk, session: Session, stick: Path
) -> None:
    """Two verdicts on one digit: no reviewer ever meets them."""
    pack = desk.coordinator._policy
    first, second, *others = pack.verdicts
    twice = msgspec.structs.replace(second, digit=first.digit)
    desk.coordinator._policy = msgspec.structs.replace(
        pack, verdicts=(first, twice, *others)
    )
    dealt(desk, session, stick)
    session._trusting.trust = verify_trust(
        desk.coordinator.trust(), root_sha256=None, now=None
    )
    assert refused(desk, session, stick) is Code.MALFORMED


def test_nobody_enrols_under_a_config_beyond_a_limit(tmp_path: Path) -> None:
    """Refused before the first entry."""
    desk = make_desk(tmp_path, config=_below(default_config()))
    with pytest.raises(VerificationError) as error:
        desk.enrol()
    assert error.value.code is Code.CONFIG_BELOW_LIMIT


def test_media_stay_where_only_the_anchor_failed(
    desk: Desk, session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the commit the single-use key is gone: these media are the only ones."""
    batch_id = dealt(desk, session, stick)

    def fail(_seq: int, _sha256: str) -> None:
        raise UnavailableError(Code.DISK_FAILED, "anchor")

    monkeypatch.setattr(desk.store, "_confirmed", fail)
    with pytest.raises(UnavailableError):
        session.import_file(stick)
    assert [row.batch_id for row in desk.store.batches()] == [batch_id]
    assert media_names(desk) == {batch_id}
