"""A profile on the bench: the real parts, with a cheap passphrase and a loopback.

SQLCipher, the header on disk, the decoder pool and the service over HTTP are those
of a release; only the cost of the passphrase and the clocks are the test's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from reviewer.coordinator.packs import Packed
from reviewer.coordinator.service import Service
from reviewer.coordinator.serving import Server
from reviewer.domain.ids import KeyId
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.rendition import SandboxLevel
from reviewer.keys import words
from reviewer.keys.anchorcopies import KeyringCopies
from reviewer.keys.vault import HeaderVault
from reviewer.media.meter import CountingMeter
from reviewer.media.pool import LinuxDecoderPool
from reviewer.network import CoordinatorOpener
from reviewer.ports import DecoderPool
from reviewer.services.entering import Entering, Passphrases
from reviewer.services.policies import default_config, default_policy
from reviewer.services.session import OpenBatch, Session
from reviewer.settings import resource
from reviewer.store.card import SupportFile
from reviewer.store.ledger import SealedLedgerOpener
from reviewer.store.lockfile import ProfileLock
from reviewer.store.opener import SqlStoreOpener
from reviewer.sync.client import HttpOpener
from tests.fakes.clock import StepClock
from tests.fakes.key_vault import CHEAP_POLICY, MemorySecrets
from tests.fakes.service_home import CHEAP, invite
from tests.fakes.service_home import PASSPHRASE as SERVICE_PASSPHRASE

PASSPHRASE = "orange kettle window march snow"  # noqa: S105 (of a test)
APP_VERSION = "0.1.0"


@dataclass(slots=True)
class Organisation:
    """A service on loopback, and the time that everybody shares."""

    folder: Path
    service: Service
    server: Server
    clock: StepClock

    def invite(self, subject: str = "reviewer-1") -> str:
        return invite(self.service, subject)

    def pack(self, media: Path, *, table: Path | None = None) -> Packed:
        return self.service.pack(media, name="Bench", table=table)

    def deal(self, packed: Packed, device: KeyId, *, days: int | None = None) -> Path:
        """Deal a pack; return the batch's file."""
        dealt = self.service.deal(packed.pack_id, device, days=days)
        return self.service.batch_file(device, dealt.batch_id)


@dataclass(slots=True)
class BenchProfile:
    """One profile folder and the door to it."""

    folder: Path
    clock: StepClock
    meter: CountingMeter = field(default_factory=CountingMeter)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    opener: CoordinatorOpener | None = None

    def door(self) -> Entering:
        lock = ProfileLock(self.folder)
        word_list = words.load_words(resource("words/eff_large.txt"))
        return Entering(
            vault=HeaderVault(
                self.folder,
                device_secrets=self.secrets,
                clock=self.clock,
                entropy=os.urandom,
                policy=CHEAP_POLICY,
            ),
            stores=SqlStoreOpener(self.folder),
            copies=KeyringCopies(self.secrets),
            ledgers=SealedLedgerOpener(self.folder),
            card=SupportFile(self.folder),
            pools=self._pool,
            opener=self.opener
            or HttpOpener(clock=self.clock.unix_ms, entropy=os.urandom),
            clock=self.clock,
            entropy=os.urandom,
            passphrases=Passphrases(suggest=lambda: PASSPHRASE, words=word_list),
            app_version=APP_VERSION,
            demo_offered=False,
            claim=lock.acquire,
            release=lock.release,
        )

    def enrol(self, organisation: Organisation) -> Session:
        """Join over HTTP."""
        code = organisation.invite()
        return self.door().enrol_online(organisation.server.url, code, PASSPHRASE)

    @contextmanager
    def unlocked(self) -> Iterator[Session]:
        """Unlock, and lock again whatever happens."""
        session = self.door().unlock(PASSPHRASE)
        try:
            yield session
        finally:
            session.lock()

    def _pool(self, floor: SandboxLevel) -> DecoderPool:
        return LinuxDecoderPool(floor=floor, meter=self.meter)


def bench_config(keyring: KeyringMode) -> OrgConfig:
    """Return the default, with or without leave to go without a keyring."""
    return msgspec.structs.replace(
        default_config(), organisation="Bench", keyring=keyring
    )


@contextmanager
def organisation(
    folder: Path,
    *,
    clock: StepClock | None = None,
    keyring: KeyringMode = KeyringMode.OPTIONAL,
    config: OrgConfig | None = None,
) -> Iterator[Organisation]:
    """Found an organisation under `folder` and serve it."""
    time = clock or StepClock()
    service = Service.create(
        folder,
        passphrase=SERVICE_PASSPHRASE,
        config=config or bench_config(keyring),
        policies=[default_policy()],
        parameters=CHEAP,
        clock=time.unix_ms,
    )
    server = Server(service)
    server.start()
    try:
        yield Organisation(folder, service, server, time)
    finally:
        server.stop()
        service.close()


def make_profile(org: Organisation, folder: Path) -> BenchProfile:
    """Return a profile that is not enrolled yet, on the organisation's time."""
    return BenchProfile(folder, org.clock)


def fetched(org: Organisation, session: Session, packed: Packed) -> OpenBatch:
    """Deal a pack to the session's device, fetch it over HTTP, open it."""
    org.deal(packed, session._keys.device.key_id)
    report = session.fetch()
    assert report.refused == ()
    return session.open_batch(report.imported[-1].batch_id)
