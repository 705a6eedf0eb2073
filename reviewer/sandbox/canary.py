"""The canary program: fork a child per escape, lock it, let it try, report.

`python -I -m reviewer.sandbox.canary TRIALS PARENT`, TRIALS being digits of
`pipe.escapes.Trial`. Its standard output is records of `pipe.escapes` and nothing
else. It holds no item, no key and no codec.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from reviewer.lockdown import escapes, landlock
from reviewer.lockdown.kernel import PR_SET_NO_NEW_PRIVS, LockError, prctl
from reviewer.lockdown.lock import (
    Lock,
    die_with_parent,
    drop_root,
    lock_for_clips,
    lock_for_stills,
    no_core_dump,
)
from reviewer.pipe.escapes import Attempt, Ending, Escape, Trial

_RETURNED = 0
_UNTRIED = 255
_MOST_ERRNO = 133  # the highest that Linux defines


def main(arguments: list[str]) -> int:
    """Try every escape behind the walls of each trial and write the records."""
    trials, parent_pid = arguments
    if int(parent_pid):
        die_with_parent(int(parent_pid))
    no_core_dump()
    locks = {Trial.STILL: lock_for_stills(), Trial.CLIP: lock_for_clips()}
    for trial in map(Trial, map(int, trials)):
        for escape in Escape:
            attempt = _try(trial, escape, locks.get(trial))
            os.write(1, attempt.pack())
    return 0


def _try(trial: Trial, escape: Escape, lock: Lock | None) -> Attempt:
    pid = os.fork()
    if pid == 0:
        _be_canary(trial, escape, lock)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        is_filter = os.WTERMSIG(status) == signal.SIGSYS
        return Attempt(trial, escape, Ending.KILLED if is_filter else Ending.UNTRIED)
    code = os.waitstatus_to_exitcode(status)
    if code == _RETURNED:
        return Attempt(trial, escape, Ending.RETURNED)
    if code > _MOST_ERRNO:
        return Attempt(trial, escape, Ending.UNTRIED)
    return Attempt(trial, escape, Ending.REFUSED, code)


def _be_canary(trial: Trial, escape: Escape, lock: Lock | None) -> NoReturn:
    code = _UNTRIED
    try:
        attempt = escapes.prepare(escape)
        _lock(trial, lock)
        try:
            attempt()
            code = _RETURNED
        except OSError as error:
            code = error.errno or _UNTRIED
    finally:
        os._exit(code)  # also after a bug: a traceback would open files


def _lock(trial: Trial, lock: Lock | None) -> None:
    if lock is not None:
        lock.apply(without_landlock=True)
    elif trial is Trial.LANDLOCK_ONLY:
        drop_root()
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        if not landlock.deny_all():
            raise LockError("no landlock")


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
