"""Untrusted text, made safe to show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from reviewer.ui.plain import direction_of, one_line, visible, words_in

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
