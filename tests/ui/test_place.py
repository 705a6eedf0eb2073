"""Where one is in a batch: nothing on the way to the next item walks the batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
from PySide6.QtCore import Qt

from reviewer.domain.ids import Sha256Hex
from reviewer.ports import ItemRow
from reviewer.ui.place import Place
from tests.ui.harness import Harness, stills

_Key = Qt.Key


class Unwalked(list[ItemRow]):
    """Rows that are taken one by one, by their place."""

    def __iter__(self) -> Iterator[ItemRow]:
        """Refuse: ten thousand items are as quick as ten."""
        raise AssertionError("walked")


def test_the_next_item_walks_no_batch(window: Harness) -> None:
    """Going on, looking and prefetching take as long for ten thousand items."""
    window.review(stills(2, 2, None, 4, 2, 2))
    window.settle()
    desk = window.shell.desk
    assert desk is not None
    rows, desk.place.rows = desk.place.rows, Unwalked(desk.place.rows)
    for index in range(1, 5):
        window.go_to(index)
        window.settle()
    window.down(_Key.Key_Space)
    window.later(600)
    window.wait(lambda seen: seen.holds_clear and not seen.busy)
    window.up(_Key.Key_Space)
    assert window.see().index == 4
    desk.place.rows = rows  # leaving looks at all of them


def test_the_same_bytes_are_found_by_place(window: Harness) -> None:
    """A row as it now is, and none whose bytes were taken from it."""
    window.review(stills(2, 2, 2))
    desk = window.shell.desk
    assert desk is not None
    first, *others = desk.place.rows
    copies = [_with_bytes(each, first.item.sha256) for each in others]
    place = Place((first, *copies), 0)
    assert place.same_bytes(first) == (first, *copies)
    place.put_keep(copies[0].item.id, keep=True)
    assert [one.standing.keep for one in place.same_bytes(first)] == [
        False,
        True,
        False,
    ]
    place.put(_with_bytes(copies[1], Sha256Hex("")))
    assert [one.item.id for one in place.same_bytes(first)] == [
        first.item.id,
        copies[0].item.id,
    ]
    assert place.same_bytes(place.rows[2]) == ()


def _with_bytes(row: ItemRow, digest: Sha256Hex) -> ItemRow:
    return replace(row, item=msgspec.structs.replace(row.item, sha256=digest))
