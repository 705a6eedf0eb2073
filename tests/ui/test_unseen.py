"""What cannot be seen is told; what writing needs is left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ui.unseen import MARKS_COUNT, parts, shown

ALL_UNSEEN = (
    [chr(code) for code in range(0x20) if chr(code) not in "\n\t"]
    + [chr(code) for code in range(0x7F, 0xA0)]
    + list("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e")
    + list("\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063")
    + list("\u2064\u2066\u2067\u2068\u2069\u206a\u206f\u2800\u3164\ufeff\uffa0\ufff9")
    + [chr(code) for code in range(0xFE00, 0xFE10)]
    + ["\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100", "\U000e01ef"]
    + ["\U0001d173", "\ue000", "\uffff"]
)


@pytest.mark.parametrize("char", ALL_UNSEEN, ids=lambda char: f"{ord(char):04X}")
def test_each_is_told_between_letters(char: str) -> None:
    """Between two Latin letters none of them has any use."""
    told = "".join(parts(f"a{char}b"))
    assert char not in told
    assert told.startswith("a«")
    assert told.endswith("»b")


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: a joiner keeps two letters apart
        "\u0647\u200d ",  # and one makes a letter look joined
        "क्‍ष",  # Hindi
        "ക്‍",  # Malayalam
        "👩‍👩‍👧‍👦",  # a family
        "👩🏽‍🚒",  # with a tone of skin
        "🏳️‍🌈",
        "❤️ and 1️⃣",
        "葛󠄀城",  # an ideograph and its shape
        "שָׁלוֹם נִקֻּד",
        "Việt nam",
        "ภาษาไทย ที่นี่",
        "⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙",
        "two\n\tlines",
    ],
)
def test_what_writing_needs_is_left_alone(text: str) -> None:
    """Scripts, emoji, stacked marks as people write them."""
    for form in ("NFC", "NFD"):
        once = unicodedata.normalize(form, text)
        assert "".join(parts(once)) == once


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\u202eb", "a«RLO»b"),
        ("bo\u200bmb", "bo«ZWSP»mb"),
        ("bo\u200dmb", "bo«ZWJ»mb"),
        ("می\u200c\u200cخ", "می«ZWNJ × 2»خ"),
        ("x" + "\u200b" * 5_000 + "y", "x«ZWSP × 5000»y"),
        ("ok\U000e0068\U000e0069", "ok«TAG hi»"),
        ("a\ufe0fb", "a«VS16»b"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f«VS16»"),
        ("z" + "\u0335" * 300, "z" + "\u0335" * MARKS_COUNT + "«+294»"),
        ("one\u2028two", "one«LS»two"),
        ("nul\x00", "nul«0000»"),
    ],
)
def test_how_it_is_told(text: str, told: str) -> None:
    """By a short name; runs counted, hidden words read out, floods of marks bounded."""
    assert "".join(parts(text)) == told


@given(st.text(max_size=300))
def test_every_character_has_its_piece(text: str) -> None:
    """One piece for each, so that a place in the text is a place on the page."""
    pieces = parts(text)
    assert len(pieces) == len(text)
    assert len("".join(pieces)) <= 12 * len(text)
    made = shown(text)
    assert made.text == "".join(pieces)
    assert len(made.starts) == len(text) + 1
    assert list(made.starts) == sorted(made.starts)
    assert made.starts[-1] == len(made.text.encode("utf-16-le")) // 2


def test_places_count_as_qt_counts() -> None:
    """A character beyond the basic plane is two units there."""
    made = shown("👧a\u202eb")
    assert made.starts == (0, 2, 3, 8, 9)


@given(st.text(max_size=200))
def test_told_text_stays_as_it_is(text: str) -> None:
    """Telling twice changes nothing."""
    once = "".join(parts(text))
    assert "".join(parts(once)) == once
