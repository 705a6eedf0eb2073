"""The name of every act, for the palette and the page of bindings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reviewer.ui.actions import KEYS, SHEET, Act

_NAMES: Final[Mapping[Act, str]] = {
    Act.COMMIT: "Go on, or commit",
    Act.HOLD_LENS: "Look by lens",
    Act.HOLD_WHOLE: "Look at the whole picture or text",
    Act.TOGGLE: "Look by lens for a while, without holding",
    Act.TOGGLE_WHOLE: "Look at the whole for a while, without holding",
    Act.ONE_FRAME: "A frame in place of the sheet",
    Act.CLEARER: "A step clearer",
    Act.SAFER: "A step safer",
    Act.COVER: "Cover everything",
    Act.LARGER: "Magnify the lens",
    Act.SMALLER: "Magnify the lens less",
    Act.PREVIOUS: "Previous item",
    Act.NEXT: "Next item",
    Act.NEXT_UNDECIDED: "Next undecided item",
    Act.KEEP: "Keep for later, or no longer",
    Act.REPEAT: "Repeat the last fields",
    Act.UNDO: "Undo the last act",
    Act.NOTE: "Write a note",
    Act.SEVERITY: "Correct the severity",
    Act.HAND_BACK: "Hand back",
    Act.CURTAIN: "Break: draw the curtain",
    Act.LOCK: "Lock",
    Act.KEY_SHEET: "Show all keys",
    Act.NEXT_ZONE: "Next part of the window",
    Act.HOME: "Back to your batches",
    Act.BACK: "One group back",
    Act.PALETTE: "All acts by name",
    Act.SEARCH: "Search and narrow down",
    Act.SIMILAR: "Similar items",
    Act.RETURN: "Return to where you were",
    Act.FIND_TEXT: "Find in the text, next place",
    Act.MARK_IN: "Begin a passage",
    Act.MARK_OUT: "End a passage, or mark this sentence",
    Act.SECOND_OPINION: "Ask for a second opinion",
    Act.POLICY_UNCLEAR: "Say that the policy is unclear",
    Act.ESCALATE: "Escalate to the duty officer",
    Act.THREAT: "Threat to life",
    Act.MINOR: "Minor possible",
    Act.SUBMIT: "Submit now",
}


def name_of(act: Act) -> str:
    """Return the name of an act; one without has the words of the key sheet."""
    if act in _NAMES:
        return _NAMES[act]
    labels = {key.label for key in KEYS if key.act is act}
    for line in SHEET:
        if labels & set(line.keys):
            return line.words
    return act.value.replace("_", " ").capitalize()
