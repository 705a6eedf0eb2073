"""Find words in a text: places out, never text. Bounded by bytes and by hits.

Letter case does not count, nor do invisible characters within a word: a word broken
up by them to hide is found. Words are found as they are written; no pattern, no
stemming.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Final

from reviewer.decoder.texts import Book
from reviewer.pipe.sizes import HITS_COUNT

Place = tuple[int, int, int]
"""Page, first character, behind the last one."""
PAGES_COUNT: Final = 4_096  # searched for one answer: about 30 MB

# Soft hyphen, joiners, marks of direction, fillers, selectors: never seen alone.
_UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e0fff"
)
_SOME_UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
_GAP: Final = f"[{_UNSEEN}]*"


class Query:
    """Words to find, ready before any text is read."""

    def __init__(self, words: str) -> None:
        plain = _SOME_UNSEEN.sub("", " ".join(words.split()))
        forms = {unicodedata.normalize(form, plain) for form in ("NFC", "NFD")}
        self._lowered = sorted({form.lower() for form in forms})
        branches = "|".join(sorted(_pattern(form) for form in forms))
        self._careful = re.compile(branches, re.IGNORECASE)
        self.longest = 4 * max(map(len, forms))

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where the words stand, from left to right."""
        lowered = text.lower()
        is_plain = len(lowered) == len(text) and not (
            not text.isascii() and _SOME_UNSEEN.search(text)
        )
        if is_plain and not self._may_stand(lowered):
            return
        for found in self._careful.finditer(text):
            if found.end() > found.start():
                yield found.span()

    def _may_stand(self, lowered: str) -> bool:
        """Say, much faster than a pattern would, whether to look closer."""
        first = [form.split(" ", 1)[0] for form in self._lowered]
        return any(word in lowered for word in first)


def find(book: Book, query: Query, first_page: int) -> tuple[list[Place], int]:
    """Search from a page on; return places, and the page to go on at, 0 at the end.

    Words across two pages belong to the first one, and are cut at its end.
    """
    found: list[Place] = []
    pages = chain(book.raw_pages(first_page), [""])
    for number, (page, following) in enumerate(pairwise(pages), first_page):
        if number - first_page >= PAGES_COUNT:
            return found, number
        here = [
            (number, start, min(end, len(page)))
            for start, end in query.places(page + following[: query.longest])
            if start < len(page)
        ]
        if len(found) + len(here) > HITS_COUNT:
            room = HITS_COUNT if not found else 0
            return [*found, *here[:room]], number + (not found)
        found += here
    return found, 0


def _pattern(words: str) -> str:
    """Return the words as a pattern that takes them literally."""
    letters = ("\\s+" if char == " " else re.escape(char) for char in words)
    return _GAP.join(letters)
