"""A fault of our own leaves an event, a curtain and a sentence; no content anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reviewer.events.files import NAME
from reviewer.ui import messages
from reviewer.ui.day.leaving import CRASHES_COUNT
from tests.architecture.checkout import ROOT
from tests.integration.crash_child import MARKER

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program left behind."""

    code: int
    out: str
    err: str
    events: Sequence[dict[str, Any]]
    profile: Path

    def crashes(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == "CRASHED"]

    def holds(self, words: str) -> list[str]:
        """Return where the words stand: streams, names of files, their bytes."""
        found = [name for name in ("out", "err") if words in getattr(self, name)]
        files = [path for path in self.profile.rglob("*") if path.is_file()]
        found += [path.name for path in self.profile.rglob(f"*{words}*")]
        found += [path.name for path in files if words.encode() in path.read_bytes()]
        return found


def run(way: str, folder: Path) -> Ended:
    profile = folder / "profile"
    home = folder / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.crash_child", way, str(profile)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        text=True,
        timeout=PATIENCE_S,
    )
    log = profile / NAME
    lines = log.read_text().splitlines() if log.exists() else []
    return Ended(
        code=done.returncode,
        out=done.stdout,
        err=done.stderr,
        events=[json.loads(line) for line in lines],
        profile=folder,
    )


@pytest.mark.parametrize(
    ("way", "hook"),
    [
        ("in_slot", "main"),
        ("in_paint", "main"),
        ("in_database_task", "main"),
        ("in_thread", "thread"),
        ("in_del", "unraisable"),
    ],
)
def test_a_fault_curtains_the_window(way: str, hook: str, tmp_path: Path) -> None:
    """One event with class and places; the vault is locked; a sentence is shown."""
    ended = run(way, tmp_path)
    shown = json.loads(ended.out.splitlines()[-1])
    assert shown == {"screen": "curtainScreen", "words": messages.CRASHED}
    first = ended.crashes()[0]
    assert (first["hook"], first["fault"], first["why"]) == (hook, "ValueError", None)
    assert all(place.startswith("reviewer.") for place in first["places"])
    assert ended.events[-1]["event"] == "LOCKED"
    assert ended.holds(MARKER) == []
    assert "ValueError" not in ended.err
    assert "Traceback" not in ended.err


def test_a_task_names_the_lines_of_ours_it_passed(tmp_path: Path) -> None:
    """Module and line, so that a person who has the source can find the fault."""
    (crash,) = run("in_database_task", tmp_path).crashes()
    modules = [place.partition(":")[0] for place in crash["places"]]
    assert "reviewer.ui.tasks" in modules
    assert all(place.partition(":")[2].isdecimal() for place in crash["places"])


def test_a_second_fault_while_everything_is_put_away(tmp_path: Path) -> None:
    """The curtain is shown, and the vault locked, before what may fail in its turn."""
    ended = run("in_curtain", tmp_path)
    assert "LOCKED" in {event["event"] for event in ended.events}
    assert len(ended.crashes()) >= 2
    assert ended.holds(MARKER) == []
    assert json.loads(ended.out.splitlines()[-1])["screen"] == "curtainScreen"


def test_fault_after_fault_ends_the_program(tmp_path: Path) -> None:
    """It does not stay there failing for ever, and the vault is locked."""
    ended = run("again_and_again", tmp_path)
    assert ended.code == 1
    assert len(ended.crashes()) > CRASHES_COUNT
    assert "LOCKED" in {event["event"] for event in ended.events}
    assert ended.holds(MARKER) == []


def test_libraries_and_qt_are_silent(tmp_path: Path) -> None:
    """Loggers, warnings and Qt's messages: an event of its category, no words."""
    ended = run("libraries_and_qt", tmp_path)
    spoke = [event for event in ended.events if event["event"] == "QT_SPOKE"]
    assert [(one["severity"], one["category"]) for one in spoke] == [
        ("warning", "default")
    ]
    assert ended.holds(MARKER) == []
    assert ended.err == ""


def test_a_command_that_fails_says_one_sentence(tmp_path: Path) -> None:
    """Exit code 1, one line on standard error, an event in the log."""
    ended = run("in_main", tmp_path)
    assert ended.code == 1
    assert ended.out == ""
    (line,) = ended.err.splitlines()
    assert line.startswith("reviewer: ")
    (crash,) = ended.crashes()
    assert (crash["hook"], crash["fault"]) == ("main", "ValueError")
    assert crash["places"][-1].startswith("reviewer.starting:")
    assert ended.holds(MARKER) == []


def test_the_markers_can_be_found(tmp_path: Path) -> None:
    """Control: in development the very same fault prints all of it."""
    ended = run("in_development", tmp_path)
    assert ended.code == 1
    assert ended.holds(MARKER) == ["err"]
    assert "Traceback" in ended.err


@pytest.mark.parametrize("variable", ["PYTHONDEVMODE", "REVIEWER_DEVELOPMENT", "DEBUG"])
def test_no_variable_leads_to_development(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an argument of the harness does."""
    monkeypatch.setenv(variable, "1")
    assert run("in_main", tmp_path).holds(MARKER) == []
