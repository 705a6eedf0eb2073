"""What the window asks of the services, and nothing more.

`services.entering.Entering`, `services.session.Session` and
`services.viewing.Viewing` have these shapes; so have the fakes of tests/ui.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.person import Capacity
from reviewer.domain.preferences import Preferences
from reviewer.domain.rendition import Aim, Box, Hits, Rendition, SandboxLevel
from reviewer.matching.stacks import Stack
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.limits import Allowed, Refused
from reviewer.safeguards.ordering import Choice, Offers
from reviewer.safeguards.overview import Overview
from reviewer.safeguards.restoring import Found
from reviewer.safeguards.values import Values
from reviewer.services.confirming import Confirmation
from reviewer.services.deciding import Changed
from reviewer.services.drafting import Complete
from reviewer.services.entering import EnrolRequested, ProfileState
from reviewer.services.fetching import FetchReport
from reviewer.services.fingerprinting import Found as FoundPrint
from reviewer.services.fingerprinting import Task as PrintTask
from reviewer.services.flagging import ThreatFile, ThreatForm, ThreatRecorded
from reviewer.services.handing import HandedOver
from reviewer.services.importing import Imported
from reviewer.services.journaling import JournalState
from reviewer.services.searching import Chosen, Facet, Hit
from reviewer.services.session import Home, OpenBatch
from reviewer.services.stacking import Grouped, StackView, Ungrouped
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

    def prepare(self, item: Item, aim: Aim, /) -> None:
        """Let the item's child get a look ready; nothing leaves it."""

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

    def find(self, item: Item, query: str, /, *, first_page: int = 0) -> Hits:
        """Return where words stand in a text, and the page to go on at."""

    def release(self, item_id: ItemId, /) -> None:
        """End the item's child."""

    def cover(self) -> None:
        """End every child."""


class Exposure(Protocol):
    """The limits and the ledger; called on the Qt thread, but for `save`.

    `services.exposing` says in which order a look is written down and shown.
    """

    @property
    def found(self) -> Found:
        """Return what there was of the ledger at unlock."""

    def now(self) -> int:
        """Return the ledger's time, of which `Refused.until` tells."""

    def may_reveal(self, row: ItemRow, /) -> Allowed | Refused:
        """Say whether an item may be softened or clearer now."""

    def is_opted_out(self, row: ItemRow, /) -> bool:
        """Return whether not even a concealed picture of it is wanted."""

    def on_input(self, row: ItemRow | None, /) -> None:
        """Note an input on the review screen."""

    def intend_look(self, row: ItemRow, /) -> None:
        """Note a key-down that may become a look; the next `save` writes it ahead."""

    def begin_look(self, row: ItemRow, /) -> None:
        """Note that an item enters softened or clearer."""

    def is_noted(self, row: ItemRow, /) -> bool:
        """Return whether the disk holds this look: only then ask for clear pixels."""

    def charge(self) -> None:
        """Note that the look goes on; at least every 20 s."""

    def end_look(self) -> None:
        """Note that nothing is clearer than concealed; harmless at any time."""

    def finished(self, row: ItemRow, /) -> None:
        """Note that an item was decided or handed back."""

    def covered(self) -> None:
        """Note that everything was covered by Esc."""

    def begin_break(self) -> None:
        """Note that a break was asked for."""

    def due(self) -> Due:
        """Return how pressing a break is."""

    def minutes(self) -> int:
        """Return the active minutes since the last break."""

    def break_left_ms(self) -> int | None:
        """Return how long the present rest has to last, None while at work."""

    def next_item(self, rows: Sequence[ItemRow], /) -> Choice:
        """Choose what to offer of these undecided items, in the batch's order."""

    def offers(self) -> Offers:
        """Return what is offered beside the next item."""

    def choose_graphic_free(self, *, chosen: bool = True) -> None:
        """Make this day one without severity 4 and above, or take that back."""

    def opt_out(self, tag: str, /) -> None:
        """Stop showing items with a tag."""

    def opt_in(self, tag: str, /) -> None:
        """Show items with a tag again."""

    @property
    def opted_out(self) -> frozenset[str]:
        """Return the content tags that are not shown at present."""

    @property
    def values(self) -> Values:
        """Return the safeguards that hold."""

    def set_values(self, values: Values, /) -> None:
        """Go by newer safeguards; opening a batch has done so already."""

    def view(self) -> Overview:
        """Return what the owner's page shows."""

    def forget_history(self) -> None:
        """Delete what no limit needs."""

    @property
    def needs_save(self) -> bool:
        """Return whether `save` is worth submitting now."""

    def save(self) -> None:
        """Write it down; on the database thread."""


