"""Starting programs, and keeping our own memory to ourselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import Code, UnavailableError
from reviewer.sandbox import launch, processes

HARDEN = """
import resource
from reviewer.sandbox.hardening import harden_this_process, is_hardened
print(is_hardened())
harden_this_process()
print(is_hardened(), resource.getrlimit(resource.RLIMIT_CORE))
"""
MODULES = """
import sys
import reviewer.{name}
print(*sorted(sys.modules))
"""


def run(code: str) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_program_runs_with_what_it_is_given(tmp_path: Path) -> None:
    """Environment and folder are the caller's; nothing else comes along."""
    show = "import os; print(os.getcwd(), os.environ.get('SHOWN'), len(os.environ))"
    process = processes.start(
        [sys.executable, "-I", "-c", show],
        env={"SHOWN": "yes"},
        cwd=tmp_path,
        with_output=True,
    )
    output, _ = process.communicate(timeout=60)
    folder, shown, count = output.decode().split()
    assert Path(folder) == tmp_path.resolve()
    assert shown == "yes"
    assert int(count) <= 2
    assert process.returncode == 0


def test_descriptors_stay_here(tmp_path: Path) -> None:
    """An open file of ours is not open there, unless it is named."""
    code = "import os, sys; os.fstat(int(sys.argv[1]))"
    with (tmp_path / "open").open("wb") as file:
        argv = [sys.executable, "-I", "-c", code, str(file.fileno())]
        null = os.open(os.devnull, os.O_WRONLY)
        closed = subprocess.run(argv, stderr=null, check=False).returncode
        os.close(null)
        kept = processes.start(argv, kept_fds=[file.fileno()])
        assert closed != 0
        assert kept.wait(60) == 0


def test_a_missing_program_is_named_by_a_code() -> None:
    """What cannot be started is unavailable, and no shell looks for it."""
    with pytest.raises(UnavailableError) as caught:
        processes.start(["/nonexistent/program"])
    assert caught.value.code is Code.INPUT_MISSING


def test_a_hardened_process_leaves_no_core_and_is_not_dumpable() -> None:
    """Positive control first: a plain process is not hardened."""
    if sys.platform == "win32":
        pytest.skip("not run: there are no core dumps on this system")
    assert run(HARDEN).split(maxsplit=2) == ["False", "True", "(0, 0)\n"]


def test_helpers_see_an_allow_list_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of our environment a helper gets language and time zone."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent/startup.py")
    monkeypatch.setenv("LD_PRELOAD", "")
    environment = launch._environment()
    assert environment["LANG"] == "C.UTF-8"
    assert not {"PYTHONSTARTUP", "LD_PRELOAD", "HOME", "PATH"} & environment.keys()


def test_an_installed_program_starts_its_own_helpers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Installed, decoder and canary are executables of a tree beside ours."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt-like/reviewer/reviewer")
    tree = "/opt-like/reviewer-decoder"
    assert launch._program("reviewer.decoder") == [f"{tree}/reviewer-decoder"]
    assert launch._program("reviewer.sandbox.canary") == [f"{tree}/reviewer-canary"]


def test_an_installed_program_knows_its_neighbour(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only what is installed is a neighbour, and nothing is one's own neighbour."""
    ours = tmp_path / "reviewer" / "reviewer"
    other = tmp_path / "reviewer-coordinator" / "reviewer-coordinator"
    monkeypatch.setattr(sys, "executable", str(ours))
    assert launch.neighbour("reviewer-coordinator") is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert launch.neighbour("reviewer-coordinator") is None
    other.parent.mkdir()
    other.touch()
    assert launch.neighbour("reviewer-coordinator") == other
    monkeypatch.setattr(sys, "executable", str(other))
    assert launch.neighbour("reviewer-coordinator") is None


def test_the_parent_side_loads_no_codec() -> None:
    """The process that draws on the screen never imports what parses media."""
    loaded = set(run(MODULES.format(name="media.pool")).split())
    roots = {name.partition(".")[0] for name in loaded}
    assert not roots & {"PIL", "cv2", "av", "numpy", "pyseccomp", "faiss"}
    assert not {name for name in loaded if name.startswith("reviewer.decoder")}
    assert not {name for name in loaded if name.startswith("reviewer.lockdown")}


def test_the_decoder_loads_its_own_rooms_only() -> None:
    """Neither keys nor database, nor any type of ours beyond the pipe."""
    loaded = set(run(MODULES.format(name="decoder.__main__")).split())
    ours = {name for name in loaded if name.startswith("reviewer.")}
    rooms = {name.split(".")[1] for name in ours}
    assert rooms == {"decoder", "pipe", "lockdown"}
    roots = {name.partition(".")[0] for name in loaded}
    assert not roots & {"PySide6", "sqlcipher3", "cryptography", "keyring", "httpx2"}


def test_the_canary_loads_no_codec() -> None:
    """What tries the escapes holds nothing worth escaping with."""
    loaded = set(run(MODULES.format(name="sandbox.canary")).split())
    roots = {name.partition(".")[0] for name in loaded}
    assert not roots & {"PIL", "cv2", "av", "numpy", "PySide6"}
