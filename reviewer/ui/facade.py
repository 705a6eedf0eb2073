"""What the window asks of the services, and nothing more.

`services.entering.Entering`, `services.session.Session` and
`services.viewing.Viewing` have these shapes; so have the fakes of tests/ui.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.domain.rendition import Box, Rendition, SandboxLevel
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.grant import Grant
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.entering import EnrolRequested, ProfileState
from reviewer.services.importing import Imported
from reviewer.services.journaling import JournalState
from reviewer.services.session import FetchReport, Home, OpenBatch
from reviewer.services.submitting import Preview, ReceiptView
from reviewer.services.viewing import ConcealedView

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Views(Protocol):
    """Asked on decode threads only; every call may block."""

    @property
    def level(self) -> SandboxLevel:
        """Return the walls around the decoders."""

    def concealed(
        self, row: ItemRow, /, *, strength_px: int, grey: bool
    ) -> ConcealedView:
        """Return what may be seen before any reveal, or why nothing can."""

    def prepare(self, item: Item, /) -> None:
        """Let the item's child decode ahead of a look; nothing leaves it."""

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

    def text(self, item: Item, grant: Grant, /, *, page: int) -> str:
        """Return a page of text."""

    def release(self, item_id: ItemId, /) -> None:
        """End the item's child."""

    def cover(self) -> None:
        """End every child."""


class Work(Protocol):
    """An unlocked profile; called on the database thread only."""

    @property
    def viewing(self) -> Views:
        """Return the views of its items."""

    def home(self) -> Home:
        """Return the batches."""

    def journal(self) -> JournalState:
        """Return how the journal stands."""

    def fetch(self, *, progress: Progress, cancelled: Cancelled) -> FetchReport:
        """Bring in what the coordinator has dealt."""

    def import_file(
        self, path: Path, *, progress: Progress, cancelled: Cancelled
    ) -> Imported:
        """Take in one batch file."""

    def open_batch(self, batch_id: BatchId) -> OpenBatch:
        """Return a batch with its rule book and the place in it."""

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening, and the place."""

    def decide(
        self,
        item_id: ItemId,
        complete: Complete,
        *,
        looks: Looks,
        note: str | None = None,
    ) -> Changed:
        """Record a decision."""

    def hand_back(
        self, item_id: ItemId, *, reason: str | None = None, note: str | None = None
    ) -> Changed:
        """Return an item undecided."""

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last unsent act."""

    def keep(self, item_id: ItemId, *, keep: bool) -> ItemRow:
        """Keep an item for later."""

    def set_severity(self, item_id: ItemId, severity: int) -> ItemRow:
        """Correct the severity."""

    def submission_preview(self) -> Preview:
        """Count what would leave."""

    def submit_online(self, capacity: Capacity) -> ReceiptView:
        """Send, and verify the receipt."""

    def submit_to_file(self, path: Path, capacity: Capacity) -> Path:
        """Write the submission for a stick."""

    def take_receipt(self, data: bytes) -> ReceiptView:
        """Verify a receipt that came on a stick."""

    def lock(self) -> None:
        """Forget everything."""


class Entrance(Protocol):
    """The door of one profile; called on the database thread, but for two reads."""

    @property
    def demo_offered(self) -> bool:
        """Return whether the demonstration can be tried."""

    def state(self) -> ProfileState:
        """Return whether there is a profile here."""

    def keyring_mode(self) -> KeyringMode:
        """Return how the passphrase is backed."""

    def suggest_passphrase(self) -> str:
        """Return fresh words."""

    def enrol_online(self, url: str, code: str, passphrase: str) -> Work:
        """Join over the network."""

    def enrol_request(self, code: str, passphrase: str, to: Path) -> EnrolRequested:
        """Write a request file."""

    def enrol_accept(self, file: Path, passphrase: str) -> Work:
        """Take the issuer's answer."""

    def unlock(self, passphrase: str) -> Work:
        """Open the profile."""

    def start_over(self) -> None:
        """Forget an enrolment that was never finished."""
