"""The zygote: warm codecs, one thread, and a fork for every item.

It never reads a byte of an item. Requests come over one AF_UNIX pair from the
parent with the descriptors of the child by SCM_RIGHTS; the answer carries a pidfd,
so that the parent can end the child without racing a reused number.
"""

from __future__ import annotations

import array
import gc
import os
import resource
import select
import signal
import socket
from pathlib import Path
from typing import Final

from reviewer.decoder.child import Locks, become_child
from reviewer.lockdown.kernel import PR_SET_DUMPABLE, prctl
from reviewer.lockdown.lock import die_with_parent, drop_root
from reviewer.pipe.codes import Exit
from reviewer.pipe.control import (
    FORK_BYTES,
    FORK_FDS_COUNT,
    Fork,
    pack_forked,
    pack_warm,
)

_TASKS: Final = Path("/proc/self/task")


class Zygote:
    """Serves fork requests until the parent closes its end."""

    def __init__(self, control: socket.socket, locks: Locks) -> None:
        self._control = control
        self._locks = locks
        self._children: dict[int, int] = {}
        self._poll = select.poll()
        self._poll.register(control.fileno(), select.POLLIN)

    def run(self) -> Exit:
        """Give up root, say that everything is warm, and serve."""
        drop_root()
        prctl(PR_SET_DUMPABLE, 0)
        gc.collect()
        gc.freeze()
        self._control.sendmsg([pack_warm()])
        while True:
            ready = {fd for fd, _ in self._poll.poll()}
            for pidfd in ready & self._children.keys():
                self._reap(pidfd)
            if self._control.fileno() in ready:
                code = self._serve_one()
                if code is not None:
                    return code

    def _serve_one(self) -> Exit | None:
        fds = array.array("i")
        data, ancillary, _, _ = self._control.recvmsg(
            FORK_BYTES, socket.CMSG_SPACE(FORK_FDS_COUNT * fds.itemsize)
        )
        if not data:
            return Exit.DONE
        for level, kind, body in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(body[: len(body) - len(body) % fds.itemsize])
        try:
            fork = Fork.unpack(data)
            pipe_fd, shared_fd = fds
            if not is_alone():
                return Exit.NOT_ALONE
            self._fork(fork, pipe_fd=pipe_fd, shared_fd=shared_fd)
        except ValueError:  # a foreign frame, or not two descriptors
            return Exit.PIPE_BROKEN
        finally:
            for fd in fds:
                os.close(fd)
        return None

    def _fork(self, fork: Fork, *, pipe_fd: int, shared_fd: int) -> None:
        zygote_pid = os.getpid()
        pid = os.fork()
        if pid == 0:
            die_with_parent(zygote_pid)
            self._control.detach()
            pipe_fd, shared_fd = keep_only(pipe_fd, shared_fd)
            become_child(
                pipe_fd=pipe_fd,
                shared_fd=shared_fd,
                lock=self._locks[fork.subject],
                without_landlock=fork.without_landlock,
            )
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = pid
        self._poll.register(pidfd, select.POLLIN)
        rights = array.array("i", [pidfd])
        self._control.sendmsg(
            [pack_forked(pid)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]
        )

    def _reap(self, pidfd: int) -> None:
        self._poll.unregister(pidfd)
        os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        os.close(pidfd)
        del self._children[pidfd]


def is_alone() -> bool:
    """Say whether this process has exactly one thread: a fork keeps no other."""
    return sum(1 for _ in _TASKS.iterdir()) == 1


def keep_only(*kept_fds: int) -> tuple[int, ...]:
    """Close every descriptor but the standard streams and these; return them moved.

    They become 3, 4, ... in the order given, so that one range closes the rest.
    """
    base = max(3 + len(kept_fds), *kept_fds) + 1
    parked = [os.dup2(fd, base + index) for index, fd in enumerate(kept_fds)]
    moved = tuple(os.dup2(fd, 3 + index) for index, fd in enumerate(parked))
    os.closerange(3 + len(kept_fds), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return moved


def main(control_fd: int, locks: Locks) -> Exit:
    """Run the zygote on an inherited descriptor."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=control_fd) as control:
        return Zygote(control, locks).run()
