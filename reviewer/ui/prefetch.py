"""Concealed pictures of the item on the stage and its neighbours, ready to paint.

Two ahead and one back are held; what falls out of that window is released, its
child with it. Only concealed pixels are ever in here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QSize, Signal

from reviewer.domain.ids import ItemId
from reviewer.errors import Code, ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.measures import Measures, measure, rating
from reviewer.safeguards.values import Values
from reviewer.ui import geometry
from reviewer.ui.facade import Views
from reviewer.ui.pictures import Concealed, conceal
from reviewer.ui.tasks import Tasks, Urgency

AHEAD_COUNT: Final = 2
BACK_COUNT: Final = 1


def severity_of(row: ItemRow) -> int | None:
    """Return the severity to go by for an item."""
    item = row.item
    return rating(item.severity, assumed=item.assumed_severity, own=row.own_severity)


class Prefetch(QObject):
    """Asks the decoders ahead of the person, and forgets in time."""

    ready = Signal(str)
    """The item whose concealed picture has come."""

    def __init__(
        self,
        *,
        views: Views,
        tasks: Tasks,
        values: Values,
        is_withheld: Callable[[ItemRow], bool],
        parent: QObject,
    ) -> None:
        """Ask for what is near, but never for what is withheld."""
        super().__init__(parent)
        self._views = views
        self._tasks = tasks
        self._values = values
        self._is_withheld = is_withheld
        self._held: dict[ItemId, tuple[Measures, Concealed]] = {}
        self._asked: dict[ItemId, Measures] = {}
        self._wanted: frozenset[ItemId] = frozenset()
        self._ending: dict[ItemId, threading.Event] = {}
        """Releases so far; who asks for the same item again waits for its end."""
        self._stopped = threading.Event()

    def get(self, row: ItemRow) -> Concealed | None:
        """Return the concealed picture if it is here, at the strength that holds."""
        held = self._held.get(row.item.id)
        if held is None or held[0] != self._measures(row):
            return None
        return held[1]

    def look_around(
        self, rows: Sequence[ItemRow], index: int, ahead: Sequence[int], stage: QSize
    ) -> None:
        """Hold this item, those that probably come next, and the one before."""
        near = [index, *ahead[:AHEAD_COUNT], index + 1, index - 1]
        order = [at for at in dict.fromkeys(near) if 0 <= at < len(rows)]
        order = order[: AHEAD_COUNT + BACK_COUNT + 1]
        order = [at for at in order if not self._is_withheld(rows[at])]
        self._wanted = frozenset(rows[at].item.id for at in order)
        for item_id in set(self._held) - self._wanted:
            del self._held[item_id]
            self._release(item_id)
        for at in order:
            urgency = Urgency.STAGE if at == index else Urgency.AHEAD
            self._ask(rows[at], urgency, stage)

    def forget(self, item_id: ItemId) -> None:
        """Drop one item's picture, so that it is asked for afresh."""
        self._held.pop(item_id, None)
        self._asked.pop(item_id, None)

    def drop(self) -> None:
        """Hold nothing, and let go of what still comes, until one looks around again.

        Their children are ended elsewhere, all at once.
        """
        self._held.clear()
        self._asked.clear()
        self._wanted = frozenset()

    def stop(self) -> None:
        """Hold nothing, and take nothing that still comes."""
        self._stopped.set()
        self._held.clear()
        self._asked.clear()

    def _measures(self, row: ItemRow) -> Measures:
        return measure(severity_of(row), self._values)

    def _ask(self, row: ItemRow, urgency: Urgency, stage: QSize) -> None:
        measures = self._measures(row)
        item_id = row.item.id
        if self.get(row) is not None or self._asked.get(item_id) == measures:
            return
        self._asked[item_id] = measures
        views, stopped = self._views, self._stopped
        ending = self._ending.pop(item_id, None)

        def work() -> Concealed:
            if ending is not None:
                ending.wait()
            if stopped.is_set():
                return Concealed.refusal(Code.CANCELLED)
            view = views.concealed(
                row, strength_px=measures.concealed_px, grey=measures.is_grey
            )
            if stopped.is_set():  # its child may have come after all were ended
                views.release(item_id)
            rect = geometry.view_rect(
                stage,
                view_px=measures.view_px,
                ratio=geometry.ratio_of(view.info),
            )
            return conceal(view, rect.size())

        def took(concealed: Concealed) -> None:
            self._take(item_id, measures, concealed)

        def failed(error: ReviewerError) -> None:
            self._take(item_id, measures, Concealed.refusal(error.code))

        self._tasks.decode(work, urgency=urgency, on_success=took, on_failure=failed)

    def _take(self, item_id: ItemId, measures: Measures, concealed: Concealed) -> None:
        if self._asked.get(item_id) == measures:
            del self._asked[item_id]
        if self._stopped.is_set():
            return
        if item_id not in self._wanted:
            self._release(item_id)
            return
        self._held[item_id] = (measures, concealed)
        self.ready.emit(item_id)

    def _release(self, item_id: ItemId) -> None:
        views = self._views
        ended = self._ending[item_id] = threading.Event()

        def end() -> None:
            try:
                views.release(item_id)
            finally:
                ended.set()

        self._tasks.end(end)
