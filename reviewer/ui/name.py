"""The name of the program, by itself: the first frame loads nothing else for it."""

from __future__ import annotations

from typing import Final

APP: Final = "Reviewer"
"""The window title: constant, whatever is open."""
