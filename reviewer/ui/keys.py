"""Turn key events into acts: physical digits, Latin letters, holds, no repeats.

One event filter on the application sees every press and release before any widget
does. It never uses QShortcut, which cannot tell a hold, and it drops auto-repeat
(review-loop.md, *Keys*).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from reviewer.ui import bindings
from reviewer.ui.actions import HOLDS, Act, Key

_XKB_OFFSET: Final = 8
"""X11 and Wayland key codes are the scan codes of set 1 plus eight."""

_ROW_DIGITS: Final = {code: (code - 1) % 10 for code in range(2, 12)}
_PAD_DIGITS: Final = {
    71: 7, 72: 8, 73: 9, 75: 4, 76: 5, 77: 6, 79: 1, 80: 2, 81: 3, 82: 0
}  # fmt: skip
_LETTER_ROWS: Final = ((16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
_LETTERS: Final = {
    first + index: letter
    for first, row in _LETTER_ROWS
    for index, letter in enumerate(row)
}
_MAC_DIGITS: Final = {
    18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9, 29: 0,
    83: 1, 84: 2, 85: 3, 86: 4, 87: 5, 88: 6, 89: 7, 91: 8, 92: 9, 82: 0,
}  # fmt: skip
_MAC_LETTERS: Final = {
    0: "A", 1: "S", 2: "D", 3: "F", 4: "H", 5: "G", 6: "Z", 7: "X", 8: "C", 9: "V",
    11: "B", 12: "Q", 13: "W", 14: "E", 15: "R", 16: "Y", 17: "T", 31: "O", 32: "U",
    34: "I", 35: "P", 37: "L", 38: "J", 40: "K", 45: "N", 46: "M",
}  # fmt: skip

_NAMES: Final[dict[int, str]] = {
    Qt.Key.Key_Space.value: "Space",
    Qt.Key.Key_Escape.value: "Escape",
    Qt.Key.Key_Left.value: "Left",
    Qt.Key.Key_Right.value: "Right",
    Qt.Key.Key_Up.value: "Up",
    Qt.Key.Key_Down.value: "Down",
    Qt.Key.Key_Plus.value: "Plus",
    Qt.Key.Key_Equal.value: "Plus",
    Qt.Key.Key_Minus.value: "Minus",
    Qt.Key.Key_Return.value: "Return",
    Qt.Key.Key_Enter.value: "Enter",
    Qt.Key.Key_PageDown.value: "PageDown",
    Qt.Key.Key_PageUp.value: "PageUp",
    Qt.Key.Key_Backspace.value: "Backspace",
    Qt.Key.Key_Home.value: "Home",
    Qt.Key.Key_End.value: "End",
    Qt.Key.Key_Insert.value: "Insert",
    **{Qt.Key.Key_F1.value + step: f"F{step + 1}" for step in range(12)},
    Qt.Key.Key_Question.value: "Question",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """What one key event asks for."""

    act: Act
    digit: int = -1
    in_fields: bool = False


def stroke_of(event: QKeyEvent) -> Stroke | None:
    """Return the act of a key event, or None where the key means nothing here."""
    modifiers = event.modifiers()
    away = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    if modifiers & away:
        return None
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    name = key_name(event)
    held = bindings.current()
    if name:
        return _stroke(held.named(name, control=control))
    digit = digit_of(event)
    if digit is not None:
        # With single keys off, Ctrl and a digit choose.
        return Stroke(act=Act.DIGIT, digit=digit) if _chooses(control=control) else None
    letter = letter_of(event)
    if modifiers & Qt.KeyboardModifier.ShiftModifier and not control:
        return None
    return _stroke(held.lettered(letter, control=control)) if letter else None


def release_of(event: QKeyEvent) -> Stroke | None:
    """Return what a released key ends, whatever else is pressed by then.

    A hold that began without Ctrl ends with its key, also while Ctrl or Alt is down.
    """
    held = bindings.current()
    name, letter = key_name(event), letter_of(event)
    for control in (False, True):
        key = held.named(name, control=control) if name else None
        if key is None and letter:
            key = held.lettered(letter, control=control)
        if key is not None and key.act in HOLDS:
            return _stroke(key)
    return stroke_of(event)


def key_name(event: QKeyEvent) -> str:
    """Return the name of a key that has one of its own, or nothing."""
    return "" if _is_digit_place(event) else _NAMES.get(event.key(), "")


def digit_of(event: QKeyEvent) -> int | None:
    """Return the digit of the key's position in the digit row or number pad."""
    if sys.platform == "darwin":
        return _MAC_DIGITS.get(event.nativeVirtualKey()) or _plain_digit(event)
    code = _scan_code(event)
    if code is None:
        return _plain_digit(event)
    return _ROW_DIGITS.get(code, _PAD_DIGITS.get(code))


def letter_of(event: QKeyEvent) -> str:
    """Return the Latin letter on the key, or that of its position, or nothing."""
    if Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
        return chr(event.key())
    if sys.platform == "darwin":
        return _MAC_LETTERS.get(event.nativeVirtualKey(), "")
    code = _scan_code(event)
    return "" if code is None else _LETTERS.get(code, "")


def _chooses(*, control: bool) -> bool:
    return control is not bindings.current().single_keys


def _stroke(key: Key | None) -> Stroke | None:
    return None if key is None else Stroke(act=key.act, in_fields=key.in_fields)


def _is_digit_place(event: QKeyEvent) -> bool:
    """Return whether the key is one for digits, whatever it types.

    On AZERTY one of the row types `-`; the pad without its lock types arrows.
    """
    if sys.platform == "darwin":
        return event.nativeVirtualKey() in _MAC_DIGITS
    code = _scan_code(event)
    on_pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    return code in _ROW_DIGITS or (on_pad and code in _PAD_DIGITS)


def _scan_code(event: QKeyEvent) -> int | None:
    """Return the set 1 scan code; None for events without one (made by hand)."""
    native = event.nativeScanCode()
    if native <= 1:
        return None
    return native if sys.platform == "win32" else native - _XKB_OFFSET


def _plain_digit(event: QKeyEvent) -> int | None:
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return event.key() - Qt.Key.Key_0
    return None
