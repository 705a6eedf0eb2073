"""Every key of the window as it is at first, as data (review-loop.md, *Keys*).

What a reviewer has set instead is in `ui.bindings`.

Letters are taken by the label on the key where it is a Latin letter, since only
letters on which QWERTY, QWERTZ and AZERTY agree are used; on other layouts, and for
digits everywhere, by physical position. Holds are never shortcuts: `keys.py` sees
press and release. Keys of features that are not built are absent here, and so from
the key sheet.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Act(enum.Enum):
    """What a key can ask for."""

    DIGIT = "digit"
    COMMIT = "commit"
    HOLD_LENS = "hold_lens"
    HOLD_WHOLE = "hold_whole"
    TOGGLE = "toggle"
    TOGGLE_WHOLE = "toggle_whole"
    ONE_FRAME = "one_frame"
    CLEARER = "clearer"
    SAFER = "safer"
    COVER = "cover"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    LARGER = "larger"
    SMALLER = "smaller"
    PREVIOUS = "previous"
    NEXT = "next"
    NEXT_UNDECIDED = "next_undecided"
    KEEP = "keep"
    REPEAT = "repeat"
    UNDO = "undo"
    NOTE = "note"
    SEVERITY = "severity"
    HAND_BACK = "hand_back"
    CURTAIN = "curtain"
    LOCK = "lock"
    KEY_SHEET = "key_sheet"
    NEXT_ZONE = "next_zone"
    HOME = "home"
    BACK = "back"
    PALETTE = "palette"
    SEARCH = "search"
    SIMILAR = "similar"
    COMPARE = "compare"
    RETURN = "return"
    FIND_TEXT = "find_text"
    MARK_IN = "mark_in"
    MARK_OUT = "mark_out"
    SECOND_OPINION = "second_opinion"
    POLICY_UNCLEAR = "policy_unclear"
    ESCALATE = "escalate"
    THREAT = "threat"
    MINOR = "minor_possible"
    SUBMIT = "submit"


class Group(enum.Enum):
    """Where an act stands on the key sheet."""

    LOOK = "Look"
    DECIDE = "Decide"
    MOVE = "Move"
    ALWAYS = "Always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of one act."""

    act: Act
    label: str
    """As it stands on a key cap."""
    letter: str = ""
    """A Latin letter, taken by label or else by physical position."""
    name: str = ""
    """A key with a name of its own, such as `Space`."""
    control: bool = False
    in_fields: bool = False
    """Works in text fields too."""


KEYS: Final[tuple[Key, ...]] = (
    Key(act=Act.HOLD_LENS, label="Space", name="Space"),
    Key(act=Act.HOLD_WHOLE, label="F", letter="F"),
    Key(act=Act.TOGGLE, label="Ctrl+Space", name="Space", control=True),
    Key(act=Act.TOGGLE_WHOLE, label="Ctrl+O", letter="O", control=True),
    Key(act=Act.ONE_FRAME, label="Ctrl+P", letter="P", control=True),
    Key(act=Act.CLEARER, label="D", letter="D"),
    Key(act=Act.SAFER, label="X", letter="X"),
    Key(act=Act.COVER, label="Esc", name="Escape", in_fields=True),
    Key(act=Act.LEFT, label="←", name="Left"),
    Key(act=Act.RIGHT, label="→", name="Right"),
    Key(act=Act.UP, label="↑", name="Up"),
    Key(act=Act.DOWN, label="↓", name="Down"),
    Key(act=Act.LARGER, label="+", name="Plus"),
    Key(act=Act.SMALLER, label="−", name="Minus"),
    Key(act=Act.COMMIT, label="Enter", name="Return"),
    Key(act=Act.COMMIT, label="Enter", name="Enter"),
    Key(
        act=Act.COMMIT, label="Ctrl+Enter", name="Return", control=True, in_fields=True
    ),
    Key(act=Act.COMMIT, label="Ctrl+Enter", name="Enter", control=True, in_fields=True),
    Key(act=Act.BACK, label="Backspace", name="Backspace"),
    Key(act=Act.NEXT, label="Page down", name="PageDown"),
    Key(act=Act.PREVIOUS, label="Page up", name="PageUp"),
    Key(act=Act.NEXT_UNDECIDED, label="J", letter="J"),
    Key(act=Act.KEEP, label="K", letter="K"),
    Key(act=Act.REPEAT, label="R", letter="R"),
    Key(act=Act.UNDO, label="U", letter="U"),
    Key(act=Act.UNDO, label="Ctrl+Z", letter="Z", control=True),
    Key(act=Act.NOTE, label="N", letter="N"),
    Key(act=Act.SEVERITY, label="V", letter="V"),
    Key(act=Act.HAND_BACK, label="H", letter="H"),
    Key(act=Act.CURTAIN, label="B", letter="B"),
    Key(act=Act.LOCK, label="Ctrl+L", letter="L", control=True, in_fields=True),
    Key(act=Act.KEY_SHEET, label="F1", name="F1", in_fields=True),
    Key(act=Act.KEY_SHEET, label="?", name="Question"),
    Key(act=Act.NEXT_ZONE, label="F6", name="F6", in_fields=True),
    Key(act=Act.HOME, label="Ctrl+H", letter="H", control=True, in_fields=True),
    Key(act=Act.PALETTE, label="Ctrl+K", letter="K", control=True, in_fields=True),
    Key(act=Act.SEARCH, label="Ctrl+F", letter="F", control=True, in_fields=True),
    Key(act=Act.SIMILAR, label="Ctrl+G", letter="G", control=True, in_fields=True),
    Key(act=Act.COMPARE, label="Ctrl+D", letter="D", control=True, in_fields=True),
    Key(act=Act.FIND_TEXT, label="Ctrl+T", letter="T", control=True, in_fields=True),
    Key(act=Act.MARK_IN, label="I", letter="I"),
    Key(act=Act.MARK_OUT, label="O", letter="O"),
    Key(act=Act.RETURN, label="Ctrl+Backspace", name="Backspace", control=True),
    Key(act=Act.SECOND_OPINION, label="S", letter="S"),
    Key(act=Act.POLICY_UNCLEAR, label="G", letter="G"),
    Key(act=Act.ESCALATE, label="E", letter="E"),
    Key(act=Act.THREAT, label="T", letter="T"),
    Key(act=Act.MINOR, label="C", letter="C"),
    Key(act=Act.SUBMIT, label="Ctrl+S", letter="S", control=True, in_fields=True),
)

