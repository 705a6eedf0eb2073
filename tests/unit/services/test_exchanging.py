"""Small files by stick: whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.services.exchanging import read_whole, write_all, write_whole
from tests.fakes.limits import small_files


def test_written_whole_and_read_whole(tmp_path: Path) -> None:
    """What is written is what is read; nothing lies beside it."""
    path = tmp_path / "file"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert read_whole(path, max_bytes=6) == b"second"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """The bytes before the failure stay, and no half of the new ones."""
    path = tmp_path / "file"
    write_whole(path, b"old")
    with small_files(1_000), pytest.raises(UnavailableError) as error:
        write_whole(path, bytes(5_000))
    assert error.value.code is Code.DISK_FULL
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Said by a code, without the path."""
    with pytest.raises(UnavailableError) as error:
        write_whole(tmp_path / "none" / "file", b"data")
    assert error.value.code is Code.DISK_FAILED
    assert "none" not in str(error.value)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """Missing, too large, a folder: three codes."""
    with pytest.raises(RefusedError):
        read_whole(tmp_path / "none", max_bytes=1)
    (tmp_path / "file").write_bytes(b"four")
    with pytest.raises(VerificationError) as error:
        read_whole(tmp_path / "file", max_bytes=3)
    assert error.value.code is Code.TOO_LARGE
    with pytest.raises(UnavailableError):
        read_whole(tmp_path, max_bytes=1)


def test_a_disk_that_fills_up_within_a_block(tmp_path: Path) -> None:
    """The system takes a part of a block silently; the rest is refused aloud."""
    with (
        small_files(1_000),
        (tmp_path / "file").open("wb", buffering=0) as out,
        pytest.raises(OSError, match="too large"),
    ):
        write_all(out, bytes(5_000))
    with (tmp_path / "file").open("wb", buffering=0) as out:
        write_all(out, bytes(5_000))
    assert (tmp_path / "file").stat().st_size == 5_000
