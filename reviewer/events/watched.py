"""A profile's door and work, with their outcomes noted in the log.

The services return values and know of no log; the window talks to these instead,
and notices nothing. Every call passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.person import Capacity
from reviewer.domain.rendition import Aim, Box, Hits, Rendition, SandboxLevel
from reviewer.errors import Code, ReviewerError
from reviewer.events import kinds
from reviewer.events.copies import (
    WATCHED,
    WatchedFingerprinting,
    WatchedStacking,
)
from reviewer.events.flags import WatchedFlagging, WatchedHanding
from reviewer.events.kinds import Attempt
from reviewer.events.log import Log
from reviewer.events.seals import WatchedSealing
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.grant import Grant
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.entering import EnrolRequested, Entering, ProfileState
from reviewer.services.fetching import FetchReport
from reviewer.services.importing import Cancelled, Imported, Progress
from reviewer.services.journaling import JournalState
from reviewer.services.session import Home, OpenBatch, Session
from reviewer.services.submitting import Preview, ReceiptView
from reviewer.services.viewing import ConcealedView, Viewing

T = TypeVar("T")


class WatchedEntrance:
    """An `Entering` whose outcomes are noted."""

    def __init__(self, door: Entering, log: Log) -> None:
        """Take the door; nothing is called yet."""
        self._door = door
        self._log = log
        self.demo_offered = door.demo_offered

    def state(self) -> ProfileState:
        """Return whether there is a profile here."""
        return self._door.state()

    def keyring_mode(self) -> KeyringMode:
        """Return how the passphrase is backed."""
        return self._door.keyring_mode()

    def suggest_passphrase(self) -> str:
        """Return fresh words."""
        return self._door.suggest_passphrase()

    def enrol_online(self, url: str, code: str, passphrase: str) -> WatchedSession:
        """Join over the network."""
        session = _noted(
            self._log,
            Attempt.ENROL,
            lambda: self._door.enrol_online(url, code, passphrase),
        )
        return self._enrolled(session, online=True)

    def enrol_request(self, code: str, passphrase: str, to: Path) -> EnrolRequested:
        """Write a request file."""
        made = _noted(
            self._log,
            Attempt.REQUEST,
            lambda: self._door.enrol_request(code, passphrase, to),
        )
        self._log.write(kinds.Requested())
        return made

    def enrol_accept(self, file: Path, passphrase: str) -> WatchedSession:
        """Take the issuer's answer."""
        session = _noted(
            self._log,
            Attempt.ACCEPT,
            lambda: self._door.enrol_accept(file, passphrase),
        )
        return self._enrolled(session, online=False)

    def start_over(self) -> None:
        """Forget an enrolment that was never finished."""
        _noted(self._log, Attempt.START_OVER, self._door.start_over)
        self._log.write(kinds.StartedOver())

    def unlock(self, passphrase: str) -> WatchedSession:
        """Open the profile."""
        session = _noted(
            self._log, Attempt.UNLOCK, lambda: self._door.unlock(passphrase)
        )
        self._log.write(
            kinds.Unlocked(
                keyring=self._door.keyring_mode(),
                read_only=session.journal().read_only,
            )
        )
        return WatchedSession(session, self._log)

    def resume(self, pin: str) -> WatchedSession:
        """Open the profile again after a curtain."""
        session = _noted(self._log, Attempt.UNLOCK, lambda: self._door.resume(pin))
        return WatchedSession(session, self._log)

    def forget_curtain(self) -> None:
        """Lock fully."""
        self._door.forget_curtain()

    def support_lines(self) -> tuple[str, ...]:
        """Return whom to talk to, before any unlock."""
        return self._door.support_lines()

    def _enrolled(self, session: Session, *, online: bool) -> WatchedSession:
        keyring = self._door.keyring_mode()
        self._log.write(kinds.Enrolled(online=online, keyring=keyring))
        return WatchedSession(session, self._log)


