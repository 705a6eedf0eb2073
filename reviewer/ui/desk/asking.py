"""Asks a decoder for what a grant allows, one question at a time.

Every answer is dropped unless the very question still holds. Clear pixels go from
the decoder to whoever asked, and are kept nowhere here. A job that comes up after
the batch was left opens no child, and ends one that it was opening.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtGui import QImage

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Item, Kind
from reviewer.domain.rendition import Aim
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.grant import Grant
from reviewer.ui.facade import Views
from reviewer.ui.pictures import image_of
from reviewer.ui.tasks import Tasks, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to a decoder under a grant."""

    grant: Grant
    aim: Aim
    page: int
    tile: int


_T = TypeVar("_T")

Took = Callable[[ItemRow, Asked, QImage | str], None]
Failed = Callable[[ItemRow, ReviewerError], None]


class Asking:
    """One for an open batch; answers come on the Qt thread."""

    def __init__(
        self, views: Views, tasks: Tasks, *, took: Took, failed: Failed
    ) -> None:
        """Hand answers to `took`, unless another question came up meanwhile."""
        self._views = views
        self._tasks = tasks
        self._took = took
        self._failed = failed
        self._row: ItemRow | None = None
        self._asked: Asked | None = None
        self._answered: Asked | None = None
        self._is_under_way = False
        self._ahead: tuple[Item, Aim] | None = None
        """The newest look to get ready that was not sent yet."""
        self._preparing: ItemId | None = None
        self._left = threading.Event()

    def prepare(self, item: Item, aim: Aim) -> None:
        """Let the item's child get a look ready: the intent time is not lost.

        While one is being made ready, of all that come up only the last one counts.
        """
        self._ahead = (item, aim)
        if self._preparing != item.id:
            self._send_ahead(item, aim)

    def ask(self, row: ItemRow, asked: Asked) -> None:
        """Ask, or note the question for when the one under way is answered."""
        if asked == self._asked and row == self._row:
            return
        self._row, self._asked = row, asked
        self._ahead = None
        if not self._is_under_way:
            self._send(row, asked)

    def forget(self) -> None:
        """Want no answer any more."""
        self._row = self._asked = self._ahead = None

    def stop(self) -> None:
        """Leave the batch: no child is opened from here on."""
        self.forget()
        self._left.set()

    # ----------------------------------------------------------------------------

    def _send(self, row: ItemRow, asked: Asked) -> None:
        self._is_under_way = True
        self._tasks.decode(
            lambda: self._guarded(row.item, lambda: _ask(self._views, row.item, asked)),
            urgency=Urgency.NOW,
            on_success=lambda answer: self._came(row, asked, answer),
            on_failure=lambda error: self._came_not(row, asked, error),
        )

    def _send_ahead(self, item: Item, aim: Aim) -> None:
        self._ahead = None
        self._preparing = item.id
        # A failure shows at the look itself.
        self._tasks.decode(
            lambda: self._guarded(item, lambda: self._views.prepare(item, aim)),
            urgency=Urgency.NOW,
            on_success=lambda _: self._prepared(item),
            on_failure=lambda _: self._prepared(item),
        )

    def _prepared(self, item: Item) -> None:
        """Send the look that came up meanwhile, if it is still to come."""
        if self._preparing != item.id:
            return
        self._preparing = None
        if self._ahead is not None:
            self._send_ahead(*self._ahead)

    def _guarded(self, item: Item, ask: Callable[[], _T]) -> _T:
        """Ask on a decode thread, unless the batch was left."""
        if self._left.is_set():
            raise RefusedError(Code.CANCELLED)
        try:
            return ask()
        finally:
            if self._left.is_set():  # its child may have come after all were ended
                self._views.release(item.id)

    def _came(self, row: ItemRow, asked: Asked, answer: QImage | str) -> None:
        self._is_under_way = False
        self._answered = asked
        if self._is_wanted(row, asked):
            self._took(row, asked, answer)
        self._send_next()

    def _came_not(self, row: ItemRow, asked: Asked, error: ReviewerError) -> None:
        self._is_under_way = False
        if self._is_wanted(row, asked):
            self.forget()
            self._failed(row, error)
        else:
            self._send_next()

    def _is_wanted(self, row: ItemRow, asked: Asked) -> bool:
        """Return whether an answer under this grant may still be shown."""
        wanted = self._asked
        return wanted is not None and wanted.grant == asked.grant and row == self._row

    def _send_next(self) -> None:
        """Send the question that came up meanwhile."""
        if self._row is None or self._asked is None or self._is_under_way:
            return
        if self._asked != self._answered:
            self._send(self._row, self._asked)


def _ask(views: Views, item: Item, asked: Asked) -> QImage | str:
    if item.kind is Kind.TEXT:
        return views.text(item, asked.grant, page=asked.page)
    aim = asked.aim
    rendition = views.clear(
        item,
        asked.grant,
        box=aim.box,
        width_px=aim.width_px,
        height_px=aim.height_px,
        at_ms=aim.at_ms,
    )
    return image_of(rendition)
