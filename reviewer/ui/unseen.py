"""Characters that cannot be seen, made to be seen: what is shown for each of a text.

Direction is never obeyed from within a text: every control of it is told by name.
Characters that have no picture are told too, with two exceptions that writing needs:
joiners between letters of scripts that join, or between emoji; and one selector
behind an emoji, a digit of a keycap, or an ideograph. Long runs are counted, stacked
marks bounded. Pure: no widgets here.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

MARKS_COUNT: Final = 6
"""On one letter; Hebrew with accents and old Vietnamese stay below."""
_KEPT: Final = frozenset("\n\t")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_NAMES: Final = {
    "\u00ad": "SHY",
    "\u034f": "CGJ",
    "\u061c": "ALM",
    "\u115f": "HF",
    "\u1160": "HF",
    "\u17b4": "17B4",
    "\u17b5": "17B5",
    "\u180e": "MVS",
    "\u200b": "ZWSP",
    _ZWNJ: "ZWNJ",
    _ZWJ: "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2028": "LS",
    "\u2029": "PS",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\u2800": "2800",
    "\u3164": "HF",
    "\ufeff": "BOM",
    "\uffa0": "HF",
}
_HIDDEN_KINDS: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKED_KINDS: Final = frozenset({"Mn", "Me"})
_LOOKED_AT: Final = _HIDDEN_KINDS | _STACKED_KINDS
_JOINING: Final = (
    (0x0600, 0x08FF),  # Arabic, Syriac, N'Ko, Mandaic
    (0x0900, 0x0DFF),  # the scripts of India and Sri Lanka
    (0x0F00, 0x109F),  # Tibetan, Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0x1B00, 0x1C4F),  # Balinese, Batak, Lepcha
    (0xA840, 0xA8FF),  # Phags-pa, Saurashtra, Devanagari
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFE),
    (0x1E900, 0x1E95F),  # Adlam
)
_EMOJI: Final = (
    (0x203C, 0x2049),
    (0x2190, 0x21FF),
    (0x2300, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x3030, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
)
_KEYCAPS: Final = frozenset("0123456789#*\u00a9\u00ae\u2122\u2139")
_IDEOGRAPHS: Final = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_SELECTORS: Final = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_MONGOLIAN: Final = ((0x180B, 0x180D), (0x180F, 0x180F))
_EMOJI_SELECTORS: Final = ((0xFE0E, 0xFE0F),)
_IDEOGRAPH_SELECTORS: Final = ((0xFE00, 0xFE02), (0xE0100, 0xE01EF))
_MONGOLIAN_LETTERS: Final = ((0x1820, 0x18AA),)
_SKIN: Final = ((0x1F3FB, 0x1F3FF),)
_TAGS: Final = ((0xE0000, 0xE007F),)
_PRINTED_TAGS: Final = ((0xE0020, 0xE007E),)
_TAG_BASE: Final = 0xE0000
_BRAILLE: Final = ((0x2801, 0x28FF),)

_Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it is shown, and where each of its characters came to stand."""

    text: str
    starts: tuple[int, ...]
    """In UTF-16 units, as Qt counts; one more than there were characters."""