class WatchedSession:
    """A `Session` whose outcomes are noted; decisions themselves are not."""

    def __init__(self, session: Session, log: Log) -> None:
        """Take the unlocked profile."""
        self._session = session
        self._log = log
        self.pins = session.pins
        self.viewing = WatchedViewing(session, log)
        self.searching = session.searching
        self.preferences = session.preferences
        self.put_preferences = session.put_preferences
        self.took_lost_preferences = session.took_lost_preferences
        self.stacking = WatchedStacking(session.stacking, log)
        self.flagging = WatchedFlagging(session.flagging, log)
        self.handing = WatchedHanding(session.handing, log)
        self.sealing = WatchedSealing(session.sealing, log, pseudonym=session.pseudonym)
        self.exposure = session.exposure
        self.fingerprinting = WatchedFingerprinting(
            session.fingerprinting, log, pseudonym=session.pseudonym
        )

    def home(self) -> Home:
        """Return the batches."""
        return self._session.home()

    def journal(self) -> JournalState:
        """Return how the journal stands."""
        return self._session.journal()

    def fetch(self, *, progress: Progress, cancelled: Cancelled) -> FetchReport:
        """Bring in what the coordinator has dealt."""
        report = _noted(
            self._log,
            Attempt.FETCH,
            lambda: self._session.fetch(progress=progress, cancelled=cancelled),
        )
        for done in report.imported:
            self._imported(done)
        for _, code in report.refused:
            self._log.write(kinds.Refused(attempt=Attempt.IMPORT, why=code))
        self._log.write(
            kinds.Fetched(imported=len(report.imported), refused=len(report.refused))
        )
        return report

    def import_file(
        self, path: Path, *, progress: Progress, cancelled: Cancelled
    ) -> Imported:
        """Take in one batch file."""
        done = _noted(
            self._log,
            Attempt.IMPORT,
            lambda: self._session.import_file(
                path, progress=progress, cancelled=cancelled
            ),
        )
        self._imported(done)
        return done

    def open_batch(self, batch_id: BatchId) -> OpenBatch:
        """Return a batch with its rule book and the place in it."""
        return _noted(
            self._log,
            Attempt.OPEN_BATCH,
            lambda: self._session.open_batch(batch_id),
        )

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening, and the place."""
        return self._committed(lambda: self._session.opened(item_id))

    def decide(
        self,
        item_id: ItemId,
        complete: Complete,
        *,
        looks: Looks,
        note: str | None = None,
    ) -> Changed:
        """Record a decision."""
        return self._committed(
            lambda: self._session.decide(item_id, complete, looks=looks, note=note)
        )

    def hand_back(
        self, item_id: ItemId, *, reason: str | None = None, note: str | None = None
    ) -> Changed:
        """Return an item undecided."""
        return self._committed(
            lambda: self._session.hand_back(item_id, reason=reason, note=note)
        )

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last unsent act."""
        return self._committed(lambda: self._session.undo(batch_id))

    def keep(self, item_id: ItemId, *, keep: bool) -> ItemRow:
        """Keep an item for later."""
        return self._committed(lambda: self._session.keep(item_id, keep=keep))

    def set_severity(self, item_id: ItemId, severity: int) -> ItemRow:
        """Correct the severity."""
        return self._committed(lambda: self._session.set_severity(item_id, severity))

    def submission_preview(self) -> Preview:
        """Count what would leave."""
        return self._session.submission_preview()

    def submit_online(self, capacity: Capacity) -> ReceiptView:
        """Send, and verify the receipt."""
        view = _noted(
            self._log, Attempt.SUBMIT, lambda: self._session.submit_online(capacity)
        )
        self._log.write(kinds.Submitted(online=True))
        self._log.write(kinds.ReceiptTaken(entries=view.size))
        return view

    def submit_to_file(self, path: Path, capacity: Capacity) -> Path:
        """Write the submission for a stick."""
        written = _noted(
            self._log,
            Attempt.SUBMIT,
            lambda: self._session.submit_to_file(path, capacity),
        )
        self._log.write(kinds.Submitted(online=False))
        return written

    def take_receipt(self, data: bytes) -> ReceiptView:
        """Verify a receipt that came on a stick."""
        view = _noted(
            self._log, Attempt.RECEIPT, lambda: self._session.take_receipt(data)
        )
        self._log.write(kinds.ReceiptTaken(entries=view.size))
        return view

    def config(self) -> OrgConfig:
        """Return the organisation's newest values."""
        return self._session.config()

    def curtain(self) -> bool:
        """Forget everything but the keys, which wait under the PIN."""
        return self._session.curtain()

    def lock(self) -> None:
        """Forget everything."""
        self.viewing.cover()
        self._session.lock()
        self._log.write(kinds.Locked())

    def _imported(self, done: Imported) -> None:
        self._log.write(
            kinds.Imported(
                batch=self._session.pseudonym(done.batch_id),
                items=done.items_count,
                missing=len(done.missing),
                late=done.late,
                already_here=done.already_here,
            )
        )

    def _committed(self, act: Callable[[], T]) -> T:
        """Run an act upon an item; that it was done is no event, that it failed is."""
        try:
            return act()
        except ReviewerError as error:
            self._log.write(kinds.CommitFailed(why=error.code))
            raise


