"""Landlock: deny every file, every TCP port and every foreign signal.

The second wall: the syscall filter alone already ends a child that tries any of
these. Its absence is the level REDUCED. Three system calls by ctypes, because no
kept Python package models the newer ABIs (security.md section 5).
"""

from __future__ import annotations

import ctypes
import errno
import os
from typing import Final

from reviewer.lockdown.kernel import LockError, syscall

_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446
_VERSION_FLAG: Final = 1
_NET_ABI: Final = 4
_SCOPE_ABI: Final = 6
# How many file rights an ABI knows (linux/landlock.h): 13, then REFER, TRUNCATE,
# and IOCTL_DEV with ABI 5.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_RIGHTS: Final = 0b11  # bind and connect of TCP
_SCOPES: Final = 0b11  # abstract unix sockets and signals


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def abi() -> int:
    """Return the Landlock ABI of the running kernel, 0 where there is none."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, _VERSION_FLAG)
    except OSError as error:
        if error.errno in {errno.ENOSYS, errno.EOPNOTSUPP}:
            return 0
        raise LockError(f"landlock abi: errno {error.errno}") from error


def deny_all() -> bool:
    """Handle every right the kernel knows and allow none; False without Landlock.

    Needs no-new-privileges. Cannot be undone.

    Raises:
        LockError: the kernel has Landlock but refused the rule set.
    """
    version = abi()
    if version == 0:
        return False
    rights = _FILE_RIGHTS.get(version, _FILE_RIGHTS[5])
    ruleset = _Ruleset(
        (1 << rights) - 1,
        _NET_RIGHTS if version >= _NET_ABI else 0,
        _SCOPES if version >= _SCOPE_ABI else 0,
    )
    size_bytes = 8 if version < _NET_ABI else 16 if version < _SCOPE_ABI else 24
    try:
        ruleset_fd = syscall(_CREATE_RULESET, ctypes.addressof(ruleset), size_bytes, 0)
        try:
            syscall(_RESTRICT_SELF, ruleset_fd, 0)
        finally:
            os.close(ruleset_fd)
    except OSError as error:
        raise LockError(f"landlock: errno {error.errno}") from error
    return True
