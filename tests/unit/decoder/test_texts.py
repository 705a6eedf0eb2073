"""Text: any bytes become plain pages; controls are shown, never obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.decoder import texts
from reviewer.decoder.failures import DecodeError
from reviewer.pipe.codes import Status
from reviewer.pipe.sizes import MAX_TEXT_BYTES, PAGE_BYTES, PAGE_CHARACTERS

WORDS = "Grüße, слово, كلمة, 言葉"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_encodings_are_told_apart(encoding: str) -> None:
    """With a mark, as UTF-8, or by the zeros of Latin letters in UTF-16."""
    text = WORDS if encoding not in {"utf-16-le", "utf-16-be"} else "Plain words."
    assert texts.decode(text.encode(encoding)) == text


def test_anything_else_is_latin_1() -> None:
    """Old text comes out readable rather than not at all."""
    assert texts.decode("naïve café".encode("latin-1")) == "naïve café"


def test_controls_become_visible() -> None:
    """A terminal escape, a bell and a zero are drawn as pictures of themselves."""
    assert texts.decode(b"\x1b[2J\x07\x00\x7f") == "␛[2J␇␀␡"
    assert texts.decode("\x85".encode()) == "\ufffd"


def test_line_ends_are_one() -> None:
    """Lines end alike, whatever machine wrote them."""
    assert texts.decode(b"a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_text(data: bytes) -> None:
    """No bytes raise, and what comes out can be sent as UTF-8."""
    text = texts.decode(data)
    assert not {c for c in text if ord(c) < 0x20} - {"\n", "\t"}
    for page in texts.pages(text):
        assert len(page.encode("utf-8")) <= PAGE_BYTES


@given(st.text(alphabet="ab \n", min_size=0, max_size=300), st.integers(0, 90))
def test_pages_joined_are_the_text(unit: str, times: int) -> None:
    """No character is lost, doubled, or on too long a page."""
    text = unit * times
    pages = texts.pages(text)
    assert "".join(pages) == text
    assert all(len(page) <= PAGE_CHARACTERS for page in pages)
    assert all(pages) or len(pages) == 1


def test_pages_end_between_words() -> None:
    """A page ends at white space where there is some nearby."""
    pages = texts.pages("word " * 4_000)
    assert all(page.endswith(" ") for page in pages)


def test_words_are_counted() -> None:
    """As white space separates them."""
    assert texts.words_count(texts.decode(WORDS.encode())) == 4
    assert texts.words_count("") == 0


def test_a_text_over_the_ceiling_is_refused() -> None:
    """Sixteen MiB is a book; more is not a text item."""
    assert texts.decode(b"a" * MAX_TEXT_BYTES)
    with pytest.raises(DecodeError) as caught:
        texts.decode(b"a" * (MAX_TEXT_BYTES + 1))
    assert caught.value.status is Status.TOO_LARGE
