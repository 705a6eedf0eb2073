"""Getting a look ready: one question at a time, and it is the one that is asked."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from pytestqt.qtbot import QtBot

from reviewer.domain.item import Item
from reviewer.domain.rendition import WHOLE_BOX, Aim, Step
from reviewer.safeguards.grant import Grant
from reviewer.ui.desk.asking import Asking
from reviewer.ui.tasks import Tasks
from tests.fakes.decoder import FakeSession
from tests.fakes.entries import new_item
from tests.ui.harness import Harness

_Key = Qt.Key
AIM = Aim(step=Step.GREY, box=WHOLE_BOX, width_px=10, height_px=10)


def test_of_what_is_to_be_made_ready_the_last_one_counts(
    window: Harness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pointer that moves during the intent time does not pile up work."""
    window.review()
    desk = window.shell.desk
    assert desk is not None
    views = desk.viewing
    gate = threading.Event()
    made: list[int] = []

    def prepare(_item: Item, aim: Aim) -> None:
        made.append(aim.width_px)
        gate.wait()

    monkeypatch.setattr(views, "prepare", prepare)
    tasks = Tasks()
    asking = Asking(views, tasks, took=lambda *_: None, failed=lambda *_: None)
    item = new_item(1)
    for width in range(1, 6):
        asking.prepare(item, replace(AIM, width_px=width))
    qtbot.waitUntil(lambda: made == [1])
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert made == [1, 5]
    gate.clear()
    asking.prepare(item, replace(AIM, width_px=6))
    asking.prepare(item, replace(AIM, width_px=7))
    asking.forget()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    tasks.finish()
    assert made == [1, 5, 6]


def test_what_was_made_ready_is_what_the_look_asks_for(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the lens, for one that was moved meanwhile, for the whole, for a clip."""
    ready, asked = asked_of_children(monkeypatch)
    window.review()
    for index, key in ((0, _Key.Key_Space), (0, _Key.Key_F), (5, _Key.Key_Space)):
        window.go_to(index)
        window.down(key)
        window.settle()
        if key is _Key.Key_Space:
            stage = window.find("stage")
            middle = QPointF(stage.rect().center()) + QPointF(31, 17)
            window.mouse(stage, QEvent.Type.MouseMove, middle)
            window.settle()
        assert not asked
        window.later(600)
        window.wait(lambda seen: seen.holds_clear and not seen.busy)
        assert asked == [ready[-1]]
        window.up(key)
        ready.clear()
        asked.clear()


def asked_of_children(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[list[Aim], list[Aim]]:
    """Return what children are told to get ready, and what they are asked for."""
    ready: list[Aim] = []
    asked: list[Aim] = []
    prepare, clear = FakeSession.prepare, FakeSession.clear

    def prepared(session: FakeSession, aim: Aim) -> None:
        ready.append(aim)
        prepare(session, aim)

    def cleared(session: FakeSession, grant: Grant, **named: object) -> object:
        asked.append(Aim(step=grant.step, **named))  # type: ignore[arg-type]
        return clear(session, grant, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeSession, "prepare", prepared)
    monkeypatch.setattr(FakeSession, "clear", cleared)
    return ready, asked
