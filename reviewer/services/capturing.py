"""Capturing: whether other programs can be kept from taking the window's picture.

Windows alone offers it to a program (`ui.capture` asks for it). macOS 15 and newer
hand every window to whoever may record the screen; X11 gives it to any client, and a
Wayland compositor decides for itself. There the person is told in words.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

_EXCLUDED: Final = "the system is asked to leave the window out of captures"
_OPEN: Final = "this system lets other programs take a picture of the window"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """What can be promised here, in words."""

    excluded: bool
    """The window asks to be left out; whether the system obeys is its own affair."""
    words: str


def capture_facts(system: str = sys.platform) -> CaptureFacts:
    """Return what holds on a system, named as `sys.platform` names it."""
    if system == "win32":
        return CaptureFacts(excluded=True, words=_EXCLUDED)
    return CaptureFacts(excluded=False, words=_OPEN)
