"""One program a profile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import Code, UnavailableError
from reviewer.store.lockfile import ProfileLock

HOLDER = """
import sys
from pathlib import Path
from reviewer.store.lockfile import ProfileLock
lock = ProfileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_claim_is_told(tmp_path: Path) -> None:
    """PROFILE_IN_USE at once; after release it is free."""
    with ProfileLock(tmp_path):
        with pytest.raises(UnavailableError) as caught:
            ProfileLock(tmp_path).acquire()
        assert caught.value.code is Code.PROFILE_IN_USE
    with ProfileLock(tmp_path):
        assert (tmp_path / "lock").read_bytes() == b""


def test_another_process_is_kept_out_until_it_dies(tmp_path: Path) -> None:
    """A killed holder leaves no stale lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(UnavailableError) as caught:
            ProfileLock(tmp_path).acquire()
        assert caught.value.code is Code.PROFILE_IN_USE
        holder.kill()
        holder.wait()
    ProfileLock(tmp_path).__enter__().release()


def test_claiming_and_releasing_twice_is_no_error(tmp_path: Path) -> None:
    """The folder is made where there is none."""
    lock = ProfileLock(tmp_path / "new" / "profile")
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """As for a person whose home folder is not there."""
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError) as caught:
        ProfileLock(tmp_path / "file" / "profile").acquire()
    assert caught.value.code is Code.PROFILE_NOT_MADE


def test_a_lock_that_cannot_be_made_is_a_failing_disk(tmp_path: Path) -> None:
    """A link in its place is not followed."""
    target = tmp_path / "target"
    (tmp_path / "lock").symlink_to(target)
    with pytest.raises(UnavailableError) as caught:
        ProfileLock(tmp_path).acquire()
    assert caught.value.code is Code.DISK_FAILED
    assert not target.exists()
