"""Words of any script, cut and folded in one way for the index and for the question.

SQLite's own tokenizer knows the letters of one old version of Unicode and takes a
sentence without spaces for one word. So the cutting is done here: letters are folded
(case, width, accents, vowel marks), controls and invisible characters fall out, and
where a script has no spaces, and for symbols, each character is a word of its own. The
index keeps what comes out, and finding is looking for it again: there is no query
language that anybody could break.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

from reviewer.domain.item import Item

MAX_QUERY_CHARS: Final = 1_000
MAX_QUERY_WORDS: Final = 16
_ASCII: Final = "".join(
    chr(code).lower() if chr(code).isalnum() else " " for code in range(128)
)
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF),  # Yi
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_TATWEEL: Final = "\u0640"
_DOTLESS: Final = {"\u0131": "i"}


class Field(enum.StrEnum):
    """Where in an item a word stands."""

    REF = "ref"
    TAGS = "tags"
    SOURCE = "source"
    CAPTION = "caption"
    ACCOUNT = "account"
    GROUP = "group"
    FLAG = "flag"
    TEXT = "text"
    TRANSCRIPT = "transcript"
    TRANSLATION = "translation"


def fields_of(item: Item) -> Iterator[tuple[Field, str]]:
    """Yield every searchable text of an item that is there."""
    context = item.context
    found: tuple[tuple[Field, str | None], ...] = (
        (Field.REF, item.ref),
        (Field.TAGS, "\n".join(item.tags)),
        (Field.SOURCE, context.source),
        (Field.CAPTION, context.caption),
        (Field.ACCOUNT, context.account),
        (Field.GROUP, item.context_group),
        (Field.FLAG, None if item.flag is None else item.flag.reason),
        (Field.TEXT, item.text),
        (Field.TRANSCRIPT, item.transcript),
        (Field.TRANSLATION, item.translation),
    )
    return ((field, text) for field, text in found if text)


def folded(text: str) -> str:
    """Return the words of a text, folded, with one space between them."""
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(plain.translate(_FOLDING).split())


def phrases(query: str) -> tuple[str, ...]:
    """Return what a query asks for: each word of it, folded; all must be found.

    A word that folds to several (of a script without spaces, or `foo-bar`) is a
    phrase. Whatever stands in the query is text: quotes and operators mean nothing.
    What goes beyond `MAX_QUERY_CHARS` or `MAX_QUERY_WORDS` is left out.
    """
    cut = query[:MAX_QUERY_CHARS].replace("\0", " ")
    each = (folded(word) for word in cut.split())
    return tuple(dict.fromkeys(one for one in each if one))[:MAX_QUERY_WORDS]


def count(phrase: str, text: str) -> int:
    """Count a phrase in a folded text; its last word may be the start of one."""
    return f" {text}".count(f" {phrase}")


def found_at(phrase: str, text: str) -> int | None:
    """Return where in an unfolded text a phrase begins, in characters."""
    # Runs of spaces are one, and a phrase begins after a space or at the start.
    pattern = re.compile(rf"(?:^|(?<=\s)){re.escape(phrase)}".replace(r"\ ", r"\s+"))
    if text.isascii():
        found = pattern.search(text.translate(_ASCII))
        return None if found is None else found.start()
    pieces = [_PIECES[char] for char in text]
    found = pattern.search("".join(pieces))
    if found is None:
        return None
    ends = accumulate(len(piece) for piece in pieces)
    return next(place for place, end in enumerate(ends) if end > found.start())


class _Folding(dict[int, str | None]):
    """What each character becomes; made as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _fold_char(chr(code))
        return self[code]


def _fold_char(char: str) -> str | None:
    kind = unicodedata.category(char)
    if char in "\t\n\v\f\r":
        return " "
    if unicodedata.combining(char) or char == _TATWEEL or kind in {"Cf", "Cc", "Cs"}:
        return None
    is_symbol = kind[0] == "S" and not char.isascii()
    if is_symbol or any(low <= ord(char) <= high for low, high in _UNSPACED):
        return f" {char} "
    if kind[0] in "LNM" or kind == "Cn":
        return _DOTLESS.get(char, char)
    return " "


_FOLDING: Final[Mapping[int, str | None]] = _Folding()


class _Pieces(dict[str, str]):
    """What each character alone is folded to; made as characters are met."""

    def __missing__(self, char: str) -> str:
        plain = unicodedata.normalize("NFKD", char).casefold()
        self[char] = plain.translate(_FOLDING)
        return self[char]


_PIECES: Final[Mapping[str, str]] = _Pieces()
"""Two hundred snippets of long texts are cut for one answer, so this must be quick."""
