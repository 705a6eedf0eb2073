"""Returning an item undecided; a reason if one likes."""

from __future__ import annotations

from reviewer.ui import messages
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView, hand_back_hints, hand_back_view
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import RightView


class HandingBack(Part):
    """H lights the reasons; H again changes one's mind."""

    def __init__(self, context: Context, committing: Committing) -> None:
        """Let `committing` record what is handed back."""
        super().__init__(context)
        self._committing = committing
        self._reasons = _Reasons(self)
        context.screen.right.handed_back.connect(self._light)

    def handlers(self) -> Handlers:
        """Return the key that hands back."""
        return {Act.HAND_BACK: self._light}

    def hand_back(self, reason: str | None) -> None:
        """Return the item on the stage."""
        context = self.context
        row, work = context.place.row, context.work
        note = context.kept_fields().note or None
        self._committing.commit(
            row,
            lambda: work.hand_back(row.item.id, reason=reason, note=note),
            messages.HANDED_BACK,
        )

    def _light(self) -> None:
        if self.context.may_decide():
            self.context.switch(self._reasons)


class _Reasons(Group):
    """Digits give a reason; Enter gives none."""

    leads_to_hand_back = False

    def __init__(self, part: HandingBack) -> None:
        self._part = part

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "hand_back"

    def view(self, desk: DeskView) -> RightView:
        """Return the reasons of the pack."""
        return hand_back_view(desk)

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys."""
        return hand_back_hints(desk)

    def digit(self, digit: int) -> None:
        """Hand back with a reason."""
        reasons = self._part.context.pack.hand_back_reasons
        picked = [one.code for one in reasons if one.digit == digit]
        if picked:
            self._part.hand_back(picked[0])

    def enter(self) -> None:
        """Hand back without one."""
        self._part.hand_back(None)
