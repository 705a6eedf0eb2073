"""One service, open: what commands, the HTTP application and the demonstration use."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from reviewer.coordinator import (
    accepting,
    authority,
    dealing,
    enrolling,
    exporting,
    packing,
    packs,
    registry,
    sealed,
    uploads,
)
from reviewer.coordinator.db import Database, open_database
from reviewer.coordinator.files import read_input, sweep
from reviewer.coordinator.home import Home, create_home, open_home
from reviewer.coordinator.state import State, system_clock
from reviewer.coordinator.trusting import TrustCache, bundle, bundle_for, root_key_raw
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.passphrase import FLOOR, KdfParameters
from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UnixMs
from reviewer.domain.item import BatchPurpose
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.formats import durable
from reviewer.formats.trust import VerifiedTrust

_URL_BYTES = 4096


class Service:
    """An open service. Safe to use from several threads; close it when done.

    Methods raise the errors of the functions they stand for.
    """

    def __init__(self, state: State, *, least: KdfParameters) -> None:
        """Take an open state; use `create` or `open`."""
        self._state = state
        self._least = least
        self._trusts = TrustCache()

    # Life ------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        passphrase: str,
        config: OrgConfig,
        policies: Sequence[PolicyPack],
        root_key: Path | None = None,
        root_passphrase: str | None = None,
        database_url: str | None = None,
        parameters: KdfParameters = FLOOR,
        clock: Callable[[], UnixMs] = system_clock,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Service:
        """Found an organisation and its service in an empty folder.

        Args:
            folder: Where everything of the service lies.
            passphrase: Opens the service from now on.
            config: The organisation's values; it also names the organisation.
            policies: Policy packs, oldest first; at least one.
            root_key: Where the wrapped root key goes; `root.key` in the folder
                unless told otherwise. To be moved off this machine.
            root_passphrase: Of the root key file; the service's if None.
            database_url: A PostgreSQL URL without a secret, or None for a file.
            parameters: Cost of the passphrase; cheaper ones are for tests.
            clock: The wall clock.
            entropy: Fresh secret bytes.

        Raises:
            RefusedError: ALREADY_ENROLLED, PASSPHRASE_WEAK, INPUT_INVALID.
            UnavailableError: DISK_FULL, DISK_FAILED, DATABASE_DAMAGED.
        """
        new = create_home(
            folder, passphrase=passphrase, entropy=entropy, parameters=parameters
        )
        home, key = new.home, new.key
        database = open_database(
            url=database_url, path=home.database, key=key.database_key()
        )
        with _closing_on_error(database):
            root = authority.make_root_file(
                root_key or home.root_key,
                passphrase=root_passphrase or passphrase,
                entropy=entropy,
                parameters=parameters,
            )
            state = State(
                home=home, key=key, database=database, clock=clock, entropy=entropy
            )
            authority.found(state, root=root, config=config, policies=policies)
            if database_url is not None:
                durable.replace(home.database_url, database_url.encode())
            new.finish()
        return cls(state, least=parameters)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: str,
        least: KdfParameters = FLOOR,
        clock: Callable[[], UnixMs] = system_clock,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Service:
        """Open a service that `create` made, and sweep what a crash left.

        Raises:
            RefusedError: PASSPHRASE_WRONG.
            UnavailableError: PROFILE_MISSING, PROFILE_DAMAGED, PROFILE_NEWER,
                DATABASE_DAMAGED, DISK_FAILED.
        """
        home, key = open_home(folder, passphrase=passphrase, least=least)
        url = _database_url(home)
        database = open_database(url=url, path=home.database, key=key.database_key())
        state = State(
            home=home, key=key, database=database, clock=clock, entropy=entropy
        )
        with _closing_on_error(database), database.transaction() as session:
            registry.check_founded(session)
            if url is None:  # only there does a transaction hold off every other
                sweep(home.media, keep=registry.media_files(session))
                sweep(home.batches, keep=registry.batch_files(session))
        return cls(state, least=least)

    def close(self) -> None:
        """Close the database."""
        self._state.database.close()

    @property
    def clock(self) -> Callable[[], UnixMs]:
        """Return the service's clock."""
        return self._state.clock

    # Trust -----------------------------------------------------------------------

    def trust(self) -> bytes:
        """Return the whole trust bundle, for whoever verifies submissions."""
        with self._state.database.transaction() as session:
            return bundle(session)

    def public_trust(self) -> bytes:
        """Return the bundle without devices: what anybody who asks may know."""
        with self._state.database.transaction() as session:
            return bundle_for(session, None)

    def verified_trust(self) -> VerifiedTrust:
        """Return the trust bundle, verified; cheap while it does not change."""
        return self._trusts.verified(self.trust())

    def root_sha256(self) -> Sha256Hex:
        """Return the hash of the root key, to be read aloud and pinned."""
        with self._state.database.transaction() as session:
            return sha256_hex(root_key_raw(session))

    def device_key(self, device: KeyId) -> VerifyingKey:
        """Return a device's key; raise KEY_UNKNOWN or KEY_REVOKED."""
        return self.verified_trust().device(device).key

    def invite(
        self,
        *,
        subject: str,
        role: Role,
        authorisation: Authorisation,
        root_passphrase: str,
        root_key: Path | None = None,
        days: int = authority.INVITATION_DAYS,
    ) -> authority.Invited:
        """Sign an invitation with the root key file."""
        root = authority.open_root_file(
            root_key or self._state.home.root_key,
            passphrase=root_passphrase,
            least=self._least,
        )
        return authority.invite(
            self._state,
            root=root,
            organisation=self.verified_trust().organisation,
            subject=subject,
            role=role,
            authorisation=authorisation,
            days=days,
        )

    def invitation(self, invitation_key: KeyId) -> bytes:
        """Return the invitation made for a one-time key."""
        return authority.invitation_of(self._state, invitation_key)

    def enrol(self, enrolment: bytes) -> bytes:
        """Take a device in; return the bundle that now holds it."""
        return enrolling.enrol(self._state, enrolment)

    def revoke(self, key_id: KeyId) -> None:
        """Take trust from a device's key from now on."""
        authority.revoke(self._state, key_id)

    # Batches out -----------------------------------------------------------------

    def pack(
        self,
        media_dir: Path,
        *,
        name: str,
        table: Path | None = None,
        purpose: BatchPurpose = BatchPurpose.REVIEW,
        progress: packing.Progress | None = None,
    ) -> packs.Packed:
        """Plan a folder and its table, and seal it once."""
        planned = packing.plan(media_dir, table, entropy=self._state.entropy, name=name)
        return self.pack_plan(planned, purpose=purpose, progress=progress)

    def pack_plan(
        self,
        planned: packing.Plan,
        *,
        purpose: BatchPurpose = BatchPurpose.REVIEW,
        progress: packing.Progress | None = None,
    ) -> packs.Packed:
        """Seal what was planned."""
        return packs.add_pack(self._state, planned, purpose=purpose, progress=progress)

    def deal(
        self, pack_id: str, device: KeyId, *, days: int | None = None
    ) -> dealing.Dealt:
        """Make a device's next batch from a pack."""
        return dealing.deal(
            self._state, self.verified_trust(), pack_id, device, days=days
        )

    def offers(self, device: KeyId, *, after: int) -> tuple[dealing.Dealt, ...]:
        """Return the batches of a device whose `seq` is above `after`."""
        return dealing.offers(self._state, device, after=after)

    def batch_file(self, device: KeyId, batch_id: BatchId) -> Path:
        """Return the file of a device's own batch."""
        return dealing.batch_file(self._state, device, batch_id)

    def devices(self) -> tuple[KeyId, ...]:
        """Return the enrolled devices, oldest first."""
        return tuple(self.verified_trust().devices)

    def packs(self) -> tuple[str, ...]:
        """Return the packs, oldest first."""
        with self._state.database.transaction() as session:
            return packs.pack_ids(session)

    # Decisions in ----------------------------------------------------------------

    def upload(self, device: KeyId, sha256: Sha256Hex) -> uploads.Upload:
        """Return how far a submission has arrived."""
        return uploads.state_of(self._state, device, sha256)

    def receive(
        self,
        device: KeyId,
        sha256: Sha256Hex,
        *,
        offset: int,
        length: int,
        data: bytes,
    ) -> uploads.Upload:
        """Take a part of a submission; the last one is accepted and receipted."""
        whole = uploads.add_part(
            self._state, device, sha256, offset=offset, length=length, data=data
        )
        if isinstance(whole, uploads.Upload):
            return whole
        try:
            receipt = self.accept(whole, sender=device)
        finally:
            with self._state.database.transaction() as session:
                uploads.drop(session, device, sha256)
        return uploads.Upload(offset=len(whole), receipt=receipt)

    def accept(self, submission: bytes, *, sender: KeyId | None = None) -> bytes:
        """Verify a submission whole, store it, and return its receipt."""
        return accepting.accept(
            self._state, self.verified_trust(), submission, sender=sender
        )

    def fork_proofs(self) -> tuple[registry.Fork, ...]:
        """Return the proofs that a device told two stories."""
        with self._state.database.transaction() as session:
            return registry.forks(session)

    # Out again -------------------------------------------------------------------

    def file_names(self) -> dict[ItemId, str]:
        """Return the file that each item was packed from."""
        with self._state.database.transaction() as session:
            return packs.file_names(self._state, session)

    def export_sealed(self, out: BinaryIO) -> int:
        """Write the list of sealed items for a hand-over; return their number."""
        return sealed.write_sealed(self._state, self.verified_trust(), out)

    def export_csv(self, out: BinaryIO) -> int:
        """Write every item's row with what stands about it; return their number."""
        return exporting.export_csv(self._state, self.verified_trust(), out)


@contextlib.contextmanager
def _closing_on_error(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _database_url(home: Home) -> str | None:
    if not home.database_url.exists():
        return None
    return read_input(home.database_url, max_bytes=_URL_BYTES).decode()
