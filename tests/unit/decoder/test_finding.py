"""Words in a text: every place, in order, bounded, and none that is not there."""

from __future__ import annotations

import io
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.decoder.finding import Place, Query, find
from reviewer.decoder.texts import Book
from reviewer.pipe.sizes import HITS_COUNT, hits_of, pack_hits


def book(text: str) -> Book:
    return Book(io.BytesIO(text.encode()))


def everywhere(text: str, words: str) -> list[Place]:
    """Search answer by answer to the end."""
    made, query = book(text), Query(words)
    found: list[Place] = []
    page = 0
    while True:
        places, goes_on = find(made, query, page)
        data = pack_hits(places)
        assert list(hits_of(data, len(places), first_page=page)) == places
        found += places
        if not goes_on:
            return found
        assert goes_on > page
        page = goes_on


def words_at(text: str, places: list[Place]) -> list[str]:
    made = book(text)
    return [made.page(page)[start:end] for page, start, end in places]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("One two ONE", "one", ["One", "ONE"]),
        ("Straße СЛОВО слово", "слово", ["СЛОВО", "слово"]),
        ("two  words\nand two\twords", "two words", ["two  words", "two\twords"]),
        ("a bo\u200bmb, a bomb", "bomb", ["bo\u200bmb", "bomb"]),
        ("می\u200cشود", "میشود", ["می\u200cشود"]),
        ("(a+)+ [x] .*", "(a+)+", ["(a+)+"]),
        ("cafe\u0301 café", "café", ["cafe\u0301", "café"]),
        ("İstanbul istanbul", "istanbul", ["istanbul"]),
        ("文字を探す、文字", "文字", ["文字", "文字"]),
        ("nothing", "elsewhere", []),
    ],
)
def test_words_are_found(text: str, words: str, found: list[str]) -> None:
    """Whatever case, spacing, hidden characters or form they are written in."""
    got = words_at(text, everywhere(text, words))
    assert got[len(got) - len(found) :] == found
    assert bool(got) == bool(found)


def test_words_across_two_pages_are_found() -> None:
    """They belong to the first, and are cut at its end."""
    text = "x" * 7_590 + "needle in hay" + "y" * 9_000
    (place,) = everywhere(text, "NEEDLE in hay")
    assert place[0] == 0
    assert "needle in hay".startswith(words_at(text, [place])[0])


def test_many_hits_come_in_answers() -> None:
    """Each within the bound; none is lost but on a page that has too many itself."""
    text = "word and " * 20_000
    found = everywhere(text, "word")
    assert len(found) > HITS_COUNT
    assert all(before < after for before, after in pairwise(found))
    places, goes_on = find(book("a " * 3_000), Query("a"), 0)
    assert (len(places), goes_on) == (HITS_COUNT, 1)


@given(
    st.text(alphabet="aAbB \u200bé", max_size=60),
    st.text(alphabet="abé", min_size=1, max_size=4),
)
def test_every_place_holds_the_words(text: str, words: str) -> None:
    """Plain reading of a short text finds the same places."""
    places = everywhere(text, words)
    for found in words_at(text, places):
        plain = unicodedata.normalize("NFC", found.replace("\u200b", ""))
        assert plain.lower() == words
    plain_text = text.replace("\u200b", "").lower()
    assert bool(places) == (words in plain_text)


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_any_words_in_any_text(text: str, words: str) -> None:
    """Nothing raises, whatever is searched for."""
    safe = text.encode("utf-8", "replace").decode()
    if "".join(words.split()):
        everywhere(safe, words.encode("utf-8", "replace").decode())
