"""Words of the palette, of search and of similar items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.item import FlaggedBy, Kind
from reviewer.matching.stacks import Likeness
from reviewer.matching.words import Field
from reviewer.services.searching import NONE, UNRATED, By, Facet, FieldHit, Yes
from reviewer.ui import messages
from reviewer.ui.plain import one_line

# Palette --------------------------------------------------------------------------

PALETTE: Final = "Acts by name"
PALETTE_HINT: Final = "Type part of a name"
PALETTE_NONE: Final = "No act of that name works now"
TOGGLE: Final = "Show for a while, or cover"
CLOSES: Final = "close"
PALETTE_KEYS: Final = (
    ("↑", "up"),
    ("↓", "down"),
    ("Enter", "do it"),
    ("Esc", "cover and close"),
)


def open_batch(card: str) -> str:
    """Return the entry that opens a batch, as its card is read out."""
    return f"Open: {card}"


def choose(label: str) -> str:
    """Return the entry that chooses an option of the lit group."""
    return f"Choose: {label}"


# Search ---------------------------------------------------------------------------

SEARCH: Final = "Search this batch"
SEARCH_HINT: Final = "Words, in any language"
SEARCH_EMPTY: Final = "Type a word, or press Tab and narrow down on the left."
SEARCH_NONE: Final = "Nothing found. Every word has to stand in the item."
SEARCHING: Final = "Searching"
NARROW: Final = "Narrow down"
RESULTS: Final = "Items found"
KEYS_LINE: Final = "Enter opens · Tab changes the list · Esc covers and closes"
BACK_HINT: Final = "where you were"
SIMILAR_KEYS: Final = (
    ("↑", "up"),
    ("↓", "down"),
    ("Enter", "open"),
    ("Esc", "cover and close"),
)
SEARCH_KEYS: Final = (("Tab", "change the list"), *SIMILAR_KEYS)

SIMILAR_HINT: Final = "Part of a reference"
SIMILAR_NONE: Final = "No copies of this item in the batch."
GROUPING: Final = "Comparing the items of this batch"

_FIELDS: Final[Mapping[Field, str]] = {
    Field.REF: "reference",
    Field.TAGS: "tags",
    Field.SOURCE: "source",
    Field.CAPTION: "caption",
    Field.ACCOUNT: "account",
    Field.GROUP: "context group",
    Field.FLAG: "reason of the flag",
    Field.TEXT: "text",
    Field.TRANSCRIPT: "transcript",
    Field.TRANSLATION: "translation",
}
_BY: Final[Mapping[By, str]] = {
    By.STANDING: "Standing",
    By.KEPT: "Kept for later",
    By.KIND: "Kind",
    By.SEVERITY: "Severity",
    By.PRIORITY: "Priority",
    By.LANGUAGE: "Language",
    By.TAG: "Tag",
    By.FLAG: "Flagged by",
    By.MATCH: "Known list",
    By.OPTED: "Your opt-outs",
    By.SOURCE: "Source",
}
_STANDINGS: Final[Mapping[str, str]] = {
    StandingKind.OPEN.value: "open",
    StandingKind.DECIDED.value: "decided",
    StandingKind.HANDED_BACK.value: "handed back",
    StandingKind.SECOND_OPINION.value: "second opinion",
    StandingKind.POLICY_UNCLEAR.value: "policy unclear",
    StandingKind.ESCALATED.value: "escalated",
    StandingKind.THREAT_TO_LIFE.value: "threat to life",
    StandingKind.HANDED_OVER.value: "handed over",
    StandingKind.EXPIRED.value: "past its date",
    StandingKind.MARKED.value: "minor possible",
    StandingKind.SEALED.value: "sealed",
}
"""In one or two words, for a list; `words.flags` and `choice_view` say it in full."""
_YES: Final[Mapping[str, str]] = {
    Yes.KEPT.value: "kept",
    Yes.MATCHED.value: "has a match",
    Yes.UNMATCHED.value: "no match",
    Yes.OUT.value: "opted out",
    Yes.IN.value: "not opted out",
}


def similar_to(ref: str) -> str:
    """Return the title of the list of similar items."""
    return f"Similar to {one_line(ref, limit=40)}"


def found(count: int) -> str:
    """Return how many items were found."""
    return "1 item" if count == 1 else f"{count:,} items".replace(",", "\u202f")


def fields(hits: Sequence[FieldHit]) -> str:
    """Return where the words stand, and how often."""
    return " · ".join(f"{_FIELDS[one.field]} {one.count}" for one in hits)


def standing(kind: StandingKind, *, keep: bool) -> str:
    """Return how an item stands, in one or two words."""
    words = _STANDINGS[kind.value]
    return f"{words}, kept" if keep else words


def facet_title(by: By) -> str:
    """Return the name of a property."""
    return _BY[by]


def facet(one: Facet) -> str:
    """Return one value of a property; what comes from a batch is made visible."""
    match one.by:
        case By.STANDING:
            return _STANDINGS[one.value]
        case By.KIND:
            return messages.KINDS[Kind(one.value)]
        case By.SEVERITY:
            return messages.severity(
                None if one.value == UNRATED else int(one.value)
            ).lower()
        case By.FLAG:
            flagged = one.value != NONE
            return messages.FLAGGED[FlaggedBy(one.value)] if flagged else "not flagged"
        case By.KEPT | By.MATCH | By.OPTED:
            return _YES[one.value]
        case _:
            return one_line(one.value, limit=40) or messages.NOT_KNOWN


def likeness(like: Likeness, distance_bits: int) -> str:
    """Return how alike two items are."""
    if like is Likeness.EXACT:
        return "the same bytes"
    return f"near, {distance_bits} of 256 bits differ"
