"""Text items: bytes in, plain pages out. Nothing is interpreted, nothing obeyed.

A text may be hundreds of megabytes, so it is never read whole. A page is a window
of bytes, cut at white space nearby: where it lies follows from its number and the
bytes around its edges alone, so that the first page shows at once and any other one
costs no more.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from reviewer.decoder.failures import DecodeError
from reviewer.pipe.codes import Charset, Status
from reviewer.pipe.sizes import MAX_TEXT_BYTES, PAGE_CHARACTERS

COUNTED_BYTES: Final = 16 * 1024 * 1024  # of a longer text no words are counted
_LOOK_BACK: Final = 400  # characters by which a page may end early, at white space
_STRIDE: Final = PAGE_CHARACTERS - _LOOK_BACK
_SNIFFED_BYTES: Final = 64 * 1024
_WIDE_BYTES: Final = 4_096
_LONGEST_BYTES: Final = 4  # of a character in UTF-8
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = frozenset({"utf-16-le", "utf-16-be"})
_LOOSE: Final = "iso-8859-1"  # takes anything
_CODECS: Final = {
    Charset.WINDOWS_874: "cp874",
    Charset.WINDOWS_1250: "cp1250",
    Charset.WINDOWS_1251: "cp1251",
    Charset.WINDOWS_1252: "cp1252",
    Charset.WINDOWS_1253: "cp1253",
    Charset.WINDOWS_1254: "cp1254",
    Charset.WINDOWS_1255: "cp1255",
    Charset.WINDOWS_1256: "cp1256",
    Charset.WINDOWS_1257: "cp1257",
    Charset.WINDOWS_1258: "cp1258",
    Charset.ISO_8859_1: "iso-8859-1",
    Charset.ISO_8859_2: "iso-8859-2",
    Charset.ISO_8859_5: "iso-8859-5",
    Charset.ISO_8859_6: "iso-8859-6",
    Charset.ISO_8859_7: "iso-8859-7",
    Charset.ISO_8859_8: "iso-8859-8",
    Charset.ISO_8859_9: "iso-8859-9",
    Charset.ISO_8859_15: "iso-8859-15",
    Charset.KOI8_R: "koi8-r",
    Charset.KOI8_U: "koi8-u",
}
# Python looks codecs up lazily, by importing: do it before the walls go up.
for _name in ("utf-8", *_WIDE, *_CODECS.values()):
    codecs.lookup(_name)

# Controls become their visible pictures; of C1 nothing has a picture.
_VISIBLE: Final = {
    code: (0x2400 + code if code < 0x20 else 0xFFFD)
    for code in (*range(0x20), *range(0x80, 0xA0))
    if chr(code) not in "\t\n"
} | {0x7F: 0x2421}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text are read, and where its first character stands."""

    codec: str
    start: int = 0

    @property
    def unit_bytes(self) -> int:
        """Return the size of the smallest step in bytes."""
        return 2 if self.codec in _WIDE else 1


