"""Deadlines, shared memory, and what the parent refuses before asking a child."""

from __future__ import annotations

import os
import socket

import pytest

from reviewer.media.conversation import translated
from reviewer.media.deadlines import Deadlines
from reviewer.media.link import Link, SharedMemory, Timer
from reviewer.pipe.codes import Op, Subject

MIB = 1024 * 1024


class Nobody:
    """A child that can be killed any number of times."""

    def __init__(self) -> None:
        self.kills = 0

    def kill(self) -> None:
        self.kills += 1


def test_larger_items_have_longer() -> None:
    """A large still has more time, a clip its own, a sheet the most."""
    deadlines = Deadlines()
    small = deadlines.of(Op.STILL, Subject.STILL, size_bytes=0)
    large = deadlines.of(Op.STILL, Subject.STILL, size_bytes=64 * MIB)
    frame = deadlines.of(Op.FRAME, Subject.CLIP, size_bytes=64 * MIB)
    sheet = deadlines.of(Op.STORYBOARD, Subject.CLIP, size_bytes=64 * MIB)
    assert small == 5.0
    assert small < large < sheet
    assert frame == 10.0


def test_a_timer_ends_and_can_be_pushed_back() -> None:
    """Time that the parent spends decrypting does not count."""
    over = Timer(-1.0)
    with pytest.raises(TimeoutError):
        over.left_s()
    timer = Timer(1_000.0)
    before = timer.left_s()
    timer.push_back(since=-1_000_000.0)
    assert timer.left_s() > before + 900_000


def test_a_copy_is_a_copy() -> None:
    """What the child writes afterwards does not reach what was copied."""
    shared = SharedMemory(4_096)
    try:
        os.pwrite(shared.fd, b"first", 0)
        copy = shared.copy(5)
        os.pwrite(shared.fd, b"later", 0)
        assert copy == b"first"
        assert shared.copy(5) == b"later"
    finally:
        shared.close()


@pytest.mark.parametrize("size_bytes", [0, 8_192])
def test_memory_is_sealed(size_bytes: int) -> None:
    """Nobody can grow or shrink it, so a copy never faults."""
    shared = SharedMemory(4_096)
    try:
        with pytest.raises(PermissionError):
            os.ftruncate(shared.fd, size_bytes)
    finally:
        shared.close()


def test_a_link_sends_receives_and_ends() -> None:
    """Bytes come whole, or the end is an OSError; cutting twice is fine."""
    ours, theirs = socket.socketpair()
    child = Nobody()
    link = Link(ours, child)
    timer = Timer(30.0)
    link.send(b"question", timer)
    assert theirs.recv(8) == b"question"
    theirs.sendall(b"answer")
    assert link.receive(6, timer) == b"answer"
    link.cut()
    with pytest.raises(OSError, match=r".*"):
        link.receive(1, timer)
    link.cut()
    link.close()
    theirs.close()
    assert child.kills == 2


def test_translation_leaves_bugs_alone() -> None:
    """Only what the pipe and the system raise becomes a media error."""

    def bug() -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        translated(bug)
