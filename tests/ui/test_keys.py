"""Keys by position and by label, under the layouts that people have."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from reviewer.ui.actions import KEYS, SHEET, Act
from reviewer.ui.keys import digit_of, letter_of, stroke_of

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="scan codes of X11 and Wayland"
)

FRENCH_ROW = "&é\"'(-è_çà"
CZECH_ROW = "+ěščřžýáíé"


def key(
    code: int,
    logical: int,
    text: str = "",
    *,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> QKeyEvent:
    """Return a press as X11 and Wayland report it."""
    return QKeyEvent(QEvent.Type.KeyPress, logical, modifiers, code, 0, 0, text)


@pytest.mark.parametrize("row", ["1234567890", FRENCH_ROW, CZECH_ROW])
def test_the_digit_row_counts_by_position(row: str) -> None:
    """The third key is 3 on every layout, whatever it types."""
    for place, char in enumerate(row):
        event = key(10 + place, ord(char.upper()), char)
        assert digit_of(event) == (place + 1) % 10
        stroke = stroke_of(event)
        assert stroke is not None
        assert (stroke.act, stroke.digit) == (Act.DIGIT, (place + 1) % 10)


def test_the_number_pad_counts_too() -> None:
    """Its keys are digits wherever the pad is."""
    codes = (90, 87, 88, 89, 83, 84, 85, 79, 80, 81)
    for digit, code in enumerate(codes):
        event = key(code, Qt.Key.Key_0 + digit, str(digit))
        assert digit_of(event) == digit


def test_the_number_pad_counts_without_its_lock() -> None:
    """The 2 of the pad is a digit; the arrow beside it is an arrow."""
    pad = Qt.KeyboardModifier.KeypadModifier
    two = stroke_of(key(88, Qt.Key.Key_Down, modifiers=pad))
    down = stroke_of(key(116, Qt.Key.Key_Down))
    assert two is not None
    assert down is not None
    assert (two.act, two.digit) == (Act.DIGIT, 2)
    assert down.act is Act.DOWN


@pytest.mark.parametrize(
    ("code", "logical", "act"),
    [
        (40, Qt.Key.Key_D, Act.CLEARER),
        (53, Qt.Key.Key_X, Act.SAFER),
        (41, Qt.Key.Key_F, Act.HOLD_WHOLE),
        (44, Qt.Key.Key_J, Act.NEXT_UNDECIDED),
        (40, 0x064A, Act.CLEARER),  # Arabic yeh stands where D does
        (44, 0x062A, Act.NEXT_UNDECIDED),  # Arabic teh stands where J does
    ],
)
def test_letters_go_by_label_or_else_by_position(
    code: int, logical: int, act: Act
) -> None:
    """A Latin label wins; a layout without Latin letters goes by position."""
    stroke = stroke_of(key(code, logical, "x"))
    assert stroke is not None
    assert stroke.act is act


def test_letters_follow_the_label_where_a_layout_moves_them() -> None:
    """On Dvorak the D key is the one that says D."""
    assert letter_of(key(43, Qt.Key.Key_D, "d")) == "D"


@pytest.mark.parametrize(
    "modifiers", [Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier]
)
def test_alt_and_meta_are_left_to_the_system(modifiers: Qt.KeyboardModifier) -> None:
    """AltGr and the system's own chords mean nothing here."""
    assert stroke_of(key(40, Qt.Key.Key_D, "d", modifiers=modifiers)) is None


def test_control_z_is_undo_by_its_label_on_every_layout() -> None:
    """Z and Y change places between QWERTY and QWERTZ; the label counts."""
    control = Qt.KeyboardModifier.ControlModifier
    for code in (52, 29):
        stroke = stroke_of(key(code, Qt.Key.Key_Z, modifiers=control))
        assert stroke is not None
        assert stroke.act is Act.UNDO


def test_shift_and_a_letter_is_no_act() -> None:
    """Nothing depends on Shift, and nothing happens by it."""
    shift = Qt.KeyboardModifier.ShiftModifier
    assert stroke_of(key(40, Qt.Key.Key_D, "D", modifiers=shift)) is None


def test_no_two_keys_are_the_same() -> None:
    """One key, one act."""
    keys = [(one.letter, one.name, one.control) for one in KEYS]
    assert len(keys) == len(set(keys))


def test_letters_agree_on_three_layouts() -> None:
    """Letters without Ctrl stand in the same place on QWERTY, QWERTZ and AZERTY."""
    moved = set("AQWZYM")
    assert not {one.letter for one in KEYS if one.letter and not one.control} & moved


def test_the_sheet_names_every_key_and_no_other() -> None:
    """What is built is on the sheet; what is not, is absent."""
    shown = {label for line in SHEET for label in line.keys}
    spelled = {"1–9", "0", "0–5"}
    labels = {one.label for one in KEYS}
    assert labels <= shown
    assert shown - spelled <= labels
