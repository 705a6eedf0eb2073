"""What a reviewer says of an item beside the decision: its severity, kept for later."""

from __future__ import annotations

from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import State
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView, severity_hints, severity_view
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import RightView

_RATINGS = range(6)


class Rating(Part):
    """V and a digit; K."""

    def __init__(self, context: Context) -> None:
        """Make the group that V lights."""
        super().__init__(context)
        self._severities = _Severities(self)

    def handlers(self) -> Handlers:
        """Return both keys."""
        return {Act.SEVERITY: self._light, Act.KEEP: self._keep}

    def rate(self, value: int) -> None:
        """Correct the severity of the item on the stage."""
        context = self.context
        work, item_id = context.work, context.place.row.item.id
        covers = context.covers_count
        context.light(None)
        context.submit(
            lambda: work.set_severity(item_id, value),
            lambda row: self._rated(row, covers),
        )

    def _light(self) -> None:
        self.context.switch(self._severities)

    def _rated(self, row: ItemRow, covers: int) -> None:
        """Open the item again as its new severity asks; what is covered stays so."""
        context = self.context
        context.place.put(row)
        context.prefetch.forget(row.item.id)
        if context.place.row.item.id == row.item.id:
            reveal = context.looking.reveal
            is_covered = reveal is not None and reveal.state is State.COVERED
            covered = is_covered or context.covers_count != covers
            context.show(context.place.index, covered=covered)

    def _keep(self) -> None:
        context = self.context
        row, work = context.place.row, context.work
        keep = not row.standing.keep
        context.place.put_keep(row.item.id, keep=keep)
        context.show_words()
        context.submit(
            lambda: work.keep(row.item.id, keep=keep),
            context.place.put,
            on_failure=lambda: self._not_kept(row),
        )

    def _not_kept(self, row: ItemRow) -> None:
        """Show an item as the vault still has it."""
        context = self.context
        context.place.put_keep(row.item.id, keep=row.standing.keep)
        context.show_words()


class _Severities(Group):
    """Digits rate; Enter leaves it as it is."""

    def __init__(self, part: Rating) -> None:
        self._part = part

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "severity"

    def view(self, desk: DeskView) -> RightView:
        """Return 0 to 5 in words."""
        return severity_view(desk)

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys."""
        return severity_hints(desk)

    def digit(self, digit: int) -> None:
        """Rate; other digits mean nothing."""
        if digit in _RATINGS:
            self._part.rate(digit)
