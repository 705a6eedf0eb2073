"""Finishing: the rest of a batch is handed over, or a sitting comes to its end."""

from __future__ import annotations

from PySide6.QtCore import QObject

from reviewer.domain.ids import BatchId
from reviewer.services.handing import HandedOver
from reviewer.ui.day.beside import Around, Beside
from reviewer.ui.words import day as words


class Finishing(Beside):
    """One for a window; asks for no reason, rates nothing and tells no pace."""

    def __init__(self, around: Around, parent: QObject) -> None:
        super().__init__(around, parent)
        screens, sitting = around.screens, around.sitting
        self._batch: BatchId | None = None
        screens.home.hand_over_wanted.connect(self.show_hand_over)
        screens.home.finish_wanted.connect(self.close_sitting)
        screens.receipt.finish_wanted.connect(self.close_sitting)
        sitting.put_off.connect(self._emptied)

    # Handing over ---------------------------------------------------------------

    def show_hand_over(self, batch_id: str) -> None:
        """Ask how many items of a batch would go back, and show the page."""
        work = self._sitting.work
        if work is None:
            return
        wanted = BatchId(batch_id)
        self._batch = wanted
        self._tasks.submit(
            lambda: work.handing.undecided(wanted),
            on_success=self._ask_hand_over,
            on_failure=lambda error: self._screens.home.show_error(error.code),
        )

    def _ask_hand_over(self, count: int) -> None:
        if self._sitting.work is None:
            return
        first = "hand_over" not in self._screens.__dict__
        page = self._screens.hand_over
        if first:
            page.wanted.connect(self._hand_over)
        self._screens.show_page(page)
        page.start(count)

    def _hand_over(self, line: str) -> None:
        work, batch_id = self._sitting.work, self._batch
        page = self._screens.hand_over
        if work is None or batch_id is None:
            return
        self._tasks.submit(
            lambda: work.handing.hand_over(batch_id, line=line or None),
            on_success=self._handed_over,
            on_failure=lambda error: page.error.show_code(error.code),
        )

    def _handed_over(self, done: HandedOver) -> None:
        if self._sitting.work is None:
            return
        self._screens.hand_over.clear()
        self._sitting.go_home()
        self._screens.home.say(words.handed_over(done.items))

    # The end of a sitting -------------------------------------------------------

    def close_sitting(self) -> None:
        """Show the last screen: what was done, how it stands, whom to talk to."""
        work = self._sitting.work
        if work is None:
            return
        self._sitting.leave_review()
        first = "closure" not in self._screens.__dict__
        page = self._screens.closure
        if first:
            page.left.connect(self._sitting.go_home)
            page.lock_wanted.connect(self._leaving.lock)
            page.support_wanted.connect(self._screens.home.support_wanted)
        self._tasks.submit(
            work.journal,
            on_success=lambda state: self._closed(state.unsent),
            on_failure=lambda error: self._screens.home.show_error(error.code),
        )

    def _closed(self, unsent: int) -> None:
        if self._sitting.work is None:
            return
        done, page = self._sitting.done, self._screens.closure
        self._screens.show(page)
        page.start(
            done=words.done_words(done.count, done.unopened),
            sent=words.unsent_words(unsent),
            support=self._entrance.support_lines(),
        )

    def _emptied(self) -> None:
        """Hold nothing that was typed: curtain, lock, a fault."""
        self._batch = None
        if "hand_over" in self._screens.__dict__:
            self._screens.hand_over.clear()
