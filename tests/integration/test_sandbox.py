"""The walls on this machine: what a canary tries, and what a child is and has."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from reviewer.domain.item import Kind
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, MediaError, UnavailableError
from reviewer.media.launchers import Child, ForkLauncher, SpawnLauncher
from reviewer.media.pool import LinuxDecoderPool
from reviewer.media.session import LockedSession
from reviewer.pipe.codes import Subject
from reviewer.pipe.escapes import Attempt, Ending, Escape, Trial
from reviewer.sandbox import proof
from reviewer.sandbox.launch import _KEPT_NAMES, _SET_NAMES, launch
from tests.conformance.decoder import ITEM
from tests.drawn_media import drawn_still
from tests.fakes.decoder import BytesReader
from tests.sandboxed import need_full_sandbox


@pytest.fixture(scope="module")
def attempts() -> tuple[Attempt, ...]:
    """Return what a canary reports behind every wall, and without any."""
    need_full_sandbox()
    return proof.Canary(tuple(Trial)).attempts()


@pytest.fixture(scope="module")
def pool() -> Iterator[LinuxDecoderPool]:
    need_full_sandbox()
    pool = LinuxDecoderPool()
    pool.start()
    yield pool
    pool.shut_down()


def child_of(session: LockedSession) -> psutil.Process:
    """Return the process of a session: the youngest below the test."""
    found = psutil.Process().children(recursive=True)
    assert session.info().width_px == 320
    return max(found, key=lambda process: process.create_time())


def opened(pool: LinuxDecoderPool) -> LockedSession:
    reader = BytesReader(drawn_still(320, 200))
    return pool.open(reader, item_id=ITEM, kind=Kind.IMAGE, declared_type="")


@pytest.fixture
def child(pool: LinuxDecoderPool) -> Iterator[psutil.Process]:
    """Return the process of a locked child that serves one item."""
    session = opened(pool)
    yield child_of(session)
    session.close()


def status_of(process: psutil.Process) -> dict[str, str]:
    lines = Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines()
    return {key: value.strip() for key, _, value in (ln.partition(":") for ln in lines)}


@pytest.mark.parametrize("escape", Escape)
def test_the_still_filter_kills(attempts: tuple[Attempt, ...], escape: Escape) -> None:
    """Behind the walls of stills and text, every escape ends the child."""
    assert Attempt(Trial.STILL, escape, Ending.KILLED) in attempts


@pytest.mark.parametrize("escape", Escape)
def test_the_clip_filter_stops(attempts: tuple[Attempt, ...], escape: Escape) -> None:
    """Clips may start threads; what opens files is refused, all else kills."""
    (attempt,) = [
        one for one in attempts if (one.trial, one.escape) == (Trial.CLIP, escape)
    ]
    assert proof._stopped(attempt)
    if escape not in {*proof.FILES, Escape.CLONE3}:
        assert attempt.ending is Ending.KILLED


@pytest.mark.parametrize("escape", Escape)
def test_unlocked_every_attempt_returns(
    attempts: tuple[Attempt, ...], escape: Escape
) -> None:
    """Positive control: without walls each attempt comes back to its caller."""
    (attempt,) = [
        one for one in attempts if (one.trial, one.escape) == (Trial.UNLOCKED, escape)
    ]
    assert attempt.ending in {Ending.RETURNED, Ending.REFUSED}


@pytest.mark.parametrize("escape", sorted(proof.FILES | proof.NETWORK))
def test_landlock_alone_refuses_files_and_network(
    attempts: tuple[Attempt, ...], escape: Escape
) -> None:
    """The second wall holds by itself: EACCES where unlocked it worked."""
    assert escape in proof._refused(attempts)
    worked = {
        one.escape
        for one in attempts
        if one.trial is Trial.UNLOCKED and one.ending is Ending.RETURNED
    }
    assert escape in worked | {Escape.CONNECT}


def test_the_report_says_full() -> None:
    """More than eighteen escapes are tried and all are blocked."""
    need_full_sandbox()
    report = proof.prove(proof.begin())
    assert report.level is SandboxLevel.FULL
    assert report.tried == report.blocked == len(Escape) >= 18
    control = proof.control()
    assert control.returned_unlocked == control.tried == len(Escape)
    assert control.refused_by_landlock >= proof.FILES | proof.NETWORK


def test_a_child_is_locked_and_nobody(child: psutil.Process) -> None:
    """No new privileges, a filter, no capability, not root, one thread."""
    status = status_of(child)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert int(status["CapEff"], 16) == 0
    assert "0" not in status["Uid"].split()
    assert status["Threads"] == "1"


def test_a_child_has_no_foreign_descriptor(child: psutil.Process) -> None:
    """Standard streams, its pipe, its memory: nothing of ours or the zygote's."""
    try:
        links = [entry.readlink() for entry in Path(f"/proc/{child.pid}/fd").iterdir()]
    except PermissionError:
        pytest.skip("not run: descriptors of another user cannot be read here")
    kinds = sorted(str(link).partition(":")[0] for link in links)
    assert kinds == ["/dev/null"] * 3 + ["/memfd", "socket"]


