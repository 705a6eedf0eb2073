"""Rotation holds, the log times nobody, and a failing disk stops nothing."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from reviewer.domain.ids import UnixMs
from reviewer.errors import Code
from reviewer.events import kinds
from reviewer.events.files import FILE_BYTES, FILES_COUNT, NAME, LogFiles
from reviewer.events.log import NoLog
from tests.fakes.clock import StepClock

SMALL_BYTES = 1_000
REFUSED = kinds.Refused(attempt=kinds.Attempt.UNLOCK, why=Code.PASSPHRASE_WRONG)


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def log(tmp_path: Path, clock: StepClock) -> LogFiles:
    return LogFiles(tmp_path, now=clock.unix_ms, file_bytes=SMALL_BYTES)


def test_nothing_is_written_before_the_first_event(tmp_path: Path) -> None:
    """A look at a profile leaves no file, and no folder is made for a log."""
    log = LogFiles(tmp_path / "profile", now=StepClock().unix_ms)
    assert not list(tmp_path.iterdir())
    log.write(kinds.Locked())
    assert not list(tmp_path.iterdir())


def test_events_are_lines_in_order(log: LogFiles, tmp_path: Path) -> None:
    """Appended, one a line, readable by this user alone."""
    log.write(kinds.Locked())
    log.write(REFUSED)
    path = tmp_path / NAME
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["n"] for line in lines] == [0, 1]
    assert [line["event"] for line in lines] == ["LOCKED", "REFUSED"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_tells_a_quarter_of_a_day(log: LogFiles, clock: StepClock) -> None:
    """Ten minutes later reads the same; a clock set back does not show."""
    log.write(kinds.Locked())
    clock.advance(600_000)
    log.write(kinds.Locked())
    clock.advance(-86_400_000)
    log.write(kinds.Locked())
    times = {json.loads(line)["at"] for line in log.paths[0].read_text().splitlines()}
    assert len(times) == 1
    assert times.pop().endswith(("T00", "T06", "T12", "T18"))


def test_rotation_holds(log: LogFiles, tmp_path: Path) -> None:
    """Never more than five files, none larger than it may be, the newest kept."""
    for _ in range(400):
        log.write(REFUSED)
    files = sorted(tmp_path.iterdir())
    assert set(files) == set(log.paths)
    assert len(files) == FILES_COUNT
    assert all(0 < path.stat().st_size <= SMALL_BYTES for path in files)
    numbers = [
        json.loads(line)["n"]
        for path in reversed(log.paths)
        for line in path.read_text().splitlines()
    ]
    assert numbers == list(range(numbers[0], 400))


def test_the_release_keeps_five_files_of_two_mebibytes(tmp_path: Path) -> None:
    """What `security.md` 3.7 says is the default, and nothing passes another."""
    assert (FILES_COUNT, FILE_BYTES) == (5, 2 * 1024 * 1024)
    log = LogFiles(tmp_path, now=StepClock().unix_ms)
    (tmp_path / NAME).write_bytes(b"x" * FILE_BYTES)
    log.write(kinds.Locked())
    assert log.paths[1].stat().st_size == FILE_BYTES
    assert log.paths[0].stat().st_size < 100


def test_a_disk_that_fails_stops_nothing(tmp_path: Path) -> None:
    """Where the folder cannot be, events are dropped."""
    (tmp_path / "file").write_bytes(b"")
    log = LogFiles(tmp_path / "file" / "profile", now=StepClock().unix_ms)
    log.write(kinds.Locked())


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    """Nobody can have us append to another file."""
    target = tmp_path / "target"
    target.write_bytes(b"")
    (tmp_path / NAME).symlink_to(target)
    LogFiles(tmp_path, now=StepClock().unix_ms).write(kinds.Locked())
    assert target.read_bytes() == b""


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    """Numbers are given once, and no line is torn."""
    log = LogFiles(tmp_path, now=lambda: UnixMs(0))

    def write() -> None:
        for _ in range(50):
            log.write(REFUSED)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = log.paths[0].read_text().splitlines()
    assert sorted(json.loads(line)["n"] for line in lines) == list(range(200))


def test_no_log_still_refuses_what_is_not_closed() -> None:
    """A command without a profile finds the same bugs."""
    NoLog().write(kinds.Locked())
    with pytest.raises(kinds.UnknownFieldError):
        NoLog().write("words")  # type: ignore[arg-type]
