"""The only bridge between the window and everything that takes time.

One database worker runs service calls in order, so that the database has one
writer; a small decode pool runs what asks the decoders for the item on the stage,
and a thread of its own what is fetched ahead. Results come back by one queued signal
on the Qt thread. Errors of ours go to `on_failure`; anything else is a bug and is
raised on the Qt thread, where the crash handler stands.
"""

from __future__ import annotations

import enum
import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from reviewer.errors import ReviewerError

DECODE_THREADS_COUNT: Final = 2
AHEAD_THREADS_COUNT: Final = 1
"""Apart, so that a look never waits behind a neighbour or the pass over the batch."""

_T = TypeVar("_T")


class Urgency(enum.IntEnum):
    """Which decode work goes first."""

    NOW = 0
    """The lens that a person is waiting for."""
    STAGE = 1
    """The concealed picture of the item on the stage."""
    AHEAD = 2
    """A neighbour."""
    BACKGROUND = 3
    """What nobody waits for."""
    END = 9


class Lane(enum.Enum):
    """Where a task runs."""

    DATABASE = "database"
    DECODE = "decode"
    AHEAD = "ahead"
    CONTROL = "control"
    """Ends children; never waits behind work that only their end would stop."""


@dataclass(order=True, slots=True)
class _Job:
    urgency: int
    number: int
    run: Callable[[], None] | None = field(compare=False)


class Tasks(QObject):
    """Runs plain calls on worker threads and hands the result to the Qt thread."""

    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count()
        self._pending = 0
        self._stopped = False
        self._queues = {lane: queue.PriorityQueue[_Job]() for lane in Lane}
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        counts = {
            Lane.DATABASE: 1,
            Lane.DECODE: DECODE_THREADS_COUNT,
            Lane.AHEAD: AHEAD_THREADS_COUNT,
            Lane.CONTROL: 1,
        }
        self._threads = [
            threading.Thread(
                target=_work,
                args=(self._queues[lane],),
                name=f"{lane.value}-{index}",
                daemon=True,
            )
            for lane, count in counts.items()
            for index in range(count)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        """Return whether any result has yet to be delivered."""
        return self._pending > 0

    def submit(
        self,
        task: Callable[[], _T],
        *,
        on_success: Callable[[_T], None],
        on_failure: Callable[[ReviewerError], None],
    ) -> None:
        """Run a service call on the database thread, after those before it."""
        self._put(Lane.DATABASE, 0, task, on_success, on_failure)

    def decode(
        self,
        task: Callable[[], _T],
        *,
        urgency: Urgency,
        on_success: Callable[[_T], None],
        on_failure: Callable[[ReviewerError], None],
    ) -> None:
        """Run a call upon the decoders, most urgent first."""
        lane = Lane.DECODE if urgency <= Urgency.STAGE else Lane.AHEAD
        self._put(lane, urgency, task, on_success, on_failure)

    def end(self, task: Callable[[], None]) -> None:
        """Run a call that ends children, at once and with no answer."""
        self._put(Lane.CONTROL, 0, task, _ignore, _ignore)

    def relay(self, listener: Callable[[_T], None]) -> Callable[[_T], None]:
        """Return a callable for worker threads that reaches `listener` on Qt's."""

        def send(value: _T) -> None:
            self._done.emit(lambda: listener(value))

        return send

    def finish(self) -> None:
        """End the threads once what waits is done; deliver nothing any more.

        Decode work that has not begun is dropped; database work, such as a commit
        or the lock, is not.
        """
        self._stopped = True
        for lane in (Lane.DECODE, Lane.AHEAD):
            _drain(self._queues[lane])
        for lane in Lane:
            for _ in self._threads:
                self._queues[lane].put(_Job(Urgency.END, next(self._numbers), None))
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._pending = 0

    def _put(
        self,
        lane: Lane,
        urgency: int,
        task: Callable[[], _T],
        on_success: Callable[[_T], None],
        on_failure: Callable[[ReviewerError], None],
    ) -> None:
        def run() -> None:
            result = _outcome(task, on_success, on_failure)
            self._done.emit(lambda: self._finish(result))

        self._pending += 1
        self._queues[lane].put(_Job(urgency, next(self._numbers), run))

    def _finish(self, result: Callable[[], None]) -> None:
        self._pending = max(0, self._pending - 1)
        result()

    def _deliver(self, result: Callable[[], None]) -> None:
        if not self._stopped:
            result()


def _drain(jobs: queue.PriorityQueue[_Job]) -> None:
    while not jobs.empty():
        try:
            jobs.get_nowait()
        except queue.Empty:
            return


def _ignore(_value: object) -> None:
    """Nothing is left to do."""


def _outcome(
    task: Callable[[], _T],
    on_success: Callable[[_T], None],
    on_failure: Callable[[ReviewerError], None],
) -> Callable[[], None]:
    """Run the task here; return what is to happen on the Qt thread."""
    try:
        value = task()
    except ReviewerError as error:
        ours = error
        return lambda: on_failure(ours)
    except Exception as error:  # noqa: BLE001 (one of the two named edges)
        bug = error

        def raise_bug() -> None:
            raise bug

        return raise_bug
    return lambda: on_success(value)


def _work(jobs: queue.PriorityQueue[_Job]) -> None:
    while True:
        job = jobs.get()
        if job.run is None:
            return
        job.run()
        del job
