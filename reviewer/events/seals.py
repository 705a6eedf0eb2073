"""*Minor possible* of a watched session: what fails is noted, items by alias."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reviewer.domain.ids import ItemId, Pseudonym
from reviewer.errors import ReviewerError
from reviewer.events import kinds
from reviewer.events.log import Log
from reviewer.services.acting import Changed
from reviewer.services.sealing import Sealing

T = TypeVar("T")


class WatchedSealing:
    """A `Sealing` that notes seals and what could not be written."""

    def __init__(
        self, sealing: Sealing, log: Log, *, pseudonym: Callable[[str], Pseudonym]
    ) -> None:
        """Take the seals of an unlocked profile."""
        self._sealing = sealing
        self._log = log
        self._pseudonym = pseudonym

    def mark(self, item_id: ItemId) -> Changed:
        """Cover an item and journal that a minor may be shown."""
        return self._committed(lambda: self._sealing.mark(item_id))

    def unmark(self, item_id: ItemId) -> Changed:
        """Take a mark back."""
        return self._committed(lambda: self._sealing.unmark(item_id))

    def seal(self, item_id: ItemId) -> Changed:
        """Seal a marked item and its exact copies for good."""
        changed = self._committed(lambda: self._sealing.seal(item_id))
        self._log.write(
            kinds.Sealed(item=self._pseudonym(item_id), copies=len(changed.also))
        )
        return changed

    def finish_marked(self) -> int:
        """Seal what is marked."""
        return self._committed(self._sealing.finish_marked)

    def _committed(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except ReviewerError as error:
            self._log.write(kinds.CommitFailed(why=error.code))
            raise
