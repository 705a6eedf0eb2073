"""Passphrases: six drawn words to offer, and the least that is accepted.

The list is the EFF's large one (resources/words), 7 776 words, so six words carry
77 bits. Words are joined by spaces: some of the list hold a hyphen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reviewer.crypto.passphrase import normalise
from reviewer.errors import Code, RefusedError
from reviewer.ports import Entropy

WORDS_COUNT: Final = 7_776
DEFAULT_WORDS: Final = 6
LEAST_WORDS: Final = 5  # security.md 3.1
LEAST_CHARACTERS: Final = 14  # security.md 3.1
_LEAST_WORD_CHARACTERS: Final = 3  # the shortest of the list
_LEAST_DISTINCT_CHARACTERS: Final = 6  # against a key held down


def load_words(path: Path) -> tuple[str, ...]:
    """Return the words of a diceware list: a line holds dice, a tab and a word.

    Raises:
        ValueError: the list is not 7 776 different words; the install is damaged.
    """
    lines = path.read_text(encoding="ascii").splitlines()
    words = tuple(line.split("\t", 1)[-1].strip() for line in lines if line.strip())
    if len(set(words)) != WORDS_COUNT or len(words) != WORDS_COUNT:
        raise ValueError("word list")
    return words


def generate(
    words: Sequence[str], *, entropy: Entropy, count: int = DEFAULT_WORDS
) -> str:
    """Return `count` words, each drawn evenly and independently."""
    return " ".join(words[_draw(len(words), entropy)] for _ in range(count))


def check_strength(passphrase: str) -> None:
    """Accept 14 characters or 5 words, counted on the NFKC form.

    Raises:
        RefusedError: PASSPHRASE_WEAK.
    """
    normal = normalise(passphrase).strip()
    words = {word for word in normal.split() if len(word) >= _LEAST_WORD_CHARACTERS}
    long_enough = len(normal) >= LEAST_CHARACTERS or len(words) >= LEAST_WORDS
    if not long_enough or len(set(normal)) < _LEAST_DISTINCT_CHARACTERS:
        raise RefusedError(Code.PASSPHRASE_WEAK)


def _draw(below: int, entropy: Entropy) -> int:
    """Return a number under `below`, even because a draw beyond it is thrown away."""
    bits = (below - 1).bit_length()
    while True:
        drawn = int.from_bytes(entropy((bits + 7) // 8), "big") & ((1 << bits) - 1)
        if drawn < below:
            return drawn
