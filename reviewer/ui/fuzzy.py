"""Find a name by part of it: letters in their order, starts of words first. Pure."""

from __future__ import annotations

from typing import Final

from reviewer.matching.words import folded

MAX_CHARS: Final = 32
_START: Final = 8
_JOINED: Final = 4


def rank(query: str, name: str) -> int | None:
    """Return how well a query fits a name, more is better; None if it does not.

    Every letter of the query must come in the name, in its order. Letters that begin
    a word or follow each other count more, and a shorter name wins a tie.
    """
    wanted = folded(query[:MAX_CHARS]).replace(" ", "")
    words = folded(name)
    best = _best(wanted, words, 0, joined=False)
    return None if best is None else best * 100 - len(words)


def _best(wanted: str, words: str, start: int, *, joined: bool) -> int | None:
    if not wanted:
        return 0
    best: int | None = None
    at = words.find(wanted[0], start)
    while at != -1:
        begins = at == 0 or words[at - 1] == " "
        follows = joined and at == start
        # One look ahead is enough for names of a few words, and keeps it linear.
        if best is None or begins or follows:
            rest = _best(wanted[1:], words, at + 1, joined=True)
            if rest is None:
                break
            score = _START * begins + _JOINED * follows + rest
            best = score if best is None else max(best, score)
        at = words.find(wanted[0], at + 1)
    return best
