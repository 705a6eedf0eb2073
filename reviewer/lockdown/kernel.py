"""Bare system calls by ctypes, for what Python's standard library lacks."""

from __future__ import annotations

import ctypes
import os
from typing import Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NAME: Final = 15
PR_SET_NO_NEW_PRIVS: Final = 38


_CAPABILITY_VERSION_3: Final = 0x2008_0522


class LockError(Exception):
    """A wall could not be put up; the child must end without reading a byte."""


def syscall(number: int, *arguments: int) -> int:
    """Make a system call with integer or address arguments.

    Raises:
        OSError: the kernel refused, with its errno.
    """
    result = int(_LIBC.syscall(*(ctypes.c_long(one) for one in (number, *arguments))))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, argument: int) -> None:
    """Call `prctl` with one argument.

    Raises:
        LockError: the kernel refused.
    """
    if _LIBC.prctl(option, ctypes.c_ulong(argument), 0, 0, 0) != 0:
        raise LockError(f"prctl {option}: errno {ctypes.get_errno()}")


def clear_capabilities() -> None:
    """Give up every capability, held or inheritable; always permitted.

    Raises:
        LockError: the kernel refused.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _LIBC.capset(ctypes.byref(header), ctypes.byref(nothing)) != 0:
        raise LockError(f"capset: errno {ctypes.get_errno()}")
