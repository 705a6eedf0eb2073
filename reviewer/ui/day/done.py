"""What a sitting held, in items; for its last screen, kept nowhere and never sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reviewer.domain.decision import Basis, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.ports import ItemRow

_UNOPENED: Final = frozenset({Basis.CONTEXT_ONLY, Basis.HASH_MATCH})


class Done:
    """Items that got an answer since unlock, and those decided without a look."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: set[ItemId] = set()
        self._done: set[ItemId] = set()
        self._unopened: set[ItemId] = set()

    @property
    def count(self) -> int:
        """Return how many items got an answer."""
        return len(self._done)

    @property
    def unopened(self) -> int:
        """Return how many of them were decided without opening them."""
        return len(self._unopened)

    def began(self, rows: Iterable[ItemRow]) -> None:
        """Note what is open as a batch is opened."""
        self._open |= {row.item.id for row in rows if _is_open(row)}

    def left(self, rows: Iterable[ItemRow]) -> None:
        """Note what got an answer, as the batch is left."""
        for row in rows:
            item_id, decision = row.item.id, row.standing.decision
            self._done.discard(item_id)
            self._unopened.discard(item_id)
            if item_id in self._open and not _is_open(row):
                self._done.add(item_id)
                if decision is not None and decision.basis in _UNOPENED:
                    self._unopened.add(item_id)


def _is_open(row: ItemRow) -> bool:
    return row.standing.kind is StandingKind.OPEN
