"""The decoder program: `python -I -m reviewer.decoder zygote FD PARENT`.

Started by `sandbox.launch` alone, with a cleared environment and no descriptor but
its own. It is a separate executable in an installed program.
"""

from __future__ import annotations

import os
import sys

from reviewer.decoder import zygote
from reviewer.decoder.child import become_child, prepare_locks
from reviewer.decoder.warming import warm_up
from reviewer.lockdown.kernel import LockError
from reviewer.lockdown.lock import Lock, die_with_parent, no_core_dump
from reviewer.pipe.codes import Exit, Subject


def main(arguments: list[str]) -> Exit:
    """Run as a zygote, or as one child that locks itself at once.

    `zygote FD PARENT`, or `child FD SHARED_FD SUBJECT WITHOUT_LANDLOCK PARENT`;
    PARENT is the process to die with, or 0 where its thread may end before it.
    """
    numbers = [int(one) for one in arguments[1:] if one.isdecimal()]
    match (arguments[0] if arguments else "", numbers):
        case ("zygote", [control_fd, parent_pid]):
            return _run_zygote(control_fd, parent_pid)
        case ("child", [pipe_fd, shared_fd, subject, without_landlock, parent_pid]):
            _tie_to(parent_pid)
            become_child(
                pipe_fd=pipe_fd,
                shared_fd=shared_fd,
                lock=_prepared(Subject(subject)),
                without_landlock=bool(without_landlock),
            )
        case _:
            pass
    return Exit.USAGE


def _run_zygote(control_fd: int, parent_pid: int) -> Exit:
    try:
        _tie_to(parent_pid)
        no_core_dump()
        locks = prepare_locks()
        warm_up()
        return zygote.main(control_fd, locks)
    except LockError:
        return Exit.LOCK_FAILED


def _prepared(subject: Subject) -> Lock:
    locks = prepare_locks()
    warm_up((subject,))
    return locks[subject]


def _tie_to(parent_pid: int) -> None:
    if parent_pid:
        die_with_parent(parent_pid)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
