"""Words of second opinion, policy unclear, escalation, threat to life, and seals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.ui.words.limits import Saying

# Flags --------------------------------------------------------------------------

SECOND_OPINION: Final = "Second opinion asked for"
POLICY_UNCLEAR: Final = "Policy unclear"
ESCALATED: Final = "Escalated to the duty officer"
THREAT: Final = "Threat to life recorded"
LEAVES: Final = "Leaves with the next submission"
SUBMIT_NOW: Final = "Submit now"
CORRECTION: Final = "a correction of what was sent"
CORRECTION_LINE: Final = "Deciding again sends a correction"

STANDINGS: Final[Mapping[StandingKind, str]] = {
    StandingKind.SECOND_OPINION: SECOND_OPINION,
    StandingKind.POLICY_UNCLEAR: POLICY_UNCLEAR,
    StandingKind.ESCALATED: ESCALATED,
    StandingKind.THREAT_TO_LIFE: THREAT,
    StandingKind.HANDED_OVER: "Handed over",
    StandingKind.EXPIRED: "Not decided before its date",
    StandingKind.MARKED: "Marked: minor possible",
    StandingKind.SEALED: "Sealed: minor possible",
}
"""How an item stands; `messages` has the words of the others."""


def stands(verdict: str) -> str:
    """Return that a decision goes on standing beside a flag."""
    return f"{verdict} stands" if verdict else "The decision stands"


# Threat to life -----------------------------------------------------------------

THREAT_TITLE: Final = "Threat to life"
THREAT_LINE: Final = (
    "In your own words. One line is enough. Whoever gets the file can read what you "
    "write here; nothing of the item goes along."
)
THREAT_FIELDS: Final = (
    ("what", "What is threatened"),
    ("who", "Who, to whom"),
    ("where", "Where"),
    ("when", "When"),
    ("how_soon", "How soon"),
)
"""Names as in `services.flagging.ThreatForm`, in the order of Tab."""
THREAT_RECORD: Final = "Record and write the file"
THREAT_KEYS: Final = "Ctrl+Enter goes on from any line. Esc closes and keeps the words."
THREAT_WRITES: Final = "Ctrl+Enter asks where it goes. Esc closes."
THREAT_RECORDED: Final = "This threat is recorded."
THREAT_RECORDED_LINE: Final = (
    "The signed file about it can be written as often as it is needed."
)
THREAT_WRITE: Final = "Write the file"
THREAT_CLOSE: Final = "Close"
THREAT_CALL: Final = "By telephone"
THREAT_KEPT: Final = "What you wrote is kept; T opens the form again."
THREAT_NO_OFFICER: Final = "Your organisation has named no number."


def reference(ref: str) -> str:
    """Return the line that says which item to name on the telephone."""
    return f"Say the reference: {ref}"


def too_long(title: str, over: int) -> str:
    """Return which line is too long, and by how much."""
    noun = "character" if over == 1 else "characters"
    return f"{title}: {over} {noun} too many. Shorten it, or go on in another line."


def unwritten(ref: str) -> str:
    """Return that a threat is recorded and its file still to be written."""
    return f"{ref}: {THREAT}. No file yet: T on it offers the file."


def written(name: str) -> str:
    """Return that the file is written, by its name."""
    return f"Written: {name}. It also leaves with the next submission."


# Minor possible -----------------------------------------------------------------

MARK_TITLE: Final = "Minor possible"
MARK_ANYWHERE: Final = "Break, lock and closing the window seal it too."
TAKEN_BACK: Final = "Taken back, still covered"
SEALED: Final = "sealed"
SEALED_TITLE: Final = "Sealed"
SEALED_LINE: Final = "A minor may be shown. Nothing of it can be opened here any more."
COPY_LINE: Final = "It has the same content as an item that is marked or sealed."


def mark_line(seal: str, undo: str) -> str:
    """Return which key seals and which takes back."""
    return f"Second {seal} seals. {undo} takes it back."


def mark_failed(seal: str) -> str:
    """Return that the vault could not write the seal."""
    return f"It could not be sealed yet. {seal} tries again; the lock seals it too."


def mark_unrecorded(seal: str) -> str:
    """Return that the vault could not write the mark."""
    return f"Covered until the lock, but not recorded. {seal} tries again."


def seals_in(seconds: int) -> str:
    """Return how long until it seals by itself."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Seals by itself in {seconds} {unit}"


def sealed(ref: str) -> str:
    """Name a seal; nothing takes it back."""
    return f"{ref}: {SEALED}. It stays covered for good."


def plate(title: str, *lines: str) -> Saying:
    """Return what stands on the stage in place of an item that is put away."""
    return Saying(short=title, title=title, lines=lines)
