"""What this machine is, before there is a profile: read, never changed.

Beside `system`, for `reviewer doctor --preflight`. Nothing here returns a path, a name
or an address: what is found becomes one of a few words.
"""

from __future__ import annotations

import ctypes
import enum
import os
import platform
import re
import shutil
import ssl
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_LANDLOCK_CREATE_RULESET: Final = 444
_LANDLOCK_VERSION: Final = 1
_TIME_ERROR: Final = 5
_TIMEX_BYTES: Final = 256  # struct timex has 208 on 64-bit Linux
_NETWORK_KINDS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "glusterfs", "davfs"}
)
# Folders whose content a program of that name copies off the machine.
_SYNCED_NAMES: Final = (
    "dropbox",
    "onedrive",
    "nextcloud",
    "owncloud",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "pcloud",
    "megasync",
    "syncthing",
    "seafile",
)
_ROAMING: Final = re.compile(r"[\\/]appdata[\\/]roaming([\\/]|$)", re.IGNORECASE)
_PROXIES: Final = ("https_proxy", "http_proxy", "all_proxy")


class Place(enum.StrEnum):
    """Where a folder's bytes really go."""

    LOCAL = "local"
    NETWORK = "network"
    """A file system of another machine."""
    SYNCED = "synced"
    """Copied off the machine by a program."""
    ROAMING = "roaming"
    """Copied to a server when the person logs off."""


class ClockState(enum.StrEnum):
    """What the local clock can be trusted for."""

    SYNCHRONISED = "synchronised"
    FREE = "not synchronised"
    """Usual on an offline machine: signed times are believed instead."""
    WRONG = "wrong"
    """Earlier than this program was made."""


def kernel() -> tuple[int, int]:
    """Return the kernel's version; zeros where it cannot be read."""
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def landlock_abi() -> int:
    """Return the version of Landlock that the kernel offers; 0 without it."""
    if not sys.platform.startswith("linux"):
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    found = library.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    return max(int(found), 0)


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def is_writable(folder: Path) -> bool:
    """Return whether a folder could be made there."""
    place = existing(folder)
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def free_bytes(folder: Path) -> int:
    """Return the free room for the person's files; 0 where it cannot be told."""
    try:
        return shutil.disk_usage(existing(folder)).free
    except OSError:
        return 0


def place_of(folder: Path, *, proc_dir: Path = _PROC) -> Place:
    """Return where the bytes of a folder go, by file system and by name."""
    resolved = existing(folder).resolve()
    text = str(resolved)
    if _ROAMING.search(text):
        return Place.ROAMING
    parts = [part.lower() for part in (*resolved.parts, *folder.parts)]
    if any(part.startswith(_SYNCED_NAMES) for part in parts):
        return Place.SYNCED
    kind = _file_system(resolved, proc_dir)
    is_far = kind in _NETWORK_KINDS or kind.startswith("fuse.")
    return Place.NETWORK if is_far else Place.LOCAL


def has_proxy(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether requests would go through a proxy by a variable."""
    lowered = {name.lower() for name, value in environment.items() if value}
    return any(name in lowered for name in _PROXIES)


def authorities_count() -> int:
    """Return how many certificate authorities this system trusts."""
    return len(ssl.create_default_context().get_ca_certs()) or _authority_files()


def clock_state(*, not_before_s: int) -> ClockState:
    """Return what the local clock is good for.

    Args:
        not_before_s: A time that has passed, in Unix seconds.
    """
    if time.time() < not_before_s:
        return ClockState.WRONG
    return ClockState.SYNCHRONISED if _is_synchronised() else ClockState.FREE


def _authority_files() -> int:
    """Count a folder of authorities: OpenSSL reads those only when it needs one."""
    folder = ssl.get_default_verify_paths().capath
    return len(list(Path(folder).glob("*.0"))) if folder else 0


def _is_synchronised() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    answer = library.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return 0 <= int(answer) < _TIME_ERROR


def _file_system(path: Path, proc_dir: Path) -> str:
    """Return the kind of the innermost mount that holds a path; empty if unknown."""
    try:
        text = (proc_dir / "self" / "mountinfo").read_text(encoding="utf-8")
    except OSError:
        return ""
    best, kind = "", ""
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) < 5 or not rest:
            continue
        mount = fields[4].replace("\\040", " ")
        if path.is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, rest[0]
    return kind
