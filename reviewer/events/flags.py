"""Flags and hand-overs of a watched session: what fails is noted, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reviewer.domain.ids import BatchId, ItemId
from reviewer.errors import ReviewerError
from reviewer.events import kinds
from reviewer.events.log import Log
from reviewer.services.acting import Changed
from reviewer.services.flagging import (
    Flagging,
    ThreatFile,
    ThreatForm,
    ThreatRecorded,
)
from reviewer.services.handing import HandedOver, Handing

T = TypeVar("T")


class WatchedFlagging:
    """A `Flagging` that notes when nothing could be recorded; never what was."""

    def __init__(self, flagging: Flagging, log: Log) -> None:
        """Take the acts of an unlocked profile."""
        self._flagging = flagging
        self._log = log

    def second_opinion(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Ask for another person's view."""
        return committed(
            self._log, lambda: self._flagging.second_opinion(item_id, note=note)
        )

    def policy_unclear(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Say that the rule book does not answer."""
        return committed(
            self._log, lambda: self._flagging.policy_unclear(item_id, note=note)
        )

    def escalate(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Tell the duty officer."""
        return committed(self._log, lambda: self._flagging.escalate(item_id, note=note))

    def threat(self, item_id: ItemId, form: ThreatForm) -> ThreatRecorded:
        """Record a threat to life and return the signed file about it."""
        return committed(self._log, lambda: self._flagging.threat(item_id, form))

    def threat_file(self, item_id: ItemId) -> ThreatFile:
        """Return the file about a threat that stands."""
        return self._flagging.threat_file(item_id)


class WatchedHanding:
    """A `Handing` that notes when nothing could be recorded."""

    def __init__(self, handing: Handing, log: Log) -> None:
        """Take what hands over."""
        self._handing = handing
        self._log = log

    def undecided(self, batch_id: BatchId) -> int:
        """Return how many items would be returned."""
        return self._handing.undecided(batch_id)

    def hand_over(self, batch_id: BatchId, *, line: str | None = None) -> HandedOver:
        """Return every undecided item."""
        return committed(
            self._log, lambda: self._handing.hand_over(batch_id, line=line)
        )


def committed(log: Log, act: Callable[[], T]) -> T:
    """Run an act upon items; that it was done is no event, that it failed is."""
    try:
        return act()
    except ReviewerError as error:
        log.write(kinds.CommitFailed(why=error.code))
        raise
