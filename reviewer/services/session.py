"""An unlocked profile: the one object behind the window and the commands.

Every method runs on the store's thread, except those of `viewing`, which run on
decode threads. Methods return frozen values; nothing here knows of a screen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from reviewer.crypto.passphrase import FLOOR, KdfParameters, hmac_sha256
from reviewer.domain.decision import LOCKED_AWAY, Basis
from reviewer.domain.ids import BatchId, ItemId, Pseudonym
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Capacity
from reviewer.domain.preferences import Preferences, own_safeguards
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
)
from reviewer.formats.trust import VerifiedTrust
from reviewer.network import CoordinatorOpener
from reviewer.ports import (
    Clock,
    DecoderPool,
    Entropy,
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
from reviewer.services.fetching import Fetching, FetchReport
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
from reviewer.services.opening import (
    BatchCard,
    Home,
    OpenBatch,
    Opening,
    Person,
    Readers,
)
from reviewer.services.preferring import Preferring
from reviewer.services.sealing import Sealing
from reviewer.services.searching import Searching
from reviewer.services.shredding import Shredding
from reviewer.services.stacking import Stacking
from reviewer.services.submitting import Preview, ReceiptView, Submitting
from reviewer.services.trusting import Trusting
from reviewer.services.turning import Turning
from reviewer.services.viewing import Viewing

__all__ = ["BatchCard", "Home", "OpenBatch", "Person", "Session"]

PSEUDONYM_BYTES = 8


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
        turning: Turning,
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
        self._turning = turning
        self._on_lock = on_lock
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
        self._readers = Readers(store)
        self._preferring = Preferring(store)
        self._opening = Opening(
            store=store,
            trusting=self._trusting,
            journal=self._journal,
            clock=clock,
            person=self.person,
            readers=self._readers,
            values=self._values,
        )
        self._deciding = Deciding(self._acting)
        self.flagging = Flagging(self._acting, device=keys.device, config=self.config)
        self.handing = Handing(self._acting, clock=clock)
        self._shredding = Shredding(
            acting=self._acting,
            turning=turning,
            clock=clock,
            retention_days=lambda: self.config().retention_days,
            report_expired=self.handing.report_expired,
        )
        self.exposure = Exposing(
            file=ledger,
            store=store,
            clock=clock,
            values=self._values(),
            certified=device.certified,
        )
        self.viewing = Viewing(
            self._pool, self._readers.of, is_noted=self.exposure.holds
        )
        self.sealing = Sealing(
            acting=self._acting,
            turning=turning,
            readers=self._readers,
            release=self.viewing.release,
            quarantine=lambda: self.config().quarantine_key,
        )
        self._fetching = Fetching(
            store=store,
            journal=self._journal,
            keys=keys,
            trusting=self._trusting,
            opener=opener,
            actor=device.subject,
            clock=clock,
            app_version=app_version,
            check_authorised=self._opening.check_authorised,
            seals=self.sealing,
        )
        self.searching = Searching(store)
        self.preferences = self._preferring.get
        self.took_lost_preferences = self._preferring.take_lost
        self.fingerprinting = Fingerprinting(
            store=store,
            pool=self._pool,
            reader=self._readers.of_row,
            is_hidden=self._readers.is_hidden,
        )
        self.stacking = Stacking(
            store=store, deciding=self._deciding, rules=self._opening.rules
        )

    # Home ----------------------------------------------------------------------

    def home(self) -> Home:
        """Return the batches and how the journal stands."""
        return self._opening.home()

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
        try:
            return self._fetching.fetch(progress=progress, cancelled=cancelled)
        finally:  # the trust that came first may hold a newer config
            self.exposure.set_values(self._values())

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
        self.exposure.set_values(self._values())

    def put_preferences(self, preferences: Preferences) -> None:
        """Keep the reviewer's own settings; safer safeguards hold at once.

        Raises:
            RefusedError: READ_ONLY.
            UnavailableError: DISK_FULL, DISK_FAILED.
        """
        self._preferring.put(preferences)
        self.exposure.set_values(self._values())

    # Review --------------------------------------------------------------------

    def open_batch(self, batch_id: BatchId) -> OpenBatch:
        """Return a batch with its rule book; raises as `Opening.open_batch` does."""
        opened = self._opening.open_batch(batch_id)
        self.exposure.set_values(opened.values)
        return opened

    def opened(self, item_id: ItemId) -> Changed | None:
        """Record the first opening of an item, and where the reviewer is."""
        self._opening.keep_place(self._store.item(item_id))
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
        pack_sha256, pack = self._opening.rules(row.batch_id)
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
        changed = self._deciding.undo(batch_id)
        rows = (changed.row, *changed.also)
        self._readers.unhide(
            row.item.id for row in rows if row.standing.kind not in LOCKED_AWAY
        )
        return changed

    def keep(self, item_id: ItemId, *, keep: bool) -> ItemRow:
        """Keep an item for later; remembered, never sent."""
        self._acting.actable(item_id)
        with self._store.write() as tx:
            tx.set_keep(item_id, keep=keep)
        return self._store.item(item_id)

    def set_severity(self, item_id: ItemId, severity: int) -> ItemRow:
        """Correct an item's severity; it travels with the decision."""
        if severity not in range(6):
            raise RefusedError(Code.INPUT_INVALID, "severity")
        self._acting.actable(item_id)
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
        """Finish what a crash left half done; return how many files were removed.

        What was marked is sealed now; if that fails, it stays covered.
        """
        with contextlib.suppress(ReviewerError):
            self.sealing.finish_marked()
        with contextlib.suppress(ReviewerError):
            self._shredding.run()
        self._turning.settle()
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
        """Put everything away; the vault is shut even where a step has a fault."""
        kept: Curtained | None = None
        try:
            self._put_away()
            if curtained:
                with contextlib.suppress(ReviewerError):  # the passphrase opens then
                    kept = self.pins.curtained(self._turning.keys)
        finally:
            self._turning.forget()
            self._store.close()
            self._on_lock(kept)
        return kept is not None

    def _put_away(self) -> None:
        self.viewing.cover()
        self._pool.shut_down()
        self._readers.forget()
        self.exposure.close()
        with contextlib.suppress(ReviewerError):
            self.sealing.finish_marked()
        with contextlib.suppress(ReviewerError):
            self._shredding.close()
        self._turning.settle()
        self._anchoring.keep()

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
        chosen = own_safeguards(self._preferring.get())
        own = {key: value for key, value in chosen.items() if key in safeguards.BY_KEY}
        return safeguards.resolve(self._trust.latest_config.safeguards, own)
