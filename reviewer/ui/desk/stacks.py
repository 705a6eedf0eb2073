"""Copies: one decision for all of them, confirmed for each place they were shown.

A verdict on an item with open copies lights a group of contexts, in words: digits
tick, Enter commits for all that is ticked, Ctrl+D compares, and X takes a copy out
there. Nothing of it is needed: without a tick the item is decided alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.matching.stacks import Likeness
from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services import confirming
from reviewer.services.confirming import Confirmation
from reviewer.services.confirming import Group as ContextGroup
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.stacking import StackView
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.comparing import Comparing, members_first
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.grouping import Grouping
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.plain import one_line
from reviewer.ui.prefetch import severity_of
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import Option, RightView
from reviewer.ui.words import stacks as words

PAGE_COUNT: Final = 10
PLACE_CHARACTERS: Final = 200
_COVERING: Final = frozenset(
    {Event.ESC, Event.HIDDEN, Event.FOCUS_LOST, Event.CURTAIN, Event.LOCK, Event.SLEEP}
)
_FOLLOWING: Final = frozenset({StandingKind.OPEN, StandingKind.DECIDED})


@dataclass(slots=True)
class Asked:
    """A verdict that waits to be confirmed for the copies."""

    confirmation: Confirmation
    said: str
    page: int = 0


class Stacks(Part):
    """What is known of the copies of the item on the stage."""

    def __init__(
        self,
        context: Context,
        *,
        committing: Committing,
        grouping: Grouping,
    ) -> None:
        """Let `grouping` find the copies and `committing` record the decisions."""
        super().__init__(context)
        context.offering.lead = self.lead
        self._committing = committing
        self._grouping = grouping
        grouping.on_grouped = self._look_up
        self.asked: Asked | None = None
        self._calls_count = 0
        """Answers to an earlier verdict than the last one count for nothing."""
        self.stack: StackView | None = None
        """Of the item on the stage, once it is known."""
        self._contexts = _Contexts(self)
        self.comparing = Comparing(
            context,
            leave=self.leave,
            is_out=self._is_out,
            closed=self._compared,
        )

    def handlers(self) -> Handlers:
        """Return the key that compares."""
        return {Act.COMPARE: self.compare}

    def hints(self) -> tuple[Hint, ...]:
        """Return that key where there is something to compare."""
        if self.stack is None or self.comparing.is_open:
            return ()
        return (("Ctrl+D", "compare copies"),)

    def shown(self, row: ItemRow) -> None:  # noqa: ARG002 (the place knows it)
        """Forget the copies of the item before, and a verdict that waits."""
        self.comparing.close()
        self._withdraw()
        self.stack = None

    def painted(self, row: ItemRow) -> None:  # noqa: ARG002 (the place knows it)
        """Ask for the copies of this item."""
        self._look_up()

    def event(self, event: Event) -> None:
        """Take the pictures away with everything else; the ticks stay."""
        if event in _COVERING and self.comparing.is_open:
            self.comparing.close()
            self._compared()

    def changed(self, changed: Changed) -> None:
        """Look again where the act touched copies."""
        context = self.context
        here = context.place.row.item
        others = (changed.row, *changed.also)
        if any(row.item.sha256 == here.sha256 for row in others):
            context.show_words()  # what was seen before has changed
        if changed.also:
            self._look_up()

    def stop(self) -> None:
        """Hold nothing of any item."""
        self.comparing.close()
        self._withdraw()
        self.stack = None

    # Deciding -------------------------------------------------------------------

    def takes(self, complete: Complete, said: str, alone: Callable[[], None]) -> bool:
        """Ask for the contexts first, where there are copies that may follow.

        A key that lights something else meanwhile, or leads on, withdraws the
        verdict: its answer comes at no moment that the person can foresee.

        Args:
            complete: The verdict on the item on the stage.
            said: The same in words.
            alone: What decides the item by itself, if no copy may follow after all.

        Returns:
            Whether it was taken; if not, the item has no such copies.
        """
        context = self.context
        item_id = context.place.row.item.id
        if not self._may_have_followers(item_id):
            return False
        work, lit = context.work, context.lit
        self._withdraw()
        call, context.waiting = self._calls_count, item_id

        def is_wanted() -> bool:
            if call != self._calls_count:
                return False
            context.waiting = None
            context.show_choices()
            return context.lit is lit

        def answered(confirmation: Confirmation) -> None:
            if not is_wanted():
                return
            if not confirmation.groups:
                alone()
                return
            self.asked = Asked(confirmation=confirmation, said=said)
            context.light(self._contexts)

        context.submit(
            lambda: work.stacking.confirm(item_id, complete),
            answered,
            on_failure=lambda: _done(answer=is_wanted()),
        )
        return True

    def commit(self) -> None:
        """Record the verdict for everything that is ticked."""
        asked, context = self.asked, self.context
        if asked is None:
            return
        context.light(None)
        self.asked = None
        confirmation = asked.confirmation
        fields = context.kept_fields()
        looks = {
            item_id: context.fields[item_id].looks
            for item_id in (confirmation.subject, *confirmation.chosen)
            if item_id in context.fields
        }
        work, note = context.work, fields.note or None
        self._committing.commit(
            context.place.row,
            lambda: work.stacking.decide(confirmation, looks=looks, note=note),
            words.done_for(asked.said, 1 + len(confirmation.chosen)),
            along=confirmation.chosen,
        )

    def tick(self, index: int) -> None:
        """Tick or untick a context."""
        if self.asked is not None:
            self.asked.confirmation = confirming.toggle(self.asked.confirmation, index)
            self.context.show_choices()

    def leave(self, item_id: ItemId) -> None:
        """Take a copy out, or back in; without a verdict it stands alone at once."""
        context = self.context
        if self.asked is not None:
            confirmation = self.asked.confirmation
            self.asked.confirmation = confirming.leave(confirmation, item_id)
        elif not context.journal.read_only:
            work = context.work
            self.comparing.close()
            context.light(None)
            context.submit(
                lambda: work.stacking.split([item_id]), self._was_split, item_id=item_id
            )

    def give_up(self) -> None:
        """Go back to the draft; nothing was decided."""
        self.asked = None
        self.context.light(None)

    def lead(self, at: int) -> int:
        """Return who stands for the item at that place: the clearest, if it may.

        It must be open, no graver than what is offered, and of no tag that the
        person opted out of.
        """
        place = self.context.place
        stack = self._grouping.stack_of.get(place.rows[at].item.id)
        first = None if stack is None else place.index_of(stack.representative)
        if first is None or not place.is_open(first):
            return at
        offered, row = place.rows[at], place.rows[first]
        is_alike = severity_of(row) == severity_of(offered) and not row.standing.keep
        is_out = self.context.work.exposure.is_opted_out(row)
        return first if is_alike and not is_out else at

    # Comparing ------------------------------------------------------------------

    def compare(self) -> None:
        """Lay the item and its copies over the stage."""
        context, stack = self.context, self.stack
        if stack is None:
            context.screen.right.say_last(words.NO_COPIES)
            return
        if context.lit is not self._contexts:
            self.asked = None  # another key led away from them
        behind = context.lit.view(context.view())
        members = []
        if self.asked is not None:
            groups = self.asked.confirmation.groups
            members = [member for group in groups for member in group.members]
        copies = members_first(stack.copies, members)
        self.comparing.open(context.place.row, copies, behind)

    # ----------------------------------------------------------------------------

    def _withdraw(self) -> None:
        """Want no verdict for the copies any more, asked or about to be."""
        self.asked = None
        self._calls_count += 1
        self.context.waiting = None

    def _look_up(self) -> None:
        """Ask for the copies of the item on the stage."""
        context = self.context
        row = context.place.row
        item_id = row.item.id
        if item_id not in self._grouping.stack_of or context.put_away(row) is not None:
            return
        work = context.work

        def took(view: StackView | None) -> None:
            if context.place.row.item.id != item_id:
                return
            self.stack = view
            exact = 0 if view is None else view.count(Likeness.EXACT)
            near = 0 if view is None else view.count(Likeness.NEAR)
            context.screen.left.say_copies(words.copies(exact, near))
            context.show_hints()

        context.submit(lambda: work.stacking.of(item_id), took)

    def _may_have_followers(self, item_id: ItemId) -> bool:
        place = self.context.place
        stack = self._grouping.stack_of.get(item_id)
        if stack is None:
            return False
        places = (place.index_of(one) for one in stack.members if one != item_id)
        return any(
            at is not None and place.rows[at].standing.kind in _FOLLOWING
            for at in places
        )

    def _is_out(self, item_id: ItemId) -> bool:
        if self.asked is None:
            return False
        return item_id in self.asked.confirmation.taken_out

    def _compared(self) -> None:
        self.context.light(self._contexts if self.asked is not None else None)

    def _was_split(self, changed: Changed) -> None:
        context = self.context
        context.took(changed)
        ref = one_line(changed.row.item.ref, limit=PLACE_CHARACTERS)
        context.screen.right.say_last(f"{ref}: {words.STANDS_ALONE}")
        self._grouping.again()


class _Contexts(Group):
    """The places where the copies were shown; digits tick, Enter commits."""

    leads_to_hand_back = False

    def __init__(self, part: Stacks) -> None:
        self._part = part

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "contexts"

    def handlers(self) -> Handlers:
        """Return what pages through more than ten contexts, and leads back."""
        return {
            Act.NEXT: lambda: self._turn(1),
            Act.PREVIOUS: lambda: self._turn(-1),
            Act.BACK: self._part.give_up,
        }

    def view(self, desk: DeskView) -> RightView:
        """Return the contexts of this page, ticked or not, and why not."""
        asked = self._asked()
        groups = asked.confirmation.groups
        first = asked.page * PAGE_COUNT
        trail = f"{asked.said}. {words.CONTEXTS_LINE}"
        pages = -(-len(groups) // PAGE_COUNT)
        if pages > 1:
            trail = f"{trail} {words.page_of(asked.page + 1, pages)}"
        shown = groups[first : first + PAGE_COUNT]
        count = 1 + len(asked.confirmation.chosen)
        return RightView(
            title=words.CONTEXTS_TITLE,
            trail=trail,
            options=tuple(_option(at, group) for at, group in enumerate(shown)),
            primary=f"{words.commit_for(count)}  Enter",
            can_go=True,
            wants="",
            standing="",
            can_write=desk.can_write and not desk.is_pending,
        )

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys."""
        if not desk.can_write:
            return ()
        count = len(self._asked().confirmation.groups)
        digits = "1" if count == 1 else f"1–{min(count, PAGE_COUNT - 1)}"
        return (("Enter", "commit"), (digits, "tick"), ("Backspace", "one back"))

    def digit(self, digit: int) -> None:
        """Tick or untick a context of this page."""
        asked = self._asked()
        self._part.tick(asked.page * PAGE_COUNT + (digit - 1) % PAGE_COUNT)

    def enter(self) -> None:
        """Commit for everything that is ticked."""
        self._part.commit()

    def _turn(self, by: int) -> None:
        asked = self._asked()
        last = (len(asked.confirmation.groups) - 1) // PAGE_COUNT
        asked.page = min(max(asked.page + by, 0), last)
        self._part.context.show_choices()

    def _asked(self) -> Asked:
        if self._part.asked is None:
            raise AssertionError("lit only while a verdict waits")
        return self._part.asked


def _done(*, answer: bool) -> None:
    """Take an answer that nothing hangs on."""
    del answer


def _option(at: int, group: ContextGroup) -> Option:
    said = one_line(confirming.speak(group), limit=PLACE_CHARACTERS)
    notes = [words.HERE] if group.is_here else []
    if group.hint is not None:
        notes.append(words.HINTS[group.hint])
    out = sum(not member.is_in for member in group.members)
    if out:
        notes.append(words.taken_out(out))
    return Option(
        digit=(at + 1) % PAGE_COUNT,
        label=said,
        help=" · ".join(notes),
        chosen=group.is_ticked,
    )
