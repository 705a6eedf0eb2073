"""The parent's end of one child: bytes with a deadline, shared memory, the kill."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from typing import Final

from reviewer.media.launchers import Child

_MFD_NOEXEC_SEAL: Final = 0x0008  # never executable; some systems demand it


class Timer:
    """A deadline on the monotonic clock that can be pushed back."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def left_s(self) -> float:
        """Return the seconds left.

        Raises:
            TimeoutError: none are left.
        """
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def push_back(self, since: float) -> None:
        """Do not count the time since `since` (monotonic seconds)."""
        self._ends_at += time.monotonic() - since


class SharedMemory:
    """Anonymous memory that the parent made, sized and sealed; the child maps it."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self.fd = _anonymous_file()
        try:
            os.ftruncate(self.fd, size_bytes)
            _seal(self.fd)
        except OSError:
            os.close(self.fd)
            raise

    def copy(self, length_bytes: int) -> bytes:
        """Copy the first bytes out; later writes by the child change nothing here."""
        parts = []
        offset = 0
        while offset < length_bytes:
            part = os.pread(self.fd, length_bytes - offset, offset)
            if not part:
                break
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def put(self, data: bytes) -> None:
        """Write words to search for to its start; the child may change them."""
        os.pwrite(self.fd, data, 0)

    def close(self) -> None:
        """Give the memory back; call once, when nothing uses it."""
        os.close(self.fd)


def _seal(fd: int) -> None:
    import fcntl  # noqa: PLC0415 (not on every system; nor is this kind of memory)

    seals = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)


def _anonymous_file() -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        return os.memfd_create("rendition", flags | _MFD_NOEXEC_SEAL)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return os.memfd_create("rendition", flags)  # Linux before 6.3


class Link:
    """A stream to one child. `cut` may be called from any thread at any time."""

    def __init__(self, pipe: socket.socket, child: Child) -> None:
        self._pipe = pipe
        self._child = child

    def send(self, data: bytes, timer: Timer) -> None:
        """Send all bytes.

        Raises:
            TimeoutError: the child did not take them in time.
            OSError: the child is gone.
        """
        self._pipe.settimeout(timer.left_s())
        self._pipe.sendall(data)

    def receive(self, count: int, timer: Timer) -> bytes:
        """Receive exactly `count` bytes.

        Raises:
            TimeoutError: they did not come in time.
            OSError: the child is gone.
        """
        parts = bytearray()
        while len(parts) < count:
            self._pipe.settimeout(timer.left_s())
            part = self._pipe.recv(count - len(parts))
            if not part:
                raise ConnectionResetError
            parts += part
        return bytes(parts)

    def cut(self) -> None:
        """Kill the child and wake whoever waits for it."""
        self._child.kill()
        with contextlib.suppress(OSError):  # already down, or closed
            self._pipe.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the stream; call once, when nothing uses it."""
        self._pipe.close()
