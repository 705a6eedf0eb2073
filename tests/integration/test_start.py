"""The window says in one sentence why it cannot open, and ends with exit code 3."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer import compose, starting
from reviewer.cli.output import Exit
from reviewer.errors import Code, UnavailableError
from reviewer.events.crashes import CrashHandler
from reviewer.events.log import NoLog
from reviewer.sandbox import installation, system
from reviewer.store.lockfile import ProfileLock
from reviewer.ui import application
from reviewer.ui.explanations import explain
from tests.architecture.checkout import ROOT

PATIENCE_S = 60
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(profile: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: one for name, one in os.environ.items() if name not in _DISPLAYS}
    return subprocess.run(
        [sys.executable, "-m", "reviewer", "--profile", str(profile)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**kept, **variables},
        text=True,
        timeout=PATIENCE_S,
    )


def said(code: Code) -> str:
    words = explain(code)
    return f"reviewer: {words.happened} {words.todo} ({code.value})"


@pytest.mark.skipif(sys.platform != "linux", reason="not run: Linux alone has none")
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":9471"}], ids=["none", "dead"])
def test_without_a_display(display: dict[str, str], tmp_path: Path) -> None:
    """Qt would abort: nothing is made, and the person is told."""
    ended = start(tmp_path / "profile", **display)
    assert ended.returncode == Exit.UNAVAILABLE
    assert ended.stderr.splitlines()[-1] == said(Code.DISPLAY_MISSING)
    assert ended.stdout == ""
    assert not (tmp_path / "profile").exists()


def test_a_profile_that_is_open_elsewhere(tmp_path: Path) -> None:
    """The second window says so, and does not wait for anybody."""
    with ProfileLock(tmp_path):
        ended = start(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == Exit.UNAVAILABLE
    assert ended.stderr.splitlines() == [said(Code.PROFILE_IN_USE)]
    assert not (tmp_path / "events.log").exists()


def test_a_header_that_cannot_be_read(tmp_path: Path) -> None:
    """Told before a passphrase is asked for; the file is left as it is."""
    (tmp_path / "header").write_bytes(b"not a header")
    (tmp_path / "vault.db").write_bytes(b"not a database")
    ended = start(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == Exit.UNAVAILABLE
    (line,) = ended.stderr.splitlines()
    assert "(PROFILE_DAMAGED" in line
    assert (tmp_path / "header").read_bytes() == b"not a header"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Told in one sentence; nothing is made."""
    (tmp_path / "file").touch()
    ended = start(tmp_path / "file" / "profile", QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == Exit.UNAVAILABLE
    (line,) = ended.stderr.splitlines()
    words = explain(Code.PROFILE_NOT_MADE)
    assert line.startswith(f"reviewer: {words.happened} {words.todo} (PROFILE_NOT_MADE")


def test_a_person_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown to the system, with no folder named: a place that can never be made."""

    def nobody() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nobody)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert compose.NO_HOME in compose.default_profile().parents


def test_a_missing_part_of_an_installation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault whose cause is a missing file is said so, and is no fault of ours."""
    monkeypatch.setattr(installation, "missing_parts", lambda: ("libdrawn.so",))
    monkeypatch.setattr(compose, "harden", _broken)
    assert starting.main(["licences"]) == Exit.UNAVAILABLE
    words = explain(Code.PROGRAM_INCOMPLETE)
    assert capsys.readouterr().err == (
        f"reviewer: {words.happened} {words.todo} (PROGRAM_INCOMPLETE: libdrawn.so)\n"
    )


def test_a_missing_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before Qt loads, and by the package that holds it."""
    monkeypatch.setattr(system, "_loads", lambda name: name != "libEGL.so.1")
    with pytest.raises(UnavailableError) as caught:
        compose.window(tmp_path, crashes=CrashHandler(NoLog()), demo=_never)
    assert caught.value.code is Code.SYSTEM_LIBRARY_MISSING
    assert caught.value.detail == "libegl1"


def test_the_demonstration_runs_in_the_place_of_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for at first run: the profile is free again before it begins."""
    monkeypatch.setattr(application, "run", lambda *_, **__: application.DEMO_EXIT)

    def demo() -> int:
        with ProfileLock(tmp_path):
            return 17

    crashes = CrashHandler(NoLog())
    assert compose.window(tmp_path, crashes=crashes, demo=demo) == 17
    monkeypatch.setattr(application, "run", lambda *_, **__: 0)
    assert compose.window(tmp_path, crashes=crashes, demo=_never) == 0


def _broken() -> None:
    raise ImportError("drawn")


def _never() -> int:
    pytest.fail("the demonstration was not asked for")
