"""Nothing readable at rest: planted markers are found nowhere, at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlcipher3  # type: ignore[import-untyped]

from tests.fakes.bench_profile import BenchProfile, Organisation, organisation
from tests.fakes.canaries import (
    Marker,
    bitmap,
    found,
    pixels,
    plain_databases,
    word,
)
from tests.sandboxed import need_full_sandbox

ROOT = Path(__file__).parents[2]
TEXT, NOTE, NAME = word("text"), word("note"), word("name")
TRANSCRIPT, CAPTION = word("transcript"), word("caption")
PIXELS = pixels()
MARKERS = (TEXT, NOTE, NAME, TRANSCRIPT, CAPTION, PIXELS)
ITEMS_COUNT = 2


def _word(marker: Marker) -> str:
    return marker.data.decode()


def write_media(folder: Path) -> tuple[Path, Path]:
    """Plant a marker in every place where content can stand; return media, table."""
    media = folder / "media"
    media.mkdir(parents=True)
    still = f"{_word(NAME)}.bmp"
    (media / still).write_bytes(bitmap(PIXELS))
    (media / "words.txt").write_text(f"A text with {_word(TEXT)} in it.\n")
    table = folder / "items.csv"
    table.write_text(
        "file,source,transcript,caption\n"
        f"{still},a forum,,{_word(CAPTION)}\n"
        f"words.txt,a forum,{_word(TRANSCRIPT)},\n"
    )
    return media, table


class Laptop:
    """The program at work in a process of its own, in a home of its own."""

    def __init__(self, home: Path, process: subprocess.Popen[str]) -> None:
        self.home = home
        self.process = process

    def tell(self, value: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the laptop died"
        value = json.loads(line)
        assert isinstance(value, dict)
        return value


@contextmanager
def laptop(home: Path) -> Iterator[Laptop]:
    """Start the program with every writable place of a person under `home`."""
    places = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_DATA_HOME": home / "data",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
        "XDG_CONFIG_HOME": home / "config",
    }
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            [
                sys.executable,
                "-X",
                "faulthandler",
                "-m",
                "tests.integration.canary_child",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            env={**os.environ, **{name: str(path) for name, path in places.items()}},
        ) as process,
    ):
        try:
            yield Laptop(home, process)
        finally:
            process.kill()
            process.wait()


def work(org: Organisation, at: Laptop, folder: Path) -> None:
    """Let the laptop enrol, fetch, look, decide; come back with everything open."""
    media, table = write_media(folder)
    packed = org.pack(media, table=table)
    assert packed.items_count == ITEMS_COUNT
    at.tell(
        {
            "profile": str(at.home / "profile"),
            "url": org.server.url,
            "code": org.invite(),
            "note": f"A note with {_word(NOTE)} in it.",
        }
    )
    org.deal(packed, at.hear()["device"])
    at.tell({})
    assert at.hear()["shown"] == ITEMS_COUNT


def test_markers_are_found_nowhere(tmp_path: Path) -> None:
    """While unlocked, batch open and decoders alive; after kill -9; after reopening."""
    need_full_sandbox()
    home, service = tmp_path / "home", tmp_path / "service"
    with organisation(service) as org, laptop(home) as at:
        work(org, at, tmp_path / "source")
        process = psutil.Process(at.process.pid)
        assert len(process.children(recursive=True)) > ITEMS_COUNT
        assert _deleted_files(process) == []
        _check_clean(home, service)

        children = process.children(recursive=True)
        at.process.kill()
        at.process.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
        _check_clean(home, service)

        with BenchProfile(home / "profile", org.clock).unlocked() as session:
            opened = session.open_batch(session.home().batches[0].batch_id)
            text = [row.item.transcript for row in opened.rows]
            assert _word(TRANSCRIPT) in text  # it is there, for who may read it
            assert session.submission_preview().notes == ITEMS_COUNT
            assert session.verify_journal().entries > 0
            _check_clean(home, service)
        _check_clean(home, service)
    assert (home / "log").read_text() == ""


def test_the_scan_finds_them_in_a_plain_profile(tmp_path: Path) -> None:
    """The positive control: the same content, kept without care."""
    write_media(tmp_path / "source")
    profile = tmp_path / "profile"
    profile.mkdir()
    database = sqlcipher3.connect(str(profile / "vault.db"))
    database.execute("CREATE TABLE items (name, transcript, caption, note, body)")
    body = (tmp_path / "source" / "media" / "words.txt").read_bytes()
    row = [_word(one) for one in (NAME, TRANSCRIPT, CAPTION, NOTE)]
    database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", (*row, body))
    database.commit()
    database.close()
    (profile / "media").mkdir()
    (profile / "media" / "batch").write_bytes(bitmap(PIXELS))
    assert found(profile, MARKERS) == {one.place for one in MARKERS}
    assert plain_databases(profile) == ["vault.db"]


@pytest.mark.parametrize("marker", MARKERS, ids=lambda one: one.place)
def test_the_scan_knows_every_form(tmp_path: Path, marker: Marker) -> None:
    """Coded, widened or turned: each form alone is found."""
    for number, form in enumerate(marker.forms()):
        place = tmp_path / f"{number}"
        place.mkdir()
        (place / "file").write_bytes(b"before" + form + b"after")
        assert found(place, (marker,)) == {marker.place}


def _check_clean(*folders: Path) -> None:
    for folder in folders:
        assert any(path.is_file() for path in folder.rglob("*"))
        assert found(folder, MARKERS) == set()
        assert plain_databases(folder) == []


def _deleted_files(process: psutil.Process) -> list[str]:
    """Return open files that lie on a disk without a name."""
    links = Path(f"/proc/{process.pid}/fd").iterdir()
    targets = [str(link.readlink()) for link in links]
    return [
        target
        for target in targets
        if target.endswith("(deleted)") and not target.startswith("/memfd:")
    ]
