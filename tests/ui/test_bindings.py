"""Rebinding: conflicts found, presets, single keys off, and what is never dead."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from reviewer.domain.preferences import DEFAULT, Binding, Hand, Preferences
from reviewer.ui import bindings
from reviewer.ui.actions import HOLDS, KEYS, Act
from reviewer.ui.bindings import (
    FIXED,
    NEEDED,
    Refusal,
    Refused,
    as_before,
    bind,
    resolved,
)
from reviewer.ui.keys import release_of, stroke_of

ROWS = {
    "us": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "de": ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn,"),
    "cz": ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    "ara": ("ضصثقفغعهخح", "شسيبلاتنم", "ئءؤرﻻىة"),
}
"""The letter rows of five layouts, from left to right."""
FIRST = (24, 38, 52)
"""The X11 key codes at which the rows begin."""
US = {
    char: code + place
    for code, row in zip(FIRST, ROWS["us"], strict=True)
    for place, char in enumerate(row)
}
AGREED = set("DEFGHIJKLNOPRSTUVXBC")
"""Letters that stand in the same place on QWERTY, QWERTZ and AZERTY."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="scan codes of X11")


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    bindings.use(resolved(DEFAULT))
    yield
    bindings.use(resolved(DEFAULT))


def press(layout: str, code: int, *, control: bool = False) -> QKeyEvent:
    """Return the press of the key at a code, as a layout reports it."""
    char = next(
        row[code - first]
        for first, row in zip(FIRST, ROWS[layout], strict=True)
        if 0 <= code - first < len(row)
    )
    held = Qt.KeyboardModifier
    modifiers = held.ControlModifier if control else held.NoModifier
    logical = ord(char.upper())
    return QKeyEvent(QEvent.Type.KeyPress, logical, modifiers, code, 0, 0, char)


def code_of(layout: str, letter: str) -> int:
    """Return where a letter stands: by label where the layout has it."""
    for first, row in zip(FIRST, ROWS[layout], strict=True):
        if letter.lower() in row:
            return first + row.index(letter.lower())
    return US[letter.lower()]


# Five layouts ---------------------------------------------------------------------


@LINUX
@pytest.mark.parametrize("layout", list(ROWS))
@pytest.mark.parametrize("hand", list(Hand))
def test_every_letter_works_under_five_layouts(layout: str, hand: Hand) -> None:
    """By its label, or by its place where a layout has no Latin letters."""
    held = resolved(Preferences(hand=hand))
    bindings.use(held)
    for key in (one for one in held.keys if one.letter):
        code = code_of(layout, key.letter)
        stroke = stroke_of(press(layout, code, control=key.control))
        assert stroke is not None, key
        assert stroke.act is key.act, key


@LINUX
@pytest.mark.parametrize("layout", ["us", "de", "fr", "cz"])
def test_the_usual_letters_stand_in_one_place(layout: str) -> None:
    """So that hands need not learn them again on another machine."""
    single = {key.letter for key in KEYS if key.letter and not key.control}
    assert single <= AGREED
    assert {code_of(layout, letter) for letter in single} == {
        US[letter.lower()] for letter in single
    }


@LINUX
@pytest.mark.parametrize(
    ("text", "codes"),
    [("1234567890", range(10, 20)), ("&é\"'(-è_çà", range(10, 20)),
     ("+ěščřžýáíé", range(10, 20)), ("١٢٣٤٥٦٧٨٩٠", range(10, 20))],
)  # fmt: skip
def test_digits_go_by_place_also_with_control(text: str, codes: range) -> None:
    """With single keys off, Ctrl and a digit choose; a digit alone does not."""
    plain, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    for code, char in zip(codes, text, strict=True):
        logical = ord(char.upper())
        alone = QKeyEvent(QEvent.Type.KeyPress, logical, plain, code, 0, 0, char)
        held = QKeyEvent(QEvent.Type.KeyPress, logical, control, code, 0, 0, char)
        bindings.use(resolved(DEFAULT))
        assert stroke_of(held) is None
        assert _digit(alone) == (code - 9) % 10
        bindings.use(resolved(Preferences(single_keys=False)))
        assert stroke_of(alone) is None
        assert _digit(held) == (code - 9) % 10


