"""Text items: bytes in, plain pages out. Nothing is interpreted, nothing obeyed."""

from __future__ import annotations

import codecs
from typing import Final

from reviewer.decoder.failures import DecodeError
from reviewer.pipe.codes import Status
from reviewer.pipe.sizes import MAX_TEXT_BYTES, PAGE_CHARACTERS

_LOOK_BACK: Final = 400  # a page may end this much early, at a white space
_SNIFFED_BYTES: Final = 4_096
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python looks codecs up lazily, by importing: do it before the walls go up.
for _name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"):
    codecs.lookup(_name)

# Controls become their visible pictures; of C1 nothing has a picture.
_VISIBLE: Final = {
    code: (0x2400 + code if code < 0x20 else 0xFFFD)
    for code in (*range(0x20), *range(0x80, 0xA0))
    if chr(code) not in "\t\n"
} | {0x7F: 0x2421}


def decode(data: bytes) -> str:
    """Turn the bytes of a text item into text with controls made visible.

    UTF-8 and UTF-16 by mark, else UTF-8 if valid, else UTF-16 if every other byte
    is zero, else Latin-1, which takes anything.

    Raises:
        DecodeError: TOO_LARGE.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise DecodeError(Status.TOO_LARGE)
    text = _decoded(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_VISIBLE)


def pages(text: str) -> tuple[str, ...]:
    """Cut text into pages of at most 8 000 characters, at white space if possible.

    Joined, they are the text again. An empty text has one empty page.
    """
    found = []
    start = 0
    while len(text) - start > PAGE_CHARACTERS:
        end = _page_end(text, start)
        found.append(text[start:end])
        start = end
    return (*found, text[start:])


def words_count(text: str) -> int:
    """Return the number of words, as white space separates them."""
    return len(text.split())


def _decoded(data: bytes) -> str:
    for mark, marked in _BOMS:
        if data.startswith(mark):
            return data.decode(marked, errors="replace")
    wide = _wide(data[:_SNIFFED_BYTES])
    if wide is not None:
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _wide(head: bytes) -> str | None:
    if len(head) < 2 or b"\x00" not in head:
        return None
    if not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    if not any(head[::2]) and all(head[1::2]):
        return "utf-16-be"
    return None


def _page_end(text: str, start: int) -> int:
    end = start + PAGE_CHARACTERS
    for place in range(end, end - _LOOK_BACK, -1):
        if text[place - 1].isspace():
            return place
    return end
