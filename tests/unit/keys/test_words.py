"""Passphrases: drawn evenly, and refused where they are weak."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import Code, RefusedError
from reviewer.keys.words import (
    DEFAULT_WORDS,
    WORDS_COUNT,
    check_strength,
    generate,
    load_words,
)
from tests.fakes.clock import SeededEntropy

LIST = Path(__file__).parents[3] / "resources" / "words" / "eff_large.txt"
WORDS = load_words(LIST)


def test_the_list_is_whole() -> None:
    """7 776 different words, and its licence beside it."""
    assert len(set(WORDS)) == WORDS_COUNT
    assert (WORDS[0], WORDS[-1]) == ("abacus", "zoom")
    assert "CC BY 3.0" in (LIST.parent / "LICENSE.txt").read_text(encoding="utf-8")


def test_a_cut_list_is_refused(tmp_path: Path) -> None:
    """A damaged install draws no passphrase."""
    cut = tmp_path / "words.txt"
    cut.write_text("11111\tabacus\n", encoding="ascii")
    with pytest.raises(ValueError, match="word list"):
        load_words(cut)


def test_six_words_are_drawn_and_accepted() -> None:
    """What we offer is never weak, and two draws differ."""
    drawn = {generate(WORDS, entropy=os.urandom) for _ in range(50)}
    assert len(drawn) == 50
    for passphrase in drawn:
        assert len(passphrase.split(" ")) == DEFAULT_WORDS
        assert set(passphrase.split(" ")) <= set(WORDS)
        check_strength(passphrase)


def test_every_word_can_be_drawn() -> None:
    """Draws beyond the list are thrown away, not folded back onto its start."""
    entropy = SeededEntropy(1)
    few = WORDS[:5]
    counts = dict.fromkeys(few, 0)
    for word in generate(few, entropy=entropy, count=5_000).split(" "):
        counts[word] += 1
    assert all(850 < count < 1_150 for count in counts.values())


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "thirteen char",
        "              ",
        "aaaaaaaaaaaaaaaaaaaaaaa",
        "abab abab abab abab abab",
        "a b c d e",
        "one two one",
        "\u2003" * 20,
    ],
)
def test_weak_ones_are_refused(weak: str) -> None:
    """Under 14 characters and 5 words, or the same few over and over."""
    with pytest.raises(RefusedError) as caught:
        check_strength(weak)
    assert caught.value.code is Code.PASSPHRASE_WEAK


@pytest.mark.parametrize(
    "strong",
    [
        "fourteen chars",
        "ein klu ger fux las",
        "пять слов на кириллице тут",
        "كلمة سر طويلة جدا هنا",
        "correct-horse-battery",
    ],
)
def test_long_ones_are_accepted(strong: str) -> None:
    """In any script."""
    check_strength(strong)


@given(st.text(st.characters(max_codepoint=126), max_size=13))
def test_no_short_text_of_few_words_passes(text: str) -> None:
    """Whatever is typed: under 14 characters there are no five words of three."""
    with pytest.raises(RefusedError):
        check_strength(text if len(text.split()) < 5 else "x")