class Flagging(Protocol):
    """Acts against helplessness; called on the database thread, no network.

    `services.flagging` has the values. None of these asks for a look.
    """

    def second_opinion(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Ask for another person's view."""

    def policy_unclear(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Say that the rule book does not answer."""

    def escalate(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Tell the duty officer; a decision that stands goes on standing."""

    def threat(self, item_id: ItemId, form: ThreatForm) -> ThreatRecorded:
        """Record a threat to life and return the signed file about it."""

    def threat_file(self, item_id: ItemId) -> ThreatFile:
        """Return the file about a threat that stands, to be written once more."""


class Handing(Protocol):
    """Returns the rest of a batch; called on the database thread, refused by no cap."""

    def undecided(self, batch_id: BatchId) -> int:
        """Return how many items would be returned."""

    def hand_over(self, batch_id: BatchId, *, line: str | None = None) -> HandedOver:
        """Return every undecided item; U takes it back whole until it is sent."""


class PinBook(Protocol):
    """The PIN of the curtain; called on the database thread only."""

    def is_set(self) -> bool:
        """Return whether a PIN was chosen."""

    def is_offered(self) -> bool:
        """Return whether the person has once chosen one, or to go without."""

    def choose(self, pin: str) -> None:
        """Keep what the next curtains need of a PIN."""

    def forget(self) -> None:
        """Go without a PIN."""


class Finder(Protocol):
    """Search over the batches; called on the database thread only."""

    def facets(
        self, batch_id: BatchId, *, opted_out: frozenset[str] = ...
    ) -> tuple[Facet, ...]:
        """Count the values of every property over a batch."""

    def search(
        self,
        batch_id: BatchId,
        query: str,
        chosen: Chosen = ...,
        *,
        opted_out: frozenset[str] = ...,
    ) -> tuple[Hit, ...]:
        """Return the items that hold every word of a query."""


class Stacks(Protocol):
    """Copies in a batch; called on the database thread but for `take`."""

    def is_grouped(self, batch_id: BatchId) -> bool:
        """Return whether stacks of a batch were taken; on any thread."""

    def load(self, batch_id: BatchId) -> Ungrouped:
        """Read what grouping needs; `services.stacking.group` groups it anywhere."""

    def take(self, grouped: Grouped) -> None:
        """Answer by these stacks from now on."""

    def stacks(self, batch_id: BatchId) -> tuple[Stack, ...]:
        """Return the stacks of a batch."""

    def of(self, item_id: ItemId) -> StackView | None:
        """Return an item with its copies."""

    def confirm(self, item_id: ItemId, complete: Complete) -> Confirmation:
        """Group the copies that a verdict may cover by their contexts."""

    def decide(
        self,
        confirmation: Confirmation,
        *,
        looks: Mapping[ItemId, Looks],
        note: str | None = None,
    ) -> Changed:
        """Record the verdict on the item and the chosen copies."""

    def split(self, item_ids: Sequence[ItemId]) -> Changed:
        """Take items out of their stack."""


class Fingerprints(Protocol):
    """The pass over a batch, in small steps."""

    def upcoming(self, batch_id: BatchId) -> tuple[PrintTask, ...]:
        """Return what comes next, nothing once all is done; database thread."""

    def look(self, task: PrintTask) -> FoundPrint:
        """Ask a child what the item looks like; decode thread."""

    def keep(self, found: Sequence[FoundPrint]) -> None:
        """Keep what was found; database thread."""


class Sealing(Protocol):
    """*Minor possible*; called on the database thread only."""

    def mark(self, item_id: ItemId) -> Changed:
        """Cover an item and journal the mark; the first C."""

    def unmark(self, item_id: ItemId) -> Changed:
        """Take the mark back; the item comes back covered."""

    def seal(self, item_id: ItemId) -> Changed:
        """Seal a marked item and its copies for good; INPUT_INVALID if not marked."""

    def finish_marked(self) -> int:
        """Seal all that is marked; `lock` and `unlock` do it too."""


class Work(Protocol):
    """An unlocked profile; called on the database thread only."""

    @property
    def stacking(self) -> Stacks:
        """Return the copies in its batches."""

    @property
    def fingerprinting(self) -> Fingerprints:
        """Return the pass that finds near copies."""

    @property
    def sealing(self) -> Sealing:
        """Return mark and seal."""

    @property
    def flagging(self) -> Flagging:
        """Return second opinion, policy unclear, escalation and threat to life."""

    @property
    def handing(self) -> Handing:
        """Return what hands over the rest of a batch."""

    @property
    def exposure(self) -> Exposure:
        """Return the limits and the ledger, for the Qt thread."""

    @property
    def viewing(self) -> Views:
        """Return the views of its items."""

    @property
    def searching(self) -> Finder:
        """Return the search over its batches."""

    def preferences(self) -> Preferences:
        """Return the reviewer's own settings."""

    def put_preferences(self, preferences: Preferences) -> None:
        """Keep the reviewer's own settings."""

    def took_lost_preferences(self) -> bool:
        """Return once that settings could not be read and the defaults hold."""

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

    @property
    def pins(self) -> PinBook:
        """Return what keeps the PIN of the curtain."""

    def config(self) -> OrgConfig:
        """Return the organisation's newest values."""

    def curtain(self) -> bool:
        """Forget everything but the keys under the PIN; return whether there is one."""

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

    def resume(self, pin: str) -> Work:
        """Open the profile again after a curtain."""

    def forget_curtain(self) -> None:
        """Lock fully."""

    def support_lines(self) -> tuple[str, ...]:
        """Return whom to talk to, before any unlock; called anywhere."""

    def start_over(self) -> None:
        """Forget an enrolment that was never finished."""
