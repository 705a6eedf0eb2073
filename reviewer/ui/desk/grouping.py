"""The copies of the open batch: grouped at once, looked for while nobody waits.

Exact copies are known from the batch. Near ones need a fingerprint of each picture,
which a child of its own makes; the pass takes one item at a time and gives way to
whatever a person waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reviewer.domain.ids import ItemId
from reviewer.errors import ReviewerError
from reviewer.matching.stacks import Stack
from reviewer.ports import ItemRow
from reviewer.services.fingerprinting import Found, Task
from reviewer.services.stacking import Grouped, group
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Part
from reviewer.ui.tasks import Urgency


class Grouping(Part):
    """Knows which items of the batch are copies of one another."""

    def __init__(self, context: Context) -> None:
        """Begin with the first item that is shown."""
        super().__init__(context)
        self.stack_of: Mapping[ItemId, Stack] = {}
        self.on_grouped: Callable[[], None] = _nothing
        self._is_begun = False
        self._is_done = False
        self._is_passing = False
        """One pass at a time: two would keep every decode thread from a look."""
        self._has_news = False
        self._queue: list[Task] = []
        self._found: list[Found] = []

    @property
    def is_done(self) -> bool:
        """Return whether every item was looked at, as far as it can be."""
        return self._is_done

    def shown(self, row: ItemRow) -> None:  # noqa: ARG002 (any item will do)
        """Begin once something is on the stage."""
        if not self._is_begun:
            self._is_begun = True
            self.again()

    def stop(self) -> None:
        """Look at nothing more; what was found and not kept is found again."""
        self._queue.clear()
        self._found.clear()

    def again(self) -> None:
        """Group afresh: at the beginning, after the pass, after a split."""
        work, batch_id = self.context.work, self.context.batch_id
        tasks = self.context.tasks
        self.context.submit(
            lambda: work.stacking.load(batch_id),
            lambda ungrouped: tasks.decode(
                lambda: group(ungrouped),
                urgency=Urgency.BACKGROUND,
                on_success=self._grouped,
                on_failure=_ignore,
            ),
        )

    def _grouped(self, grouped: Grouped) -> None:
        if self.context.is_stopped:
            return
        self.context.work.stacking.take(grouped)
        self.stack_of = grouped.stack_of
        self.on_grouped()
        if not (self._is_done or self._is_passing):
            self._is_passing = True
            self._next()

    def _next(self) -> None:
        work, batch_id = self.context.work, self.context.batch_id
        self.context.submit(
            lambda: work.fingerprinting.upcoming(batch_id),
            self._upcoming,
            on_failure=self._rest,
        )

    def _upcoming(self, tasks: Sequence[Task]) -> None:
        if tasks:
            self._queue = list(tasks)
            self._look()
        else:
            self._is_done = True
            self._rest()
            if self._has_news:
                self.again()

    def _look(self) -> None:
        if not self._queue:
            found, self._found = self._found, []
            work = self.context.work
            self.context.submit(
                lambda: work.fingerprinting.keep(found),
                lambda _: self._next(),
                on_failure=self._rest,
            )
            return
        task, work = self._queue.pop(0), self.context.work
        self.context.tasks.decode(
            lambda: work.fingerprinting.look(task),
            urgency=Urgency.BACKGROUND,
            on_success=self._looked,
            on_failure=self._cannot_look,
        )

    def _looked(self, found: Found) -> None:
        if not self.context.is_stopped:
            self._has_news = True
            self._found.append(found)
            self._look()

    def _cannot_look(self, _error: ReviewerError) -> None:
        """Stop where there is no sandbox: exact copies are known all the same."""
        self._is_done = True
        self._rest()
        self.stop()

    def _rest(self) -> None:
        self._is_passing = False


def _nothing() -> None:
    """Nobody listens yet."""


def _ignore(_error: ReviewerError) -> None:
    """Grouping is pure and refuses nothing."""
