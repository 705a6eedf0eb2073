"""What all parts of the review desk share: the batch, the place, the stage, the words.

The next item is painted concealed at once; its neighbours are asked for, and its
opening is recorded, only after that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.domain.decision import LOCKED_AWAY, Passage
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.preferences import DEFAULT, Preferences
from reviewer.errors import Code, ReviewerError
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services import drafting
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.journaling import JournalState
from reviewer.services.session import OpenBatch
from reviewer.ui.choice_view import DeskView, looking_hints, moving_hints
from reviewer.ui.desk.looking import Looking
from reviewer.ui.desk.noting import Noting
from reviewer.ui.desk.offering import Offering
from reviewer.ui.desk.part import Group, Part
from reviewer.ui.display import Display
from reviewer.ui.facade import Work
from reviewer.ui.fields import Fields, Lost, no_fields
from reviewer.ui.place import Place
from reviewer.ui.prefetch import AHEAD_COUNT, Prefetch
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.words.limits import Saying

OPENED_AFTER_MS: Final = 250
"""An item that is only passed by leaves no `open` entry."""

AFTER_PAINT_MS: Final = 40
"""Neighbours are fetched after the paint: a worker that wakes takes time from it."""

_COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the shell gives to the desk of one open batch."""

    screen: ReviewScreen
    work: Work
    opened: OpenBatch
    journal: JournalState
    tasks: Tasks
    clock: Clock
    fields: dict[ItemId, Fields]
    lost: Lost
    offered: set[ItemId]
    """Items of which a rating was offered once."""
    answered_late: Callable[[Sequence[ItemRow]], None]
    """Told of items that the vault confirms only once the batch was left."""