def _digit(event: QKeyEvent) -> int | None:
    stroke = stroke_of(event)
    return None if stroke is None else stroke.digit


# Conflicts ------------------------------------------------------------------------


def test_a_key_can_be_changed_and_given_back() -> None:
    """The old key means nothing then."""
    made = bind(DEFAULT, Act.KEEP, ("M", "F8"))
    assert isinstance(made, Preferences)
    held = resolved(made)
    assert held.labels(Act.KEEP) == ("M", "F8")
    assert held.lettered("K", control=False) is None
    assert as_before(made, Act.KEEP) == DEFAULT


def test_a_key_that_is_taken_is_refused_and_named() -> None:
    """Nothing changes, and the person learns which act has it."""
    assert bind(DEFAULT, Act.KEEP, ("U",)) == Refused(
        why=Refusal.TAKEN, label="U", act=Act.UNDO
    )
    freed = bind(DEFAULT, Act.UNDO, ("Ctrl+Z",))
    assert isinstance(freed, Preferences)
    made = bind(freed, Act.KEEP, ("U",))
    assert isinstance(made, Preferences)
    assert as_before(made, Act.UNDO) == Refused(
        why=Refusal.TAKEN, label="U", act=Act.KEEP
    )


def test_a_conflict_is_seen_while_single_keys_are_off() -> None:
    """They may be on again tomorrow."""
    off = Preferences(single_keys=False)
    assert isinstance(bind(off, Act.KEEP, ("U",)), Refused)


@pytest.mark.parametrize("act", sorted(FIXED - {Act.DIGIT}, key=str))
def test_some_keys_are_nobodys_to_change(act: Act) -> None:
    """Esc above all."""
    assert bind(DEFAULT, act, ("M",)) == Refused(why=Refusal.FIXED)


@pytest.mark.parametrize(
    "label",
    [
        "Esc",
        "1",
        "Ctrl+C",
        "Ctrl+V",
        "Alt+X",
        "Ctrl+Shift+K",
        "[",
        "€",
        "ü",
        "",
        "AltGr",
    ],
)
def test_keys_that_layouts_or_fields_need_cannot_be_bound(label: str) -> None:
    """Digits, text chords, brackets, AltGr and signs of one language."""
    assert bind(DEFAULT, Act.KEEP, (label,)) == Refused(
        why=Refusal.UNKNOWN, label=label
    )


@pytest.mark.parametrize("act", sorted(NEEDED, key=str))
def test_lock_curtain_sheet_and_palette_keep_a_key(act: Act) -> None:
    """Also where the vault says otherwise."""
    assert bind(DEFAULT, act, ()) == Refused(why=Refusal.NEEDED)
    none = Preferences(bindings=(Binding(act=act.value, keys=()),))
    assert resolved(none).labels(act)


@pytest.mark.parametrize("act", [Act.LOCK, Act.PALETTE])
def test_lock_and_palette_work_from_fields_whatever_is_set(act: Act) -> None:
    """A letter alone would do nothing in a note, or with single keys off."""
    assert bind(DEFAULT, act, ("M",)) == Refused(why=Refusal.NEEDED)
    sly = Preferences(
        bindings=(Binding(act=act.value, keys=("M",)),), single_keys=False
    )
    assert any(key.in_fields for key in resolved(sly).keys if key.act is act)
    moved = bind(DEFAULT, act, ("F9",))
    assert isinstance(moved, Preferences)
    assert all(key.in_fields for key in resolved(moved).keys if key.act is act)


def test_esc_covers_under_every_setting() -> None:
    """No preset and nothing in the vault takes it away."""
    sly = Preferences(
        bindings=(
            Binding(act="cover", keys=()),
            Binding(act="keep", keys=("Esc", "Escape")),
        )
    )
    for each in (DEFAULT, sly, *(Preferences(hand=hand) for hand in Hand)):
        for single in (True, False):
            with_it = msgspec.structs.replace(each, single_keys=single)
            key = resolved(with_it).named("Escape", control=False)
            assert key is not None
            assert key.act is Act.COVER


