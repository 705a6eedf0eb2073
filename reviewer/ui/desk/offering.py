"""What auto-advance offers next: a preference that binds nothing.

Any item may be opened by hand, and nothing of this is asked then. What is offered is
chosen among the nearest open items and those of the first priority, so that a batch
of ten thousand takes no longer than one of a few hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from reviewer.safeguards.ordering import Because
from reviewer.ui.facade import Exposure
from reviewer.ui.place import Place

NEAREST_COUNT: Final = 400
"""Open items among which one is chosen, from the present place on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Where to go, and why."""

    index: int | None
    because: Because
    is_kept: bool = False
    """Nothing but what was kept for later is left."""


class Offering:
    """Asks the limits over the open items of a batch."""

    def __init__(self, place: Place, exposure: Exposure) -> None:
        """Choose from this place on."""
        self._place = place
        self._exposure = exposure
        self.lead: Callable[[int], int] = int
        """Who is shown for the item at a place: the clearest of its copies."""

    def next(self, *, without: Iterable[int] = ()) -> Offered:
        """Return the item to offer, other than these."""
        passed = frozenset(without)
        for keep in (False, True):
            among = self._among(passed, keep=keep)
            rows = [self._place.rows[at] for at in among]
            choice = self._exposure.next_item(rows)
            if choice.item_id is not None:
                at = self._lead(self._place.index_of(choice.item_id), passed)
                return Offered(index=at, because=choice.because, is_kept=keep)
        return Offered(index=None, because=Because.NOTHING_LEFT)

    def ahead(self, count: int) -> tuple[int, ...]:
        """Return the items that most probably come next."""
        found: list[int] = []
        for _ in range(count):
            offered = self.next(without=[self._place.index, *found]).index
            if offered is None:
                break
            found.append(offered)
        return tuple(found)

    def _lead(self, at: int | None, passed: frozenset[int]) -> int | None:
        first = None if at is None else self.lead(at)
        return at if first in passed else first

    def _among(self, without: frozenset[int], *, keep: bool) -> list[int]:
        place = self._place
        opens = (
            at
            for at in place.open_from_here()
            if at not in without and place.rows[at].standing.keep is keep
        )
        near = list(islice(opens, NEAREST_COUNT))
        known = set(near)
        first = [
            at
            for at in place.first_priority
            if at not in known
            and at not in without
            and place.is_open(at)
            and place.rows[at].standing.keep is keep
        ]
        return near + first
