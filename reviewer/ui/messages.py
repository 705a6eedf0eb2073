"""All screen text that is not an error: sentence case, plain, no content.

Error sentences stand in `explanations.py`, keyed by code; words of verdicts,
grounds and reasons come from the policy pack and stand nowhere in code.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from reviewer.domain.item import BatchPurpose, FlaggedBy, Kind
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.rendition import SandboxLevel, Step
from reviewer.ui import name

APP: Final = name.APP
"""The window title: constant, whatever is open."""

# Entering -----------------------------------------------------------------------

WELCOME: Final = "Set up this laptop"
WELCOME_LINE: Final = (
    "You work with a code from your organisation. What you receive and decide is kept "
    "encrypted on this laptop."
)
ENROL_ONLINE: Final = "Enrol with a code"
ENROL_ONLINE_LINE: Final = "You have an address, a code, and a connection."
ENROL_REQUEST: Final = "Make a request file"
ENROL_REQUEST_LINE: Final = "You have a code, but no connection. Two files go by stick."
ENROL_ACCEPT: Final = "Open an enrolment file"
ENROL_ACCEPT_LINE: Final = "Your request was answered by a file."
TRY_DEMO: Final = "Try the demonstration"
TRY_DEMO_LINE: Final = "Drawn pictures, a throw-away profile, nothing leaves."
ADDRESS: Final = "Address of the coordinator"
ADDRESS_HINT: Final = "https://"
CODE: Final = "Code"
CODE_HINT: Final = "As you were given it; spaces and dashes do not matter"
PASSPHRASE: Final = "Passphrase"
PASSPHRASE_AGAIN: Final = "Passphrase once more"
PASSPHRASE_OFFER: Final = "Six words, made for you. Write them down and keep them safe."
PASSPHRASE_OTHER: Final = "Other words"
PASSPHRASE_OWN: Final = "Use my own"
PASSPHRASE_TAKE: Final = "Use words made for me"
PASSPHRASE_DIFFERS: Final = "The two passphrases differ."
PASSPHRASE_NO_WAY_BACK: Final = (
    "Nobody can recover it for you. Without it, what is not yet sent is lost."
)
CHOOSE_FILE: Final = "Choose the file"
ENROL_FILE: Final = "Enrolment file"
SAVE_REQUEST: Final = "Save the request file as"
REQUEST_MADE: Final = "Your request is ready"
REQUEST_MADE_LINE: Final = (
    "Take the file to the person who invited you, and read these words to them. "
    "They must see the same words."
)
ENROL: Final = "Enrol"
MAKE_REQUEST: Final = "Make the request"
OPEN: Final = "Open"
BACK: Final = "Back"
DONE: Final = "Done"
ENROLLING: Final = "Making your keys and asking the coordinator"
UNLOCK: Final = "Unlock"
UNLOCK_TITLE: Final = "Locked"
UNLOCK_LINE: Final = "Your vault opens with your passphrase."
UNLOCKING: Final = "Opening the vault; this takes a moment on purpose"
ENROL_BEGUN: Final = "The enrolment of this laptop was begun and is not finished."
ENROL_BEGUN_LINE: Final = (
    "An enrolment was begun here and is not finished. Go on with the same code and the "
    "same passphrase, or start over."
)
ENROL_GO_ON: Final = "Go on with the enrolment, or start over"
START_OVER: Final = "Start over"
START_OVER_LINE: Final = "Forget the enrolment that was begun. Nothing else is here."
START_OVER_SURE: Final = (
    "If your code was already used, you will need a new one. Press once more to forget "
    "what was begun."
)
AWAITING: Final = "Got an enrolment file? Open it here"
KEYRING_WORDS: Final = {
    KeyringMode.REQUIRED: "Also kept by a secret in this system's keyring",
    KeyringMode.OPTIONAL: "Kept by the passphrase alone: no system keyring is used",
}
SUPPORT: Final = "Someone to talk to"
SHOW_PASSPHRASE: Final = "Show what I type"
HIDE_PASSPHRASE: Final = "Hide what I type"

CRASHED: Final = (
    "The program made a mistake and put everything away. What was confirmed is kept. "
    "If it happens again, tell the person who looks after this laptop."
)

# Curtain ------------------------------------------------------------------------

CURTAIN_TITLE: Final = "A break"
CURTAIN_LINE: Final = (
    "Everything is put away. Take as long as you like; nobody counts it."
)
CURTAIN_OPEN: Final = "Come back"

# Home ---------------------------------------------------------------------------

HOME_TITLE: Final = "Your batches"
FETCH: Final = "Fetch new batches"
IMPORT: Final = "Import a file"
SUBMIT: Final = "Submit"
LOCK: Final = "Lock"
LOADING: Final = "One moment"
HOME_EMPTY: Final = "No batch here yet"
HOME_EMPTY_LINE: Final = (
    "Fetch while you are connected, or import a file that you were given."
)
HOME_EMPTY_OFFLINE: Final = "Import a file that you were given, to begin."
FETCHING: Final = "Fetching"
IMPORTING: Final = "Checking and taking in"
CANCEL: Final = "Cancel"
CANCELLING: Final = "Stopping; nothing is lost"
RECEIPT_IN: Final = "Open a receipt file"
NOTHING_NEW: Final = "No new batch is waiting"
PURPOSES: Final = {
    BatchPurpose.REVIEW: "Review",
    BatchPurpose.TRAINING: "Training",
    BatchPurpose.SECOND_REVIEW: "Second review",
    BatchPurpose.APPEAL: "Appeal",
    BatchPurpose.AUDIT: "Audit",
}
SEVERITY_UNRATED: Final = "unrated"

# Review -------------------------------------------------------------------------

KINDS: Final = {
    Kind.IMAGE: "Picture",
    Kind.CLIP: "Clip",
    Kind.TEXT: "Text",
    Kind.UNSUPPORTED: "Not supported",
}
STEPS: Final = {
    Step.CONCEALED: "Concealed",
    Step.SOFTENED: "Softened",
    Step.GREY: "Clear grey",
    Step.COLOUR: "Colour",
}
FLAGGED: Final = {
    FlaggedBy.USER: "a user",
    FlaggedBy.TRUSTED_FLAGGER: "a trusted flagger",
    FlaggedBy.AUTHORITY: "an authority",
    FlaggedBy.PARTNER_LIST: "a partner's list",
    FlaggedBy.AUTOMATED: "automated means",
    FlaggedBy.STAFF: "staff",
}
READABLE: Final = "Readable"
OPEN_TEXT: Final = "Open"
COVER_TEXT: Final = "Cover"
SOURCE: Final = "Source"
ACCOUNT: Final = "Account"
CAPTURED: Final = "Time"
LANGUAGE: Final = "Language"
FLAGGED_BY: Final = "Flagged by"
PRIORITY: Final = "Priority"
DEADLINE: Final = "Deadline"
SEVERITY: Final = "Severity"
NOT_KNOWN: Final = "not known"
TAGS: Final = "Content tags"
NO_TAGS: Final = "No tags"
MORE_TAGS: Final = "and {} more"
TEXT_CUT: Final = "Only the beginning of this text is shown here."
CONTEXT: Final = "Context"
ITEM_TEXT: Final = "Item text"
MATCH: Final = "Seen before"
CAPTION: Final = "Caption"
BODY: Final = "Text"
TRANSCRIPT: Final = "Transcript"
TRANSLATION: Final = "Translation"
FLAG_REASON: Final = "Why it was flagged"
COVERED: Final = "Covered"
COVERED_LINE: Final = "Press Space to uncover the concealed picture"
COVERED_TEXT_LINE: Final = "Press Space to uncover"
PREPARING: Final = "Being made ready"
TEXT_CONCEALED: Final = "Hold Space to read, or D to open"
REFUSED_TITLE: Final = "Cannot be shown"
DECISION: Final = "Decision"
NOTE: Final = "Note"
NOTE_HINT: Final = "Note (N) for others"
NOTE_ADD: Final = "Add a note"
HAND_BACK: Final = "Hand back"
HAND_BACK_TITLE: Final = "Hand back"
HAND_BACK_LINE: Final = "A reason if you like; Enter goes without one."
COMMIT: Final = "Commit"
GO_ON: Final = "Go on"
VERDICT_GROUP: Final = "Verdict"
GROUNDS_GROUP: Final = "On which grounds"
PURPOSE_GROUP: Final = "A protected purpose"
READY_GROUP: Final = "Ready to commit"
SEVERITY_LINE: Final = "It travels with your decision and changes how the item opens."
LACKS: Final = {
    "verdict": "Choose a verdict.",
    "ground": "Choose at least one ground.",
    "purpose": "Choose a purpose; 0 if there is none.",
    "reason": "Choose a reason.",
    "note": "This reason asks for a note.",
}
BY_YOU: Final = "by you"
ASSUMED: Final = "assumed"
REASON_GROUP: Final = "Why"
SEVERITY_GROUP: Final = "Severity, 0 to 5"
SEVERITY_WORDS: Final = (
    "nothing graphic",
    "mild",
    "moderate",
    "strong",
    "severe",
    "extreme",
)
KEPT: Final = "Kept for later"
DECIDED: Final = "Decided"
HANDED_BACK: Final = "Handed back"
PROPOSED: Final = "Proposed, goes to a second reviewer"
SECOND_REVIEW: Final = "Decided, goes to a second reviewer"
SENT: Final = "sent"
NOT_SENT: Final = "not yet sent"
READ_ONLY: Final = "Open for reading only"
COMMITTING: Final = "Being signed"
COMMIT_FAILED: Final = "This decision was not saved. Its fields are kept here."
ALL_DONE: Final = "Every item is decided or handed back"
UNDONE: Final = "Taken back"
LIGHTS: Final = "Keys that work now"
SHOW_FOR_A_WHILE: Final = "Show without holding"
SANDBOX: Final = {
    SandboxLevel.FULL: "Content is read behind full walls",
    SandboxLevel.REDUCED: "Content is read behind reduced walls",
    SandboxLevel.NONE: "No walls here: nothing is shown",
}
BREAK_DUE: Final = "A break is due"
BREAK_OVERDUE: Final = "A break comes before the next look"
MENU_PREVIOUS: Final = "Previous"
MENU_NEXT: Final = "Next"
BATCHES: Final = "Batches"
KEY_SHEET: Final = "Keys"
CLOSE: Final = "Close"

# Submit -------------------------------------------------------------------------

SUBMIT_TITLE: Final = "What will leave this laptop"
SUBMIT_LINE: Final = (
    "Signed and sealed to the coordinator. Pictures, clips, times of looking and "
    "breaks never leave."
)
SUBMIT_ONLINE: Final = "Submit now"
SUBMIT_STICK: Final = "Write to a stick"
SUBMIT_FROZEN: Final = (
    "An earlier submission still waits for its receipt. It goes first, unchanged."
)
SUBMIT_NOTHING: Final = "Everything is already sent"
SUBMITTING: Final = "Sending, and checking the receipt"
CAPACITY: Final = "How much more can you take?"
CAPACITY_WORDS: Final = {
    "ok": "As much as now",
    "low": "A little",
    "none": "Nothing for now",
}
SUBMIT_COUNTS: Final = (
    "Decisions",
    "Items handed back",
    "Acts taken back",
    "Items opened",
    "Notes",
    "Signed entries in all",
)
SUBMIT_WRITTEN: Final = "Written"
SUBMIT_WRITTEN_LINE: Final = (
    "Take the file to your coordinator. Until its receipt is back here, everything in "
    "it counts as not yet sent."
)
RECEIPT_TITLE: Final = "Received and verified"
RECEIPT_LINE: Final = (
    "The coordinator holds your decisions and has signed for them. Neither side can "
    "change them unseen."
)
RECEIPT_COVERS: Final = "Covers"
RECEIPT_AT: Final = "Signed at"
RECEIPT_HEAD: Final = "Journal head"
FILE: Final = "File"

# Choosing a file ----------------------------------------------------------------

PICK_OPEN: Final = "Choose a file"
PICK_SAVE: Final = "Save as"
PICK_SAVE_HERE: Final = "Save here"
STICK: Final = "Stick"
PICK_NAME: Final = "Name"
PICK_FOLDER: Final = "Folder"
PICK_UP: Final = "Up"
PICK_EMPTY: Final = "Nothing here that fits"


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def days_left(days: int) -> str:
    """Return a deadline as plain words."""
    if days < 0:
        return "past its last day"
    if days == 0:
        return "ends today"
    return "1 day left" if days == 1 else f"{days} days left"


def is_pressing(days: int) -> bool:
    """Return whether a deadline deserves the one warm colour."""
    return days <= 1


def position(index: int, count: int) -> str:
    """Return where in the batch one is."""
    return f"{index + 1} of {count}"


def undecided(count: int) -> str:
    """Return how many items are still open."""
    return "none left open" if count == 0 else f"{count} open"


def journal(entries: int, unsent: int, *, read_only: bool) -> str:
    """Return the state of the journal in words."""
    if read_only:
        return READ_ONLY
    if entries == 0:
        return "nothing signed yet"
    return "signed, all sent" if unsent == 0 else f"signed, {unsent} not yet sent"


def progress(what: str, done_bytes: int, total_bytes: int) -> str:
    """Return what is under way and how much of it is done."""
    return f"{what}: {size(done_bytes)} of {size(total_bytes)}"


def left_over(seconds: float) -> str:
    """Return how long is left, roughly."""
    if seconds < 60:
        return "less than a minute left"
    minutes = round(seconds / 60)
    return "about a minute left" if minutes == 1 else f"about {minutes} minutes left"


def size(count_bytes: int) -> str:
    """Return a size with its unit."""
    amount = float(count_bytes)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def duration(length_ms: int) -> str:
    """Return a length of time as minutes and seconds."""
    seconds = round(length_ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02d} min"


def severity(value: int | None) -> str:
    """Return a severity in words."""
    return SEVERITY_UNRATED if value is None else f"{value}, {SEVERITY_WORDS[value]}"


def mix(counts: tuple[int, ...]) -> str:
    """Return the severity mix of a batch in words."""
    *rated, unrated = counts
    parts = [f"{count} at {value}" for value, count in enumerate(rated) if count]
    if unrated:
        parts.append(f"{unrated} {SEVERITY_UNRATED}")
    return ", ".join(parts)


def done_of(done: int, total: int) -> str:
    """Return how much of a batch is done."""
    return f"{done} of {counted(total, 'item', 'items')} done"


def languages(codes: tuple[str, ...]) -> str:
    """Return the languages of a batch."""
    return ", ".join(codes) if codes else "language not known"


def batch_spoken(name: str, left: int, total: int, days: int) -> str:
    """Return a batch card as one sentence for a screen reader."""
    return f"{name}, {left} of {total} open, {days_left(days)}"


def entries(count: int) -> str:
    """Return how many entries there are."""
    return counted(count, "signed entry", "signed entries")


def page(index: int, count: int) -> str:
    """Return which page of a text is open, and how to turn it."""
    return f"Page {index + 1} of {count}; turn it by the left and right arrow keys"


def reason_title(ground: str) -> str:
    """Return the title of a group of reasons."""
    return f"Why: {ground}"


def same_decided(ref: str, verdict: str) -> str:
    """Say that identical content was decided before."""
    return f"Same content as {ref}: {verdict}, decided by you"


def same_open(ref: str) -> str:
    """Say that identical content stands elsewhere in the batch."""
    return f"Same content as {ref}, still open"


def known_match(source: str, signal: str, verdict: str | None, *, checked: bool) -> str:
    """Say that a list knows the content, and how far that can be relied on."""
    by = "checked by a person" if checked else "not checked by a person"
    found = "listed" if verdict is None else f"listed as {verdict}"
    return f"{source}: {found} ({signal}, {by})"


def last_act(ref: str, words: str) -> str:
    """Name the last act, and the key that takes it back."""
    return f"{ref}: {words}. U takes it back."


def words_line(label: str, count: int) -> str:
    """Return the line that stands for a text that is not open."""
    return f"{label}, {counted(count, 'word', 'words')}"


def fetched(batches: int, refused: int) -> str:
    """Return what a fetch brought."""
    brought = counted(batches, "new batch", "new batches")
    return f"{brought}, {refused} refused" if refused else brought


def imported(name: str, items: int, *, already: bool) -> str:
    """Return what an import did."""
    if already:
        return f"{name} was already here"
    return f"{name} is here: {counted(items, 'item', 'items')}"


def moment(utc: str) -> str:
    """Return a time with its zone, as people write it."""
    try:
        when = datetime.strptime(utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return utc
    return f"{when.day} {when:%b %Y, %H:%M} UTC"