def test_a_child_has_no_environment(child: psutil.Process) -> None:
    """Of our environment a child sees a language and a time zone at most."""
    try:
        names = set(child.environ())
    except psutil.AccessDenied:
        pytest.skip("not run: the environment of another user cannot be read here")
    assert names <= {*_KEPT_NAMES, *_SET_NAMES, "LC_CTYPE"}


def test_a_child_has_its_ceilings(child: psutil.Process) -> None:
    """Soft and hard ceilings of security.md 3.6 stand."""
    lines = Path(f"/proc/{child.pid}/limits").read_text("utf-8").splitlines()
    limits = {line[:25].strip(): line[26:68].split()[:2] for line in lines[1:]}
    ceilings = {
        "Max core file size": 0,
        "Max file size": 0,
        "Max processes": 0,
        "Max cpu time": 20,
        "Max address space": 2 * 1024**3,
        "Max open files": 8,
    }
    for name, most in ceilings.items():
        assert limits[name] == [str(most)] * 2, name


def test_children_end_with_the_zygote() -> None:
    """A zygote that is killed takes its children along; the next item starts anew."""
    need_full_sandbox()
    launcher = ForkLauncher()
    pool = LinuxDecoderPool(launcher=launcher)
    try:
        session = opened(pool)
        child = child_of(session)
        assert launcher._zygote is not None
        os.kill(launcher._zygote.pid, signal.SIGKILL)
        psutil.wait_procs([child], timeout=30)
        with pytest.raises(MediaError) as caught:
            session.info()
        assert caught.value.code is Code.DECODER_DIED
        assert opened(pool).info().width_px == 320
    finally:
        pool.shut_down()


def test_a_zygote_ends_when_its_parent_does() -> None:
    """With the control pipe closed there is nobody to serve."""
    need_full_sandbox()
    others = set(psutil.Process().children())
    pool = LinuxDecoderPool()
    pool.start()
    ours = set(psutil.Process().children()) - others
    assert len(ours) == 1
    pool.shut_down()
    _, alive = psutil.wait_procs(ours, timeout=30)
    assert not alive


class LateLauncher(ForkLauncher):
    """One that is asked for a child just when the pool is shut down."""

    pool: LinuxDecoderPool | None = None

    def launch(
        self, subject: Subject, *, pipe_fd: int, shared_fd: int, without_landlock: bool
    ) -> Child:
        """Start what was ended a moment ago."""
        if self.pool is not None:
            self.pool.shut_down()
        return super().launch(
            subject,
            pipe_fd=pipe_fd,
            shared_fd=shared_fd,
            without_landlock=without_landlock,
        )


def test_a_child_that_comes_after_shut_down_leaves_no_zygote() -> None:
    """A lock comes while a neighbour is being opened."""
    need_full_sandbox()
    launcher = LateLauncher()
    launcher.pool = pool = LinuxDecoderPool(launcher=launcher)
    others = set(psutil.Process().children())
    with pytest.raises(MediaError) as caught:
        opened(pool)
    assert caught.value.code is Code.DECODER_DIED
    assert launcher._zygote is None
    _, alive = psutil.wait_procs(set(psutil.Process().children()) - others, timeout=30)
    assert not alive


