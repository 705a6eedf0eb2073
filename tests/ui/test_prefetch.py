"""Asking ahead: what is ended never spoils what is asked for again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.domain.ids import ItemId
from reviewer.domain.rendition import MediaInfo
from reviewer.errors import Code
from reviewer.ports import ItemRow
from reviewer.safeguards.values import resolve
from reviewer.services.viewing import ConcealedView, Viewing
from reviewer.ui.prefetch import Prefetch
from reviewer.ui.tasks import DECODE_THREADS_COUNT, Tasks
from tests.ui.harness import Harness

STAGE = QSize(640, 480)
SLOW_END_S = 0.2


class SlowViews(Viewing):
    """Children by name only; their ends are slow, decoding has a gate."""

    def __init__(self) -> None:
        """Begin with no child and the gate open."""
        self.children: set[ItemId] = set()
        self.spoiled = threading.Event()
        self.may_decode = threading.Event()
        self.began = threading.Semaphore(0)
        self.may_decode.set()

    def concealed(
        self, row: ItemRow, /, *, strength_px: int, grey: bool
    ) -> ConcealedView:
        """Open a child; one that is about to be ended answers no more."""
        del strength_px, grey
        self.began.release()
        self.may_decode.wait()
        died = row.item.id in self.children
        if died:
            self.spoiled.set()
        self.children.add(row.item.id)
        refused = Code.DECODER_DIED if died else None
        return ConcealedView(info=MediaInfo(), still=None, tiles=(), refused=refused)

    def release(self, item_id: ItemId, /) -> None:
        """End a child, late enough for anybody to ask it something before."""
        self.spoiled.wait(SLOW_END_S)
        self.children.discard(item_id)

    def cover(self) -> None:
        """End every child."""
        self.children.clear()


@pytest.fixture
def rows(window: Harness) -> list[ItemRow]:
    window.review()
    desk = window.shell.desk
    assert desk is not None
    return list(desk.place.rows)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.finish()


def prefetch(views: SlowViews, tasks: Tasks) -> Prefetch:
    return Prefetch(
        views=views,
        tasks=tasks,
        values=resolve({}, {}),
        is_withheld=lambda _row: False,
        parent=tasks,
    )


def test_an_item_asked_for_again_waits_for_its_end(
    rows: list[ItemRow], tasks: Tasks, qtbot: QtBot
) -> None:
    """Out of the window and back in: the old child is gone before the new one."""
    views = SlowViews()
    ahead = prefetch(views, tasks)
    ahead.look_around(rows, 0, (), STAGE)
    qtbot.waitUntil(lambda: not tasks.busy)
    ahead.look_around(rows, 5, (), STAGE)
    ahead.look_around(rows, 0, (), STAGE)
    qtbot.waitUntil(lambda: not tasks.busy)
    again = ahead.get(rows[0])
    assert again is not None
    assert again.refused is None


def test_no_child_is_opened_once_the_batch_was_left(
    rows: list[ItemRow], tasks: Tasks, qtbot: QtBot
) -> None:
    """What was queued is dropped; what was being opened is ended again."""
    views = SlowViews()
    views.may_decode.clear()
    ahead = prefetch(views, tasks)
    ahead.look_around(rows, 1, (2, 3), STAGE)
    for _ in range(DECODE_THREADS_COUNT):
        views.began.acquire()
    ahead.stop()
    views.cover()
    views.may_decode.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert views.children == set()
    assert not views.began.acquire(blocking=False)
