"""Stacks and fingerprints of a watched session: what fails is noted, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from reviewer.domain.ids import BatchId, ItemId, Pseudonym
from reviewer.errors import Code, ReviewerError
from reviewer.events import kinds
from reviewer.events.log import Log
from reviewer.matching.stacks import Stack
from reviewer.safeguards.basis import Looks
from reviewer.services.confirming import Confirmation
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.fingerprinting import STEP_COUNT, Fingerprinting, Found, Task
from reviewer.services.stacking import Grouped, Stacking, StackView, Ungrouped

T = TypeVar("T")

WATCHED: Final = frozenset(
    {
        Code.DECODER_DIED,
        Code.DECODER_LIED,
        Code.MEDIA_TIMEOUT,
        Code.MEDIA_MISSING,
        Code.HASH_MISMATCH,
        Code.SANDBOX_UNAVAILABLE,
    }
)
"""What says something about the machine or an attack; a broken file says nothing."""


class WatchedStacking:
    """A `Stacking` that notes when nothing could be recorded."""

    def __init__(self, stacking: Stacking, log: Log) -> None:
        """Take the stacks of an unlocked profile."""
        self._stacking = stacking
        self._log = log

    def load(self, batch_id: BatchId) -> Ungrouped:
        """Read what grouping needs."""
        return self._stacking.load(batch_id)

    def is_grouped(self, batch_id: BatchId) -> bool:
        """Return whether stacks of a batch were taken."""
        return self._stacking.is_grouped(batch_id)

    def take(self, grouped: Grouped) -> None:
        """Answer by these stacks from now on."""
        self._stacking.take(grouped)

    def stacks(self, batch_id: BatchId) -> tuple[Stack, ...]:
        """Return the stacks of a batch."""
        return self._stacking.stacks(batch_id)

    def of(self, item_id: ItemId) -> StackView | None:
        """Return an item with its copies."""
        return self._stacking.of(item_id)

    def confirm(self, item_id: ItemId, complete: Complete) -> Confirmation:
        """Group the copies that a verdict may cover by their contexts."""
        return self._stacking.confirm(item_id, complete)

    def decide(
        self,
        confirmation: Confirmation,
        *,
        looks: Mapping[ItemId, Looks],
        note: str | None = None,
    ) -> Changed:
        """Record the verdict on the item and the chosen copies."""
        return self._committed(
            lambda: self._stacking.decide(confirmation, looks=looks, note=note)
        )

    def split(self, item_ids: Sequence[ItemId]) -> Changed:
        """Take items out of their stack."""
        return self._committed(lambda: self._stacking.split(item_ids))

    def _committed(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except ReviewerError as error:
            self._log.write(kinds.CommitFailed(why=error.code))
            raise


class WatchedFingerprinting:
    """A `Fingerprinting` that notes when a decoder died, lied or was silent."""

    def __init__(
        self,
        fingerprinting: Fingerprinting,
        log: Log,
        *,
        pseudonym: Callable[[str], Pseudonym],
    ) -> None:
        """Take the pass of an unlocked profile."""
        self._fingerprinting = fingerprinting
        self._log = log
        self._pseudonym = pseudonym

    def upcoming(
        self, batch_id: BatchId, *, most: int = STEP_COUNT
    ) -> tuple[Task, ...]:
        """Return what comes next, nothing once all is done."""
        return self._fingerprinting.upcoming(batch_id, most=most)

    def look(self, task: Task) -> Found:
        """Ask a child of its own what the item looks like."""
        found = self._fingerprinting.look(task)
        if found.refused is not None and found.refused in WATCHED:
            item = self._pseudonym(found.item_id)
            self._log.write(kinds.ItemFailed(item=item, why=found.refused))
        return found

    def keep(self, found: Sequence[Found]) -> None:
        """Keep what was found."""
        self._fingerprinting.keep(found)
