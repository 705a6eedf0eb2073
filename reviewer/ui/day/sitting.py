"""A sitting: the unlocked profile while there is one, and the batch that is open.

What a person has half written stays here, in memory, over a curtain; a lock forgets
it (docs/adr/0026).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmapCache

from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.preferences import DEFAULT
from reviewer.errors import Code, ReviewerError
from reviewer.ports import Clock
from reviewer.safeguards.reveal import Event
from reviewer.safeguards.values import Values, resolve
from reviewer.services.journaling import JournalState
from reviewer.services.session import OpenBatch
from reviewer.ui import bindings
from reviewer.ui.day.done import Done
from reviewer.ui.day.picking import Picking
from reviewer.ui.day.screens import Screens
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.errands import Errands
from reviewer.ui.facade import Work
from reviewer.ui.fields import Fields, Lost, no_fields
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.review_screen import ReviewScreen


class Sitting(QObject):
    """One for a window; empty while it is locked."""

    asked = Signal(object)
    """A stroke, as if its key was pressed: from the palette of an open batch."""
    opened = Signal()
    """A profile was opened; home is shown, or about to be."""
    at_home = Signal()
    put_off = Signal()
    """Everything of the profile is being put away."""

    def __init__(
        self,
        *,
        screens: Screens,
        picking: Picking,
        tasks: Tasks,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._screens = screens
        self._picking = picking
        self._tasks = tasks
        self._clock = clock
        self._errands: Errands | None = None
        self.work: Work | None = None
        self.review: ReviewScreen | None = None
        self.desk: ReviewDesk | None = None
        self.values: Values = resolve({}, {})
        self.has_pin = False
        """A PIN was chosen, as far as is known."""
        self.done = Done()
        self.return_to: BatchId | None = None
        self.fields: dict[ItemId, Fields] = {}
        self.unsaved: dict[ItemId, Fields] = {}
        """Of commits that failed after their batch was left, until it is opened."""
        self.locks = 0
        """Locks and crashes so far; a profile asked for before one is shut again."""
        self._offered: set[ItemId] = set()
        """Items of which a rating was offered since the unlock."""
        self._forgets = 0
        """Locks so far; what was written before one is not kept."""
        screens.home.batch_opened.connect(self.open_batch)

    @property
    def errands(self) -> Errands | None:
        """Return what is done from home, while the profile is open."""
        return self._errands

    def entered(self, work: Work) -> None:
        """Begin with an open profile: home, or the batch that was left."""
        self.work = work
        screens = self._screens
        screens.first_run.clear()
        errands = Errands(
            work=work,
            home=screens.home,
            submit=screens.submit,
            receipt=screens.receipt,
            pick=self._picking.pick,
            tasks=self._tasks,
            clock=self._clock,
            parent=self,
        )
        self._tasks.submit(
            work.preferences,
            on_success=lambda found: bindings.use(bindings.resolved(found)),
            on_failure=_nothing,
        )
        errands.show_home.connect(self.go_home)
        errands.show_submit.connect(lambda: screens.show(screens.submit))
        errands.show_receipt.connect(lambda: screens.show(screens.receipt))
        self._errands = errands
        self.opened.emit()
        back, self.return_to = self.return_to, None
        self.go_home()
        if back is not None:
            self.open_batch(back)

    def go_home(self) -> None:
        """Leave the batch, if one is open, and read the batches again."""
        self._keep_threats()
        self.leave_review()
        self._screens.show(self._screens.home)
        if self._errands is not None:
            self._errands.refresh()
            self.at_home.emit()

    def open_batch(self, batch_id: str) -> None:
        """Open a batch on the review screen."""
        work = self.work
        if work is None:
            return
        wanted = BatchId(batch_id)
        self._tasks.submit(
            lambda: (work.open_batch(wanted), work.journal()),
            on_success=self._opened_batch,
            on_failure=lambda error: self._screens.home.show_error(error.code),
        )

    def leave_review(self) -> None:
        """Close the review screen; every picture and text of it goes."""
        desk, screen = self.desk, self.review
        self.desk = self.review = None
        try:
            if desk is not None:
                self.done.left(desk.place.rows)
                desk.stop()
        finally:
            if screen is not None:  # it goes whatever fails, and all it holds
                self._screens.window.drop(screen)

    def put_away(self, *, curtained: bool = False) -> None:
        """Close the review and lock; the vault locks even where the rest fails.

        Behind a curtain its keys wait under the PIN, where there is one.
        """
        work, self.work = self.work, None
        bindings.use(bindings.resolved(DEFAULT))
        try:
            self.put_off.emit()
            self._screens.window.key_sheet.hide()
            self.leave_review()
            errands, self._errands = self._errands, None
            if errands is not None:
                errands.stop()
                errands.deleteLater()
        finally:
            QPixmapCache.clear()
            if work is not None:
                self._shut(work, curtained=curtained)

    def _shut(self, work: Work, *, curtained: bool) -> None:
        if not curtained:
            self._tasks.submit(
                work.lock, on_success=_forget_keys, on_failure=_forget_keys
            )
            return
        self._tasks.submit(
            work.curtain,
            on_success=self._curtained,
            on_failure=lambda _: self._curtained(has_pin=False),
        )

    def _curtained(self, has_pin: bool) -> None:  # noqa: FBT001 (an answer)
        curtain = self._screens.curtain
        self.has_pin = has_pin
        if self._screens.is_behind(curtain) and curtain.asks_pin is not has_pin:
            curtain.ask(pin=has_pin)
        _forget_keys(None)

    def keep_place(self) -> None:
        """Remember which batch is open, to come back to it."""
        self.return_to = None if self.desk is None else self.desk.batch_id

    def keep_fields(self) -> None:
        """Remember what was set and not yet committed.

        The fields of a commit under way are none of these: it succeeds, and they are
        no draft any more, or it fails and they come back as unsaved.
        """
        self.fields = {}
        desk = self.desk
        if desk is not None:
            pending = desk.place.pending
            kept = desk.fields().items()
            self.fields = {key: value for key, value in kept if key not in pending}

    def forget(self) -> None:
        """Forget what was half written, for a lock."""
        self._forgets += 1
        self.fields = {}
        self.unsaved.clear()
        self._offered.clear()
        self.done = Done()
        self.has_pin = False

    def tell(self, event: Event) -> None:
        """Tell the open batch what happens to the window."""
        if self.desk is not None:
            self.desk.event_happened(event)

    def error_here(self) -> ErrorPanel:
        """Return the error panel of the screen that is shown, else home's."""
        if self.review is not None and self._screens.at(self.review):
            return self.review.right.error
        return self._screens.error_here()

    # ----------------------------------------------------------------------------

    def _opened_batch(self, answer: tuple[OpenBatch, JournalState]) -> None:
        work, (opened, journal) = self.work, answer
        if work is None:
            return
        self.leave_review()
        self.values = opened.values
        self.done.began(opened.rows)
        screen = ReviewScreen()
        self._screens.window.add(screen)
        self.review = screen
        self._screens.show(screen)
        self.desk = ReviewDesk(
            screen=screen,
            work=work,
            opened=opened,
            journal=journal,
            tasks=self._tasks,
            clock=self._clock,
            fields=self.fields | self._take_unsaved(opened),
            lost=self._losses(),
            offered=self._offered,
            answered_late=self.done.left,  # of before a lock, if one comes
            parent=screen,
        )
        self.fields = {}
        self.desk.left.connect(self.go_home)
        self.desk.submit_wanted.connect(self._to_submit)
        self.desk.hand_over_wanted.connect(self._to_hand_over)
        self.desk.asked.connect(self.asked)
        self.desk.file_wanted.connect(self._picking.pick)
        self.desk.begin()
        screen.stage.setFocus()

    def _keep_threats(self) -> None:
        """Keep a threat to life that is half written, until its batch is opened."""
        kept = {} if self.desk is None else self.desk.fields()
        for item_id, fields in kept.items():
            if fields.threat != no_fields().threat:
                self.unsaved[item_id] = fields

    def _take_unsaved(self, opened: OpenBatch) -> dict[ItemId, Fields]:
        ids = [row.item.id for row in opened.rows if row.item.id in self.unsaved]
        return {item_id: self.unsaved.pop(item_id) for item_id in ids}

    def _losses(self) -> Lost:
        """Return what hears of commits that fail once this batch has been left."""
        forgets = self._forgets

        def lost(item_id: ItemId, fields: Fields | None, code: Code) -> None:
            # A lock forgets what was written.
            if fields is not None and self._forgets == forgets:
                self.unsaved[item_id] = fields
            self.error_here().show_code(code)

        return lost

    def _to_hand_over(self) -> None:
        """Leave the batch, and offer to hand over what is left of it."""
        if self.desk is not None:
            batch_id = self.desk.batch_id
            self.go_home()
            self._screens.home.hand_over_wanted.emit(batch_id)

    def _to_submit(self) -> None:
        self.go_home()
        if self._errands is not None:
            self._errands.preview()


def _forget_keys(_value: object) -> None:
    """Let go of the session that was shut, and of the keys within it, before long.

    Its parts know each other, so nothing but the collector ends them; and nobody is
    there now whose input would make it run.
    """
    QTimer.singleShot(0, gc.collect)


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""
