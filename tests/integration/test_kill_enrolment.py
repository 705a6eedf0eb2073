"""Kill -9 anywhere in an enrolment: the same code and passphrase end it.

Whatever the service knows of belongs to this laptop afterwards: its device key, and
every single-use key that a batch may be sealed to.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import Code, RefusedError
from reviewer.services.entering import ProfileState
from reviewer.services.submitting import STOCK_COUNT
from reviewer.store.faults import Point
from tests.architecture.checkout import ROOT
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.service_home import packed
from tests.integration.enrol_child import AFTER_POST, BEFORE_FILE, BEFORE_POST

NONE, BEGUN, LOCKED = ProfileState.EMPTY, ProfileState.BEGUN, ProfileState.LOCKED
PLACEMENTS = (
    (BEFORE_FILE, 1, NONE),  # no header
    (BEFORE_FILE, 2, NONE),  # one copy of it
    (BEFORE_FILE, 3, NONE),  # a header without a database
    (Point.BEFORE_COMMIT.value, 1, BEGUN),  # a database without an enrolment
    (Point.AFTER_COMMIT.value, 1, BEGUN),
    (BEFORE_POST, 1, BEGUN),
    (AFTER_POST, 1, BEGUN),  # the service knows us, and we do not know it
    (Point.BEFORE_COMMIT.value, 2, BEGUN),
    (BEFORE_FILE, 4, BEGUN),  # enrolled, though the anchor does not say so yet
    (Point.AFTER_ANCHOR.value, 2, LOCKED),
)


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    with organisation(tmp_path / "coordinator") as made:
        yield made


def kill(
    profile: BenchProfile, org: Organisation, code: str, point: str, countdown: int
) -> None:
    orders = {
        "folder": str(profile.folder),
        "url": org.server.url,
        "code": code,
        "point": point,
        "countdown": countdown,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.enrol_child"],
        input=json.dumps(orders).encode() + b"\n",
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(("point", "countdown", "state"), PLACEMENTS, ids=str)
def test_the_same_code_ends_what_was_cut_off(
    org: Organisation, tmp_path: Path, point: str, countdown: int, state: ProfileState
) -> None:
    """Whatever is on the disk; and a batch that is dealt then can be opened."""
    profile = make_profile(org, tmp_path / "profile")
    code = org.invite()
    kill(profile, org, code, point, countdown)
    assert profile.door().state() is state
    if state is BEGUN and point != BEFORE_FILE:
        with pytest.raises(RefusedError) as caught:
            profile.door().unlock(PASSPHRASE)
        assert caught.value.code is Code.NOT_ENROLLED
    if state is LOCKED:
        session = profile.door().unlock(PASSPHRASE)
    else:
        session = profile.door().enrol_online(org.server.url, code, PASSPHRASE)
    try:
        assert session.journal().entries == 1
        assert len(session._store.seal_keys()) == STOCK_COUNT
        assert list(org.service.devices()) == [session._keys.device.key_id]
        batch = fetched(org, session, packed(org.service, tmp_path))
        assert batch.rows
    finally:
        session.lock()
    assert profile.door().state() is LOCKED
