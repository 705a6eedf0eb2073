"""The door: setting up a profile and opening it, unless a lock comes first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from reviewer.errors import Code, ReviewerError
from reviewer.services.entering import EnrolRequested, ProfileState
from reviewer.ui.day.picking import Picking
from reviewer.ui.day.screens import Screens
from reviewer.ui.day.sitting import Sitting
from reviewer.ui.facade import Entrance, Work
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.enrol_form import EnrolForm
from reviewer.ui.widgets.file_picker import Wanted


class Door(QObject):
    """One for a window; what opens is handed to the sitting."""

    resuming = Signal()
    """A PIN was typed; whoever hears it may lock first."""
    spent = Signal()
    """Three wrong PINs."""

    def __init__(
        self,
        *,
        entrance: Entrance,
        screens: Screens,
        picking: Picking,
        sitting: Sitting,
        tasks: Tasks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._entrance = entrance
        self._screens = screens
        self._picking = picking
        self._sitting = sitting
        self._tasks = tasks
        first = screens.first_run
        first.online.submitted.connect(self._enrol_online)
        first.request.submitted.connect(self._enrol_request)
        first.accept.submitted.connect(self._enrol_accept)
        first.request.path.wanted.connect(self._pick_request)
        first.accept.path.wanted.connect(self._pick_answer)
        first.start_over_wanted.connect(self._start_over)
        first.finished.connect(self.begin)
        screens.unlock.go_on_wanted.connect(self.show_first_run)
        for door in screens.doors:
            door.submitted.connect(self._unlock)
            door.accept_wanted.connect(self._to_accept)

    def begin(self) -> None:
        """Show the first screen: set up, or unlock."""
        if self._entrance.state() is ProfileState.EMPTY:
            self.show_first_run()
        else:
            self.show_unlock()

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        unlock = self._screens.unlock
        self._screens.show(unlock)
        unlock.start(
            keyring=self._entrance.keyring_mode(),
            support=self._entrance.support_lines(),
            may_accept=self._sitting.work is None,
            may_go_on=self._entrance.state() is ProfileState.BEGUN,
        )

    def show_first_run(self) -> None:
        """Show the ways to begin."""
        self._screens.show(self._screens.first_run)
        self._screens.first_run.show_ways()
        self._look_if_begun()

    # ----------------------------------------------------------------------------

    def _look_if_begun(self) -> None:
        begun = self._entrance.state() is ProfileState.BEGUN
        self._screens.first_run.set_begun(begun=begun)

    def _enrol_online(self) -> None:
        form, entrance = self._screens.first_run.online, self._entrance
        url, code = form.address.text().strip(), form.code.text().strip()
        passphrase = form.passphrase.take() or ""
        self._enter(
            lambda: entrance.enrol_online(url, code, passphrase),
            lambda error: self._not_enrolled(form, error),
        )

    def _enrol_request(self) -> None:
        form, entrance = self._screens.first_run.request, self._entrance
        code, path = form.code.text().strip(), form.path.path()
        passphrase = form.passphrase.take() or ""
        if path is None:
            return
        self._tasks.submit(
            lambda: entrance.enrol_request(code, passphrase, path),
            on_success=self._requested,
            on_failure=lambda error: self._not_enrolled(form, error),
        )

    def _not_enrolled(self, form: EnrolForm, error: ReviewerError) -> None:
        form.show_error(error.code)
        self._look_if_begun()

    def _start_over(self) -> None:
        notice = self._screens.first_run.notice
        self._tasks.submit(
            self._entrance.start_over,
            on_success=lambda _: self.begin(),
            on_failure=lambda error: notice.show_code(error.code),
        )

    def _requested(self, made: EnrolRequested) -> None:
        self._screens.first_run.show_made(made.fingerprint)

    def _enrol_accept(self) -> None:
        form, entrance = self._screens.first_run.accept, self._entrance
        path, passphrase = form.path.path(), form.secret.text()
        if path is None:
            return
        self._enter(
            lambda: entrance.enrol_accept(path, passphrase),
            lambda error: form.show_error(error.code),
        )

    def _to_accept(self) -> None:
        self._screens.show(self._screens.first_run)
        self._screens.first_run.show_accept()

    def _unlock(self, passphrase: str) -> None:
        entrance, screens = self._entrance, self._screens
        door = screens.curtain if screens.at(screens.curtain) else screens.unlock
        if door.asks_pin:
            self._resume(passphrase)
            return
        self._enter(
            lambda: entrance.unlock(passphrase),
            lambda error: door.show_error(error.code),
        )

    def _resume(self, pin: str) -> None:
        entrance, curtain = self._entrance, self._screens.curtain
        self.resuming.emit()
        if self._screens.at(curtain):
            self._enter(lambda: entrance.resume(pin), self._not_resumed)

    def _not_resumed(self, error: ReviewerError) -> None:
        if error.code is Code.PIN_SPENT:
            self.spent.emit()
            self._screens.unlock.show_error(error.code)
        else:
            self._screens.curtain.show_error(error.code)

    def _enter(
        self, ask: Callable[[], Work], on_failure: Callable[[ReviewerError], None]
    ) -> None:
        """Open the profile, unless a lock comes before the profile does."""
        sitting, locks = self._sitting, self._sitting.locks

        def open_unless_locked() -> Work | None:
            work = ask()
            if sitting.locks == locks:
                return work
            work.lock()  # here, before any later task can find it open
            return None

        def came(work: Work | None) -> None:
            if work is not None and sitting.locks == locks:
                sitting.entered(work)
                return
            if work is not None:
                self._tasks.submit(work.lock, on_success=_nothing, on_failure=_nothing)
            self._kept_out()

        self._tasks.submit(open_unless_locked, on_success=came, on_failure=on_failure)

    def _kept_out(self) -> None:
        """Leave the door shut, and usable."""
        self._screens.first_run.clear()
        for door in self._screens.doors:
            if self._screens.at(door):
                door.set_busy(busy=False)
                door.secret.setFocus()
                return
        self.show_unlock()

    def _pick_request(self) -> None:
        wanted = Wanted(suffix=".rvrequest", save_name="request.rvrequest")
        self._picking.pick(wanted, self._screens.first_run.request.path.set_path)

    def _pick_answer(self) -> None:
        wanted = Wanted(suffix="")
        self._picking.pick(wanted, self._screens.first_run.accept.path.set_path)


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""
