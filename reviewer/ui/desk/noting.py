"""Looks are written into the exposure ledger before anything clear is asked for.

At key-down the look that may come is noted and saved, during the intent time; pixels
are asked for once the disk holds it (`services.exposing`). What changes with every
input is saved a little later, together.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.errors import ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.limits import Allowed, Refused
from reviewer.ui.facade import Exposure
from reviewer.ui.tasks import Tasks

LATER_MS: Final = 2_000
"""How long a change waits for others, so that an input costs no write."""

CHARGE_MS: Final = 20_000
"""A look that goes on is charged at least so often."""


class Noting(QObject):
    """One for an open batch."""

    saved = Signal()
    """The ledger is on the disk as it was when this was asked for."""
    failed = Signal(ReviewerError)
    """A look could not be written down, so it is not shown."""

    def __init__(self, exposure: Exposure, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._exposure = exposure
        self._tasks = tasks
        self._row: ItemRow | None = None
        self._is_intended = False
        self._is_saving = False
        self._is_asked_again = False
        self._is_stopped = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._save_if_needed)

    def may_reveal(self, row: ItemRow) -> Allowed | Refused:
        """Ask the limits; changes nothing."""
        return self._exposure.may_reveal(row)

    def now(self) -> int:
        """Return the ledger's time, of which a refusal tells."""
        return self._exposure.now()

    def intend(self, row: ItemRow) -> None:
        """Write a look ahead that the key just pressed may become."""
        if self._row is not None:
            self.end()
        if self._is_intended:
            return
        self._is_intended = True
        self._exposure.intend_look(row)
        self._save()

    def begin(self, row: ItemRow) -> None:
        """Note that the item enters softened or clearer now; once for a look."""
        if self._row is not None:
            return
        self._row = row
        self._is_intended = False
        self._exposure.begin_look(row)
        if not self._exposure.is_noted(row):
            self._save()

    def is_noted(self, row: ItemRow) -> bool:
        """Return whether the disk holds the look that is under way."""
        return self._row is not None and self._exposure.is_noted(row)

    def charge(self) -> None:
        """Note that the look goes on."""
        if self._row is not None:
            self._exposure.charge()
            self._save_if_needed()

    def end(self) -> None:
        """Note that nothing is clearer than concealed; harmless at any time."""
        if self._row is not None or self._is_intended:
            self._row = None
            self._is_intended = False
            self._exposure.end_look()
            self.keep()

    def keep(self) -> None:
        """Save before long, if there is anything worth it."""
        if not self._later.isActive() and self._exposure.needs_save:
            self._later.start(LATER_MS)

    def stop(self) -> None:
        """Leave the batch: the look is over, and what has changed is saved."""
        self.end()
        self._later.stop()
        self._save_if_needed()
        self._is_stopped = True

    # ----------------------------------------------------------------------------

    def _save_if_needed(self) -> None:
        if self._exposure.needs_save:
            self._save()

    def _save(self) -> None:
        """Save, or once more after the save that is under way."""
        if self._is_saving:
            self._is_asked_again = True
            return
        self._is_saving = True
        self._tasks.submit(
            self._exposure.save, on_success=self._saved, on_failure=self._failed
        )

    def _saved(self, _nothing: None) -> None:
        self._is_saving = False
        if self._is_stopped:
            return
        if self._is_asked_again:
            self._is_asked_again = False
            self._save_if_needed()
        self.saved.emit()

    def _failed(self, error: ReviewerError) -> None:
        self._is_saving = False
        self._is_asked_again = False
        if self._is_stopped:
            return
        if self._row is not None or self._is_intended:
            self.failed.emit(error)
        else:
            self._later.start(LATER_MS)
