"""The bridge: which thread runs what, and where results arrive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.ui.tasks import Tasks, Urgency


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.finish()


def unwanted(value: object) -> None:
    raise AssertionError(value)


def test_work_runs_on_one_thread_and_answers_on_qts(tasks: Tasks, qtbot: QtBot) -> None:
    """Every database task has the same thread; every result has Qt's."""
    ran: list[int] = []
    answered: list[int] = []

    def done(ident: int) -> None:
        ran.append(ident)
        answered.append(threading.get_ident())

    for _ in range(5):
        tasks.submit(threading.get_ident, on_success=done, on_failure=unwanted)
    assert tasks.busy
    qtbot.waitUntil(lambda: len(ran) == 5)
    assert len(set(ran)) == 1
    assert set(answered) == {threading.get_ident()}
    assert ran[0] != threading.get_ident()
    assert not tasks.busy


def test_results_keep_the_order_of_the_tasks(tasks: Tasks, qtbot: QtBot) -> None:
    """The database has one writer, first come first served."""
    seen: list[int] = []
    for number in range(20):
        task = partial(int, number)
        tasks.submit(task, on_success=seen.append, on_failure=unwanted)
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20))


def test_our_errors_are_answers(tasks: Tasks, qtbot: QtBot) -> None:
    """A refusal reaches `on_failure`, on Qt's thread."""
    seen: list[ReviewerError] = []

    def refuse() -> None:
        raise RefusedError(Code.READ_ONLY)

    tasks.submit(refuse, on_success=unwanted, on_failure=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].code is Code.READ_ONLY


def test_bugs_are_raised_where_the_crash_handler_stands(
    tasks: Tasks, qtbot: QtBot
) -> None:
    """Anything that is not ours is not an answer."""

    def bug() -> None:
        raise KeyError("a bug")

    with qtbot.captureExceptions() as caught:
        assert isinstance(caught, list)
        tasks.submit(bug, on_success=unwanted, on_failure=unwanted)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is KeyError
    del caught[:]


def test_the_stage_goes_before_its_neighbours(tasks: Tasks, qtbot: QtBot) -> None:
    """Of what waits, the most urgent runs next; no look waits for what is ahead."""
    gates = [threading.Event() for _ in range(3)]
    started = threading.Semaphore(0)
    order: list[str] = []

    def block(gate: threading.Event) -> None:
        started.release()
        gate.wait()

    def ask(work: partial[None], urgency: Urgency) -> None:
        tasks.decode(
            work, urgency=urgency, on_success=lambda _: None, on_failure=unwanted
        )

    for gate, urgency in zip(
        gates, (Urgency.NOW, Urgency.NOW, Urgency.AHEAD), strict=True
    ):
        ask(partial(block, gate), urgency)
        started.acquire()
    for name in ("BACKGROUND", "AHEAD", "STAGE", "NOW"):
        ask(partial(order.append, name), Urgency[name])
    gates[0].set()  # one thread for looks, while the one for what is ahead is busy
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["NOW", "STAGE"]
    gates[2].set()
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order[2:] == ["AHEAD", "BACKGROUND"]
    gates[1].set()
    qtbot.waitUntil(lambda: not tasks.busy)


def test_nothing_is_answered_after_the_end(qapp: QApplication, qtbot: QtBot) -> None:
    """What still runs is finished; its result goes nowhere."""
    made = Tasks()
    ran: list[int] = []
    made.submit(lambda: ran.append(1), on_success=unwanted, on_failure=unwanted)
    made.finish()
    qapp.processEvents()
    assert ran == [1]
    assert not made.busy


def test_progress_arrives_on_qts_thread(tasks: Tasks, qtbot: QtBot) -> None:
    """A relay may be called from a worker."""
    seen: list[tuple[int, int]] = []

    def listen(value: int) -> None:
        seen.append((value, threading.get_ident()))

    tell = tasks.relay(listen)
    tasks.submit(lambda: tell(7), on_success=lambda _: None, on_failure=unwanted)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(7, threading.get_ident())]
