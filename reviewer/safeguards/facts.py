"""What an item counts as: by its signed rating, or the reviewer's own where graver.

Rating an item down opens no cap and no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Item
from reviewer.safeguards.measures import MILD_TO, SEVERE_FROM

UNRATED_PLACE: Final = 6
"""Of unrated items in a tuple of counts, after severity 0 to 5."""
WORST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the limits need to know of an item."""

    item_id: ItemId
    signed: int | None
    """The severity that its batch signed or assumed; None is unrated."""
    own: int | None = None
    """The reviewer's correction."""
    tags: frozenset[str] = frozenset()

    @property
    def severity(self) -> int | None:
        """Return what it counts as: unrated stays so unless it is said to be severe."""
        if self.signed is None:
            is_graver = self.own is not None and self.own >= SEVERE_FROM
            return self.own if is_graver else None
        return self.signed if self.own is None else max(self.signed, self.own)

    @property
    def place(self) -> int:
        """Return its place in a tuple of counts."""
        return UNRATED_PLACE if self.severity is None else self.severity

    @property
    def is_unrated(self) -> bool:
        """Return whether nobody knows what is in it."""
        return self.severity is None

    @property
    def is_severe(self) -> bool:
        """Return whether it is of severity 4 or 5."""
        return self.severity is not None and self.severity >= SEVERE_FROM

    @property
    def is_worst(self) -> bool:
        """Return whether it is of severity 5."""
        return self.severity == WORST

    @property
    def is_calm(self) -> bool:
        """Return whether it is known to be of severity 2 or less."""
        return self.severity is not None and self.severity <= MILD_TO


def facts_of(item: Item, *, own: int | None) -> Facts:
    """Return the facts of an item of a batch, with the reviewer's correction."""
    signed = item.assumed_severity if item.severity is None else item.severity
    return Facts(item_id=item.id, signed=signed, own=own, tags=frozenset(item.tags))