def test_a_killed_program_leaves_no_decoder() -> None:
    """SIGKILL of the program that owns a pool ends zygote and children."""
    need_full_sandbox()
    code = (
        "import sys\n"
        "from reviewer.media.pool import LinuxDecoderPool\n"
        "from reviewer.domain.item import Kind\n"
        "class R:\n"
        "    size_bytes = 1\n"
        "    def read(self, offset, length):\n"
        "        return b'x'\n"
        "pool = LinuxDecoderPool()\n"
        "pool.open(R(), item_id='0' * 32, kind=Kind.TEXT, declared_type='').info()\n"
        "print('up', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        ready, _, _ = select.select([program.stdout], [], [], 60)
        assert ready
        family = psutil.Process(program.pid).children(recursive=True)
        assert len(family) == 2
        program.kill()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive


@pytest.mark.parametrize("floor", SandboxLevel)
def test_without_a_sandbox_nothing_is_decoded(
    monkeypatch: pytest.MonkeyPatch, floor: SandboxLevel
) -> None:
    """Where no escape could be tried the level is NONE, whatever the floor says."""
    monkeypatch.setattr(proof, "begin", lambda: None)
    before = set(psutil.Process().children())
    pool = LinuxDecoderPool(floor=floor)
    assert pool.level is SandboxLevel.NONE
    with pytest.raises(UnavailableError) as caught:
        opened(pool)
    assert caught.value.code is Code.SANDBOX_UNAVAILABLE
    assert set(psutil.Process().children()) <= before


@pytest.mark.parametrize(
    ("floor", "opens"), [(SandboxLevel.FULL, False), (SandboxLevel.REDUCED, True)]
)
def test_reduced_needs_the_organisations_word(
    monkeypatch: pytest.MonkeyPatch,
    floor: SandboxLevel,
    opens: bool,  # noqa: FBT001
) -> None:
    """Linux without Landlock decodes only where org config says so."""
    need_full_sandbox()
    reduced = proof.EscapeReport(
        mechanism="seccomp", level=SandboxLevel.REDUCED, tried=31, blocked=31
    )
    monkeypatch.setattr(proof, "begin", lambda: None)
    monkeypatch.setattr(proof, "prove", lambda _: reduced)
    pool = LinuxDecoderPool(floor=floor, launcher=SpawnLauncher())
    if opens:
        assert opened(pool).info().width_px == 320
    else:
        with pytest.raises(UnavailableError):
            opened(pool)
    pool.shut_down()


def test_no_environment_variable_opens_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """No switch: what other programs honour changes nothing here."""
    need_full_sandbox()
    for name in ("GLYCIN_DISABLE_SANDBOX", "REVIEWER_NO_SANDBOX", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    assert proof.prove(proof.begin()).level is SandboxLevel.FULL


@pytest.mark.parametrize(
    ("break_one", "level"),
    [
        (Attempt(Trial.STILL, Escape.SOCKET, Ending.RETURNED), SandboxLevel.NONE),
        (Attempt(Trial.CLIP, Escape.EXEC, Ending.REFUSED, 13), SandboxLevel.NONE),
        (Attempt(Trial.CLIP, Escape.FORK, Ending.UNTRIED), SandboxLevel.NONE),
        (Attempt(Trial.LANDLOCK_ONLY, Escape.OPEN_FILE, Ending.RETURNED), None),
    ],
)
def test_one_hole_lowers_the_level(
    attempts: tuple[Attempt, ...],
    break_one: Attempt,
    level: SandboxLevel | None,
) -> None:
    """Every single escape counts; a hole in Landlock alone is REDUCED."""
    same = (break_one.trial, break_one.escape)
    with_hole = tuple(
        break_one if (one.trial, one.escape) == same else one for one in attempts
    )
    assert proof.judge(with_hole).level is (level or SandboxLevel.REDUCED)


def test_nothing_tried_is_no_proof() -> None:
    """An empty report, or half of one, proves nothing."""
    assert proof.judge(()).level is SandboxLevel.NONE


def test_a_helper_prints_what_it_is_asked_and_ends() -> None:
    """Wrong arguments end the decoder program with its usage code."""
    helper = launch("reviewer.decoder", ("nonsense",))
    assert helper.wait(60) == 74
