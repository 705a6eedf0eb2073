"""Comparing an item with its copies: concealed, in one place, shown in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from reviewer.domain.ids import ItemId
from reviewer.errors import Code, ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.measures import Measures, measure
from reviewer.safeguards.reveal import Event
from reviewer.services.confirming import Member, speak_place
from reviewer.services.stacking import CopyView
from reviewer.ui import geometry
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Group, Handlers
from reviewer.ui.pictures import Concealed, conceal
from reviewer.ui.plain import one_line
from reviewer.ui.prefetch import severity_of
from reviewer.ui.tasks import Urgency
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.compare_view import Compared, CompareView
from reviewer.ui.widgets.right_zone import RightView
from reviewer.ui.words import stacks as words

REF_CHARACTERS: Final = 40


class Comparing(Group):
    """Lit while the pictures lie over the stage; lends Space, X and the arrows."""

    leads_to_hand_back = False
    is_over_stage = True

    def __init__(
        self,
        context: Context,
        *,
        leave: Callable[[ItemId], None],
        is_out: Callable[[ItemId], bool],
        closed: Callable[[], None],
    ) -> None:
        """Take what X does with a copy, and what comes after."""
        self._context = context
        self._leave = leave
        self._is_out = is_out
        self._closed = closed
        self._view = CompareView()
        self._view.setParent(context.screen)
        self._view.hide()
        self._view.flipped.connect(self.flip)
        self._view.resized.connect(self._paint)
        context.screen.over_taken.connect(self._taken)
        self._row: ItemRow | None = None
        self._copies: Sequence[CopyView] = ()
        self._at = 0
        self._is_copy = False
        self._held: dict[ItemId, Concealed] = {}
        self._behind: RightView | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it lies over the stage."""
        return self._row is not None

    @property
    def shown(self) -> ItemId | None:
        """Return whose picture is shown now."""
        if self._row is None:
            return None
        return self._copy.row.item.id if self._is_copy else self._row.item.id

    def open(self, row: ItemRow, copies: Sequence[CopyView], behind: RightView) -> None:
        """Lie over the stage, which is concealed first."""
        self._context.looking.answer(Event.HIDDEN)
        self._context.looking.answer(Event.FOCUS_GAINED)  # the window is here
        self._row, self._copies, self._behind = row, copies, behind
        self._at, self._is_copy = 0, False
        self._context.screen.show_over(self._view)
        self._context.light(self)
        self._show()

    def close(self) -> None:
        """Go away, and hold nothing."""
        if self._row is None:
            return
        held, self._held = list(self._held), {}
        self._row, self._copies = None, ()
        self._view.empty()
        if self._context.screen.over is self._view:
            self._context.screen.show_over(None)
        self._release(held)

    # Keys -----------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "compare"

    def handlers(self) -> Handlers:
        """Return what the keys mean meanwhile."""
        return {
            Act.HOLD_LENS: self.flip,
            Act.HOLD_WHOLE: _nothing,
            Act.CLEARER: _nothing,
            Act.SAFER: self._take_out,
            Act.LEFT: lambda: self._step(-1),
            Act.UP: lambda: self._step(-1),
            Act.RIGHT: lambda: self._step(1),
            Act.DOWN: lambda: self._step(1),
            Act.BACK: self._leave_view,
            Act.COMMIT: self._leave_view,
            Act.COMPARE: self._leave_view,
        }

    def view(self, desk: DeskView) -> RightView:
        """Leave the right zone as it was; its digits mean nothing meanwhile."""
        if self._behind is None:
            raise AssertionError("opened before it is shown")
        primary = f"{words.DONE}  Enter"
        return replace(
            self._behind, can_write=desk.can_write, can_go=True, primary=primary
        )

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys."""
        leave = (("X", "take out, or back in"),) if desk.can_write else ()
        return (
            ("Space", "the other one"),
            ("←", "copy before"),
            ("→", "next copy"),
            *leave,
            ("Enter", "done"),
        )

    def put_out(self) -> None:
        """Go away: V or H has lit another group, and Space means a look again."""
        self.close()

    def digit(self, digit: int) -> None:
        """Do nothing: no context is ticked unseen behind the pictures."""

    def enter(self) -> None:
        """Go back to where one was."""
        self._leave_view()

    def flip(self) -> None:
        """Show the other one of the two."""
        self._is_copy = not self._is_copy
        self._show()

    def _step(self, by: int) -> None:
        self._at = (self._at + by) % len(self._copies)
        self._show()

    def _take_out(self) -> None:
        self._leave(self._copy.row.item.id)
        if self.is_open:
            self._show()

    def _leave_view(self) -> None:
        self.close()
        self._closed()

    def _taken(self, before: QWidget) -> None:
        """Go, where something else lies over the stage now."""
        if before is self._view and self.is_open:
            self._leave_view()

    # Pictures -------------------------------------------------------------------

    @property
    def _copy(self) -> CopyView:
        return self._copies[self._at]

    def _show(self) -> None:
        row, copy = self._row, self._copy
        if row is None:
            return
        compared = Compared(
            position=words.of_count(self._at + 1, len(self._copies)),
            item=one_line(row.item.ref, limit=REF_CHARACTERS),
            copy=one_line(copy.row.item.ref, limit=REF_CHARACTERS),
            likeness=words.likeness(copy.likeness, copy.distance_bits),
            context=speak_place(copy.row.item.context),
            is_out=self._is_out(copy.row.item.id),
        )
        self._view.say(compared, is_copy=self._is_copy)
        for each in (row, copy.row):
            self._ask(each)
        self._paint()

    def _paint(self) -> None:
        row = self._row
        if row is None:
            return
        shown = self._copy.row if self._is_copy else row
        held = self._held.get(shown.item.id)
        image = None
        if held is not None:
            image = held.still or (held.tiles[0] if held.tiles else None)
        area = self._area(held)
        is_refused = held is not None and image is None
        self._view.show_picture(image, area, refused=is_refused)

    def _area(self, held: Concealed | None) -> QRect:
        """Return one rectangle for both: that of the item, once it is known."""
        own = None if self._row is None else self._held.get(self._row.item.id)
        known = own or held
        ratio = geometry.ratio_of(None if known is None else known.info)
        return geometry.view_rect(
            self._view.picture_size(), view_px=self._measures().view_px, ratio=ratio
        )

    def _measures(self) -> Measures:
        """Return what holds for the graver of the two, for both."""
        if self._row is None:
            raise AssertionError("closed")
        values = self._context.values
        both = [
            measure(severity_of(row), values) for row in (self._row, self._copy.row)
        ]
        return replace(
            min(both, key=lambda one: one.view_px),
            concealed_px=min(one.concealed_px for one in both),
            is_grey=any(one.is_grey for one in both),
        )

    def _ask(self, row: ItemRow) -> None:
        item_id, context = row.item.id, self._context
        if item_id in self._held:
            return
        if context.is_withheld(self._as_it_is(row)):
            self._held[item_id] = Concealed.refusal(Code.REVEAL_REFUSED)
            return
        views, measures = context.work.viewing, self._measures()
        size = self._view.picture_size()

        def work() -> Concealed:
            view = views.concealed(
                row, strength_px=measures.concealed_px, grey=measures.is_grey
            )
            return conceal(view, _fitting(size, measures))

        def took(concealed: Concealed) -> None:
            if self.is_open and not context.is_stopped:
                self._held[item_id] = concealed
                self._paint()
            else:
                self._release([item_id])

        def failed(error: ReviewerError) -> None:
            took(Concealed.refusal(error.code))

        context.tasks.decode(
            work, urgency=Urgency.STAGE, on_success=took, on_failure=failed
        )

    def _as_it_is(self, row: ItemRow) -> ItemRow:
        """Return a row as it is now: it may have been put away since."""
        place = self._context.place
        at = place.index_of(row.item.id)
        return row if at is None else place.rows[at]

    def _release(self, item_ids: Sequence[ItemId]) -> None:
        """End the children that only the comparison had."""
        context = self._context
        views = context.work.viewing
        for item_id in item_ids:
            at = context.place.index_of(item_id)
            if at is None or context.prefetch.get(context.place.rows[at]) is None:
                context.tasks.end(partial(views.release, item_id))


def members_first(
    copies: Sequence[CopyView], members: Sequence[Member]
) -> tuple[CopyView, ...]:
    """Return the copies in the order of their contexts, those of none last."""
    order = {member.item_id: at for at, member in enumerate(members)}
    return tuple(
        sorted(copies, key=lambda copy: order.get(copy.row.item.id, len(order)))
    )


def _fitting(size: QSize, measures: Measures) -> QSize:
    return QSize(min(size.width(), measures.view_px), size.height())


def _nothing() -> None:
    """Nothing is revealed while one compares."""
