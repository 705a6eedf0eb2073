"""An unlocked profile: the one object behind the window and the commands.

Every method runs on the store's thread, except those of `viewing`, which run on
decode threads. Methods return frozen values; nothing here knows of a screen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reviewer.crypto.passphrase import FLOOR, KdfParameters, hmac_sha256
from reviewer.domain import times
from reviewer.domain.decision import Basis, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Pseudonym, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Item
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Capacity
from reviewer.domain.policy import PolicyPack
from reviewer.domain.preferences import own_safeguards
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
)
from reviewer.formats.trust import VerifiedTrust
from reviewer.ports import (
    BatchCounts,
    BatchRow,
    Clock,
    CoordinatorOpener,
    DecoderPool,
    Entropy,
    Identities,
    ItemRow,
    LedgerFile,
    Store,
    VaultKeys,
)
from reviewer.safeguards import values as safeguards
from reviewer.safeguards.basis import Looks, basis_of
from reviewer.services import drafting
from reviewer.services.acting import Acting
from reviewer.services.anchoring import Anchoring
from reviewer.services.auditing import JournalReport, undone_count, verified_journal
from reviewer.services.curtaining import Curtained, Pins
from reviewer.services.deciding import Changed, Deciding, check_complete
from reviewer.services.exposing import Exposing
from reviewer.services.fetching import META_URL, Fetching, FetchReport
from reviewer.services.fingerprinting import Fingerprinting
from reviewer.services.flagging import Flagging
from reviewer.services.handing import Handing
from reviewer.services.importing import (
    Cancelled,
    Imported,
    Progress,
    never_cancelled,
    no_progress,
)
from reviewer.services.journaling import Journal, JournalState
from reviewer.services.preferring import Preferring
from reviewer.services.reading import ItemReader, identity_of
from reviewer.services.searching import Searching
from reviewer.services.stacking import Stacking
from reviewer.services.submitting import Preview, ReceiptView, Submitting
from reviewer.services.trusting import Trusting
from reviewer.services.viewing import Viewing

META_PLACE = "place:"
PSEUDONYM_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who works in this profile, by pseudonym."""

    subject: str
    organisation: str
    authorisation: Authorisation


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCard:
    """A batch on the home screen."""

    batch_id: BatchId
    name: str
    purpose: BatchPurpose
    counts: BatchCounts
    not_after: UtcTime
    days_left: int
    """Whole days by the local clock; negative once past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home screen's values."""

    person: Person
    batches: tuple[BatchCard, ...]
    journal: JournalState
    online: bool
    """An address of a coordinator is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A batch on the review screen."""

    card: BatchCard
    pack: PolicyPack
    config: OrgConfig
    values: safeguards.Values
    rows: tuple[ItemRow, ...]
    position: int
    """Where the reviewer was."""


