"""Find every known hash within 31 bits, none missed, without comparing all.

A hash is cut into 16 words of 16 bits. If two hashes differ in at most 31 bits, at
least one pair of words differs in at most one bit (else there were 32 differences),
so looking up each word and its 16 neighbours finds every candidate.
"""

from __future__ import annotations

from typing import Final

from reviewer.matching.likeness import DISTANCE_BITS, Bits

WORD_BITS: Final = 16
WORDS_COUNT: Final = 256 // WORD_BITS
_MASK: Final = (1 << WORD_BITS) - 1
_FLIPS: Final = (0, *(1 << bit for bit in range(WORD_BITS)))


class Nearest:
    """An index that only grows; owners are whatever numbers the caller counts by."""

    def __init__(self) -> None:
        """Start empty."""
        self._hashes: list[tuple[Bits, int]] = []
        self._tables: tuple[dict[int, list[int]], ...] = tuple(
            {} for _ in range(WORDS_COUNT)
        )

    def add(self, bits: Bits, owner: int) -> None:
        """Make a hash known; one owner may have several."""
        number = len(self._hashes)
        self._hashes.append((bits, owner))
        for table, word in zip(self._tables, _words(bits), strict=True):
            table.setdefault(word, []).append(number)

    def within(self, bits: Bits) -> dict[int, int]:
        """Return the distance of each owner that has a hash near enough."""
        found: dict[int, int] = {}
        for number in self._candidates(bits):
            known, owner = self._hashes[number]
            apart = (bits ^ known).bit_count()
            if apart <= DISTANCE_BITS:
                found[owner] = min(apart, found.get(owner, apart))
        return found

    def _candidates(self, bits: Bits) -> set[int]:
        return {
            number
            for table, word in zip(self._tables, _words(bits), strict=True)
            for flip in _FLIPS
            if word ^ flip in table
            for number in table[word ^ flip]
        }


def _words(bits: Bits) -> list[int]:
    return [bits >> shift & _MASK for shift in range(0, 256, WORD_BITS)]
