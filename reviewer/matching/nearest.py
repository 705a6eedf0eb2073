"""Find every known hash within 31 bits, none missed, without comparing all.

A hash is cut into 16 words of 16 bits. If two hashes differ in at most 31 bits, at
least one pair of words differs in at most one bit (else there were 32 differences),
so looking up each word and its 16 neighbours finds every candidate.

What was added lately lies in dictionaries, which take whatever comes; from time to
time it moves into sorted arrays, which hold a large list in a seventh of the memory.
"""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import Final

from reviewer.matching.likeness import DISTANCE_BITS, Bits

WORD_BITS: Final = 16
WORDS_COUNT: Final = 256 // WORD_BITS
LATE_COUNT: Final = 4_096
"""So many may lie in dictionaries, or as many as in the arrays: moving is rare."""
_MASK: Final = (1 << WORD_BITS) - 1
_FLIPS: Final = (0, *(1 << bit for bit in range(WORD_BITS)))


class Nearest:
    """An index that only grows; owners are whatever numbers the caller counts by."""

    def __init__(self) -> None:
        """Start empty."""
        self._hashes: list[Bits] = []
        self._owners = array("q")
        self._settled = 0
        self._tables: tuple[_Table, ...] = ()
        self._late = _dictionaries()

    def add(self, bits: Bits, owner: int) -> None:
        """Make a hash known; one owner may have several."""
        number = len(self._hashes)
        self._hashes.append(bits)
        self._owners.append(owner)
        for table, word in zip(self._late, _words(bits), strict=True):
            table.setdefault(word, []).append(number)
        if number + 1 - self._settled > max(LATE_COUNT, self._settled):
            self.settle()

    def settle(self) -> None:
        """Move everything into arrays: after a long list was added."""
        self._tables = tuple(
            _Table(self._hashes, shift) for shift in range(0, 256, WORD_BITS)
        )
        self._late = _dictionaries()
        self._settled = len(self._hashes)

    def within(self, bits: Bits) -> dict[int, int]:
        """Return the distance of each owner that has a hash near enough."""
        hashes = self._hashes
        near = [
            (apart, number)
            for number in self._candidates(bits)
            if (apart := (bits ^ hashes[number]).bit_count()) <= DISTANCE_BITS
        ]
        found: dict[int, int] = {}
        for apart, number in sorted(near, reverse=True):
            found[self._owners[number]] = apart
        return found

    def _candidates(self, bits: Bits) -> set[int]:
        words = _words(bits)
        found: set[int] = set()
        for table, word in zip(self._tables, words, strict=False):
            starts, numbers = table.starts, table.numbers
            for flip in _FLIPS:
                place = word ^ flip
                first, end = starts[place], starts[place + 1]
                if first != end:
                    found.update(numbers[first:end])
        if self._settled == len(self._hashes):
            return found
        for late, word in zip(self._late, words, strict=True):
            for flip in _FLIPS:
                if word ^ flip in late:
                    found.update(late[word ^ flip])
        return found


class _Table:
    """The numbers of all hashes, sorted by one of their words."""

    __slots__ = ("numbers", "starts")

    def __init__(self, hashes: list[Bits], shift: int) -> None:
        words = array("H", [bits >> shift & _MASK for bits in hashes])
        counts = [0] * (_MASK + 1)
        for word in words:
            counts[word] += 1
        self.starts: Final = array("I", accumulate(counts, initial=0))
        self.numbers: Final = array(
            "I", sorted(range(len(words)), key=words.__getitem__)
        )


def _dictionaries() -> tuple[dict[int, list[int]], ...]:
    return tuple({} for _ in range(WORDS_COUNT))


def _words(bits: Bits) -> list[int]:
    return [bits >> shift & _MASK for shift in range(0, 256, WORD_BITS)]
