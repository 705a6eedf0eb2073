"""Words of the page on which keys are set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reviewer.domain.preferences import Hand
from reviewer.ui.bindings import Refusal, Refused
from reviewer.ui.words.acts import name_of

TITLE: Final = "Keys"
CAPTURE: Final = "This system lets other programs take a picture of the window"
HAND: Final = "Hands on the keyboard"
HANDS: Final[Mapping[Hand, str]] = {
    Hand.BOTH: "Both",
    Hand.LEFT: "Left hand only",
    Hand.RIGHT: "Right hand only",
}
SINGLE: Final = "Letters and digits act by themselves"
SINGLE_ON: Final = "Yes"
SINGLE_OFF: Final = "No: with Ctrl, or by name"
FILTER: Final = "Acts"
FILTER_HINT: Final = "Part of a name; Enter changes its key"
USUAL: Final = "Usual keys for this act"
ALL_USUAL: Final = "Usual keys for all acts"
FIXED_MARK: Final = "fixed"
NO_KEY: Final = "no key"
ALWAYS_LINE: Final = "Esc always covers. Lock and the list of acts always keep a key."


def press(name: str) -> str:
    """Return what is asked while a key is waited for."""
    return f"{name}: press the new key. Esc leaves it as it is."


def set_to(name: str, label: str) -> str:
    """Return what is said once a key is set."""
    return f"{name}: {label}"


def refused(one: Refused) -> str:
    """Return why a key was not set."""
    match one.why:
        case Refusal.TAKEN if one.act is not None:
            return f"{one.label} is taken: {name_of(one.act)}. Nothing was changed."
        case Refusal.FIXED:
            return "The keys of this act are fixed."
        case Refusal.NEEDED:
            return "This act needs a key that works in text fields too, such as Ctrl+L."
        case _:
            return "That key cannot be used. Letters, F1 to F12 and Ctrl+letter can."
