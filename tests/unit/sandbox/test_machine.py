"""What is read of a machine before there is a profile, from trees drawn by tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reviewer.sandbox import machine
from reviewer.sandbox.machine import ClockState, Place


def mounts(tmp_path: Path, *lines: str) -> Path:
    """Draw a /proc with a mount table and return it."""
    folder = tmp_path / "proc" / "self"
    folder.mkdir(parents=True)
    (folder / "mountinfo").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "proc"


ROOT_LINE = "1 0 8:1 / / rw - ext4 /dev/sda1 rw"


def test_a_local_folder_is_local(tmp_path: Path) -> None:
    """The usual case, also where the folder is not made yet."""
    proc = mounts(tmp_path, ROOT_LINE)
    assert machine.place_of(tmp_path / "a" / "b", proc_dir=proc) is Place.LOCAL


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_share_is_far_away(tmp_path: Path, kind: str) -> None:
    """The innermost mount counts, not the one of the root."""
    proc = mounts(tmp_path, ROOT_LINE, f"2 1 0:9 / {tmp_path} rw - {kind} server rw")
    assert machine.place_of(tmp_path / "profile", proc_dir=proc) is Place.NETWORK


def test_a_broken_table_of_mounts_says_nothing(tmp_path: Path) -> None:
    """Lines that make no sense are passed over."""
    proc = mounts(tmp_path, "nonsense", "1 2 3 - ")
    assert machine.place_of(tmp_path, proc_dir=proc) is Place.LOCAL
    assert machine.place_of(tmp_path, proc_dir=tmp_path / "none") is Place.LOCAL


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Office", "Nextcloud"])
def test_a_synced_folder_is_known_by_name(tmp_path: Path, name: str) -> None:
    """Whether it is there already or would be made."""
    assert machine.place_of(tmp_path / name / "profile") is Place.SYNCED


def test_a_roaming_folder_is_known_by_name(tmp_path: Path) -> None:
    """As Windows names it."""
    folder = tmp_path / "AppData" / "Roaming" / "reviewer"
    folder.mkdir(parents=True)
    assert machine.place_of(folder) is Place.ROAMING


def test_proxies_are_seen_without_their_value() -> None:
    """In either spelling; an empty one is none."""
    assert machine.has_proxy({"HTTPS_PROXY": "somewhere"})
    assert machine.has_proxy({"http_proxy": "somewhere"})
    assert not machine.has_proxy({"http_proxy": "", "NO_PROXY": "localhost"})


def test_a_clock_before_the_program_is_wrong() -> None:
    """A time that has passed cannot be ahead."""
    assert machine.clock_state(not_before_s=1 << 40) is ClockState.WRONG
    assert machine.clock_state(not_before_s=0) is not ClockState.WRONG


def test_a_profile_can_be_made_where_one_may_write(tmp_path: Path) -> None:
    """A file in the way cannot hold a folder."""
    assert machine.is_writable(tmp_path / "deep" / "profile")
    file = tmp_path / "file"
    file.touch()
    assert not machine.is_writable(file / "profile")
    assert machine.free_bytes(tmp_path / "deep") > 0


@pytest.mark.skipif(sys.platform != "linux", reason="not run: Landlock is of Linux")
def test_this_kernel_is_read() -> None:
    """Real values of the machine that runs the tests."""
    assert machine.kernel() > (2, 6)
    assert machine.landlock_abi() >= 0


def test_authorities_are_counted() -> None:
    """A number, whatever this machine trusts."""
    assert machine.authorities_count() >= 0
