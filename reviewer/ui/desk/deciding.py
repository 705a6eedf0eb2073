"""The verdict and what follows from it: digits, Enter, one back, repeat, note."""

from __future__ import annotations

from dataclasses import replace

from reviewer.services import drafting
from reviewer.services.drafting import Complete, Draft
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView, draft_hints, draft_view
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.desk.stacks import Stacks
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import RightView
from reviewer.ui.words import flags as words


class Deciding(Part):
    """Takes what is chosen, and has it recorded once it is complete."""

    def __init__(
        self, context: Context, committing: Committing, stacks: Stacks
    ) -> None:
        """Let `committing` record what is decided here, once `stacks` had its turn."""
        super().__init__(context)
        self._committing = committing
        self._stacks = stacks
        self.group = Verdict(self)
        context.screen.right.chosen.connect(context.digit)
        context.screen.right.committed.connect(context.enter)
        context.screen.right.note.textChanged.connect(context.show_choices)

    def handlers(self) -> Handlers:
        """Return the keys that decide."""
        return {
            Act.COMMIT: self.context.enter,
            Act.BACK: self._back,
            Act.REPEAT: self._repeat,
            Act.NOTE: self.context.screen.right.note.setFocus,
        }

    def take(self, answer: Draft | Complete) -> None:
        """Show the draft as it is now, or record what is complete."""
        if isinstance(answer, Complete):
            self._decide(answer)
        else:
            self.context.draft = answer
            self.context.show_choices()

    def _back(self) -> None:
        context = self.context
        if context.lit is not self.group:
            context.light(None)
        elif context.may_decide():
            self.take(drafting.back(context.draft))

    def _repeat(self) -> None:
        context = self.context
        if context.may_decide():
            context.light(None)
            self.take(drafting.repeat(context.last, context.pack))

    def _decide(self, complete: Complete) -> None:
        context = self.context
        item_id = context.place.row.item.id
        fields = context.kept_fields()
        work, note = context.work, fields.note or None
        context.last = complete
        marked = replace(complete, passages=context.evidence())
        pack = context.pack
        row, said = (
            context.place.row,
            drafting.speak(drafting.repeat(complete, pack), pack),
        )
        if row.standing.sent:
            said = f"{said}, {words.CORRECTION}"

        def alone() -> None:
            self._committing.commit(
                row,
                lambda: work.decide(item_id, marked, looks=fields.looks, note=note),
                said,
            )

        if not self._stacks.takes(marked, said, alone):
            alone()


class Verdict(Group):
    """The group that is lit unless a part lights its own."""

    def __init__(self, part: Deciding) -> None:
        """Hand what is chosen to the part."""
        self._part = part

    @property
    def name(self) -> str:
        """Return the group of the draft."""
        return self._part.context.draft.group.value

    def view(self, desk: DeskView) -> RightView:
        """Return verdicts, grounds, purposes or reasons."""
        return draft_view(desk)

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys."""
        return draft_hints(desk)

    def digit(self, digit: int) -> None:
        """Choose; a verdict that completes is committed at once."""
        context = self._part.context
        self._part.take(
            drafting.press(
                context.draft,
                context.pack,
                digit,
                commit_needs_enter=context.opened.config.commit_needs_enter,
            )
        )

    def enter(self) -> None:
        """Go on, or commit."""
        context = self._part.context
        has_note = context.has_note()
        self._part.take(drafting.enter(context.draft, context.pack, has_note=has_note))
