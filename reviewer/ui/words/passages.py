"""Words for finding in a text and for marked passages; places, never their words."""

from __future__ import annotations

from typing import Final

from reviewer.domain.decision import Passage

FIND_TITLE: Final = "Find in this text"
FIND_HINT: Final = "A word or words"
FIND_KEYS: Final = "Enter or Ctrl+T: next place. Tab: back to the text"
NOTHING_FOUND: Final = "Nothing found"
SEARCHING: Final = "Searching"
MARKED_TITLE: Final = "Marked passages"
MARKED_LINE: Final = (
    "They go into the decision as pages and places, without their words."
)
FIND_HINT_KEY: Final = "find"
MARK_HINT: Final = "mark passage"
BEGUN: Final = "Passage begun. O ends it."
MARKED: Final = "Passage marked."
UNMARKED: Final = "Mark taken away."
NOT_OPEN: Final = "Open the text to mark a passage."
ENOUGH: Final = "No more passages can be marked on one text."


def find_keys(again: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the keys of the line in which words are typed, and what they do."""
    return (
        ("Enter", "next place"),
        *((key, "next place") for key in again),
        ("↑", "place before"),
        ("Tab", "back to the text"),
        ("Esc", "cover and close"),
    )


def found(at: int, count: int, *, is_more: bool, searched: int, pages: int) -> str:
    """Return how many places there are, and how far the search has come."""
    if is_more and searched < pages:
        so_far = f"{SEARCHING}, page {searched:,} of {pages:,}"
        return f"{count:,} so far. {so_far}" if count else so_far
    if not count:
        return NOTHING_FOUND
    places = "1 place" if count == 1 else f"{count:,} places"
    return f"{at + 1:,} of {places}" if at >= 0 else places


def place(passage: Passage) -> str:
    """Return where a passage stands."""
    length = passage.end - passage.start
    characters = "1 character" if length == 1 else f"{length:,} characters"
    return f"Page {passage.page + 1:,}, {characters}"
