"""Untrusted text, made safe to show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from reviewer.ui.plain import direction_of, one_line, visible, words_in
from reviewer.ui.unseen import is_plain, parts

KEPT = "\n\t\u200c\u200d"
CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize("control", CONTROLS)
def test_direction_controls_are_told_and_not_obeyed(control: str) -> None:
    """A bidirectional control becomes its name."""
    shown = visible(f"a{control}b")
    assert control not in shown
    assert shown.startswith("a«")


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    """No control character survives but line ends and tabs."""
    shown = visible(text)
    assert not any(char in shown for char in CONTROLS)
    kinds = {unicodedata.category(char) for char in shown if char not in KEPT}
    assert not any(kind.startswith("C") for kind in kinds)
    assert visible(shown) == shown


def test_plain_text_is_left_alone() -> None:
    """Scripts and their joiners are shown as they are."""
    for text in (
        "plain",
        "نص عربي",
        "кириллица",
        "\u0645\u06cc\u200c\u062e",
        "two\nlines",
    ):
        assert visible(text) == text


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_one_line_is_one_line(text: str, limit: int) -> None:
    """A name never makes a second line, nor a very long one."""
    line = one_line(text, limit=limit)
    assert "\n" not in line
    assert len(line) <= limit


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("12 نص", Qt.LayoutDirection.RightToLeft),
        ("word نص", Qt.LayoutDirection.LeftToRight),
        ("123", Qt.LayoutDirection.LeftToRight),
        ("", Qt.LayoutDirection.LeftToRight),
    ],
)
def test_direction_is_that_of_the_first_letter(
    text: str, direction: Qt.LayoutDirection
) -> None:
    """Digits and signs have none of their own."""
    assert direction_of(text) is direction


def test_words_are_counted() -> None:
    """The line that stands for a text says how long it is."""
    assert words_in("one two\nthree") == 3


@given(st.text())
def test_a_text_that_is_plain_would_be_shown_as_it_is(text: str) -> None:
    """The quick way says the same as the careful one."""
    if is_plain(text):
        assert "".join(parts(text)) == text


@pytest.mark.parametrize("text", ["plain", "نص عربي", "кириллица", "世界", "é, ß"])
def test_ordinary_text_goes_the_quick_way(text: str) -> None:
    """A transcript of an hour is shown at once."""
    assert is_plain(text * 1_000)


def test_of_a_name_without_end_only_the_beginning_is_looked_at() -> None:
    """Whoever deals batches must not be able to hold up the window."""
    looked_at = one_line("\u202e" * 4_000 + "x", limit=40)
    assert one_line("\u202e" * 20_000_000, limit=40) == looked_at
    assert one_line(" " * 5_000 + "x", limit=40) == "…"
    assert one_line("x" * 41, limit=40) == "x" * 39 + "…"