def shown(text: str) -> Shown:
    """Return a text with all that cannot be seen told, and the places."""
    pieces = parts(text)
    lengths = [len(piece.encode("utf-16-le", "surrogatepass")) // 2 for piece in pieces]
    return Shown("".join(pieces), tuple(accumulate(lengths, initial=0)))


def is_plain(text: str) -> bool:
    """Say quickly of a long text that nothing of it has to be told.

    By its distinct characters alone, so False only means that `parts` has to look.
    """
    return not any(
        char in _NAMES
        or unicodedata.category(char) in _LOOKED_AT
        or _is_in(char, _SELECTORS)
        or _is_in(char, _TAGS)
        for char in set(text) - _KEPT
    )


def parts(text: str) -> list[str]:
    """Return what is shown for each character; empty within a run that is counted."""
    found: list[str] = []
    index = 0
    while index < len(text):
        run = _tag_run(text, index) or _hidden_run(text, index) or _marks(text, index)
        pieces = run or [text[index]]
        found += pieces
        index += len(pieces)
    return found


def _tag_run(text: str, start: int) -> list[str]:
    """Tell a run of tag characters, which carry hidden plain words, as those words."""
    end = start
    while end < len(text) and _is_in(text[end], _TAGS):
        end += 1
    if end == start:
        return []
    words = "".join(
        chr(ord(char) - _TAG_BASE)
        for char in text[start:end]
        if _is_in(char, _PRINTED_TAGS)
    )
    return [f"«TAG {words}»" if words else "«TAG»", *[""] * (end - start - 1)]


def _hidden_run(text: str, start: int) -> list[str]:
    """Tell a character that cannot be seen, once for as many as there are of it."""
    char = text[start]
    if not _is_hidden(text, start):
        return []
    end = start + 1
    while end < len(text) and text[end] == char and _is_hidden(text, end):
        end += 1
    count = end - start
    name = _NAMES.get(char) or _name_of(char)
    told = f"«{name}»" if count == 1 else f"«{name} \u00d7 {count}»"
    return [told, *[""] * (count - 1)]


def _marks(text: str, start: int) -> list[str]:
    """Leave a letter its first marks, and count the others."""
    end = start
    while end < len(text) and unicodedata.category(text[end]) in _STACKED_KINDS:
        if _is_hidden(text, end) or _is_in(text[end], _TAGS):
            break
        end += 1
    kept = min(end - start, MARKS_COUNT)
    over = end - start - kept
    if not over:
        return list(text[start:end])
    return [*text[start : start + kept], f"«+{over}»", *[""] * (over - 1)]


def _is_hidden(text: str, at: int) -> bool:
    """Say whether a character must be told, where it stands."""
    char = text[at]
    if char in _KEPT or (char.isascii() and char.isprintable()):
        return False
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if char in {_ZWNJ, _ZWJ}:
        return not _joins(char, before, after)
    if _is_in(char, _SELECTORS) or _is_in(char, _MONGOLIAN):
        return not _selects(char, before)
    if char == "\u2800":
        return not (_is_in(before, _BRAILLE) or _is_in(after, _BRAILLE))
    return char in _NAMES or unicodedata.category(char) in _HIDDEN_KINDS


def _joins(joiner: str, before: str, after: str) -> bool:
    """Say whether a joiner stands where writing needs it."""
    if _is_letter(before):
        return _is_letter(after) or (joiner == _ZWJ and not after.isalnum())
    is_after_emoji = _is_emoji(before) or before == "\ufe0f" or _is_in(before, _SKIN)
    return joiner == _ZWJ and is_after_emoji and _is_emoji(after)


def _selects(selector: str, before: str) -> bool:
    """Say whether a selector stands behind what it can select a shape of."""
    if _is_in(selector, _EMOJI_SELECTORS):
        return _is_emoji(before) or before in _KEYCAPS
    if _is_in(selector, _MONGOLIAN):
        return _is_in(before, _MONGOLIAN_LETTERS)
    return _is_in(selector, _IDEOGRAPH_SELECTORS) and _is_in(before, _IDEOGRAPHS)


def _is_letter(char: str) -> bool:
    return _is_in(char, _JOINING) and unicodedata.category(char)[0] in "LM"


def _is_emoji(char: str) -> bool:
    return _is_in(char, _EMOJI)


def _name_of(char: str) -> str:
    for first, last, base in ((0xFE00, 0xFE0F, 1), (0xE0100, 0xE01EF, 17)):
        if first <= ord(char) <= last:
            return f"VS{ord(char) - first + base}"
    return f"{ord(char):04X}"


def _is_in(char: str, ranges: _Ranges) -> bool:
    if not char:
        return False
    code = ord(char)
    return any(first <= code <= last for first, last in ranges)
