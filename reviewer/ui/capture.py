"""Leave every top-level window out of screen captures, where the system can.

On Windows each window asks for `WDA_EXCLUDEFROMCAPTURE` as it is shown, and again
whenever its handle changes; a system older than 2004 paints it black instead
(`WDA_MONITOR`). Elsewhere there is no such request, and `services.capturing` has the
words that doctor and the key sheet say. Not run on Windows yet: a fake of the call
stands for it in the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

EXCLUDE_FROM_CAPTURE: Final = 0x11
"""WDA_EXCLUDEFROMCAPTURE: the window is not in the picture at all."""
MONITOR_ONLY: Final = 0x01
"""WDA_MONITOR: the window is in the picture, black."""

SetAffinity = Callable[[int, int], bool]
"""Of a window handle, what is asked for; returns whether the system took it."""

_MOMENTS: Final = frozenset({QEvent.Type.Show, QEvent.Type.WinIdChange})


class Guard(QObject):
    """One for a top-level window; asks whenever its handle may be a new one."""

    def __init__(self, window: QWidget, set_affinity: SetAffinity) -> None:
        super().__init__(window)
        self._window = window
        self._set_affinity = set_affinity
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask as the window is shown."""
        if watched is self._window and event.type() in _MOMENTS:
            exclude(int(self._window.winId()), self._set_affinity)
        return False


def guard(window: QWidget) -> Guard | None:
    """Keep a top-level window out of captures; None where the system cannot."""
    system: str = sys.platform
    if system != "win32":
        return None
    return Guard(window, windows_call())


def exclude(handle: int, set_affinity: SetAffinity) -> bool:
    """Ask for the best that the system takes; return whether it took any."""
    return any(
        set_affinity(handle, wanted) for wanted in (EXCLUDE_FROM_CAPTURE, MONITOR_ONLY)
    )


def windows_call() -> SetAffinity:
    """Return the call of user32; only on Windows.

    Raises:
        AttributeError: this is another system.
    """
    import ctypes  # noqa: PLC0415 (nowhere else is it needed)

    found = getattr(ctypes, "windll").user32.SetWindowDisplayAffinity  # noqa: B009
    found.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    found.restype = ctypes.c_int

    def call(handle: int, wanted: int) -> bool:
        return bool(found(handle, wanted))

    return call
