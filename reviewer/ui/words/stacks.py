"""Words about copies: how many, where they come from, what a verdict covers."""

from __future__ import annotations

from typing import Final

from reviewer.matching.stacks import Likeness
from reviewer.services.confirming import Hint

CONTEXTS_TITLE: Final = "Copies in this batch"
CONTEXTS_LINE: Final = (
    "They show the same. Confirm the verdict for each place where they were shown."
)
HERE: Final = "the same place as this item"
HINTS: Final = {
    Hint.NEWS: "Not ticked: a copy in it comes from the news.",
    Hint.OTHER_SOURCE: "Not ticked: only near, and from another source.",
    Hint.OTHER_CONTEXT: "Not ticked: the verdict rests on where this item was shown.",
}
DONE: Final = "Done comparing"
COMPARE: Final = "Compare with its copies"
COMPARE_TITLE: Final = "Compare, concealed"
SHOWING_ITEM: Final = "Shown now: this item"
SHOWING_COPY: Final = "Shown now: the copy"
LEFT_OUT: Final = "taken out"
STANDS_ALONE: Final = "stands alone now"
NOT_SHOWN: Final = "Its picture cannot be shown. What is said of it is on this page."
NO_COPIES: Final = "No copies of this item are known in this batch."


def copies(exact: int, near: int) -> str:
    """Return how many copies there are, in one line; empty for none."""
    if not exact + near:
        return ""
    kinds = ", ".join(
        part for part in (_counted(exact, "exact"), _counted(near, "near")) if part
    )
    noun = "copy" if exact + near == 1 else "copies"
    return f"{exact + near} {noun} in this batch: {kinds}. One decision can cover them."


def commit_for(count: int) -> str:
    """Return what the primary button says."""
    return f"Commit for {count} items" if count > 1 else "Commit for this item alone"


def done_for(words: str, count: int) -> str:
    """Return what was done, for the line that names the last act."""
    return f"{words} – {count} items" if count > 1 else words


def page_of(page: int, count: int) -> str:
    """Return which page of the contexts is shown, where there is more than one."""
    return f"Page {page} of {count}, by Page up and Page down."


def and_more(count: int) -> str:
    """Return how many more items have the same content."""
    return f"and {count} more with the same content"


def taken_out(count: int) -> str:
    """Return how many copies of a context were taken out."""
    return f"{count} taken out"


def likeness(kind: Likeness, distance_bits: int) -> str:
    """Return how much of a copy it is."""
    if kind is Likeness.EXACT:
        return "exact copy, the same bytes"
    return f"near copy, {distance_bits} of 256 bits of its fingerprint differ"


def of_count(at: int, count: int) -> str:
    """Return which copy is compared."""
    return f"Copy {at} of {count}"


def _counted(count: int, words: str) -> str:
    return f"{count} {words}" if count else ""
