"""Ways out of the sandbox, tried for real by a canary child.

Each escape is prepared while nothing is locked and tried afterwards. All are
harmless where they succeed: files that do not exist, calls with nothing to act on.
An escape that is refused raises OSError; under the filter the child dies by SIGSYS.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import signal
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pyseccomp  # type: ignore[import-untyped]  # no stubs are published

from reviewer.lockdown.kernel import syscall
from reviewer.pipe.escapes import Escape

Attempt = Callable[[], object]

_NOWHERE: Final = "/nonexistent/reviewer-canary"
_CLONE_NEWUSER: Final = 0x1000_0000
_X32_BIT: Final = 0x4000_0000
_AT_EMPTY_PATH: Final = 0x1000
_PR_SET_DUMPABLE: Final = 4
_PR_GET_PID_NR: Final = 39  # getpid on x86-64 and x32
_TIOCSTI: Final = 0x5412
_PAGE: Final = mmap.PAGESIZE
_DISCARD_PORT: Final = 9
_LOOPBACK: Final = bytes((127, 0, 0, 1))
_AF_INET: Final = 2
_SOCK_STREAM: Final = 1


def prepare(escape: Escape) -> Attempt:
    """Get an escape ready and return what tries it."""
    return _PREPARED[escape]()


def _call(name: str, *arguments: int) -> Callable[[], int]:
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    return lambda: syscall(number, *arguments)


def _with_address(name: str, port: int) -> Attempt:
    address = struct.pack("=H", _AF_INET) + struct.pack(">H4s8x", port, _LOOPBACK)
    held = ctypes.create_string_buffer(address, len(address))
    client = _call("socket", _AF_INET, _SOCK_STREAM, 0)()
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    return lambda: syscall(number, client, ctypes.addressof(held), len(address))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _clone() -> Attempt:
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), "clone")

    def attempt() -> None:
        if syscall(number, int(signal.SIGCHLD), 0, 0, 0, 0) == 0:
            os._exit(0)

    return attempt


def _exec() -> None:
    os.execv(_NOWHERE, [_NOWHERE])  # noqa: S606 (it does not exist)


def _exec_from_memory() -> Attempt:
    create = pyseccomp.resolve_syscall(pyseccomp.system_arch(), "memfd_create")
    execute = pyseccomp.resolve_syscall(pyseccomp.system_arch(), "execveat")
    empty = ctypes.create_string_buffer(b"")
    nothing = (ctypes.c_void_p * 1)()

    def attempt() -> None:
        fd = syscall(create, ctypes.addressof(empty), 0)
        syscall(
            execute,
            fd,
            ctypes.addressof(empty),
            ctypes.addressof(nothing),
            ctypes.addressof(nothing),
            _AT_EMPTY_PATH,
        )

    return attempt


def _kill_parent() -> Attempt:
    parent = os.getppid()
    return lambda: os.kill(parent, 0)


def _read_other_memory() -> Attempt:
    return _call("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0)


def _pidfd() -> Attempt:
    return _call("pidfd_open", os.getppid(), 0)


def _map_write_execute() -> object:
    return mmap.mmap(-1, _PAGE, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)


def _make_executable() -> Attempt:
    page = mmap.mmap(-1, _PAGE)
    start = ctypes.c_char.from_buffer(page)  # keeps the page mapped
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), "mprotect")
    return lambda: syscall(
        number, ctypes.addressof(start), _PAGE, mmap.PROT_READ | mmap.PROT_EXEC
    )


_PREPARED: Final[Mapping[Escape, Callable[[], Attempt]]] = {
    Escape.OPEN_FILE: lambda: lambda: os.open("/etc/passwd", os.O_RDONLY),
    Escape.WRITE_FILE: lambda: lambda: os.open("/dev/null", os.O_WRONLY),
    Escape.OPEN_PROC: lambda: lambda: os.open("/proc/self/maps", os.O_RDONLY),
    Escape.LIST_FOLDER: lambda: lambda: list(Path("/").iterdir()),
    Escape.UNLINK: lambda: lambda: Path(_NOWHERE).unlink(),
    Escape.CHMOD: lambda: lambda: Path(_NOWHERE).chmod(0o600),
    Escape.MOUNT: lambda: _call("mount", 0, 0, 0, 0, 0),
    Escape.SOCKET: lambda: _call("socket", _AF_INET, _SOCK_STREAM, 0),
    Escape.CONNECT: lambda: _with_address("connect", _DISCARD_PORT),
    Escape.BIND: lambda: _with_address("bind", 0),
    Escape.PASS_DESCRIPTOR: lambda: _call("sendmsg", 0, 0, 0),
    Escape.EXEC: lambda: _exec,
    Escape.EXEC_FROM_MEMORY: _exec_from_memory,
    Escape.FORK: lambda: _fork,
    Escape.CLONE_PROCESS: _clone,
    Escape.CLONE3: lambda: _call("clone3", 0, 0),
    Escape.UNSHARE_USER: lambda: _call("unshare", _CLONE_NEWUSER),
    Escape.KILL_PARENT: _kill_parent,
    Escape.PTRACE: lambda: _call("ptrace", 1, 0, 0, 0),
    Escape.READ_OTHER_MEMORY: _read_other_memory,
    Escape.PIDFD: _pidfd,
    Escape.MAP_WRITE_EXECUTE: lambda: _map_write_execute,
    Escape.MAKE_EXECUTABLE: _make_executable,
    Escape.IO_URING: lambda: _call("io_uring_setup", 1, 0),
    Escape.BPF: lambda: _call("bpf", 0, 0, 0),
    Escape.USERFAULT: lambda: _call("userfaultfd", 0),
    Escape.PERF: lambda: _call("perf_event_open", 0, 0, -1, -1, 0),
    Escape.OTHER_ABI: lambda: lambda: syscall(_X32_BIT | _PR_GET_PID_NR),
    Escape.BECOME_ROOT: lambda: _call("setresuid", 0, 0, 0),
    Escape.UNDO_DUMPABLE: lambda: _call("prctl", _PR_SET_DUMPABLE, 1, 0, 0, 0),
    Escape.TERMINAL_INPUT: lambda: lambda: fcntl.ioctl(0, _TIOCSTI, b"x"),
}
