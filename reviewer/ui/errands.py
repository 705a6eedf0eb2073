"""What is done from home: fetch, import, submit, take a receipt.

One for an unlocked profile. A bad file or a dead connection says so on the screen
where it was asked for, and everything else stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from reviewer.errors import Code, RefusedError, ReviewerError, VerificationError
from reviewer.ports import Clock
from reviewer.services.fetching import FetchReport
from reviewer.services.importing import Imported
from reviewer.services.session import Home
from reviewer.services.submitting import Preview, ReceiptView
from reviewer.ui import messages
from reviewer.ui.facade import Work
from reviewer.ui.flow import LongWork
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.file_picker import Wanted
from reviewer.ui.widgets.home_screen import HomeScreen
from reviewer.ui.widgets.receipt_screen import ReceiptScreen
from reviewer.ui.widgets.submit_screen import SubmitScreen

BATCH_SUFFIX: Final = ".rvbatch"
SUBMISSION_SUFFIX: Final = ".rvsub"
RECEIPT_SUFFIX: Final = ".rvreceipt"
SUBMISSION_NAME: Final = "submission.rvsub"
RECEIPT_BYTES: Final = 1024 * 1024

PickFile = Callable[[Wanted, Callable[[Path], None]], None]
"""Ask the person for a file, then call back with its path."""


class Errands(QObject):
    """Talks to the services and fills the home, submit and receipt screens."""

    show_home = Signal()
    show_submit = Signal()
    show_receipt = Signal()

    def __init__(
        self,
        *,
        work: Work,
        home: HomeScreen,
        submit: SubmitScreen,
        receipt: ReceiptScreen,
        pick: PickFile,
        tasks: Tasks,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._home = home
        self._submit = submit
        self._receipt = receipt
        self._pick = pick
        self._tasks = tasks
        self._long = LongWork(home.work, tasks, clock, self)
        self._online = False
        self._stopped = False
        home.fetch_wanted.connect(self.fetch)
        home.import_wanted.connect(self.bring_file)
        home.submit_wanted.connect(self.preview)
        home.receipt_wanted.connect(self.bring_receipt)
        submit.online_wanted.connect(self._send)
        submit.stick_wanted.connect(self._write)
        submit.left.connect(self.show_home)
        receipt.left.connect(self.show_home)

    def stop(self) -> None:
        """Leave: lock, curtain, closing. What still comes is dropped."""
        self._stopped = True
        self._long.stop()
        home, submit = self._home, self._submit
        home.fetch_wanted.disconnect(self.fetch)
        home.import_wanted.disconnect(self.bring_file)
        home.submit_wanted.disconnect(self.preview)
        home.receipt_wanted.disconnect(self.bring_receipt)
        submit.online_wanted.disconnect(self._send)
        submit.stick_wanted.disconnect(self._write)
        submit.left.disconnect(self.show_home)
        self._receipt.left.disconnect(self.show_home)
        home.work.hide()
        home.clear()

    def refresh(self) -> None:
        """Read the batches again."""
        self._tasks.submit(
            self._work.home, on_success=self._took_home, on_failure=self._home_failed
        )

    def fetch(self) -> None:
        """Bring in what the coordinator has dealt."""
        self._begin()
        work = self._work
        self._long.run(
            messages.FETCHING,
            lambda progress, cancelled: work.fetch(
                progress=progress, cancelled=cancelled
            ),
            on_success=self._fetched,
            on_failure=self._home_failed,
        )

    def bring_file(self) -> None:
        """Ask for a batch file, then take it in."""
        self._pick(Wanted(suffix=BATCH_SUFFIX), self.import_file)

    def import_file(self, path: Path) -> None:
        """Take in a batch file."""
        self._begin()
        work = self._work
        self._long.run(
            messages.IMPORTING,
            lambda progress, cancelled: work.import_file(
                path, progress=progress, cancelled=cancelled
            ),
            on_success=self._imported,
            on_failure=self._home_failed,
        )

    def preview(self) -> None:
        """Show what would leave."""
        self._submit.show_loading()
        self.show_submit.emit()
        self._tasks.submit(
            self._work.submission_preview,
            on_success=self._previewed,
            on_failure=self._submit_failed,
        )

    def bring_receipt(self) -> None:
        """Ask for a receipt file, then verify it."""
        self._pick(Wanted(suffix=RECEIPT_SUFFIX), self._take_receipt)

    # ----------------------------------------------------------------------------

    def _begin(self) -> None:
        self._home.error.clear()
        self._home.said.hide()
        self._home.set_busy(busy=True)

    def _took_home(self, home: Home) -> None:
        if self._stopped:
            return
        self._online = home.online
        self._home.set_busy(busy=False)
        self._home.fill(home, messages.SANDBOX[self._work.viewing.level])

    def _home_failed(self, error: ReviewerError) -> None:
        if self._stopped:
            return
        self._home.set_busy(busy=False)
        if error.code is Code.NOTHING_TO_FETCH:
            self._home.say(messages.NOTHING_NEW)
        else:
            self._home.show_error(error.code)

    def _fetched(self, report: FetchReport) -> None:
        if self._stopped:
            return
        refused = len(report.refused)
        if report.imported:
            self._home.say(messages.fetched(len(report.imported), refused))
        if refused:
            self._home.show_error(report.refused[0][1])
        self.refresh()

    def _imported(self, done: Imported) -> None:
        if self._stopped:
            return
        self._home.say(
            messages.imported(done.name, done.items_count, already=done.already_here)
        )
        self.refresh()

    def _previewed(self, preview: Preview) -> None:
        if not self._stopped:
            self._submit.fill(preview, online=self._online)

    def _send(self) -> None:
        work, capacity = self._work, self._submit.capacity()
        self._submit.error.clear()
        self._submit.set_busy(busy=True)
        self._tasks.submit(
            lambda: work.submit_online(capacity),
            on_success=self._sent,
            on_failure=self._submit_failed,
        )

    def _write(self) -> None:
        wanted = Wanted(suffix=SUBMISSION_SUFFIX, save_name=SUBMISSION_NAME)
        self._pick(wanted, self._write_to)

    def _write_to(self, path: Path) -> None:
        work, capacity = self._work, self._submit.capacity()
        self.show_submit.emit()
        self._submit.set_busy(busy=True)
        self._tasks.submit(
            lambda: work.submit_to_file(path, capacity),
            on_success=self._written,
            on_failure=self._submit_failed,
        )

    def _written(self, path: Path) -> None:
        if not self._stopped:
            self._submit.set_busy(busy=False)
            self.show_receipt.emit()
            self._receipt.show_written(path.name)

    def _sent(self, receipt: ReceiptView) -> None:
        if not self._stopped:
            self._submit.set_busy(busy=False)
            self.show_receipt.emit()
            self._receipt.show_receipt(receipt)

    def _submit_failed(self, error: ReviewerError) -> None:
        if not self._stopped:
            self._submit.show_error(error.code)

    def _take_receipt(self, path: Path) -> None:
        work = self._work
        self._begin()
        self._tasks.submit(
            lambda: work.take_receipt(_read_receipt(path)),
            on_success=self._received,
            on_failure=self._home_failed,
        )

    def _received(self, receipt: ReceiptView) -> None:
        self._home.set_busy(busy=False)
        self._sent(receipt)


def _read_receipt(path: Path) -> bytes:
    """Read a small file; anything larger is no receipt."""
    try:
        with path.open("rb") as file:
            data = file.read(RECEIPT_BYTES + 1)
    except OSError as error:
        raise RefusedError(Code.INPUT_MISSING) from error
    if len(data) > RECEIPT_BYTES:
        raise VerificationError(Code.TOO_LARGE)
    return data
