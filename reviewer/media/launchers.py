"""Two ways to get a locked child: fork it from a zygote, or start a fresh program.

Both end in the same child with the same walls and the same protocol. The fork costs
about 8 ms and shares one address layout among children; a fresh interpreter costs
half a second and is what systems without fork will use.
"""

from __future__ import annotations

import array
import os
import signal
import socket
import threading
from typing import Final, Protocol

from reviewer.errors import Code, UnavailableError
from reviewer.pipe.codes import Subject
from reviewer.pipe.control import CONTROL_BYTES, Fork, check_warm, unpack_forked
from reviewer.pipe.frames import FrameError
from reviewer.sandbox.launch import Launched, launch

_DECODER: Final = "reviewer.decoder"


class Child(Protocol):
    """A process that may be ended at any time, from any thread."""

    def kill(self) -> None:
        """End it by SIGKILL; safe to call again."""


class Launcher(Protocol):
    """Makes children; one launcher belongs to one pool."""

    def start(self, timeout_s: float) -> None:
        """Get ready; does nothing when ready. Raises SANDBOX_UNAVAILABLE."""

    def launch(
        self, subject: Subject, *, pipe_fd: int, shared_fd: int, without_landlock: bool
    ) -> Child:
        """Start a child that owns copies of both descriptors."""

    def stop(self) -> None:
        """End what `start` started."""


class ForkedChild:
    """A grandchild, held by its pidfd: the number cannot be reused under us."""

    def __init__(self, pidfd: int) -> None:
        self._pidfd = pidfd
        self._lock = threading.Lock()

    def kill(self) -> None:
        """End it; the zygote reaps."""
        with self._lock:
            if self._pidfd < 0:
                return
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself
            finally:
                os.close(self._pidfd)
                self._pidfd = -1


class ForkLauncher:
    """Keeps one zygote and asks it for forks. Usable from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygote: Launched | None = None
        self._control: socket.socket | None = None
        self._timeout_s = 0.0

    def start(self, timeout_s: float) -> None:
        """Start the zygote and wait until its codecs are warm.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, it did not come up.
        """
        with self._lock:
            self._timeout_s = timeout_s
            if self._control is None:
                self._start(timeout_s)

    def launch(
        self, subject: Subject, *, pipe_fd: int, shared_fd: int, without_landlock: bool
    ) -> Child:
        """Ask for one fork; a zygote that died is replaced, once.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, there is no zygote to be had.
        """
        fork = Fork(subject=subject, without_landlock=without_landlock)
        with self._lock:
            if self._control is not None:
                try:
                    return self._fork(self._control, fork, pipe_fd, shared_fd)
                except (OSError, FrameError):
                    self._stop()
            try:
                control = self._start(self._timeout_s)
                return self._fork(control, fork, pipe_fd, shared_fd)
            except (OSError, FrameError) as error:
                self._stop()
                raise UnavailableError(Code.SANDBOX_UNAVAILABLE, "zygote") from error

    def stop(self) -> None:
        """End the zygote; its children end with it."""
        with self._lock:
            self._stop()

    def _start(self, timeout_s: float) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._zygote = launch(
                    _DECODER,
                    ("zygote", str(theirs.fileno())),
                    kept_fds=(theirs.fileno(),),
                )
            except UnavailableError:
                ours.close()
                raise
        self._control = ours
        try:
            ours.settimeout(timeout_s)
            check_warm(ours.recv(CONTROL_BYTES))
        except (OSError, FrameError) as error:
            self._stop()
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, "warm-up") from error
        return ours

    def _fork(
        self, control: socket.socket, fork: Fork, pipe_fd: int, shared_fd: int
    ) -> Child:
        rights = array.array("i", [pipe_fd, shared_fd])
        control.sendmsg([fork.pack()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        fds = array.array("i")
        data, ancillary, _, _ = control.recvmsg(
            CONTROL_BYTES, socket.CMSG_SPACE(fds.itemsize)
        )
        for level, kind, body in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(body[: len(body) - len(body) % fds.itemsize])
        unpack_forked(data)
        if len(fds) != 1:
            raise FrameError("pidfd")
        return ForkedChild(fds[0])

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            self._zygote.end()
            self._zygote = None


class SpawnLauncher:
    """Starts a fresh interpreter for each item: nothing depends on fork."""

    def start(self, timeout_s: float) -> None:
        """Nothing is kept between items."""

    def launch(
        self, subject: Subject, *, pipe_fd: int, shared_fd: int, without_landlock: bool
    ) -> Child:
        """Start the decoder program on these descriptors.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, it could not be started.
        """
        numbers = (pipe_fd, shared_fd, subject.value, int(without_landlock))
        return launch(
            _DECODER,
            ("child", *(str(one) for one in numbers)),
            kept_fds=(pipe_fd, shared_fd),
        )

    def stop(self) -> None:
        """Nothing to end: each session ends its own child."""
