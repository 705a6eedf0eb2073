"""The review desk: what each key does to an open batch.

The next item is painted concealed before the commit of the last one is confirmed;
the counter rises only then, and a commit that failed brings its item back with its
fields (design.md 5, *Confirmed*).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.domain.ids import BatchId, ItemId
from reviewer.errors import ReviewerError
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services import drafting
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete, Draft
from reviewer.services.journaling import JournalState
from reviewer.services.session import OpenBatch
from reviewer.ui import messages
from reviewer.ui.actions import Act
from reviewer.ui.building import first_focusable
from reviewer.ui.choice_view import Desk, Lit
from reviewer.ui.display import Display
from reviewer.ui.facade import Views, Work
from reviewer.ui.fields import Fields, Lost, no_fields
from reviewer.ui.keys import Stroke
from reviewer.ui.looking import Looking
from reviewer.ui.place import Place
from reviewer.ui.prefetch import Prefetch
from reviewer.ui.rest import Rest
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.review_screen import ReviewScreen

OPENED_AFTER_MS: Final = 250
"""An item that is only passed by leaves no `open` entry."""

AFTER_PAINT_MS: Final = 40
"""Neighbours are fetched after the paint: a worker that wakes takes time from it."""

_MOVES: Final = {
    Act.LEFT: (-1, 0),
    Act.RIGHT: (1, 0),
    Act.UP: (0, -1),
    Act.DOWN: (0, 1),
}
_LOOKS_DOWN: Final = {
    Act.HOLD_LENS: Event.SPACE_DOWN,
    Act.HOLD_WHOLE: Event.WHOLE_DOWN,
}
_LOOKS_UP: Final = {Act.HOLD_LENS: Event.SPACE_UP, Act.HOLD_WHOLE: Event.WHOLE_UP}
_TEXT_EVENTS: Final = frozenset(
    {Event.ESC, Event.FOCUS_LOST, Event.FOCUS_GAINED, Event.HIDDEN, Event.CURTAIN,
     Event.LOCK, Event.SLEEP}
)  # fmt: skip


class ReviewDesk(QObject):
    """One for an open batch."""

    left = Signal()
    submit_wanted = Signal()

    def __init__(
        self,
        *,
        screen: ReviewScreen,
        work: Work,
        opened: OpenBatch,
        journal: JournalState,
        tasks: Tasks,
        clock: Clock,
        rest: Rest,
        fields: dict[ItemId, Fields],
        lost: Lost,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._screen = screen
        self._work = work
        self._batch = opened
        self._journal = journal
        self._tasks = tasks
        self._rest = rest
        self._values = opened.values
        self._place = Place(opened.rows, opened.position)
        self._display = Display(screen, self._place, opened.pack)
        self._fields = fields
        self._lost = lost
        self._draft = drafting.start()
        self._lit = Lit.DRAFT
        self._last: Complete | None = None
        self._stopped = False
        self._prefetch = Prefetch(
            views=work.viewing, tasks=tasks, values=opened.values, parent=self
        )
        self._looking = Looking(
            stage=screen.stage,
            ladder=screen.ladder,
            views=work.viewing,
            tasks=tasks,
            clock=clock,
            rest=rest,
            values=opened.values,
            parent=self,
        )
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.setInterval(OPENED_AFTER_MS)
        self._opening.timeout.connect(self._record_opened)
        self._around = QTimer(self)
        self._around.setSingleShot(True)
        self._around.timeout.connect(self._look_around)
        self._connect()

    # What the shell asks --------------------------------------------------------

    @property
    def batch_id(self) -> BatchId:
        """Return which batch is open."""
        return self._batch.card.batch_id

    @property
    def place(self) -> Place:
        """Return the rows and the position, for the probe."""
        return self._place

    @property
    def looking(self) -> Looking:
        """Return the reveal, for the probe."""
        return self._looking

    @property
    def lit(self) -> str:
        """Return which group the digits go to, for the probe."""
        lit = self._draft.group if self._lit is Lit.DRAFT else self._lit
        return str(lit.value)

    @property
    def viewing(self) -> Views:
        """Return the views of the batch's items."""
        return self._work.viewing

    @property
    def is_looking_around(self) -> bool:
        """Return whether neighbours are still to be asked for."""
        return self._around.isActive()

    @property
    def is_committing(self) -> bool:
        """Return whether a commit has yet to be confirmed."""
        return bool(self._place.pending)

    def begin(self) -> None:
        """Show the item that the batch was left at."""
        self._display.batch(self._batch.card)
        self._display.journal(self._journal)
        self._show(self._place.index, keep_fields=False)

    def fields(self) -> dict[ItemId, Fields]:
        """Return what was set and not yet committed, to come back to it."""
        self._kept_fields()
        return dict(self._fields)

    def stop(self) -> None:
        """Leave the batch: every picture and text goes, and every field.

        Only the fields of a commit under way stay, until it is confirmed or fails.
        """
        self._stopped = True
        self._opening.stop()
        self._around.stop()
        self._looking.stop()
        self._prefetch.stop()
        for item_id in set(self._fields) - self._place.pending:
            del self._fields[item_id]
        self._screen.clear()
        self._tasks.end(self._work.viewing.cover)

    def event_happened(self, event: Event) -> None:
        """Answer what happens to the window: focus, hiding, Esc, curtain, lock."""
        self._looking.answer(event)
        if event in _TEXT_EVENTS:
            self._answer_texts(event)

    def on_input(self) -> None:
        """Count an input on this screen towards the next break."""
        self._rest.on_review_input(self._values)

    def press(self, stroke: Stroke) -> bool:
        """Do what a key asks; return whether it meant anything here."""
        if stroke.act in _LOOKS_DOWN:
            self._looking.answer(_LOOKS_DOWN[stroke.act])
        elif stroke.act in _MOVES:
            self._looking.answer(Event.KEY)
            self._looking.move(*_MOVES[stroke.act])
        elif stroke.act is Act.DIGIT:
            self._looking.answer(Event.KEY)
            self._digit(stroke.digit)
        else:
            handler = self._handlers().get(stroke.act)
            if handler is None:
                return False
            self._looking.answer(Event.KEY)
            handler()
        self._display.rest(self._rest, self._values)
        return True

    def release(self, stroke: Stroke) -> None:
        """End what a held key began."""
        if stroke.act in _LOOKS_UP:
            self._looking.answer(_LOOKS_UP[stroke.act])

    # Keys -----------------------------------------------------------------------

    def _handlers(self) -> dict[Act, Callable[[], None]]:
        return {
            Act.CLEARER: lambda: self._looking.climb(Event.CLEARER),
            Act.SAFER: lambda: self._looking.climb(Event.SAFER),
            Act.COMMIT: self._commit_key,
            Act.BACK: self._back,
            Act.NEXT: lambda: self._step(1),
            Act.PREVIOUS: lambda: self._step(-1),
            Act.NEXT_UNDECIDED: self._next_open,
            Act.KEEP: self._keep,
            Act.REPEAT: self._repeat,
            Act.UNDO: self._undo,
            Act.NOTE: self._to_note,
            Act.SEVERITY: self._light_severity,
            Act.HAND_BACK: self._light_hand_back,
            Act.LARGER: lambda: self._looking.magnify(1),
            Act.SMALLER: lambda: self._looking.magnify(-1),
            Act.NEXT_ZONE: self._next_zone,
            Act.HOME: self.left.emit,
        }

    def _digit(self, digit: int) -> None:
        if not self._may_decide():
            return
        match self._lit:
            case Lit.SEVERITY:
                self._set_severity(digit)
            case Lit.HAND_BACK:
                reasons = self._batch.pack.hand_back_reasons
                picked = [one.code for one in reasons if one.digit == digit]
                if picked:
                    self._hand_back(picked[0])
            case Lit.DRAFT:
                self._take(
                    drafting.press(
                        self._draft,
                        self._batch.pack,
                        digit,
                        commit_needs_enter=self._batch.config.commit_needs_enter,
                    )
                )

    def _commit_key(self) -> None:
        if not self._may_decide():
            return
        if self._lit is Lit.HAND_BACK:
            self._hand_back(None)
        elif self._lit is Lit.DRAFT:
            pack, has_note = self._batch.pack, self._has_note()
            self._take(drafting.enter(self._draft, pack, has_note=has_note))

    def _back(self) -> None:
        if self._lit is not Lit.DRAFT:
            self._light(Lit.DRAFT)
        elif self._may_decide():
            self._take(drafting.back(self._draft))

    def _repeat(self) -> None:
        if self._may_decide():
            self._lit = Lit.DRAFT
            self._take(drafting.repeat(self._last, self._batch.pack))

    def _light_severity(self) -> None:
        self._light(Lit.DRAFT if self._lit is Lit.SEVERITY else Lit.SEVERITY)

    def _light_hand_back(self) -> None:
        if self._may_decide():
            self._light(Lit.DRAFT if self._lit is Lit.HAND_BACK else Lit.HAND_BACK)

    def _light(self, lit: Lit) -> None:
        self._lit = lit
        self._show_right()

    def _take(self, answer: Draft | Complete) -> None:
        if isinstance(answer, Complete):
            self._decide(answer)
        else:
            self._draft = answer
            self._show_right()

    def _step(self, by: int) -> None:
        wanted = self._place.index + by
        if 0 <= wanted < len(self._place.rows):
            self._show(wanted)

    def _next_open(self) -> None:
        wanted = self._place.next_open()
        if wanted is not None and wanted != self._place.index:
            self._show(wanted)

    def _next_zone(self) -> None:
        """Give the focus to the stage, the left zone, the right zone, in turn."""
        screen = self._screen
        zones: tuple[QWidget, ...] = (screen.stage, screen.left, screen.right)
        focus = QApplication.focusWidget()
        at = next(
            (
                index
                for index, zone in enumerate(zones)
                if focus is not None and (zone is focus or zone.isAncestorOf(focus))
            ),
            0,
        )
        for step in range(1, len(zones) + 1):
            zone = zones[(at + step) % len(zones)]
            found = first_focusable(zone)
            if found is not None:
                found.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _to_note(self) -> None:
        self._screen.right.note.setFocus()

    # Acts upon the vault --------------------------------------------------------

    def _decide(self, complete: Complete) -> None:
        row = self._place.row
        fields = self._kept_fields()
        work, note = self._work, fields.note or None
        self._last = complete
        words = drafting.speak(
            drafting.repeat(complete, self._batch.pack), self._batch.pack
        )
        self._commit(
            row,
            lambda: work.decide(row.item.id, complete, looks=fields.looks, note=note),
            words,
        )

    def _hand_back(self, reason: str | None) -> None:
        row = self._place.row
        note = self._kept_fields().note or None
        work = self._work
        self._commit(
            row,
            lambda: work.hand_back(row.item.id, reason=reason, note=note),
            messages.HANDED_BACK,
        )

    def _commit(self, row: ItemRow, act: Callable[[], Changed], words: str) -> None:
        """Paint the next item at once; confirm, or come back, when the vault says."""
        item_id = row.item.id
        self._place.pending.add(item_id)
        self._screen.right.error.clear()
        self._tasks.submit(
            act,
            on_success=lambda changed: self._confirmed(changed, words),
            on_failure=lambda error: self._commit_failed(item_id, error),
        )
        wanted = self._place.next_open()
        self._show(self._place.index if wanted is None else wanted)

    def _confirmed(self, changed: Changed, words: str) -> None:
        item_id = changed.row.item.id
        self._place.pending.discard(item_id)
        self._fields.pop(item_id, None)
        if self._stopped:
            return
        self._changed(changed)
        ref = changed.row.item.ref
        self._screen.right.say_last(messages.last_act(ref, words))
        if self._place.row.item.id == item_id:
            self._draft = drafting.start()
            self._screen.right.set_note("")
            self._show_item_words()

    def _commit_failed(self, item_id: ItemId, error: ReviewerError) -> None:
        self._place.pending.discard(item_id)
        if self._stopped:
            self._lost(item_id, self._fields.pop(item_id, no_fields()), error.code)
            return
        at = self._place.index_of(item_id)
        if at is not None:
            self._show(at)
        self._screen.right.show_error(error.code)

    def _undo(self) -> None:
        work, batch_id = self._work, self._batch.card.batch_id
        self._tasks.submit(
            lambda: work.undo(batch_id),
            on_success=self._undone,
            on_failure=self._failed,
        )

    def _undone(self, changed: Changed) -> None:
        if self._stopped:
            return
        self._changed(changed)
        item_id = changed.row.item.id
        self._fields.pop(item_id, None)
        at = self._place.index_of(item_id)
        if at is not None:
            self._show(at, keep_fields=self._place.row.item.id != item_id)
        self._screen.right.say_last(f"{changed.row.item.ref}: {messages.UNDONE}")

    def _keep(self) -> None:
        row = self._place.row
        keep = not row.standing.keep
        work = self._work
        self._place.put_keep(row.item.id, keep=keep)
        self._show_item_words()
        self._tasks.submit(
            lambda: work.keep(row.item.id, keep=keep),
            on_success=self._took_row,
            on_failure=self._failed,
        )

    def _set_severity(self, value: int) -> None:
        if value not in range(6):
            return
        row = self._place.row
        work = self._work
        self._lit = Lit.DRAFT
        self._show_right()
        self._tasks.submit(
            lambda: work.set_severity(row.item.id, value),
            on_success=self._rated,
            on_failure=self._failed,
        )

    def _rated(self, row: ItemRow) -> None:
        """Open the item again, as its new severity asks."""
        if self._stopped:
            return
        self._place.put(row)
        self._prefetch.forget(row.item.id)
        if self._place.row.item.id == row.item.id:
            self._show(self._place.index)

    def _record_opened(self) -> None:
        row = self._place.row
        work = self._work
        self._tasks.submit(
            lambda: work.opened(row.item.id),
            on_success=self._opened,
            on_failure=self._failed,
        )

    def _opened(self, changed: Changed | None) -> None:
        if changed is not None and not self._stopped:
            self._changed(changed)

    def _changed(self, changed: Changed) -> None:
        self._place.put(changed.row)
        self._journal = changed.journal
        self._display.journal(self._journal)
        self._display.position()

    def _took_row(self, row: ItemRow) -> None:
        if not self._stopped:
            self._place.put(row)

    def _failed(self, error: ReviewerError) -> None:
        if not self._stopped:
            self._screen.right.show_error(error.code)

    # Showing --------------------------------------------------------------------

    def _show(self, at: int, *, keep_fields: bool = True) -> None:
        """Show an item as it opens, with the fields it was left with."""
        if keep_fields:
            self._kept_fields()
        self._place.index = at
        row = self._place.row
        fields = self._fields.get(row.item.id, no_fields())
        self._draft = fields.draft
        self._lit = Lit.DRAFT
        ready = self._prefetch.get(row)
        self._looking.open(row, ready, fields.looks)
        self._screen.right.error.clear()
        self._screen.right.set_note(fields.note)
        self._show_item_words()
        self._display.position()
        self._around.start(0 if ready is None else AFTER_PAINT_MS)
        self._opening.start()

    def _look_around(self) -> None:
        """Ask for this item and its neighbours, once what is here is painted."""
        place = self._place
        self._prefetch.look_around(
            place.rows, place.index, place.ahead(), self._screen.stage.size()
        )

    def _show_item_words(self) -> None:
        self._display.item(self._desk(), self._looking.reveal, self._looking.info)

    def _show_right(self) -> None:
        self._display.choices(self._desk(), self._looking.reveal)

    def _show_hints(self) -> None:
        self._display.keys(self._desk(), self._looking.reveal)

    def _desk(self) -> Desk:
        row = self._place.row
        return Desk(
            lit=self._lit,
            draft=self._draft,
            pack=self._batch.pack,
            standing=row.standing,
            has_note=self._has_note(),
            can_write=not self._journal.read_only,
            is_pending=row.item.id in self._place.pending,
            can_show=not self._screen.stage.refused_code,
        )

    # ----------------------------------------------------------------------------

    def _connect(self) -> None:
        right, screen = self._screen.right, self._screen
        right.chosen.connect(self._digit)
        right.committed.connect(self._commit_key)
        right.handed_back.connect(self._light_hand_back)
        right.undone.connect(self._undo)
        right.note.textChanged.connect(self._show_right)
        right.finished.connect(self.submit_wanted)
        screen.toggled.connect(self._looking.toggle)
        screen.top.home_wanted.connect(self.left)
        screen.left.text_asked.connect(self._open_text)
        self._prefetch.ready.connect(self._arrived)
        self._looking.changed.connect(self._show_hints)

    def _arrived(self, item_id: str) -> None:
        row = self._place.row
        concealed = self._prefetch.get(row)
        if row.item.id == item_id and concealed is not None:
            self._looking.arrived(concealed)
            self._display.media(concealed.info)

    def _open_text(self, at: int) -> None:
        self._screen.left.texts[at].answer(
            Event.OPEN_TEXT, may_reveal=self._rest.may_reveal(self._values)
        )

    def _answer_texts(self, event: Event) -> None:
        may = self._rest.may_reveal(self._values)
        self._screen.left.answer(event, may_reveal=may)

    def _kept_fields(self) -> Fields:
        """Keep what was set for the item on the stage, and return it."""
        fields = Fields(
            draft=self._draft,
            note=self._screen.right.note_text(),
            looks=self._looking.looks,
        )
        self._fields[self._place.row.item.id] = fields
        return fields

    def _has_note(self) -> bool:
        return bool(self._screen.right.note_text())

    def _may_decide(self) -> bool:
        pending = self._place.row.item.id in self._place.pending
        return not pending and not self._journal.read_only
