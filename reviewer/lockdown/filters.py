"""The syscall allow-lists of a child, as data, and the filters made of them.

Everything that is not listed ends the process by SIGSYS. The lists were derived
from security.md 3.6 and the corpus run (tests/integration/test_decoder_corpus.py):
a library bump that needs another call shows there as a dead child. The libseccomp
binding is imported, and libseccomp loaded, before anything is locked.
"""

from __future__ import annotations

import errno
import mmap
from typing import Final, Protocol

import pyseccomp  # type: ignore[import-untyped]  # no stubs are published

_ALWAYS: Final = (
    "read",
    "write",
    "close",
    "lseek",
    "fstat",
    "newfstatat",
    "munmap",
    "mremap",
    "brk",
    "madvise",
    "futex",
    "exit",
    "exit_group",
    "rt_sigreturn",
    "rt_sigaction",
    "rt_sigprocmask",
    "clock_gettime",
    "getrandom",
    "restart_syscall",
)
_FOR_THREADS: Final = (
    "sched_getaffinity",
    "sched_yield",
    "rseq",
    "set_robust_list",
    "gettid",
    "clock_nanosleep",
)
_CLONE_THREAD: Final = 0x0001_0000
_CLONE_VM: Final = 0x0000_0100
_CLONE_NEW_ANY: Final = 0x7E02_0000 | 0x80  # every namespace flag
_PR_SET_NAME: Final = 15


class SyscallFilter(Protocol):
    """What we use of a libseccomp filter."""

    def set_attr(self, attribute: int, value: int) -> None:
        """Set a property of the filter."""

    def add_rule(self, action: int, name: str, *arguments: object) -> None:
        """Say what happens on a call whose arguments match."""

    def load(self) -> None:
        """Put this process behind the filter for ever. Raises OSError."""


def _base() -> SyscallFilter:
    syscalls: SyscallFilter = pyseccomp.SyscallFilter(pyseccomp.KILL_PROCESS)
    syscalls.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for name in _ALWAYS:
        syscalls.add_rule(pyseccomp.ALLOW, name)
    not_executable = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, mmap.PROT_EXEC, 0)
    syscalls.add_rule(pyseccomp.ALLOW, "mmap", not_executable)
    syscalls.add_rule(pyseccomp.ALLOW, "mprotect", not_executable)
    return syscalls


def for_stills() -> SyscallFilter:
    """Return the filter of stills and text: no file, no thread, no process."""
    return _base()


def for_clips() -> SyscallFilter:
    """Return the filter of clips: as for stills, and threads of the same process.

    `clone3` hides its flags behind a pointer, so it answers ENOSYS and the C
    library falls back to `clone`, whose flags are checked. FFmpeg probes for
    devices and processors by opening files: those are refused, not fatal.
    """
    syscalls = _base()
    for name in _FOR_THREADS:
        syscalls.add_rule(pyseccomp.ALLOW, name)
    wanted = _CLONE_THREAD | _CLONE_VM
    syscalls.add_rule(
        pyseccomp.ALLOW,
        "clone",
        pyseccomp.Arg(0, pyseccomp.MASKED_EQ, wanted | _CLONE_NEW_ANY, wanted),
    )
    syscalls.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    syscalls.add_rule(pyseccomp.ERRNO(errno.EACCES), "openat")
    syscalls.add_rule(
        pyseccomp.ALLOW, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, _PR_SET_NAME)
    )
    return syscalls
