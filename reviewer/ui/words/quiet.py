"""Words of the quiet lines on the review screen: offered once, never required."""

from __future__ import annotations

from typing import Final

from reviewer.ui.words.day import TAKE_BREAK, pause

__all__ = ["RATE_LINE", "TAKE_BREAK", "pause", "rate"]

RATE_LINE: Final = "Nobody has rated this item. You may, if you like."
_RATE: Final = "Rate it"


def rate(keys: tuple[str, ...]) -> str:
    """Return what leads to rating, with its key where there is one."""
    return with_key(_RATE, keys)


def with_key(words: str, keys: tuple[str, ...]) -> str:
    """Return words of a button, and behind them the key that does the same."""
    return "  ".join((words, *keys[:1]))
