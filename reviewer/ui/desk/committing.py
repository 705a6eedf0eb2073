"""Acts that end an item: shown at once, confirmed later, undone, or come back.

The next item is painted concealed before the commit of the last one is confirmed;
the counter rises only then, and a commit that failed brings its item back with its
fields (design.md 5, *Confirmed*).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.errors import ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.facts import facts_of
from reviewer.services import drafting
from reviewer.services.deciding import Changed
from reviewer.ui import messages
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.moving import Moving
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.fields import no_fields


class Committing(Part):
    """Records acts, and takes the last one back."""

    def __init__(self, context: Context, moving: Moving) -> None:
        """Let `moving` choose the item that comes after an act."""
        super().__init__(context)
        self._moving = moving
        self.first: Callable[[], bool] = lambda: False
        """Takes back what U has to take back before anything else, if it is there."""
        context.screen.right.undone.connect(self._undo)

    def handlers(self) -> Handlers:
        """Return the key that takes back."""
        return {Act.UNDO: self._undo}

    def commit(
        self,
        row: ItemRow,
        act: Callable[[], Changed],
        words: str,
        *,
        along: Sequence[ItemId] = (),
        line: str = "",
    ) -> None:
        """Paint the next item at once; confirm, or come back, when the vault says.

        Args:
            row: The item on the stage.
            act: What records it, and the copies that follow it.
            words: What is done, in words.
            along: Those copies: none of them is offered meanwhile.
            line: What is said in place of what was done and that U takes it back.
        """
        context, item_id = self.context, row.item.id
        all_ids = (item_id, *along)
        context.place.pending.update(all_ids)
        context.screen.right.error.clear()
        covers = context.covers_count
        is_severe = facts_of(row.item, own=row.own_severity).is_severe
        if is_severe:  # at once: what is offered next can only get calmer by it
            context.exposure.finished(row)
        context.tasks.submit(
            act,
            on_success=lambda changed: self._confirmed(
                changed,
                line or messages.last_act(row.item.ref, words),
                all_ids,
                row=None if is_severe else row,
            ),
            on_failure=lambda error: self._commit_failed(all_ids, error, covers),
        )
        self._moving.go_on()

    def _confirmed(
        self,
        changed: Changed,
        line: str,
        all_ids: Sequence[ItemId],
        *,
        row: ItemRow | None,
    ) -> None:
        context, item_id = self.context, changed.row.item.id
        if row is not None:
            context.exposure.finished(row)
        context.place.pending.difference_update(all_ids)
        for each in all_ids:
            context.drop_fields(each)
        if context.is_stopped:
            context.answered_late((changed.row, *changed.also))
            return
        context.took(changed)
        context.screen.right.say_last(line)
        if context.place.row.item.id == item_id:
            context.draft = drafting.start()
            context.screen.right.set_note("")
            context.show_words()

    def _commit_failed(
        self, all_ids: Sequence[ItemId], error: ReviewerError, covers: int
    ) -> None:
        context, item_id = self.context, all_ids[0]
        context.place.pending.difference_update(all_ids)
        if context.is_stopped:
            fields = context.fields.pop(item_id, no_fields())
            context.tell_lost(item_id, fields, error.code)
            return
        at = context.place.index_of(item_id)
        stays = context.is_held or context.is_writing()
        if at is not None and (not stays or at == context.place.index):
            context.show(at, covered=context.covers_count != covers)
        context.display.position()
        context.show_choices()
        context.screen.right.show_error(error.code)

    def _undo(self) -> None:
        if self.first():
            return
        work, batch_id = self.context.work, self.context.batch_id
        covers = self.context.covers_count
        self.context.submit(
            lambda: work.undo(batch_id),
            lambda changed: self._undone(changed, covers),
        )

    def _undone(self, changed: Changed, covers: int) -> None:
        context, item_id = self.context, changed.row.item.id
        was = context.place.rows[context.place.index_of(item_id) or 0].standing.kind
        context.took(changed)
        context.drop_fields(item_id)
        at = context.place.index_of(item_id)
        if at is not None and not context.is_held:
            context.show(
                at,
                keep_fields=context.place.row.item.id != item_id,
                covered=was is StandingKind.MARKED or context.covers_count != covers,
            )
        context.screen.right.say_last(f"{changed.row.item.ref}: {messages.UNDONE}")
