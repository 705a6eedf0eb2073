"""The allow-lists as data: nothing that reaches out is on them."""

from __future__ import annotations

import pytest

from reviewer.lockdown import escapes, filters, landlock
from reviewer.lockdown.kernel import syscall
from reviewer.pipe.escapes import Escape

REACHING_OUT = frozenset(
    {
        "open",
        "openat",
        "openat2",
        "socket",
        "connect",
        "sendto",
        "sendmsg",
        "recvmsg",
        "execve",
        "execveat",
        "fork",
        "vfork",
        "clone",
        "clone3",
        "kill",
        "tkill",
        "tgkill",
        "ptrace",
        "ioctl",
        "unlink",
        "rename",
        "memfd_create",
        "pidfd_open",
        "process_vm_readv",
        "io_uring_setup",
        "bpf",
        "prctl",
        "setuid",
        "mount",
        "unshare",
        "dup",
        "fcntl",
        "pwrite64",
    }
)


def test_nothing_that_reaches_out_is_allowed_outright() -> None:
    """What opens, connects, starts, signals or inspects is on neither list."""
    listed = {*filters._ALWAYS, *filters._FOR_THREADS}
    assert not listed & REACHING_OUT
    assert len(listed) == len(filters._ALWAYS) + len(filters._FOR_THREADS)


def test_filters_can_be_built() -> None:
    """Libseccomp knows every call that we name, before anything is locked."""
    assert filters.for_stills() is not None
    assert filters.for_clips() is not None


def test_every_escape_can_be_tried() -> None:
    """A new escape without a way to try it would count as blocked by nobody."""
    assert set(escapes._PREPARED) == set(Escape)
    assert len(Escape) >= 18


def test_the_kernel_says_its_landlock() -> None:
    """The version is asked for, never assumed; none is 0."""
    assert landlock.abi() >= 0


def test_a_refused_call_raises_with_its_number() -> None:
    """A system call that fails is an OSError, as elsewhere in Python."""
    with pytest.raises(OSError, match="Function not implemented"):
        syscall(100_000)
