"""What this machine has: shared libraries, encryption of disk and swap.

Standard library only, and free of Qt: the check for missing libraries runs before
Qt loads, because Qt ends the process where a sentence would help.
Nothing here changes anything.
"""

from __future__ import annotations

import ctypes
import enum
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_SYS: Final = Path("/sys")
_PROC: Final = Path("/proc")

# Shared object -> Debian package. Proved in a bare Debian 12: with these and nothing
# else Qt opened a window, offscreen and under X11; Debian 13 and Ubuntu 24.04 provide
# the same package names.
_ALWAYS: Final = {
    "libseccomp.so.2": "libseccomp2",
    "libstdc++.so.6": "libstdc++6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
_ON_X11: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Never demanded: without it Qt falls back from Wayland to X11.
_ON_WAYLAND: Final = {"libwayland-cursor.so.0": "libwayland-cursor0"}


class AtRest(enum.StrEnum):
    """How bytes lie on a disk or in swap."""

    NONE = "none"
    """There is no such thing, for example no swap."""
    MEMORY = "memory"
    """Never leaves memory: tmpfs, compressed memory."""
    ENCRYPTED = "encrypted"
    """Every device below it is dm-crypt (LUKS)."""
    UNKNOWN = "unknown"
    """Cannot be told from here; not a promise."""
    PLAIN = "plain"
    """Readable to whoever takes the disk."""


_WITHOUT_DISPLAY: Final = frozenset({"offscreen", "minimal", "vnc"})
_WAYLAND: Final = "wayland"
_PLATFORMS: Final = ("xcb", _WAYLAND)
_WORST_LAST: Final = tuple(AtRest)


def missing_libraries(*, display: bool = False) -> tuple[str, ...]:
    """Return the shared objects that do not load; empty outside Linux.

    Args:
        display: Also ask for what a window on an X11 display needs. Without it:
            what Qt needs to load at all, and the system call filter.
    """
    if not sys.platform.startswith("linux"):
        return ()
    wanted = _ALWAYS | _ON_X11 if display else _ALWAYS
    return tuple(name for name in wanted if not _loads(name))


def missing_packages(*, display: bool = False) -> tuple[str, ...]:
    """Return the Debian packages that hold the missing shared objects."""
    packages = _ALWAYS | _ON_X11
    return tuple(packages[name] for name in missing_libraries(display=display))


def all_packages() -> tuple[str, ...]:
    """Return every Debian package that README.md names for a desktop."""
    return tuple(all_libraries().values())


def all_libraries() -> dict[str, str]:
    """Return every shared object of a desktop, with the Debian package that has it."""
    return _ALWAYS | _ON_X11 | _ON_WAYLAND


def wanted_platforms(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the platforms that Qt would try, by its own variable or by default."""
    wanted = environment.get("QT_QPA_PLATFORM", "").split(";")
    names = tuple(name for one in wanted if (name := one.partition(":")[0]))
    return names or _PLATFORMS


def is_shown() -> bool:
    """Return whether a window would appear in front of somebody."""
    return not _WITHOUT_DISPLAY.issuperset(wanted_platforms())


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether Qt can open a window; it aborts the process where it cannot.

    On Linux a display must answer, be it X11 or Wayland; elsewhere there is one.
    """
    if not sys.platform.startswith("linux"):
        return True
    return any(_answers(name, environment) for name in wanted_platforms(environment))


def disk_state(path: Path, *, sys_dir: Path = _SYS, proc_dir: Path = _PROC) -> AtRest:
    """Return how the file system under `path` lies on its disk.

    Follows a device down to its physical parts: LVM over LUKS counts as encrypted,
    a RAID does only if each part is. Encryption inside a file system (fscrypt, ZFS)
    cannot be seen here and answers UNKNOWN or PLAIN, never ENCRYPTED.
    """
    if not sys_dir.is_dir():
        return AtRest.UNKNOWN
    try:
        device = path.stat().st_dev
    except OSError:
        return AtRest.UNKNOWN
    if os.major(device) == 0:
        return _without_device(device, sys_dir=sys_dir, proc_dir=proc_dir)
    return _device_state(device, sys_dir=sys_dir)


def swap_state(*, sys_dir: Path = _SYS, proc_dir: Path = _PROC) -> AtRest:
    """Return how swap lies on disk: the worst of all swaps in use."""
    try:
        lines = (proc_dir / "swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return AtRest.UNKNOWN
    return _worst(
        _one_swap(Path(line.split()[0]), sys_dir=sys_dir, proc_dir=proc_dir)
        for line in lines
        if line.strip()
    )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True


def _answers(platform: str, environment: Mapping[str, str]) -> bool:
    if platform.startswith(_WAYLAND):
        return _wayland_answers(environment)
    if platform == "xcb":
        return bool(environment.get("DISPLAY")) and _x11_answers()
    return True  # offscreen, or a screen without a display server


def _x11_answers() -> bool:
    try:
        library = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    library.XOpenDisplay.restype = ctypes.c_void_p
    library.XOpenDisplay.argtypes = [ctypes.c_char_p]
    library.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = library.XOpenDisplay(None)
    if not display:
        return False
    library.XCloseDisplay(display)
    return True


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    folder = environment.get("XDG_RUNTIME_DIR", "")
    if not name or not (folder or Path(name).is_absolute()):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(Path(folder) / name))
        except OSError:
            return False
    return True


def _one_swap(path: Path, *, sys_dir: Path, proc_dir: Path) -> AtRest:
    if path.name.startswith("zram"):
        return _zram_state(path.name, sys_dir=sys_dir)
    try:
        device = path.stat().st_rdev
    except OSError:
        return AtRest.UNKNOWN
    if device == 0:
        return disk_state(path, sys_dir=sys_dir, proc_dir=proc_dir)
    return _device_state(device, sys_dir=sys_dir)


def _zram_state(name: str, *, sys_dir: Path) -> AtRest:
    """Compressed memory; unless it may write cold pages to a backing device."""
    backing = _read(sys_dir / "block" / name / "backing_dev")
    return AtRest.MEMORY if backing in {"", "none"} else AtRest.UNKNOWN


def _without_device(device: int, *, sys_dir: Path, proc_dir: Path) -> AtRest:
    """Look a file system without a device of its own up in the mount table."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in _read(proc_dir / "self" / "mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2:3] != [wanted]:
            continue
        kind, source = after.split()[:2]
        if kind in {"tmpfs", "ramfs"}:
            return _worst((AtRest.MEMORY, swap_state(sys_dir=sys_dir)))
        if source.startswith("/dev/"):
            try:
                return _device_state(Path(source).stat().st_rdev, sys_dir=sys_dir)
            except OSError:
                return AtRest.UNKNOWN
    return AtRest.UNKNOWN


def _device_state(device: int, *, sys_dir: Path) -> AtRest:
    node = sys_dir / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
    return _node_state(node, depth=8) if node.exists() else AtRest.UNKNOWN


def _node_state(node: Path, *, depth: int) -> AtRest:
    if _read(node / "dm" / "uuid").startswith("CRYPT-"):
        return AtRest.ENCRYPTED
    if depth == 0:
        return AtRest.UNKNOWN
    parts = node / "slaves"
    below = sorted(parts.iterdir()) if parts.is_dir() else []
    if not below:
        return AtRest.PLAIN
    return _worst(_node_state(part, depth=depth - 1) for part in below)


def _worst(states: Iterable[AtRest]) -> AtRest:
    return max(states, key=_WORST_LAST.index, default=AtRest.NONE)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
