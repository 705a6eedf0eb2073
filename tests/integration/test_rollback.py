"""A profile folder that is put back whole is noticed by the keyring's copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.service_home import packed

NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    keyring = KeyringMode.REQUIRED
    with organisation(tmp_path / "coordinator", keyring=keyring) as made:
        yield made


@pytest.fixture
def profile(org: Organisation, tmp_path: Path) -> BenchProfile:
    """A profile with a batch that was never looked at, locked."""
    made = make_profile(org, tmp_path / "profile")
    session = made.enrol(org)
    fetched(org, session, packed(org.service, tmp_path))
    session.lock()
    return made


def decide(session: Session, place: int) -> None:
    batch = session.open_batch(session.home().batches[0].batch_id)
    session.decide(batch.rows[place].item.id, NOT_VIOLATING, looks=Looks())


def put_back(profile: BenchProfile, older: Path) -> None:
    shutil.rmtree(profile.folder)
    shutil.copytree(older, profile.folder)


def test_a_folder_that_was_put_back_opens_read_only(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Database and anchor agree; what was decided since is missing, and is missed."""
    shutil.copytree(profile.folder, tmp_path / "older")
    with profile.unlocked() as session:
        decide(session, 0)
    put_back(profile, tmp_path / "older")
    with profile.unlocked() as session:
        assert session.journal().read_only
        with pytest.raises(RefusedError) as caught:
            decide(session, 0)
        assert caught.value.code is Code.READ_ONLY
        assert session.verify_journal().receipts == 0


def test_a_receipt_that_was_undone_is_missed(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Even where the program was killed after the receipt and never locked."""
    session = profile.door().unlock(PASSPHRASE)
    decide(session, 0)
    session.lock()
    shutil.copytree(profile.folder, tmp_path / "older")
    session = profile.door().unlock(PASSPHRASE)
    session.submit_online(Capacity.OK)
    session._store.close()
    session._pool.shut_down()
    session._on_lock(None)
    put_back(profile, tmp_path / "older")
    with profile.unlocked() as again:
        assert again.journal().read_only


def test_the_newest_folder_opens_for_work(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Control: the same folder, copied away and back, is what the keyring knows."""
    with profile.unlocked() as session:
        decide(session, 0)
    shutil.copytree(profile.folder, tmp_path / "same")
    put_back(profile, tmp_path / "same")
    with profile.unlocked() as session:
        assert not session.journal().read_only
        decide(session, 1)


def test_without_a_keyring_copy_it_is_not_noticed(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """Control, and the stated limit: all three put back together agree."""
    shutil.copytree(profile.folder, tmp_path / "older")
    kept = dict(profile.secrets.kept)
    with profile.unlocked() as session:
        decide(session, 0)
    put_back(profile, tmp_path / "older")
    profile.secrets.kept = kept
    with profile.unlocked() as session:
        assert not session.journal().read_only
