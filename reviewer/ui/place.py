"""Where in a batch one is, and what comes next. Plain values, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import msgspec

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.ports import ItemRow

_LOOK_AHEAD: Final = 2


class Place:
    """The rows of the open batch and the position among them."""

    def __init__(self, rows: tuple[ItemRow, ...], index: int) -> None:
        """Begin at the place that was kept."""
        self.rows = list(rows)
        self.index = min(max(index, 0), max(0, len(rows) - 1))
        self.pending: set[ItemId] = set()
        """Items whose commit has not been confirmed; they count as done."""

    @property
    def row(self) -> ItemRow:
        """Return the item on the stage."""
        return self.rows[self.index]

    def put(self, row: ItemRow) -> None:
        """Take the row as the vault now has it."""
        at = self.index_of(row.item.id)
        if at is not None:
            self.rows[at] = row

    def put_keep(self, item_id: ItemId, *, keep: bool) -> None:
        """Show an item as kept before the vault has answered."""
        at = self.index_of(item_id)
        if at is not None:
            row = self.rows[at]
            standing = msgspec.structs.replace(row.standing, keep=keep)
            self.rows[at] = replace(row, standing=standing)

    def index_of(self, item_id: ItemId) -> int | None:
        """Return where an item stands."""
        for at, row in enumerate(self.rows):
            if row.item.id == item_id:
                return at
        return None

    def is_open(self, at: int) -> bool:
        """Return whether the item there is neither decided nor on its way."""
        row = self.rows[at]
        is_open = row.standing.kind is StandingKind.OPEN
        return is_open and row.item.id not in self.pending

    def open_count(self) -> int:
        """Return how many items are left."""
        return sum(self.is_open(at) for at in range(len(self.rows)))

    def next_open(self) -> int | None:
        """Return the next open item, kept ones last; None if none is left."""
        return next(self._open_from(self.index), None)

    def ahead(self) -> tuple[int, ...]:
        """Return the items that most probably come next."""
        found = []
        for at in self._open_from(self.index):
            found.append(at)
            if len(found) == _LOOK_AHEAD:
                break
        return tuple(found)

    def _open_from(self, start: int) -> Iterator[int]:
        count = len(self.rows)
        order = [(start + step) % count for step in range(1, count + 1)]
        order = [at for at in order if at != start] + [start]
        opens = [at for at in order if self.is_open(at)]
        yield from (at for at in opens if not self.rows[at].standing.keep)
        yield from (at for at in opens if self.rows[at].standing.keep)
