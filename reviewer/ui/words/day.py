"""Words of the day around the desk: breaks, support, closing, the owner's record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from reviewer.ports import BatchCounts
from reviewer.safeguards.restoring import Found
from reviewer.ui.messages import SEVERITY_UNRATED, counted

# Curtain and break --------------------------------------------------------------

BREAK_LINE: Final = "Everything is put away."
BREAK_TIME: Final = "Show the time"
BREAK_TIME_HIDE: Final = "Hide the time"
PIN: Final = "PIN"
PIN_AGAIN: Final = "PIN once more"
PIN_LINE: Final = "Your PIN opens what was put away. Three wrong ones lock it fully."
PIN_INSTEAD: Final = "Use the passphrase instead"
BACK_TO_PIN: Final = "Use the PIN instead"
OPENING: Final = "Opening"

# Support ------------------------------------------------------------------------

SUPPORT: Final = "Someone to talk to"
SUPPORT_LINE: Final = "Nobody is told that you looked at this page."
SUPPORT_MORE: Final = "Read more"
SUPPORT_NONE: Final = (
    "Your organisation's own numbers stand here once this laptop is enrolled."
)
LEAFLET: Final = "If images keep coming back"
LEAFLET_LINES: Final = (
    (
        "If pictures from this work keep coming back, for example three times in a "
        "week or more, tell a clinician. A brief guided treatment exists."
    ),
    (
        "You can take a break, hand items back, or stop for the day at any time, "
        "without a reason and without asking."
    ),
    "Colleagues who do the same work often understand best. Talking is never required.",
)

# Home ---------------------------------------------------------------------------

RECORD: Final = "Your record"
SETTINGS: Final = "Settings"
OFFER_PIN: Final = "A PIN makes coming back from a break quick."
CHOOSE_PIN: Final = "Choose a PIN"
NOT_NOW: Final = "Not now"
DISMISS: Final = "All right"
TAKE_BREAK: Final = "Take a break"
BREAK_DUE: Final = "A break is due."
BREAK_HARD: Final = "A break comes before the next look. Deciding works without one."
OFFER_FREE: Final = "A day without severity 4 and above is due. Make it today?"
CHOOSE_FREE: Final = "Make it today"
HAND_OVER: Final = "Hand over the rest"
STANDINGS: Final = (
    "decided",
    "handed back",
    "second opinion",
    "policy unclear",
    "escalated",
    "handed over or past their date",
    "sealed",
)
"""Of `BatchCounts`, in its order."""
FIRST_PRIORITY: Final = "Holds an urgent item (P1): it comes first"
FOUND: Final = {
    Found.MISSING: "The record of what you looked at was missing.",
    Found.OLDER: "The record of what you looked at was an older copy.",
    Found.UNREADABLE: "The record of what you looked at could not be read.",
}
FOUND_COST: Final = "What was spent stays spent, and half of what was left is withheld."
PREFERENCES_LOST: Final = "Your settings could not be read; the defaults hold."

# Handing over -------------------------------------------------------------------

HAND_OVER_LINE: Final = (
    "They go back undecided, the kept ones too. What you decided stays. No reason is "
    "asked; U on the review screen takes it back until it is sent."
)
HAND_OVER_FIELD: Final = "One line for whoever goes on, if you like"
HAND_OVER_NOTHING: Final = "Every item of this batch has an answer."

# Closing ------------------------------------------------------------------------

CLOSING: Final = "Done for now"
CLOSE_SITTING: Final = "Finish here"
CLOSED_RECEIVED: Final = "Everything is signed and received."
LOCK: Final = "Lock"
TO_BATCHES: Final = "Back to your batches"

# Outcomes -----------------------------------------------------------------------

OUTCOMES: Final = "What became of your work so far"
OUTCOME_WORDS: Final = (
    "Accepted as decided",
    "With a second reviewer",
    "Returned",
    "Escalated",
    "Corrected by you",
)

# The owner's record -------------------------------------------------------------

RECORD_LINE: Final = (
    "Only you can see this. It never leaves this laptop and nobody can ask for it."
)
TODAY: Final = "Today"
LEFT: Final = "Still possible today"
PAST: Final = "Days before"
PAST_NONE: Final = "No earlier day is kept."
TAGS: Final = "What you do not want to see"
TAGS_LINE: Final = (
    "Items with these content tags are not shown, not even concealed. No reason is "
    "asked, and nobody else learns of it."
)
TAG_FIELD: Final = "Content tag"
OPT_OUT: Final = "Do not show"
OPT_IN: Final = "Show again"
FREE: Final = "A day without severity 4 and above"
FREE_ON: Final = "Today is such a day."
FREE_OFF: Final = "Items of severity 4 and above are not offered on such a day."
CHOOSE: Final = "Choose it for today"
TAKE_BACK: Final = "Take that back"
FORGET: Final = "Delete the history"
FORGET_LINE: Final = (
    "The days before go. What a limit still needs of today and this week stays until "
    "it lapses."
)
FORGET_SURE: Final = "Press once more to delete it"
FORGOTTEN: Final = "The history is deleted."
LEFT_WORDS: Final = (
    "Looks at severity 4 and 5",
    "of these, at severity 5",
    "Looks at unrated items",
    "Clear time at severity 4 and 5",
    "Active time today",
    "Active time this week",
)
LIMITS_ARE: Final = (
    "Your organisation sets these numbers; clinicians and counsel have the last word. "
    "None of them is known to be safe: take less whenever you like."
)
RAMP: Final = "You are new to this: each limit is smaller in the first days."
WITHHELD: Final = "A part is withheld because the record was lost once."

# Settings -----------------------------------------------------------------------

THEME: Final = "Light or dark"
THEMES: Final = {"system": "As the system", "light": "Light", "dark": "Dark"}
LEAST_PX: Final = 12
"""Of a concealed picture, on its long side; the least that is offered."""
CONCEALING: Final = "How concealed pictures look"
CONCEALING_LINE: Final = (
    "Fewer points hide more. You can go below what your organisation set, never above."
)
AS_ORGANISATION: Final = "As set"
GREY: Final = "Concealed pictures in grey"
GREY_SET: Final = "Your organisation has set this; it cannot be changed here."
TEXT_SIZE: Final = "Size of text"
TOGGLE: Final = "Press once to look, instead of holding the key"
TOGGLE_LINE: Final = "It conceals by itself after a few seconds."
SINGLE_KEYS: Final = "Letters and digits act without Ctrl"
KEYS: Final = "Change keys"
HAND: Final = "Keys for"
HANDS: Final = {"both": "Both hands", "left": "Left hand", "right": "Right hand"}
PIN_SETTING: Final = "PIN for the end of a break"
PIN_SET: Final = "A PIN is set."
PIN_UNSET: Final = "No PIN: the passphrase opens what a break put away."
PIN_RULE: Final = "Six digits or more; not one digit alone, and no plain run."
PIN_REMOVE: Final = "Go without a PIN"
PIN_SAVE: Final = "Save the PIN"
PIN_DIFFERS: Final = "The two PINs differ."
PIN_SAVED: Final = "Saved. It opens after the next break."
PIN_REMOVED: Final = "Removed."
SAVED: Final = "Saved"

# Profiles -----------------------------------------------------------------------

WHO: Final = "Who works now?"
WHO_LINE: Final = "Each person has a profile and a passphrase of their own."
PROFILE_UNNAMED: Final = "First profile of this laptop"
PROFILE_NEW: Final = "Someone new"
PROFILE_NEW_LINE: Final = "Set up a profile beside these. You need a code."
PROFILE_EMPTY: Final = "not set up yet"
ALIAS: Final = "A word for this profile"
ALIAS_LINE: Final = (
    "Everybody who opens this laptop can read it. Take any word but your name."
)
ALIAS_GO: Final = "Go on"
ALIAS_WRONG: Final = "Take 2 to 24 letters or digits; a word that is not here yet."
OTHER_PERSON: Final = "Someone else works now"


def done_words(done: int, unopened: int) -> str:
    """Return what a sitting held, as one sentence; nothing about speed."""
    items = counted(done, "item", "items")
    if not done:
        return "No item today, and that is fine."
    if unopened == done:
        return f"{items}, none of them opened."
    return f"{items}, {unopened:,} without opening any." if unopened else f"{items}."


def stand(counts: BatchCounts) -> str:
    """Return how the items that have an answer stand; a zero is not named."""
    found = (
        counts.decided,
        counts.handed_back,
        counts.second_opinion,
        counts.policy_unclear,
        counts.escalated,
        counts.handed_over,
        counts.sealed,
    )
    pairs = zip(found, STANDINGS, strict=True)
    return ", ".join(f"{count:,} {said}" for count, said in pairs if count)


def unsent_words(unsent: int) -> str:
    """Return how the journal stands at the end of a sitting."""
    if not unsent:
        return CLOSED_RECEIVED
    waits = counted(unsent, "entry is", "entries are")
    return f"Everything is signed; {waits} not yet sent."


def hand_over_title(count: int) -> str:
    """Return how many items would go back."""
    return f"Hand over {counted(count, 'item', 'items')}"


def handed_over(count: int) -> str:
    """Return what was handed over."""
    return f"{counted(count, 'item', 'items')} handed over; it leaves when you submit"


def break_time(done_ms: int, length_ms: int) -> str:
    """Return how far a break is, for who asked."""
    done, length = done_ms // 60_000, -(-length_ms // 60_000)
    if done >= length:
        return "The break is as long as it needs to be."
    return f"{done} of {counted(length, 'minute', 'minutes')}"


def pause(count_minutes: int) -> str:
    """Return the offer of a pause after an item of severity 5."""
    return f"{counted(count_minutes, 'minute', 'minutes')} of pause, if you like."


def minutes(count_ms: int) -> str:
    """Return a length of time in whole minutes, up."""
    return counted(-(-count_ms // 60_000), "minute", "minutes")


def active(count_minutes: int) -> str:
    """Return active minutes as hours and minutes."""
    hours, rest = divmod(max(0, count_minutes), 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def day(begun_ms: int) -> str:
    """Return the day on which something began, in the laptop's own time."""
    when = datetime.fromtimestamp(begun_ms / 1000, tz=UTC).astimezone()
    return f"{when:%a} {when.day} {when:%b}"


def views(counts: tuple[int, ...]) -> str:
    """Return how many items were looked at, by severity, in words."""
    *rated, unrated = counts
    parts = [f"{count} at {value}" for value, count in enumerate(rated) if count]
    if unrated:
        parts.append(f"{unrated} {SEVERITY_UNRATED}")
    return ", ".join(parts) if parts else "nothing looked at"


def tally(breaks: int, covers: int) -> str:
    """Return breaks and covers of a day."""
    return f"{counted(breaks, 'break', 'breaks')}, {counted(covers, 'cover', 'covers')}"


def seconds(count_ms: int) -> str:
    """Return clear time in seconds."""
    return f"{count_ms // 1000:,} s"


def percent(value: int) -> str:
    """Return a size of text."""
    return f"{value} %"


def most(count_px: int) -> str:
    """Return how far a person may go, and who has set that."""
    if count_px <= LEAST_PX:
        return f"Your organisation has set {points(count_px)}, the fewest there are."
    return f"Your organisation has set {points(count_px)} at most."


def points(count_px: int) -> str:
    """Return a strength of concealing."""
    return f"{count_px} points"