class WatchedViewing:
    """A `Viewing` that notes when a decoder died, lied or was silent."""

    def __init__(self, session: Session, log: Log) -> None:
        """Take the views of an unlocked profile."""
        self._session = session
        self._log = log
        self._ended = 0

    @property
    def level(self) -> SandboxLevel:
        """Return the walls around the decoders."""
        return self._viewing.level

    @property
    def _viewing(self) -> Viewing:
        return self._session.viewing

    def concealed(
        self, row: ItemRow, /, *, strength_px: int, grey: bool
    ) -> ConcealedView:
        """Return what may be seen before any reveal, or why nothing can."""
        ended = self._ended
        view = self._viewing.concealed(row, strength_px=strength_px, grey=grey)
        if view.refused is not None:
            self._failed(row.item.id, view.refused, ended)
        return view

    def prepare(self, item: Item, aim: Aim, /) -> None:
        """Let the item's child get a look ready; nothing leaves it."""
        ended = self._ended
        try:
            self._viewing.prepare(item, aim)
        except ReviewerError as error:
            self._failed(item.id, error.code, ended)
            raise

    def clear(
        self,
        item: Item,
        grant: Grant,
        /,
        *,
        box: Box,
        width_px: int,
        height_px: int,
        at_ms: int = 0,
    ) -> Rendition:
        """Render a box at the grant's step."""
        ended = self._ended
        try:
            return self._viewing.clear(
                item,
                grant,
                box=box,
                width_px=width_px,
                height_px=height_px,
                at_ms=at_ms,
            )
        except ReviewerError as error:
            self._failed(item.id, error.code, ended)
            raise

    def text(self, item: Item, grant: Grant, /, *, page: int) -> str:
        """Return a page of text."""
        ended = self._ended
        try:
            return self._viewing.text(item, grant, page=page)
        except ReviewerError as error:
            self._failed(item.id, error.code, ended)
            raise

    def find(self, item: Item, query: str, /, *, first_page: int = 0) -> Hits:
        """Return where words stand in a text."""
        ended = self._ended
        try:
            return self._viewing.find(item, query, first_page=first_page)
        except ReviewerError as error:
            self._failed(item.id, error.code, ended)
            raise

    def release(self, item_id: ItemId, /) -> None:
        """End the item's child."""
        self._ended += 1
        self._viewing.release(item_id)

    def cover(self) -> None:
        """End every child."""
        self._ended += 1
        self._viewing.cover()

    def _failed(self, item_id: ItemId, why: Code, ended: int) -> None:
        """Note a failure, unless we ended the child ourselves: that is a covering."""
        by_us = why is Code.DECODER_DIED and ended != self._ended
        if why in WATCHED and not by_us:
            item = self._session.pseudonym(item_id)
            self._log.write(kinds.ItemFailed(item=item, why=why))


def _noted(log: Log, attempt: Attempt, act: Callable[[], T]) -> T:
    """Run something; note it if it is refused, and raise what it raised."""
    try:
        return act()
    except ReviewerError as error:
        log.write(kinds.Refused(attempt=attempt, why=error.code))
        raise