class Context(QObject):
    """One for an open batch."""

    left = Signal()
    submit_wanted = Signal()
    asked = Signal(object)
    """A stroke, as if its key was pressed: the palette's."""
    hand_over_wanted = Signal()
    file_wanted = Signal(object, object)
    """A `Wanted` and what takes the path: choose where a file goes."""

    last: Complete | None = None
    is_held: bool = False
    """The item on the stage is left by few keys only; the part that holds it says."""
    preferences: Preferences = DEFAULT
    is_stopped: bool = False
    waiting: ItemId | None = None
    """The item on the stage, while its verdict waits to hear which copies follow; it
    takes no other meanwhile, and showing an item withdraws the verdict."""
    covers_count: int = 0
    """How often everything was covered by hand; what is asked for and comes after
    that opens nothing."""
    _is_away: bool = False
    _is_showing: bool = False
    """The keys are shown once, when all parts have the next item."""

    def __init__(self, given: Given, parent: QObject) -> None:
        super().__init__(parent)
        opened = given.opened
        self.screen = given.screen
        self.work = given.work
        self.tasks, self.clock = given.tasks, given.clock
        self.opened = replace(opened, rows=())
        self.pack = opened.pack
        self.values = opened.values
        self.journal = given.journal
        self.exposure = given.work.exposure
        self.put_away: Callable[[ItemRow], Saying | None] = lambda _row: None
        """What stands in place of an item that is not to be shown at all."""
        self.place = Place(opened.rows, opened.position)
        self.offering = Offering(self.place, self.exposure)
        self.noting = Noting(self.exposure, given.tasks, self)
        self.display = Display(given.screen, self.place, opened.pack)
        self.fields = given.fields
        self.draft = drafting.start()
        self._lost = given.lost
        self.answered_late = given.answered_late
        self.offered = given.offered
        self._parts: Sequence[Part] = ()
        self._home: Group | None = None
        self._lit: Group | None = None
        self.prefetch = Prefetch(
            views=given.work.viewing,
            tasks=given.tasks,
            values=opened.values,
            is_withheld=self.is_withheld,
            parent=self,
        )
        self.looking = Looking(
            stage=given.screen.stage,
            ladder=given.screen.ladder,
            views=given.work.viewing,
            tasks=given.tasks,
            clock=given.clock,
            noting=self.noting,
            values=opened.values,
            parent=self,
        )
        self._opening = self._timer(self._record_opened)
        self._around = self._timer(self._look_around)
        self._connect()

    def _connect(self) -> None:
        self.evidence: Callable[[], tuple[Passage, ...]] = tuple
        """Passages marked in the item on the stage; they go with its decision."""
        self.prefetch.ready.connect(self._arrived)
        self.looking.changed.connect(self.show_hints)
        self.looking.failed.connect(self._not_noted)

    def begin(self) -> None:
        """Show the item that the batch was left at."""
        self.display.batch(self.opened.card)
        self.display.journal(self.journal)
        self.submit(self.work.preferences, self._prefer)
        self.show(self.place.index, keep_fields=False)

    def _prefer(self, preferences: Preferences) -> None:
        self.preferences = preferences

    # Parts ----------------------------------------------------------------------

    def compose(self, parts: Sequence[Part], *, home: Group) -> None:
        """Take the parts, and the group that is lit unless a part lights its own."""
        self._parts = tuple(parts)
        self._home = home

    @property
    def parts(self) -> Sequence[Part]:
        """Return every part, in the order they are told."""
        return self._parts

    @property
    def batch_id(self) -> BatchId:
        """Return which batch is open."""
        return self.opened.card.batch_id

    @property
    def is_looking_around(self) -> bool:
        """Return whether neighbours are still to be asked for."""
        return self._around.isActive()

    # Groups of digits -----------------------------------------------------------

    @property
    def lit(self) -> Group:
        """Return the group that the digits go to."""
        group = self._lit or self._home
        if group is None:
            raise AssertionError("composed before anything is shown")
        return group

    def light(self, group: Group | None) -> None:
        """Give the digits to a group; None gives them back to the verdict."""
        before, self._lit = self._lit, group
        if before is not None and before is not group:
            before.put_out()
        self.show_choices()

    def switch(self, group: Group) -> None:
        """Light a group, or put it out if it is lit."""
        self.light(None if self._lit is group else group)

    def digit(self, digit: int) -> None:
        """Hand a digit to the lit group."""
        if self.may_decide():
            self.lit.digit(digit)

    def enter(self) -> None:
        """Hand Enter to the lit group."""
        if self.may_decide():
            self.lit.enter()

    def may_decide(self) -> bool:
        """Return whether the item on the stage takes a decision now."""
        if self.screen.right.is_composing:
            return False  # the key belongs to the input method
        row = self.place.row
        is_locked = row.standing.kind in LOCKED_AWAY
        return not (self._is_pending or is_locked or self.journal.read_only)

    def say_why_not(self) -> None:
        """Explain why nothing may be decided, where it is not a matter of a moment."""
        if self.journal.read_only:
            self.screen.right.show_error(Code.READ_ONLY)
        elif self.place.row.standing.kind in LOCKED_AWAY:
            self.screen.right.show_error(Code.ITEM_SEALED)

    def is_writing(self) -> bool:
        """Return whether a note is begun, or something lies over the stage.

        The item on the stage stays then, whatever was answered late: what is typed
        would reach another one.
        """
        right = self.screen.right
        is_noting = right.note.hasFocus() and (self.has_note() or right.is_composing)
        return is_noting or self.screen.over is not None

    def has_note(self) -> bool:
        """Return whether a note is written."""
        return bool(self.screen.right.note_text())

    # The item on the stage ------------------------------------------------------

    def show(self, at: int, *, keep_fields: bool = True, covered: bool = False) -> None:
        """Show an item as it opens, with the fields it was left with.

        `covered` leaves it covered, texts too: for an answer that comes after Esc.
        """
        if keep_fields:
            self.kept_fields()
        self._is_showing = True
        self.place.index = at
        row = self.place.row
        fields = self.fields.get(row.item.id, no_fields())
        self.draft = fields.draft
        self._lit = None
        ready = self.prefetch.get(row)
        if self.is_withheld(row):
            self.looking.withhold(row, fields.looks, said=self.put_away(row))
        else:
            self.looking.open(row, ready, fields.looks, covered=covered)
        self.screen.right.error.clear()
        self.screen.right.set_note(fields.note)
        for part in self._parts:
            part.shown(row)
        self.show_words()
        self._is_showing = False
        self.show_hints()
        self._cover_texts(by_hand=covered)
        self.display.position()
        self.display.rest(self.exposure)
        self.screen.top.show_offer("")
        self.screen.right.show_rest_left(shown=False)
        self._around.start(0 if ready is None else AFTER_PAINT_MS)
        self._opening.start(OPENED_AFTER_MS)

    def is_withheld(self, row: ItemRow) -> bool:
        """Return whether not even a concealed picture of an item is to be made."""
        return self.put_away(row) is not None or self.exposure.is_opted_out(row)

    def kept_fields(self) -> Fields:
        """Keep what was set for the item on the stage, and return it."""
        fields = Fields(
            draft=self.draft,
            note=self.screen.right.note_text(),
            looks=self.looking.looks,
        )
        before = self.fields.get(self.place.row.item.id)
        if before is not None:
            fields.threat = before.threat
        self.fields[self.place.row.item.id] = fields
        return fields

    def drop_fields(self, item_id: ItemId) -> None:
        """Forget what was set for an item, but not a threat that is half written."""
        before = self.fields.pop(item_id, no_fields())
        if before.threat != no_fields().threat:
            self.fields[item_id] = replace(no_fields(), threat=before.threat)

    def show_words(self) -> None:
        """Show everything said of the item on the stage afresh."""
        withheld = self.is_withheld(self.place.row)
        self.display.item(self.looking.info, withheld=withheld)
        self.screen.toggle.setEnabled(not withheld)
        self.show_choices()

    def show_choices(self) -> None:
        """Show the lit group afresh."""
        if self.is_stopped:
            return
        self.display.choices(self.lit.view(self.view()))
        self.show_hints()

    def show_hints(self) -> None:
        """Show the keys that work now."""
        if self.is_stopped or self._is_showing:
            return
        alone = next(filter(None, (part.hints_alone() for part in self._parts)), ())
        if alone:
            self.display.keys(alone, are_fixed=True)
            return
        desk = self.view()
        if self.lit.is_over_stage:
            self.display.keys(self.lit.hints(desk))
            return
        own = [hint for part in self._parts for hint in part.hints()]
        may_look = self.looking.refusal is None
        looking = looking_hints(self.looking.reveal, may_look=may_look)
        looking = looking if desk.can_show else ()
        moving = moving_hints(desk, hands_back=self.lit.leads_to_hand_back)
        if not self.lit.leads_on:
            own, looking, moving = [], (), ()
        self.display.keys((*self.lit.hints(desk), *looking, *own, *moving))

    def view(self) -> DeskView:
        """Return what the person is at, in plain values."""
        row = self.place.row
        return DeskView(
            draft=self.draft,
            pack=self.pack,
            standing=row.standing,
            has_note=self.has_note(),
            can_write=not self.journal.read_only
            and row.standing.kind not in LOCKED_AWAY,
            is_pending=self._is_pending,
            can_show=not self.screen.stage.refused_code,
        )

    @property
    def _is_pending(self) -> bool:
        item_id = self.place.row.item.id
        return item_id in self.place.pending or item_id == self.waiting

    # The vault ------------------------------------------------------------------

    def happened(self, event: Event) -> None:
        """Take what happens to the window: the stage first, then every part."""
        self.looking.answer(event)
        self.covers_count += event in _COVERS
        if event in _COVERS:
            self.screen.right.keep_composed()
        self._is_away = self.looking.is_away
        for part in self._parts:
            part.event(event)

    def on_input(self) -> None:
        """Count an input on this screen."""
        self.exposure.on_input(self.place.row)
        self.display.rest(self.exposure)
        self.noting.keep()

    def submit(
        self,
        act: Callable[[], _T],
        on_success: Callable[[_T], None],
        *,
        item_id: ItemId | None = None,
        on_failure: Callable[[], None] | None = None,
    ) -> None:
        """Run a service call; tell what failed, here or where the person went.

        Neither callback is called once the batch was left. `item_id` is the item of
        the act, the one on the stage unless it is given.
        """
        whose = self.place.row.item.id if item_id is None else item_id

        def succeeded(value: _T) -> None:
            if not self.is_stopped:
                on_success(value)

        def failed(error: ReviewerError) -> None:
            if on_failure is not None and not self.is_stopped:
                on_failure()
            self.failed(whose, error.code)

        self.tasks.submit(act, on_success=succeeded, on_failure=failed)

    def failed(self, item_id: ItemId, code: Code) -> None:
        """Explain a failure, on this screen or on the one that is there by now."""
        if self.is_stopped:
            self.tell_lost(item_id, None, code)
        else:
            self.screen.right.show_error(code)

    def tell_lost(self, item_id: ItemId, fields: Fields | None, code: Code) -> None:
        """Tell of an act that failed after the batch was left."""
        self._lost(item_id, fields, code)

    def took(self, changed: Changed) -> None:
        """Take an act that the vault has confirmed."""
        for row in (changed.row, *changed.also):
            self.place.put(row)
        self.journal = changed.journal
        self.display.journal(self.journal)
        self.display.position()
        for part in self._parts:
            part.changed(changed)

    # ----------------------------------------------------------------------------

    def stop(self) -> None:
        """Leave the batch: every picture and text goes, and every field.

        Only the fields of a commit under way stay, until it is confirmed or fails.
        """
        self.is_stopped = True
        self._opening.stop()
        self._around.stop()
        self.looking.stop()  # first: whatever else fails
        for part in self._parts:
            part.stop()
        self.prefetch.stop()
        for item_id in set(self.fields) - self.place.pending:
            del self.fields[item_id]
        self.screen.clear()
        self.tasks.end(self.work.viewing.cover)

    def _timer(self, done: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(done)
        return timer

    def _look_around(self) -> None:
        """Ask for this item and its neighbours, once what is here is painted."""
        if self.is_held:
            return
        place = self.place
        self.prefetch.look_around(
            place.rows,
            place.index,
            self.offering.ahead(AHEAD_COUNT),
            self.screen.stage.size(),
        )
        for part in self._parts:
            part.painted(place.row)

    def _record_opened(self) -> None:
        work, item_id = self.work, self.place.row.item.id
        self.submit(lambda: work.opened(item_id), self._opened)

    def _opened(self, changed: Changed | None) -> None:
        if changed is not None:
            self.took(changed)

    def _not_noted(self, error: ReviewerError) -> None:
        self.failed(self.place.row.item.id, error.code)

    def _cover_texts(self, *, by_hand: bool) -> None:
        """Keep the texts beside the stage closed for who is away, or covered them."""
        for event, holds in ((Event.ESC, by_hand), (Event.FOCUS_LOST, self._is_away)):
            if holds:
                self.screen.left.answer(event, may_reveal=False)

    def _arrived(self, item_id: str) -> None:
        row = self.place.row
        concealed = self.prefetch.get(row)
        if row.item.id == item_id and concealed is not None:
            self.looking.arrived(concealed)
            self.display.media(concealed.info)
