"""The shell: which screen is shown, and how one leads to the next.

It holds the unlocked profile while there is one, and nothing else of a person's
work. Curtain and lock leave no picture, text, key or open file behind. The curtain
alone remembers which batch was open and what was half written, so that coming back
lands there and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QWidget

from reviewer.domain.ids import BatchId, ItemId
from reviewer.errors import Code, ReviewerError
from reviewer.ports import Clock
from reviewer.safeguards.breaks import Presence
from reviewer.safeguards.reveal import Event
from reviewer.safeguards.values import Values, resolve
from reviewer.services.entering import EnrolRequested, ProfileState
from reviewer.services.journaling import JournalState
from reviewer.services.session import OpenBatch
from reviewer.ui import messages
from reviewer.ui.actions import Act
from reviewer.ui.errands import Errands
from reviewer.ui.facade import Entrance, Work
from reviewer.ui.fields import Fields, Lost
from reviewer.ui.icons import Icon
from reviewer.ui.key_router import KeyRouter
from reviewer.ui.keys import Stroke
from reviewer.ui.rest import Rest
from reviewer.ui.review import ReviewDesk
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.door_screen import DoorScreen
from reviewer.ui.widgets.enrol_form import EnrolForm
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.file_picker import FilePicker, Wanted
from reviewer.ui.widgets.first_run_screen import FirstRunScreen
from reviewer.ui.widgets.home_screen import HomeScreen
from reviewer.ui.widgets.receipt_screen import ReceiptScreen
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.widgets.submit_screen import SubmitScreen
from reviewer.ui.window import Window

CRASHES_COUNT: Final = 5
"""Faults of our own in one run after which the window is closed."""

IDLE_LOOK_MS: Final = 15_000
"""How often idleness is looked at; the limits themselves are safeguards."""


class Shell(QObject):
    """One for a window."""

    demo_wanted = Signal()
    given_up = Signal()
    """One fault of our own followed another; the program should end."""

    def __init__(self, entrance: Entrance, clock: Clock, tasks: Tasks) -> None:
        super().__init__()
        self.window = Window()
        self.tasks = tasks
        self._entrance = entrance
        self._clock = clock
        self._rest = Rest(clock)
        self._work: Work | None = None
        self._errands: Errands | None = None
        self._review: ReviewScreen | None = None
        self._desk: ReviewDesk | None = None
        self._values: Values = resolve({}, {})
        self._support: tuple[str, ...] = ()
        self._return_to: BatchId | None = None
        self._fields: dict[ItemId, Fields] = {}
        self._unsaved: dict[ItemId, Fields] = {}
        """Of commits that failed after their batch was left, until it is opened."""
        self._picked: Callable[[Path], None] | None = None
        self._before_pick: QWidget | None = None
        self._crashes = 0
        self._locks = 0
        """Locks and crashes so far; a profile asked for before one is shut again."""
        self._make_screens()
        self._router = KeyRouter(
            window=self.window,
            press=self._pressed,
            release=self._released,
            on_input=self._on_input,
        )
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOOK_MS)
        self._idle.timeout.connect(self.look_at_idleness)
        self._connect()

    # Beginning and ending -------------------------------------------------------

    def begin(self) -> None:
        """Show the first screen: set up, or unlock."""
        if self._entrance.state() is ProfileState.EMPTY:
            self._show_first_run()
        else:
            self._show_unlock()
        self._idle.start()

    def end(self) -> None:
        """Lock and stop every thread; the window may be gone already."""
        self._idle.stop()
        try:
            self._put_away()
        finally:
            self.tasks.finish()

    # What the probe reads -------------------------------------------------------

    @property
    def desk(self) -> ReviewDesk | None:
        """Return the review desk while a batch is open."""
        return self._desk

    @property
    def review(self) -> ReviewScreen | None:
        """Return the review screen while a batch is open."""
        return self._review

    # Screens --------------------------------------------------------------------

    def _make_screens(self) -> None:
        entrance = self._entrance
        self.first_run = FirstRunScreen(
            entrance.suggest_passphrase, demo_offered=entrance.demo_offered
        )
        self.unlock = DoorScreen(
            "unlockScreen",
            Icon.LOCK,
            messages.UNLOCK_TITLE,
            messages.UNLOCK_LINE,
            messages.UNLOCK,
        )
        self.curtain = DoorScreen(
            "curtainScreen",
            Icon.LEAF,
            messages.CURTAIN_TITLE,
            messages.CURTAIN_LINE,
            messages.CURTAIN_OPEN,
        )
        self.home = HomeScreen()
        self.submit = SubmitScreen()
        self.receipt = ReceiptScreen()
        self.picker = FilePicker()
        for screen in (
            self.first_run,
            self.unlock,
            self.curtain,
            self.home,
            self.submit,
            self.receipt,
            self.picker,
        ):
            self.window.add(screen)

    def _connect(self) -> None:
        first = self.first_run
        first.online.submitted.connect(self._enrol_online)
        first.request.submitted.connect(self._enrol_request)
        first.accept.submitted.connect(self._enrol_accept)
        first.request.path.wanted.connect(self._pick_request)
        first.accept.path.wanted.connect(self._pick_answer)
        first.demo_wanted.connect(self.demo_wanted)
        first.start_over_wanted.connect(self._start_over)
        first.finished.connect(self.begin)
        self.unlock.go_on_wanted.connect(self._show_first_run)
        for door in (self.unlock, self.curtain):
            door.submitted.connect(self._unlock)
            door.accept_wanted.connect(self._to_accept)
        self.home.batch_opened.connect(self._open_batch)
        self.home.lock_wanted.connect(self.lock)
        self.picker.picked.connect(self._took_path)
        self.picker.left.connect(self._left_picker)
        self.window.focus_changed.connect(self._focus_changed)
        self.window.hidden.connect(lambda: self._tell(Event.HIDDEN))

    def _show_unlock(self) -> None:
        self.window.show_screen(self.unlock)
        self.unlock.start(
            keyring=self._entrance.keyring_mode(),
            support=self._support,
            may_accept=self._work is None,
            may_go_on=self._entrance.state() is ProfileState.BEGUN,
        )

    def _show_first_run(self) -> None:
        self.window.show_screen(self.first_run)
        self.first_run.show_ways()
        self._look_if_begun()

    def _look_if_begun(self) -> None:
        begun = self._entrance.state() is ProfileState.BEGUN
        self.first_run.set_begun(begun=begun)

    # Entering -------------------------------------------------------------------

    def _enrol_online(self) -> None:
        form, entrance = self.first_run.online, self._entrance
        url, code = form.address.text().strip(), form.code.text().strip()
        passphrase = form.passphrase.take() or ""
        self._enter(
            lambda: entrance.enrol_online(url, code, passphrase),
            lambda error: self._not_enrolled(form, error),
        )

    def _enrol_request(self) -> None:
        form, entrance = self.first_run.request, self._entrance
        code, path = form.code.text().strip(), form.path.path()
        passphrase = form.passphrase.take() or ""
        if path is None:
            return
        self.tasks.submit(
            lambda: entrance.enrol_request(code, passphrase, path),
            on_success=self._requested,
            on_failure=lambda error: self._not_enrolled(form, error),
        )

    def _not_enrolled(self, form: EnrolForm, error: ReviewerError) -> None:
        form.show_error(error.code)
        self._look_if_begun()

    def _start_over(self) -> None:
        self.tasks.submit(
            self._entrance.start_over,
            on_success=lambda _: self.begin(),
            on_failure=lambda error: self.first_run.notice.show_code(error.code),
        )

    def _requested(self, made: EnrolRequested) -> None:
        self.first_run.show_made(made.fingerprint)

    def _enrol_accept(self) -> None:
        form, entrance = self.first_run.accept, self._entrance
        path, passphrase = form.path.path(), form.secret.text()
        if path is None:
            return
        self._enter(
            lambda: entrance.enrol_accept(path, passphrase),
            lambda error: form.show_error(error.code),
        )

    def _to_accept(self) -> None:
        self.window.show_screen(self.first_run)
        self.first_run.show_accept()

    def _unlock(self, passphrase: str) -> None:
        entrance = self._entrance
        door = self.curtain if self._at(self.curtain) else self.unlock
        self._enter(
            lambda: entrance.unlock(passphrase),
            lambda error: door.show_error(error.code),
        )

    def _enter(
        self, ask: Callable[[], Work], on_failure: Callable[[ReviewerError], None]
    ) -> None:
        """Open the profile, unless a lock comes before the profile does."""
        locks = self._locks

        def open_unless_locked() -> Work | None:
            work = ask()
            if self._locks == locks:
                return work
            work.lock()  # here, before any later task can find it open
            return None

        def came(work: Work | None) -> None:
            if work is not None and self._locks == locks:
                self._entered(work)
                return
            if work is not None:
                self.tasks.submit(work.lock, on_success=_nothing, on_failure=_nothing)
            self._kept_out()

        self.tasks.submit(open_unless_locked, on_success=came, on_failure=on_failure)

    def _kept_out(self) -> None:
        """Leave the door shut, and usable."""
        self.first_run.clear()
        for door in (self.unlock, self.curtain):
            if self._at(door):
                door.set_busy(busy=False)
                door.secret.setFocus()
                return
        self._show_unlock()

    def _entered(self, work: Work) -> None:
        self._work = work
        self.first_run.clear()
        errands = Errands(
            work=work,
            home=self.home,
            submit=self.submit,
            receipt=self.receipt,
            pick=self._pick,
            tasks=self.tasks,
            clock=self._clock,
            parent=self,
        )
        errands.show_home.connect(self._show_home)
        errands.show_submit.connect(lambda: self._show(self.submit))
        errands.show_receipt.connect(lambda: self._show(self.receipt))
        self._errands = errands
        back, self._return_to = self._return_to, None
        self._show_home()
        if back is not None:
            self._open_batch(back)

    # Home and review ------------------------------------------------------------

    def _show_home(self) -> None:
        self._leave_review()
        self._show(self.home)
        if self._errands is not None:
            self._errands.refresh()

    def _open_batch(self, batch_id: str) -> None:
        work = self._work
        if work is None:
            return
        wanted = BatchId(batch_id)
        self.tasks.submit(
            lambda: (work.open_batch(wanted), work.journal()),
            on_success=self._opened_batch,
            on_failure=lambda error: self.home.show_error(error.code),
        )

    def _opened_batch(self, answer: tuple[OpenBatch, JournalState]) -> None:
        work, (opened, journal) = self._work, answer
        if work is None:
            return
        self._leave_review()
        self._values = opened.values
        self._support = opened.config.support.lines
        screen = ReviewScreen()
        self.window.add(screen)
        self._review = screen
        self.window.show_screen(screen)
        self._desk = ReviewDesk(
            screen=screen,
            work=work,
            opened=opened,
            journal=journal,
            tasks=self.tasks,
            clock=self._clock,
            rest=self._rest,
            fields=self._fields | self._take_unsaved(opened),
            lost=self._losses(),
            parent=screen,
        )
        self._fields = {}
        self._desk.left.connect(self._show_home)
        self._desk.submit_wanted.connect(self._to_submit)
        self._desk.begin()
        screen.stage.setFocus()

    def _take_unsaved(self, opened: OpenBatch) -> dict[ItemId, Fields]:
        ids = [row.item.id for row in opened.rows if row.item.id in self._unsaved]
        return {item_id: self._unsaved.pop(item_id) for item_id in ids}

    def _losses(self) -> Lost:
        """Return what hears of commits that fail once this batch has been left."""
        locks = self._locks

        def lost(item_id: ItemId, fields: Fields, code: Code) -> None:
            if self._locks == locks:  # a lock forgets what was written
                self._unsaved[item_id] = fields
            self._error_here().show_code(code)

        return lost

    def _error_here(self) -> ErrorPanel:
        """Return the error panel of the screen that is shown, else home's."""
        if self._review is not None and self._at(self._review):
            return self._review.right.error
        screens = (self.submit, self.curtain, self.unlock)
        return next((one.error for one in screens if self._at(one)), self.home.error)

    def _to_submit(self) -> None:
        self._show_home()
        if self._errands is not None:
            self._errands.preview()

    def _leave_review(self) -> None:
        desk, screen = self._desk, self._review
        self._desk = self._review = None
        if desk is not None:
            desk.stop()
        if screen is not None:
            self.window.drop(screen)

    # Curtain and lock -----------------------------------------------------------

    def draw_curtain(self) -> None:
        """Put everything away; the passphrase brings the same batch back."""
        if self._work is None:
            return
        self._return_to = self._open_batch_id()
        self._fields = {} if self._desk is None else self._desk.fields()
        self._rest.begin_break()
        self._tell(Event.CURTAIN)
        self._put_away()
        self.window.show_screen(self.curtain)
        self.curtain.start(keyring=None, support=self._support, may_accept=False)

    def lock(self) -> None:
        """Put everything away and forget where the person was."""
        self._locks += 1
        self._fields = {}
        self._unsaved.clear()
        if self._at(self.curtain):
            self._return_to = None
            self._show_unlock()
        if self._work is None:
            return
        self._return_to = None
        self._tell(Event.LOCK)
        self._put_away()
        self._show_unlock()

    def crashed(self) -> None:
        """Put everything away after a fault of our own, and say so."""
        was_curtained = self._at(self.curtain)
        self.window.show_screen(self.curtain)  # first: whatever else fails now
        self._crashes += 1
        self._locks += 1
        if self._crashes > CRASHES_COUNT:
            self.given_up.emit()
            return
        was_open = self._work is not None
        try:
            self._fields = {} if self._desk is None else self._desk.fields()
        finally:
            self._curtain_after_crash(was_open=was_open or was_curtained)

    def _curtain_after_crash(self, *, was_open: bool) -> None:
        try:
            self._put_away()
            self._return_to = None  # there, it might happen again
            if was_open:
                self.curtain.start(
                    keyring=None, support=self._support, may_accept=False
                )
            else:
                self.begin()
        finally:
            for door in (self.curtain, self.unlock):
                door.say(messages.CRASHED)
            self.first_run.say(messages.CRASHED)

    def look_at_idleness(self) -> None:
        """Draw the curtain or lock after long enough without input."""
        if self._rest.has_slept():
            self.lock()
            return
        match self._rest.presence(self._values):
            case Presence.CURTAIN:
                self.draw_curtain()
            case Presence.LOCK:
                self.lock()
            case Presence.HERE:
                pass

    def _put_away(self) -> None:
        """Close the review and lock; the vault locks even where the rest fails."""
        work, self._work = self._work, None
        try:
            self.window.key_sheet.hide()
            self._leave_review()
            errands, self._errands = self._errands, None
            if errands is not None:
                errands.stop()
                errands.deleteLater()
        finally:
            QPixmapCache.clear()
            if work is not None:
                self.tasks.submit(work.lock, on_success=_nothing, on_failure=_nothing)

    def _open_batch_id(self) -> BatchId | None:
        return None if self._desk is None else self._desk.batch_id

    # Keys and focus -------------------------------------------------------------

    def _on_input(self) -> None:
        self._rest.on_any_input()
        if self._desk is not None and self._at(self._review):
            self._desk.on_input()

    def _pressed(self, stroke: Stroke) -> bool:
        match stroke.act:
            case Act.COVER:
                return self._cover()
            case Act.LOCK:
                self.lock()
                return True
            case Act.KEY_SHEET:
                self.window.toggle_key_sheet()
                return True
            case _:
                return self._pressed_on_review(stroke)

    def _pressed_on_review(self, stroke: Stroke) -> bool:
        desk = self._desk
        if desk is None or not self._at(self._review):
            return False
        if self.window.key_sheet.isVisible():
            return True
        if stroke.act is Act.CURTAIN:
            self.draw_curtain()
            return True
        return desk.press(stroke)

    def _released(self, stroke: Stroke) -> None:
        if self._desk is not None:
            self._desk.release(stroke)

    def _cover(self) -> bool:
        """Esc: cover at once, close what is open over the screen, lose no text."""
        self._tell(Event.ESC)
        if self.window.key_sheet.isVisible():
            self.window.key_sheet.hide()
        elif self._review is not None and self._at(self._review):
            self._review.stage.setFocus()
        elif self._at(self.picker):
            self._left_picker()
        return True

    def _focus_changed(self, is_active: bool) -> None:  # noqa: FBT001 (a Qt signal)
        self._tell(Event.FOCUS_GAINED if is_active else Event.FOCUS_LOST)

    def _tell(self, event: Event) -> None:
        if self._desk is not None:
            self._desk.event_happened(event)

    # Choosing files -------------------------------------------------------------

    def _pick(self, wanted: Wanted, took: Callable[[Path], None]) -> None:
        self._picked = took
        self._before_pick = self.window.current()
        self.window.show_screen(self.picker)
        self.picker.start(wanted)

    def _pick_request(self) -> None:
        wanted = Wanted(suffix=".rvrequest", save_name="request.rvrequest")
        self._pick(wanted, self.first_run.request.path.set_path)

    def _pick_answer(self) -> None:
        self._pick(Wanted(suffix=""), self.first_run.accept.path.set_path)

    def _took_path(self, path: Path) -> None:
        took = self._picked
        self._left_picker()
        if took is not None:
            took(path)

    def _left_picker(self) -> None:
        self._picked = None
        if self._before_pick is not None:
            self.window.show_screen(self._before_pick)

    # ----------------------------------------------------------------------------

    def _show(self, screen: QWidget) -> None:
        self.window.show_screen(screen)

    def _at(self, screen: QWidget | None) -> bool:
        return screen is not None and self.window.current() is screen


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""