class Session:
    """One unlocked profile. Build it with `entering`, never by hand."""

    def __init__(
        self,
        *,
        store: Store,
        keys: VaultKeys,
        pools: Callable[[SandboxLevel], DecoderPool],
        opener: CoordinatorOpener,
        clock: Clock,
        entropy: Entropy,
        app_version: str,
        anchoring: Anchoring,
        ledger: LedgerFile,
        on_lock: Callable[[Curtained | None], None],
        pin_cost: KdfParameters = FLOOR,
    ) -> None:
        """Take what `entering` opened; verify the trust the vault holds.

        Raises:
            VerificationError: the stored trust is not what was enrolled.
            RefusedError: NOT_ENROLLED while an enrolment waits for its answer.
        """
        self._store = store
        self._keys = keys
        self._clock = clock
        self._anchoring = anchoring
        self._on_lock = on_lock
        self._media_dir = store.media_dir()
        self._trusting = Trusting(store, device=keys.device.key_id)
        self._pool = pools(self._trust.latest_config.sandbox_floor)
        device = self._trust.device(keys.device.key_id)
        self.person = Person(
            subject=device.subject,
            organisation=self._trust.organisation,
            authorisation=device.authorisation,
        )
        self.pins = Pins(store=store, entropy=entropy, parameters=pin_cost)
        self._journal = Journal(store=store, keys=keys, clock=clock, entropy=entropy)
        self._acting = Acting(
            store=store, journal=self._journal, actor=device.subject, entropy=entropy
        )
        self._deciding = Deciding(self._acting)
        self.flagging = Flagging(self._acting, device=keys.device, config=self.config)
        self.handing = Handing(self._acting, clock=clock)
        self._fetching = Fetching(
            store=store,
            journal=self._journal,
            keys=keys,
            trusting=self._trusting,
            opener=opener,
            actor=device.subject,
            clock=clock,
            app_version=app_version,
            check_authorised=self._check_authorised,
        )
        self._open: dict[BatchId, OpenBatch] = {}
        self._identities: dict[ItemId, tuple[Identities, str]] = {}
        self._identities_lock = threading.Lock()
        self.searching = Searching(store)
        self._preferring = Preferring(store)
        self.preferences = self._preferring.get
        self.put_preferences = self._preferring.put
        self.took_lost_preferences = self._preferring.take_lost
        self.viewing = Viewing(self._pool, self._reader)
        self.fingerprinting = Fingerprinting(
            store=store, pool=self._pool, reader=self._reader_of
        )
        self.stacking = Stacking(
            store=store, deciding=self._deciding, rules=self._rules
        )
        self.exposure = Exposing(
            file=ledger,
            store=store,
            clock=clock,
            values=self._values(),
            certified=device.certified,
        )

    # Home ----------------------------------------------------------------------

    def home(self) -> Home:
        """Return the batches and how the journal stands."""
        return Home(
            person=self.person,
            batches=tuple(self._card(row) for row in self._store.batches()),
            journal=self._journal.state(),
            online=self._store.meta(META_URL) is not None,
        )

    def journal(self) -> JournalState:
        """Return how the journal stands."""
        return self._journal.state()

    def fetch(
        self,
        *,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> FetchReport:
        """Bring in what the coordinator has dealt; raises as `Fetching.fetch` does."""
        return self._fetching.fetch(progress=progress, cancelled=cancelled)

    def import_file(
        self,
        path: Path,
        *,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> Imported:
        """Take in one batch file; raises as `Importing.import_file` does."""
        return self._fetching.import_file(path, progress=progress, cancelled=cancelled)

    def take_trust(self, data: bytes) -> None:
        """Take a newer trust bundle of the same root, from a file or the service.

        Raises:
            VerificationError: another root, a rollback, or not genuine;
                CONFIG_BELOW_LIMIT, its newest config goes beyond a product limit.
        """
        self._trusting.take(data)

    # Review --------------------------------------------------------------------

    def open_batch(self, batch_id: BatchId) -> OpenBatch:
        """Return a batch with its rule book and the reviewer's place.

        Raises:
            RefusedError: NOT_AUTHORISED once the authorisation has lapsed.
            VerificationError: CONFIG_BELOW_LIMIT.
        """
        self._check_authorised()
        row = self._batch(batch_id)
        config = self._trust.config(row.config_sha256)
        rows = self._store.items(batch_id)
        identities = self._store.identities(batch_id)
        with self._identities_lock:
            self._identities = {
                each.item.id: (identities, row.media_file) for each in rows
            }
        opened = OpenBatch(
            card=self._card(row),
            pack=self._trust.policy(row.policy_sha256),
            config=config,
            values=self._values(),
            rows=rows,
            position=self._place(batch_id, rows),
        )
        self._open[batch_id] = opened
        self.exposure.set_values(opened.values)
        return opened

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening of an item, and where the reviewer is."""
        row = self._store.item(item_id)
        if not self._store.read_only():
            with self._store.write() as tx:
                tx.put_meta(META_PLACE + row.batch_id, item_id.encode())
        return self._deciding.opened(item_id)

    def decide(
        self,
        item_id: ItemId,
        complete: drafting.Complete,
        *,
        looks: Looks,
        note: str | None = None,
    ) -> Changed:
        """Record a decision on what was seen; raises as `Deciding.decide` does.

        Raises:
            RefusedError: DECISION_INCOMPLETE, not an answer to the batch's pack.
        """
        row = self._store.item(item_id)
        pack_sha256, pack = self._rules(row.batch_id)
        check_complete(complete, pack, has_note=bool(note))
        basis: Basis = basis_of(looks, row.item)
        return self._deciding.decide(
            item_id,
            complete,
            basis=basis,
            outcome=drafting.outcome(complete, basis, row.item.kind, pack),
            policy_sha256=pack_sha256,
            note=note,
        )

    def hand_back(
        self, item_id: ItemId, *, reason: str | None = None, note: str | None = None
    ) -> Changed:
        """Return an item undecided."""
        return self._deciding.hand_back(item_id, reason=reason, note=note)

    def undo(self, batch_id: BatchId) -> Changed:
        """Take back the last unsent act of the batch, of whatever kind."""
        return self._deciding.undo(batch_id)

    def keep(self, item_id: ItemId, *, keep: bool) -> ItemRow:
        """Keep an item for later; remembered, never sent."""
        with self._store.write() as tx:
            tx.set_keep(item_id, keep=keep)
        return self._store.item(item_id)

    def set_severity(self, item_id: ItemId, severity: int) -> ItemRow:
        """Correct an item's severity; it travels with the decision."""
        if severity not in range(6):
            raise RefusedError(Code.INPUT_INVALID, "severity")
        with self._store.write() as tx:
            tx.set_own_severity(item_id, severity)
        return self._store.item(item_id)

    # Send ----------------------------------------------------------------------

    def submission_preview(self) -> Preview:
        """Count what would leave."""
        return self._submitting().preview()

    def submit_online(self, capacity: Capacity) -> ReceiptView:
        """Send and verify the receipt."""
        view = self._submitting().send(self._fetching.client(), capacity)
        self._anchoring.keep()
        return view

    def submit_to_file(self, path: Path, capacity: Capacity) -> Path:
        """Write the submission for a stick."""
        written = self._submitting().write_file(path, capacity)
        self._anchoring.keep()
        return written

    def take_receipt(self, data: bytes) -> ReceiptView:
        """Verify a receipt that came back on a stick."""
        view = self._submitting().take_receipt(data)
        self._anchoring.keep()
        return view

    def verify_journal(self) -> JournalReport:
        """Verify every entry, their order and every receipt.

        Raises:
            VerificationError: CHAIN_BROKEN, CHAIN_GAP, RECEIPT_MISMATCH.
        """
        return verified_journal(
            self._store, self._submitting(), key=self._keys.device.verifying_key
        )

    def sweep(self) -> int:
        """Remove what a crash left half done; return how many files."""
        return self._fetching.sweep()

    def undone_count(self) -> int:
        """Count the undo entries of the whole journal."""
        return undone_count(self._store)

    def pseudonym(self, identifier: str) -> Pseudonym:
        """Return what stands for an id outside the vault: in the log of events."""
        mac = hmac_sha256(self._keys.log_key, identifier.encode())
        return Pseudonym(mac[:PSEUDONYM_BYTES].hex())

    def config(self) -> OrgConfig:
        """Return the organisation's newest values."""
        return self._trust.latest_config

    def trust_data(self) -> bytes:
        """Return the trust bundle as it is kept."""
        return self._trust.data

    def lock(self) -> None:
        """End every child, close the database, forget the keys."""
        self._leave(curtained=False)

    def curtain(self) -> bool:
        """Do the same, but keep the keys under the PIN; return whether there is one."""
        return self._leave(curtained=True)

    def _leave(self, *, curtained: bool) -> bool:
        self.viewing.cover()
        self._pool.shut_down()
        with self._identities_lock:
            self._identities = {}
        self._open = {}
        self.exposure.close()
        self._anchoring.keep()
        kept = self.pins.curtained(self._keys) if curtained else None
        self._store.close()
        self._on_lock(kept)
        return kept is not None

    # ---------------------------------------------------------------------------

    @property
    def _trust(self) -> VerifiedTrust:
        return self._trusting.trust

    def _submitting(self) -> Submitting:
        return Submitting(
            store=self._store,
            journal=self._journal,
            keys=self._keys,
            trust=self._trust,
            actor=self.person.subject,
            clock=self._clock,
            handing=self.handing,
        )

    def _values(self) -> safeguards.Values:
        """Settle the safeguards by the newest config, not by a batch's.

        A coordinator chooses which config a batch names.
        """
        own = own_safeguards(self.preferences())
        return safeguards.resolve(self._trust.latest_config.safeguards, own)

    def _batch(self, batch_id: BatchId) -> BatchRow:
        for row in self._store.batches():
            if row.batch_id == batch_id:
                return row
        raise RefusedError(Code.ITEM_UNKNOWN, batch_id)

    def _rules(self, batch_id: BatchId) -> tuple[Sha256Hex, PolicyPack]:
        policy_sha256 = self._batch(batch_id).policy_sha256
        return policy_sha256, self._trust.policy(policy_sha256)

    def _card(self, row: BatchRow) -> BatchCard:
        left = times.unix_of(row.not_after) - self._clock.unix_ms()
        return BatchCard(
            batch_id=row.batch_id,
            name=row.name,
            purpose=row.purpose,
            counts=self._store.counts(row.batch_id),
            not_after=row.not_after,
            days_left=left // times.DAY_MS,
        )

    def _place(self, batch_id: BatchId, rows: tuple[ItemRow, ...]) -> int:
        kept = self._store.meta(META_PLACE + batch_id)
        for row in rows:
            if kept is not None and row.item.id.encode() == kept:
                return row.position
        first = (r.position for r in rows if r.standing.kind is StandingKind.OPEN)
        return next(first, 0)

    def _check_authorised(self) -> None:
        expires = self.person.authorisation.expires
        if times.utc_of(self._clock.unix_ms()) > expires:
            raise RefusedError(Code.NOT_AUTHORISED, expires)

    def _reader(self, item: Item) -> ItemReader:
        with self._identities_lock:
            known = self._identities.get(item.id)
        if known is None:
            raise MediaError(Code.MEDIA_MISSING, item.id)
        identities, media_file = known
        path = self._media_dir / media_file
        return ItemReader(path, item, identity_of(identities, item.id))

    def _reader_of(self, row: ItemRow) -> ItemReader:
        """Return a reader of an item of any batch; on the store's thread."""
        path = self._media_dir / self._batch(row.batch_id).media_file
        return ItemReader(path, row.item, self._store.identity(row.item.id))
