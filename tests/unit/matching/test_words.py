"""Words of any script, folded alike for the index and for the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.matching.words import (
    MAX_QUERY_WORDS,
    count,
    folded,
    found_at,
    phrases,
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The Harbour, at night", "harbour"),
        ("Über die Straße", "uber"),
        ("Über die Straße", "STRASSE"),
        ("Příliš žluťoučký", "prilis zlut"),
        ("Έλληνες", "ελληνεσ"),
        ("Прапор над площею", "ПЛОЩ"),
        ("العَلَمُ الأسود", "العلم الاسود"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी भाषा", "हिन्दी"),
        ("国旗在广场上", "旗在"),
        ("国旗在广场上", "场"),
        ("ธงชาติในจัตุรัส", "ชาติ"),
        ("カメラのテスト", "カメラ"),
        ("ｶﾒﾗ", "カメラ"),
        ("깃발이 있다", "깃발"),
        ("𞤢𞤣𞤤𞤢𞤥", "𞤢𞤣𞤤"),
        ("se\u200bcret si\u00adgn", "secret sign"),
        ("\u202egnirts\u202c", "gnirts"),
        ("🏴 raised", "🏴"),
        ("FOO-bar_baz", "foo-bar"),
        ("İSTANBUL \u0131s\u0131", "istanbul isi"),
    ],
)
def test_what_a_person_would_find_is_found(text: str, query: str) -> None:
    """Case, accents, width, vowel marks and invisible characters do not matter."""
    wanted = phrases(query)
    assert wanted
    assert all(count(one, folded(text)) for one in wanted)
    assert found_at(wanted[0], text) is not None


def test_a_word_is_found_by_its_start_only() -> None:
    """The middle of a word is another word."""
    assert count("harb", folded("harbour harbours")) == 2
    assert count("bour", folded("harbour")) == 0


@pytest.mark.parametrize("query", ["", "  ", '"', "***", "()", "\0", "\ud800", "«»"])
def test_a_query_without_words_asks_for_nothing(query: str) -> None:
    """Signs alone are no words."""
    assert phrases(query) == ()


@given(st.text(max_size=200))
def test_folded_text_is_plain_and_folds_to_itself(text: str) -> None:
    """Nothing that the index could take for syntax, and no way to fold further."""
    once = folded(text)
    assert not set(once) & set("\"'*()^:+-{}\0")
    assert folded(once) == once


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_word_of_a_text_is_found_in_it(before: str, after: str) -> None:
    """Wherever it stands, and the place lies within the text."""
    text = f"{before} needle {after}"
    assert count("needle", folded(text)) >= 1
    at = found_at("needle", text)
    assert at is not None
    assert text[at:].casefold().startswith("n") or not text.isascii()


def test_a_hundred_kilobytes_are_a_short_question() -> None:
    """Only the first words count."""
    assert len(phrases('a" OR b ' * 15_000)) <= MAX_QUERY_WORDS
    assert len(phrases("x" * 100_000)[0]) == 1_000
