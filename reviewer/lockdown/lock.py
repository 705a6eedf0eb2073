"""The child's own confinement, in one order: limits, user, Landlock, filter.

A `Lock` is prepared while files can still be opened (libseccomp loads, rules are
built) and applied in the child before the first byte of an item is read. Where
any step fails it raises; there is no fallback.
"""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from typing import Final

from reviewer.lockdown import filters, landlock
from reviewer.lockdown.kernel import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    LockError,
    clear_capabilities,
    prctl,
)

ADDRESS_SPACE_BYTES: Final = 2 * 1024**3  # security.md 3.6
CPU_SECONDS: Final = 20  # security.md 3.6; a still, whole life of a child
LONG_CPU_SECONDS: Final = 120  # a clip or text is gone through again and again
OPEN_FILES_COUNT: Final = 8  # 0-2, the pipe, the shared memory; new ones are refused
NOBODY: Final = 65_534  # the user and group that own nothing on any Linux
_SIGKILL: Final = 9


@dataclass(frozen=True, slots=True)
class Lock:
    """Walls that are ready to be put up, once, in the process that calls `apply`."""

    syscalls: filters.SyscallFilter
    has_threads: bool
    cpu_seconds: int = CPU_SECONDS

    def apply(self, *, without_landlock: bool) -> bool:
        """Lock this process for ever; return whether Landlock is part of it.

        Args:
            without_landlock: whether the level REDUCED is accepted.

        Raises:
            LockError: a wall is missing; the caller must end at once.
        """
        limit_resources(has_threads=self.has_threads, cpu_seconds=self.cpu_seconds)
        drop_root()
        clear_capabilities()
        prctl(PR_SET_DUMPABLE, 0)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        has_landlock = landlock.deny_all()
        if not has_landlock and not without_landlock:
            raise LockError("no landlock")
        try:
            self.syscalls.load()
        except OSError as error:
            raise LockError(f"seccomp: errno {error.errno}") from error
        return has_landlock


def lock_for_stills() -> Lock:
    """Prepare the walls of stills."""
    return Lock(filters.for_stills(), has_threads=False)


def lock_for_texts() -> Lock:
    """Prepare the walls of texts: those of stills, with more time to search."""
    return Lock(filters.for_stills(), has_threads=False, cpu_seconds=LONG_CPU_SECONDS)


def lock_for_clips() -> Lock:
    """Prepare the walls of clips, which may start threads."""
    return Lock(filters.for_clips(), has_threads=True, cpu_seconds=LONG_CPU_SECONDS)


def limit_resources(*, has_threads: bool, cpu_seconds: int = CPU_SECONDS) -> None:
    """Set the ceilings of security.md 3.6, hard and soft alike.

    Raises:
        LockError: the system refused a limit.
    """
    ceilings = {
        resource.RLIMIT_AS: ADDRESS_SPACE_BYTES,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES_COUNT,
    }
    if not has_threads:
        ceilings[resource.RLIMIT_NPROC] = 0
    try:
        for which, most in ceilings.items():
            resource.setrlimit(which, (most, most))
    except (OSError, ValueError) as error:
        raise LockError("rlimit") from error


def no_core_dump() -> None:
    """Keep this process's memory off the disk, whatever happens to it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def drop_root() -> None:
    """Become nobody when started as root, so that every run is unprivileged.

    Raises:
        LockError: root could not be given up.
    """
    if os.geteuid() != 0:
        return
    try:
        os.setgroups(())
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        raise LockError(f"setuid: errno {error.errno}") from error
    if os.geteuid() == 0:
        raise LockError("still root")


def die_with_parent(parent_pid: int) -> None:
    """End by SIGKILL when the thread that started this process ends.

    Called by the process itself right after its start; also ends it if the parent
    is already gone. The kernel forgets this on a change of user, so call it again
    after `drop_root`.

    Raises:
        LockError: the kernel refused.
    """
    prctl(PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(0)