def encoding_of(head: bytes, declared: Charset = Charset.UNDECLARED) -> Encoding:
    """Tell how a text is written from its first bytes, then from what was declared.

    UTF-8 and UTF-16 by mark, else UTF-16 if every other byte is zero, else the
    declared charset, else UTF-8 if more of it is right than wrong, else Latin-1.
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, len(mark))
    wide = _wide(head[:_WIDE_BYTES])
    if wide is not None:
        return Encoding(wide)
    if declared in _CODECS and head.isascii():
        return Encoding(_CODECS[declared])  # what follows may not be ASCII
    if _is_utf8(head, is_strict=declared in _CODECS):
        return Encoding("utf-8")
    return Encoding(_CODECS.get(declared, _LOOSE))


class Book:
    """One text as pages. Not thread-safe; lives as long as its child."""

    def __init__(self, file: BinaryIO, charset: Charset = Charset.UNDECLARED) -> None:
        """Look at the beginning; nothing else is read before it is asked for.

        Raises:
            DecodeError: TOO_LARGE.
        """
        self._file = file
        self._size = file.seek(0, 2)
        if self._size > MAX_TEXT_BYTES:
            raise DecodeError(Status.TOO_LARGE)
        self._encoding = encoding_of(self._read(0, _SNIFFED_BYTES), charset)
        self._stride = _STRIDE * self._encoding.unit_bytes

    @property
    def encoding(self) -> Encoding:
        """Return how the bytes are read."""
        return self._encoding

    @property
    def pages_count(self) -> int:
        """Return the number of pages; an empty text has one, an empty one."""
        length = self._size - self._encoding.start
        return max(1, -(-length // self._stride))

    def page(self, number: int) -> str:
        """Return one page of at most 8 000 characters, controls made visible.

        All of them joined are the text; past the end is an empty one.
        """
        return self.raw(number).translate(_VISIBLE)

    def raw(self, number: int) -> str:
        """Return a page of as many characters, its controls as they are."""
        start = self._bound(number)
        data = self._read(start, self._bound(number + 1) - start)
        text = data.decode(self._encoding.codec, errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def words_count(self) -> int:
        """Return the number of words as white space has them; 0 for a long text."""
        if self._size > COUNTED_BYTES:
            return 0
        return sum(len(page.split()) for page in self.raw_pages())

    def raw_pages(self, first: int = 0) -> Iterator[str]:
        """Return pages from one on, as `raw` has them."""
        for number in range(first, self.pages_count):
            yield self.raw(number)

    def _bound(self, number: int) -> int:
        """Return the place of the first byte of a page."""
        nominal = self._encoding.start + number * self._stride
        if number == 0 or nominal >= self._size:
            return min(nominal, self._size)
        width = _LOOK_BACK * self._encoding.unit_bytes
        first = max(self._encoding.start, nominal - width)
        window = self._read(first, nominal - first)
        cut = _after_space(window, self._encoding)
        if cut is not None:
            return first + cut
        after = self._read(nominal, _LONGEST_BYTES)
        return nominal - _split(window, after, self._encoding)

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        return self._file.read(length)


def _after_space(window: bytes, encoding: Encoding) -> int | None:
    """Return the place behind the last white space, if there is any."""
    if encoding.unit_bytes == 1:
        found = max(window.rfind(space) for space in (b" ", b"\n", b"\t"))
        return found + 1 if found >= 0 else None
    text = window.decode(encoding.codec, errors="surrogatepass")
    found = max(text.rfind(space) for space in " \n\t")
    return 2 * _units(text[: found + 1]) if found >= 0 else None


def _units(text: str) -> int:
    return sum(2 if char > "\uffff" else 1 for char in text)


def _split(before: bytes, after: bytes, encoding: Encoding) -> int:
    """Return by how many bytes to step back so that no character is cut in two."""
    if encoding.unit_bytes == 2:
        high = after[1:2] if encoding.codec == "utf-16-le" else after[:1]
        return 2 if b"\xdc" <= high <= b"\xdf" else 0
    if before.endswith(b"\r") and after.startswith(b"\n"):
        return 1
    if encoding.codec != "utf-8" or not _continues(after[:1]):
        return 0
    back = 1
    while back < _LONGEST_BYTES and _continues(before[-back : len(before) - back + 1]):
        back += 1
    is_lead = before[-back : len(before) - back + 1] >= b"\xc0"
    return back if back < _LONGEST_BYTES and is_lead else 0


def _continues(byte: bytes) -> bool:
    return b"\x80" <= byte <= b"\xbf"


def _wide(head: bytes) -> str | None:
    if len(head) < 2 or b"\x00" not in head:
        return None
    if not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    if not any(head[::2]) and all(head[1::2]):
        return "utf-16-be"
    return None


def _is_utf8(head: bytes, *, is_strict: bool) -> bool:
    """Say whether bytes are UTF-8, a cut at the end left aside.

    A text that is not quite, but in which more characters are right than bytes are
    wrong, is UTF-8 with damage: each damaged byte shows as U+FFFD.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head, len(head) < _SNIFFED_BYTES)
    except UnicodeDecodeError:
        if is_strict:
            return False
    else:
        return True
    text = head.decode("utf-8", errors="replace")
    right = sum(char > "\x7f" and char != "\ufffd" for char in text)
    return right > text.count("\ufffd")