def test_what_makes_no_sense_is_passed_over() -> None:
    """An act of another version, a key twice, a key that is none."""
    odd = Preferences(
        bindings=(
            Binding(act="fly", keys=("M",)),
            Binding(act="keep", keys=("M", "M", "Ctrl+Alt+Del", "")),
            Binding(act="note", keys=("M",)),
        )
    )
    held = resolved(odd)
    assert held.labels(Act.KEEP) == ("M",)
    assert held.labels(Act.NOTE) == ()


# Presets and single keys ----------------------------------------------------------


@pytest.mark.parametrize("hand", list(Hand))
def test_a_preset_has_no_two_acts_on_a_key_and_no_act_without(hand: Hand) -> None:
    """Every act keeps a key, and a key has one act."""
    held = resolved(Preferences(hand=hand))
    places = [(one.name, one.letter, one.control) for one in held.keys]
    assert len(places) == len(set(places))
    assert {key.act for key in held.keys} == {key.act for key in KEYS}


def test_the_left_hand_reaches_what_it_needs_and_so_does_the_right() -> None:
    """Letters of the left half for the left hand, of the right half for the right."""
    left_half, right_half = set("QWERTASDFGZXCVB"), set("YUIOPHJKLNM")
    left = resolved(Preferences(hand=Hand.LEFT))
    right = resolved(Preferences(hand=Hand.RIGHT))
    often = {Act.NEXT_UNDECIDED, Act.UNDO, Act.KEEP, Act.CLEARER, Act.SAFER}
    for act in often:
        assert {one.letter for one in left.keys if one.act is act} & left_half
    ladder = {Act.CLEARER, Act.SAFER, Act.HOLD_WHOLE, Act.REPEAT, Act.UNDO, Act.KEEP}
    for act in ladder:
        letters = {one.letter for one in right.keys if one.act is act and one.letter}
        assert letters <= right_half | {"Z"}


def test_single_keys_off_leaves_control_named_keys_and_esc() -> None:
    """No letter, digit or sign acts alone (WCAG 2.1.4)."""
    held = resolved(Preferences(single_keys=False))
    for key in held.keys:
        assert key.control or (not key.letter and key.name not in {"Plus", "Question"})
    assert held.labels(Act.COVER) == ("Esc",)
    assert held.labels(Act.PALETTE) == ("Ctrl+K",)
    assert held.labels(Act.KEEP) == ()
    assert held.shown("1–9") == "Ctrl+1–9"
    assert held.shown("K") == ""


def test_sheet_and_strip_show_the_keys_that_hold() -> None:
    """A line without a key is gone; a moved key is shown where it is now."""
    made = bind(DEFAULT, Act.KEEP, ("M",))
    assert isinstance(made, Preferences)
    lines = {line.words: line.keys for line in resolved(made).sheet()}
    assert lines["Keep for later"] == ("M",)
    off = resolved(Preferences(single_keys=False)).sheet()
    assert not any("K" in line.keys or "U" in line.keys for line in off)
    undo = next(line for line in off if line.words == "Undo the last act")
    assert undo.keys == ("Ctrl+Z",)
    for hand in Hand:
        held = resolved(Preferences(hand=hand))
        shown = {label for line in held.sheet() for label in line.keys}
        assert {key.label for key in held.keys} <= shown


# Holds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "modifiers",
    [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
     Qt.KeyboardModifier.ShiftModifier],
)  # fmt: skip
@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_F])
def test_a_hold_ends_with_its_key_whatever_else_is_down(
    modifiers: Qt.KeyboardModifier, key: Qt.Key
) -> None:
    """A modifier that came later does not leave it stuck."""
    stroke = release_of(QKeyEvent(QEvent.Type.KeyRelease, key, modifiers))
    assert stroke is not None
    assert stroke.act in HOLDS
