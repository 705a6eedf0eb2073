"""Arabic lettering is joined and runs from right to left; the fonts have it all."""

from __future__ import annotations

from reviewer.demo import draw_texts
from reviewer.demo.draw_text import font, fonts_folder, shape_arabic


def test_letters_take_the_form_of_their_place() -> None:
    """Initial, medial, final and isolated signs stand where they belong."""
    shaped = shape_arabic("ببب")
    assert [hex(ord(char)) for char in shaped] == ["0xfe90", "0xfe92", "0xfe91"]
    assert shape_arabic("ب") == "\ufe8f"


def test_a_letter_that_joins_backwards_only_breaks_the_word() -> None:
    """After alef the next letter begins anew."""
    assert shape_arabic("باب") == "\ufe8f\ufe8e\ufe91"


def test_lam_and_alef_are_one_sign() -> None:
    """The ligature is isolated alone and final after a joining letter."""
    assert shape_arabic("لا") == "\ufefb"
    assert shape_arabic("بلا") == "\ufefc\ufe91"


def test_every_sign_of_the_samples_is_in_the_fonts() -> None:
    """No sample is drawn with empty boxes."""
    for lines, is_arabic in (
        (draw_texts.ARABIC, True),
        (draw_texts.RUSSIAN, False),
        (draw_texts.UKRAINIAN, False),
        (draw_texts.GREEK, False),
        (draw_texts.FRENCH, False),
    ):
        face = font(24, is_arabic=is_arabic)
        missing = bytes(face.getmask("\uffff"))
        for line in lines:
            signs = shape_arabic(line) if is_arabic else line
            for sign in set(signs) - {" "}:
                assert bytes(face.getmask(sign)) != missing, hex(ord(sign))


def test_the_licence_lies_beside_the_fonts() -> None:
    """The fonts may be passed on only with their licence."""
    words = (fonts_folder() / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in words
