"""Find every known hash within 31 bits, none missed, without comparing all.

A hash is cut into 16 words of 16 bits. If two hashes differ in at most 31 bits, at
least one pair of words differs in at most one bit (else there were 32 differences),
so looking up each word and its 16 neighbours finds every candidate.

What was added lately lies in dictionaries, which take whatever comes; from time to
time it moves into sorted arrays, which hold a large list in a seventh of the memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import accumulate, chain
from typing import Final

from reviewer.matching.likeness import DISTANCE_BITS, Bits

WORD_BITS: Final = 16
WORDS_COUNT: Final = 256 // WORD_BITS
LATE_COUNT: Final = 4_096
"""So many may lie in dictionaries, or as many as in the arrays: moving is rare."""
_MASK: Final = (1 << WORD_BITS) - 1
_FLIPS: Final = (0, *(1 << bit for bit in range(WORD_BITS)))
_BESIDE: Final = 0b11
_FAR_FLIPS: Final = tuple(flip for flip in _FLIPS if flip > _BESIDE)


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
        numbers = self._candidates(bits)
        hashes = map(self._hashes.__getitem__, numbers)
        aparts = map(int.bit_count, map(bits.__xor__, hashes))
        near = {
            pair
            for pair in zip(aparts, numbers, strict=True)
            if pair[0] <= DISTANCE_BITS
        }
        found: dict[int, int] = {}
        for apart, number in sorted(near, reverse=True):
            found[self._owners[number]] = apart
        return found

    def _candidates(self, bits: Bits) -> list[int]:
        """Return who agrees in a word to a bit; near ones often, others hardly twice.

        Words that differ in their last two bits lie side by side: one slice has the
        three that are wanted among four.
        """
        words = _words(bits)
        found: list[Iterable[int]] = []
        for table, word in zip(self._tables, words, strict=False):
            starts, numbers = table.starts, table.numbers
            first = word & ~_BESIDE
            found.append(numbers[starts[first] : starts[first + _BESIDE + 1]])
            found += [
                numbers[starts[word ^ flip] : starts[(word ^ flip) + 1]]
                for flip in _FAR_FLIPS
            ]
        if self._settled < len(self._hashes):
            for late, word in zip(self._late, words, strict=True):
                found += [late.get(word ^ flip, ()) for flip in _FLIPS]
        return list(chain.from_iterable(found))


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
