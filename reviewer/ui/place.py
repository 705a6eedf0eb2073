"""Where in a batch one is, and what is open around it. Plain values, no Qt.

Every question here takes as long for ten thousand items as for ten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Priority
from reviewer.ports import ItemRow


class Place:
    """The rows of the open batch and the position among them."""

    def __init__(self, rows: tuple[ItemRow, ...], index: int) -> None:
        """Begin at the place that was kept."""
        self.rows = list(rows)
        self.index = min(max(index, 0), max(0, len(rows) - 1))
        self.veil: Callable[[ItemRow], ItemRow] = lambda row: row
        """Takes from a row what is not to be held."""
        self.pending: set[ItemId] = set()
        """Items whose commit has not been confirmed; they count as done."""
        self.first_priority = tuple(
            at for at, row in enumerate(rows) if row.item.priority is Priority.P1
        )
        self._same: defaultdict[Sha256Hex, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            self._same[row.item.sha256].append(at)
        self._at = {row.item.id: at for at, row in enumerate(rows)}
        self._open = {at for at, row in enumerate(rows) if _is_open(row)}

    @property
    def row(self) -> ItemRow:
        """Return the item on the stage."""
        return self.rows[self.index]

    def put(self, row: ItemRow) -> None:
        """Take the row as the vault now has it."""
        at = self.index_of(row.item.id)
        if at is None:
            return
        self.rows[at] = row = self.veil(row)
        if _is_open(row):
            self._open.add(at)
        else:
            self._open.discard(at)

    def put_keep(self, item_id: ItemId, *, keep: bool) -> None:
        """Show an item as kept before the vault has answered."""
        at = self.index_of(item_id)
        if at is not None:
            row = self.rows[at]
            standing = msgspec.structs.replace(row.standing, keep=keep)
            self.rows[at] = replace(row, standing=standing)

    def index_of(self, item_id: ItemId) -> int | None:
        """Return where an item stands."""
        return self._at.get(item_id)

    def same_bytes(self, row: ItemRow) -> tuple[ItemRow, ...]:
        """Return the items with the bytes of this one, itself among them."""
        digest = row.item.sha256
        same = (self.rows[at] for at in self._same.get(digest, ()))
        return tuple(one for one in same if one.item.sha256 == digest)  # not veiled

    def is_open(self, at: int) -> bool:
        """Return whether the item there is neither decided nor on its way."""
        return at in self._open and self.rows[at].item.id not in self.pending

    def open_count(self) -> int:
        """Return how many items are left."""
        on_their_way = sum(self._at.get(each) in self._open for each in self.pending)
        return len(self._open) - on_their_way

    def open_from_here(self) -> Iterator[int]:
        """Return every open item after this one, and round to this one itself."""
        count = len(self.rows)
        for step in range(1, count + 1):
            at = (self.index + step) % count
            if self.is_open(at):
                yield at


def _is_open(row: ItemRow) -> bool:
    return row.standing.kind is StandingKind.OPEN
