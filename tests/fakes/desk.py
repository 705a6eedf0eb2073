"""A reviewer's desk in memory: every part a fake, every service the real one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewer.crypto.passphrase import KdfParameters
from reviewer.domain.ids import BatchId, KeyId, UnixMs
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, UnavailableError
from reviewer.ports import DecoderPool, ItemRow
from reviewer.services.drafting import Complete
from reviewer.services.entering import Entering, Passphrases
from reviewer.services.session import OpenBatch, Session
from tests.fakes.clock import StepClock
from tests.fakes.coordinator import DRAWN, URL, DrawnItem, FakeCoordinator
from tests.fakes.decoder import FakeDecoderPool
from tests.fakes.key_vault import MemoryCopies, MemoryKeyVault
from tests.fakes.memory_ledger import MemoryLedgerOpener
from tests.fakes.memory_store import MemoryStore, MemoryStoreOpener

PASSPHRASE = "orange kettle window march snow"  # noqa: S105 (of a test)
APP_VERSION = "0.1.0"
NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")
WORDS = tuple(f"word{number}" for number in range(7_776))


CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
"""What a PIN costs in tests."""


@dataclass(slots=True)
class MemoryCard:
    """A `SupportCopy` in memory."""

    lines: tuple[str, ...] = ()

    def read(self) -> tuple[str, ...]:
        return self.lines

    def write(self, lines: tuple[str, ...], /) -> None:
        self.lines = lines


@dataclass(slots=True)
class Claim:
    """Stands for the lock of a profile; `taken_by_other` refuses it."""

    taken_by_other: bool = False
    _held: bool = False

    def is_held(self) -> bool:
        return self._held

    def acquire(self) -> None:
        if self.taken_by_other:
            raise UnavailableError(Code.PROFILE_IN_USE)
        self._held = True

    def release(self) -> None:
        self._held = False


@dataclass(slots=True)
class Desk:
    """One laptop, its person, and a coordinator within reach."""

    clock: StepClock
    coordinator: FakeCoordinator
    vault: MemoryKeyVault
    stores: MemoryStoreOpener
    copies: MemoryCopies = field(default_factory=MemoryCopies)
    ledgers: MemoryLedgerOpener = field(default_factory=MemoryLedgerOpener)
    card: MemoryCard = field(default_factory=MemoryCard)
    claim: Claim = field(default_factory=Claim)
    pools: list[FakeDecoderPool] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    @property
    def store(self) -> MemoryStore:
        assert self.stores.store is not None
        return self.stores.store

    def door(self) -> Entering:
        return Entering(
            vault=self.vault,
            stores=self.stores,
            copies=self.copies,
            ledgers=self.ledgers,
            card=self.card,
            pin_cost=CHEAP,
            pools=self._pool,
            opener=self.coordinator,
            clock=self.clock,
            entropy=os.urandom,
            passphrases=Passphrases(suggest=lambda: PASSPHRASE, words=WORDS),
            app_version=APP_VERSION,
            demo_offered=False,
            claim=self.claim.acquire,
            release=self.claim.release,
        )

    def enrol(self) -> Session:
        """Join over the network."""
        code = self.coordinator.invite()
        self.sessions.append(self.door().enrol_online(URL, code, PASSPHRASE))
        return self.sessions[-1]

    def close(self) -> None:
        """Lock what is still open."""
        for session in self.sessions:
            session.lock()

    def later(self, by_ms: int) -> None:
        """Let time pass here and at the coordinator."""
        self.clock.advance(by_ms)
        self.coordinator.unix_ms += by_ms

    def deal(
        self, session: Session, drawn: Sequence[DrawnItem] = DRAWN, *, days: int = 14
    ) -> BatchId:
        """Deal a batch of drawn media to this laptop."""
        return self.coordinator.deal(device_of(session), drawn, days=days)

    def batch_file(self, session: Session, batch_id: BatchId, path: Path) -> Path:
        """Write a dealt batch to a stick."""
        pieces = self.coordinator.batch(session._keys.device, batch_id, offset_bytes=0)
        path.write_bytes(b"".join(pieces))
        return path

    def with_batch(
        self, drawn: Sequence[DrawnItem] = DRAWN
    ) -> tuple[Session, OpenBatch]:
        """Enrol, fetch one batch, and open it."""
        session = self.enrol()
        batch_id = self.deal(session, drawn)
        session.fetch()
        return session, session.open_batch(batch_id)

    def _pool(self, floor: SandboxLevel) -> DecoderPool:
        self.pools.append(FakeDecoderPool())
        return self.pools[-1]


def make_desk(
    folder: Path, *, config: OrgConfig | None = None, keyring_accepted: bool = True
) -> Desk:
    """Set up a desk; only delivered media and sticks lie under `folder`."""
    media = folder / "media"
    media.mkdir(parents=True)
    clock = StepClock()
    coordinator = FakeCoordinator(unix_ms=UnixMs(clock.unix_ms()))
    if config is not None:
        coordinator.set_config(config)
    return Desk(
        clock=clock,
        coordinator=coordinator,
        vault=MemoryKeyVault(keyring_accepted=keyring_accepted),
        stores=MemoryStoreOpener(media=media),
    )


def device_of(session: Session) -> KeyId:
    """Return the key id of the laptop's device."""
    return session._keys.device.key_id


def first(batch: OpenBatch) -> ItemRow:
    return batch.rows[0]
