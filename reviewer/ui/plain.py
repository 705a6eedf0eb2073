"""Untrusted text made safe to show: plain, with controls visible, never obeyed.

Every text of a batch and every name in it goes through `visible` before it reaches
a widget, and every such widget is set to plain text (security.md 3.7).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from PySide6.QtCore import Qt

from reviewer.ui.unseen import is_plain, parts

_LOOK_AT: Final = 400
_LINE_CHARACTERS: Final = 4_000
_PIECE: Final = 10
_LONG_WORD: Final = re.compile(r"\S{16,}")
_BREAK: Final = "\u200b"


def visible(text: str) -> str:
    """Return text in which all that cannot be seen is told; see `unseen`."""
    if text.isascii() and text.isprintable():
        return text
    whole = text.replace("\r\n", "\n")
    return whole if is_plain(whole) else "".join(parts(whole))


def one_line(text: str, *, limit: int = 200) -> str:
    """Return untrusted text for a single line, cut with a sign of it.

    However long a name is that a batch brings, only its beginning is looked at.
    """
    line = " ".join(visible(text[:_LINE_CHARACTERS]).split())
    is_whole = len(text) <= _LINE_CHARACTERS and len(line) <= limit
    return line if is_whole else line[: limit - 1] + "…"


def breakable(text: str) -> str:
    """Let a very long word break, so that it cannot widen what shows it."""
    return _LONG_WORD.sub(lambda found: _BREAK.join(_pieces(found[0])), text)


def words_in(text: str) -> int:
    """Count words for a line such as `Transcript, 214 words`."""
    return len(text.split())


def direction_of(text: str) -> Qt.LayoutDirection:
    """Return the direction of the first letter that has one."""
    for char in text[:_LOOK_AT]:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            break
    return Qt.LayoutDirection.LeftToRight


def _pieces(word: str) -> list[str]:
    return [word[at : at + _PIECE] for at in range(0, len(word), _PIECE)]
