"""Text: any bytes become plain pages; controls are shown, never obeyed."""

from __future__ import annotations

import io
from typing import BinaryIO, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.decoder import texts
from reviewer.decoder.failures import DecodeError
from reviewer.decoder.texts import Book
from reviewer.pipe.codes import Charset, Status
from reviewer.pipe.sizes import MAX_TEXT_BYTES, PAGE_BYTES, PAGE_CHARACTERS
from tests.lazy_text import LazyText

WORDS = "Grüße, слово, كلمة, 言葉"
SCRIPTS: Final = {
    "english": "Plain words. ",
    "arabic": "كلمات عربية ومزيد. ",
    "hebrew": "מילים בעברית. ",
    "persian": "می‌خواهم بروم. ",
    "hindi": "क्‍ष और शब्द। ",
    "chinese": "没有空格的文字",
    "emoji": "👩‍👩‍👧 🏳️‍🌈",
}


def book(data: bytes, charset: Charset = Charset.UNDECLARED) -> Book:
    return Book(io.BytesIO(data), charset)


def lazy(size_bytes: int) -> Book:
    return Book(cast("BinaryIO", LazyText(size_bytes)))


def whole(data: bytes, charset: Charset = Charset.UNDECLARED) -> str:
    """Return all pages joined."""
    made = book(data, charset)
    return "".join(made.page(number) for number in range(made.pages_count))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_encodings_are_told_apart(encoding: str) -> None:
    """With a mark, as UTF-8, or by the zeros of Latin letters in UTF-16."""
    text = WORDS if encoding not in {"utf-16-le", "utf-16-be"} else "Plain words."
    assert whole(text.encode(encoding)) == text


def test_anything_else_is_latin_1() -> None:
    """Old text comes out readable rather than not at all."""
    assert whole("naïve café".encode("latin-1")) == "naïve café"


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        (Charset.WINDOWS_1256, "cp1256", "كلمات عربية"),
        (Charset.WINDOWS_1251, "cp1251", "слово и дело"),
        (Charset.KOI8_R, "koi8-r", "слово и дело"),
        (Charset.ISO_8859_8, "iso-8859-8", "מילים"),
        (Charset.WINDOWS_874, "cp874", "ภาษาไทย"),
    ],
)
def test_a_declared_charset_is_used(charset: Charset, codec: str, text: str) -> None:
    """Where the bytes are not UTF-8; a long plain beginning decides nothing."""
    assert whole(text.encode(codec), charset) == text
    long = "plain " * 20_000 + text
    assert whole(long.encode(codec), charset) == long


def test_bytes_win_over_the_declaration() -> None:
    """A text that is UTF-8 is read as that, whatever it was declared as."""
    assert whole(WORDS.encode(), Charset.WINDOWS_1256) == WORDS


def test_damage_shows_and_spoils_nothing_else() -> None:
    """A damaged byte of a UTF-8 text is U+FFFD; the rest stays what it is."""
    data = ("слово " * 20).encode()
    assert whole(data[:30] + b"\xff" + data[30:]).count("\ufffd") == 1
    assert "слово" in whole(data[:30] + b"\xff" + data[30:])


def test_every_declared_charset_is_known_here() -> None:
    """Each number that may come over the pipe has a codec, loaded beforehand."""
    for charset in set(Charset) - {Charset.UNDECLARED}:
        assert texts.encoding_of(b"plain", charset).codec in texts._CODECS.values()


def test_controls_become_visible() -> None:
    """A terminal escape, a bell and a zero are drawn as pictures of themselves."""
    assert whole(b"\x1b[2J\x07\x00\x7f") == "␛[2J␇␀␡"
    assert whole("\x85".encode()) == "\ufffd"


def test_line_ends_are_one() -> None:
    """Lines end alike, whatever machine wrote them."""
    assert whole(b"a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"


@given(st.binary(max_size=2_000), st.sampled_from(Charset))
def test_any_bytes_are_text(data: bytes, charset: Charset) -> None:
    """No bytes raise, and what comes out can be sent as UTF-8."""
    text = whole(data, charset)
    assert not {c for c in text if ord(c) < 0x20} - {"\n", "\t"}
    made = book(data, charset)
    for number in range(made.pages_count):
        assert len(made.page(number).encode("utf-8")) <= PAGE_BYTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_pages_joined_are_the_text(script: str, encoding: str) -> None:
    """No character is lost, doubled, cut in two, or on too long a page."""
    text = SCRIPTS[script] * 3_000
    made = book(text.encode(encoding))
    pages = [made.page(number) for number in range(made.pages_count)]
    assert "".join(pages) == text
    assert all(0 < len(page) <= PAGE_CHARACTERS for page in pages)
    assert made.page(made.pages_count) == ""


@given(st.text(alphabet="ab \n\r\té言👧", max_size=60), st.integers(0, 600))
def test_pages_of_any_text(unit: str, times: int) -> None:
    """The same of texts made at random, with line ends of every kind."""
    text = unit * times
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert whole(text.encode()) == expected


def test_pages_end_between_words() -> None:
    """A page ends at white space where there is some nearby."""
    made = book(b"word " * 4_000)
    assert made.pages_count > 1
    assert all(made.page(one).endswith(" ") for one in range(made.pages_count))


def test_words_are_counted() -> None:
    """As white space separates them; an empty text has one empty page."""
    assert book(WORDS.encode()).words_count() == 4
    assert book(b"").words_count() == 0
    assert (book(b"").pages_count, book(b"").page(0)) == (1, "")


def test_a_long_text_starts_at_once() -> None:
    """Three hundred megabytes: a page anywhere costs a few reads of some kilobytes."""
    long = LazyText(300 * 1024 * 1024)
    made = Book(cast("BinaryIO", long))
    assert made.pages_count > 40_000
    assert made.words_count() == 0
    for number in (0, 20_000, made.pages_count - 1):
        assert made.page(number)
    assert long.read_bytes < 256 * 1024


def test_a_text_over_the_ceiling_is_refused() -> None:
    """A gigabyte is a library; more is not a text item."""
    assert lazy(MAX_TEXT_BYTES).page(0)
    with pytest.raises(DecodeError) as caught:
        lazy(MAX_TEXT_BYTES + 1)
    assert caught.value.status is Status.TOO_LARGE
