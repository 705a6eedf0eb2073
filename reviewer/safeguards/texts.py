"""Item text beside the stage: caption, transcript, translation, text from pixels.

Open up to severity 2, else one line ("Transcript, 214 words") that one action opens;
Esc, focus loss and lock cover it (review-loop.md, *Words*). The body of a text item
is on the stage and belongs to `reveal`. A decision from item text alone is
CONTEXT_ONLY, so nothing here counts as a look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reviewer.safeguards.measures import MILD_TO
from reviewer.safeguards.reveal import Event

_COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})
_LEAVES: Final = frozenset({Event.FOCUS_LOST, Event.HIDDEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """Whether one text of an item is open. Made by `open_item_text`."""

    is_open: bool
    opens_readable: bool
    is_away: bool = False
    """It was covered by focus loss and comes back with the focus."""


def open_item_text(severity: int | None) -> ItemText:
    """Return how item text opens at this severity; unrated is one line."""
    opens = severity is not None and severity <= MILD_TO
    return ItemText(is_open=opens, opens_readable=opens)


def advance_text(text: ItemText, event: Event, *, may_reveal: bool) -> ItemText:
    """Answer one event; those that have nothing to do with text change nothing.

    While `may_reveal` is False, text that does not open readable stays one line.
    """
    if text.is_open and not (may_reveal or text.opens_readable):
        return _closed(text)
    if event in _COVERS:
        return _closed(text)
    if event in _LEAVES:
        away = text.opens_readable and (text.is_open or text.is_away)
        return replace(_closed(text), is_away=away)
    if event is Event.FOCUS_GAINED:
        return replace(text, is_open=text.is_open or text.is_away, is_away=False)
    if event is Event.OPEN_TEXT:
        may_open = may_reveal or text.opens_readable
        return replace(text, is_open=may_open and not text.is_open, is_away=False)
    return text


def _closed(text: ItemText) -> ItemText:
    """Return the text as one line."""
    return replace(text, is_open=False, is_away=False)