HOLDS: Final = frozenset({Act.HOLD_LENS, Act.HOLD_WHOLE})
"""Acts that have a beginning and an end."""

NEVER_DEAD: Final = frozenset({Act.COVER, Act.CURTAIN, Act.LOCK, Act.KEY_SHEET})
"""Acts that work in transitions too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the key sheet."""

    group: Group
    keys: tuple[str, ...]
    words: str


SHEET: Final[tuple[Line, ...]] = (
    Line(group=Group.LOOK, keys=("Space",), words="Tap: uncover. Hold: look by lens"),
    Line(group=Group.LOOK, keys=("F",), words="Hold: the whole picture or text"),
    Line(
        group=Group.LOOK,
        keys=("Ctrl+Space", "Ctrl+O"),
        words="The same without holding, for a while",
    ),
    Line(group=Group.LOOK, keys=("Ctrl+P",), words="A frame in place of the sheet"),
    Line(group=Group.LOOK, keys=("D", "X"), words="A step clearer, a step safer"),
    Line(
        group=Group.LOOK,
        keys=("←", "→", "↑", "↓"),
        words="Move lens, frame, page",
    ),
    Line(group=Group.LOOK, keys=("+", "−"), words="Magnify the lens"),
    Line(
        group=Group.DECIDE, keys=("1–9", "0"), words="Choose in the group that is lit"
    ),
    Line(group=Group.DECIDE, keys=("Enter",), words="Go on, or commit"),
    Line(group=Group.DECIDE, keys=("Ctrl+Enter",), words="The same from a text field"),
    Line(group=Group.DECIDE, keys=("Backspace",), words="One group back"),
    Line(group=Group.DECIDE, keys=("R",), words="Repeat the last fields"),
    Line(group=Group.DECIDE, keys=("N",), words="Write a note"),
    Line(group=Group.DECIDE, keys=("V", "0–5"), words="Correct the severity"),
    Line(group=Group.DECIDE, keys=("U", "Ctrl+Z"), words="Undo the last act"),
    Line(group=Group.DECIDE, keys=("H",), words="Hand back; a reason if you like"),
    Line(
        group=Group.DECIDE,
        keys=("S", "G", "E"),
        words="Second opinion, policy unclear, escalate",
    ),
    Line(group=Group.DECIDE, keys=("T",), words="Threat to life: form and file"),
    Line(group=Group.DECIDE, keys=("C",), words="Minor possible. Again: seal"),
    Line(group=Group.DECIDE, keys=("I", "O"), words="Begin and end a marked passage"),
    Line(group=Group.MOVE, keys=("Ctrl+T",), words="Find in the text, next place"),
    Line(group=Group.MOVE, keys=("Page down",), words="Next item"),
    Line(group=Group.MOVE, keys=("Page up",), words="Previous item"),
    Line(group=Group.MOVE, keys=("J",), words="Next undecided item"),
    Line(group=Group.MOVE, keys=("K",), words="Keep for later"),
    Line(group=Group.MOVE, keys=("Ctrl+F",), words="Search and narrow down"),
    Line(group=Group.LOOK, keys=("Ctrl+D",), words="Compare with its copies"),
    Line(group=Group.MOVE, keys=("Ctrl+G",), words="Similar items"),
    Line(group=Group.MOVE, keys=("Ctrl+Backspace",), words="Return to where you were"),
    Line(group=Group.MOVE, keys=("Ctrl+H",), words="Back to your batches"),
    Line(group=Group.MOVE, keys=("Ctrl+S",), words="Submit now"),
    Line(group=Group.MOVE, keys=("F6",), words="Next part of the window"),
    Line(group=Group.ALWAYS, keys=("Esc",), words="Cover everything at once"),
    Line(group=Group.ALWAYS, keys=("B",), words="Break: draw the curtain"),
    Line(group=Group.ALWAYS, keys=("Ctrl+L",), words="Lock"),
    Line(group=Group.ALWAYS, keys=("Ctrl+K",), words="All acts by name"),
    Line(group=Group.ALWAYS, keys=("F1", "?"), words="This sheet"),
)
