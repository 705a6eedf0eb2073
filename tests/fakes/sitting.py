"""A person at a machine, with the real service in between: the shape of `exposure`.

The same questions and events as the model of `tests.fakes.exposure`, so that one
state machine drives both; here a look is written ahead, as the window does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from reviewer.domain import times
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import BatchId, MonoMs, UnixMs
from reviewer.ports import ItemRow, LedgerFile, Store, VaultKeys
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.limits import Allowed, Refused, Rules
from reviewer.safeguards.restoring import Found
from reviewer.safeguards.values import Values
from reviewer.services.exposing import Exposing
from reviewer.store.ledger import LEDGER, SealedLedgerOpener
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import new_item
from tests.fakes.exposure import HOUR, START, rules
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_ledger import MemoryLedgerOpener
from tests.fakes.memory_store import MemoryStore


class Ledgers(Protocol):
    """A `LedgerOpener` whose file can be lost, spoilt and put back."""

    file: bytes | None

    def __call__(self, keys: VaultKeys, /) -> LedgerFile: ...


class FolderLedgers:
    """The real file, under the same hand."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LEDGER
        self._opener = SealedLedgerOpener(folder)

    def __call__(self, keys: VaultKeys, /) -> LedgerFile:
        return self._opener(keys)

    @property
    def file(self) -> bytes | None:
        return self._path.read_bytes() if self._path.exists() else None

    @file.setter
    def file(self, data: bytes | None) -> None:
        if data is None:
            self._path.unlink(missing_ok=True)
        else:
            self._path.write_bytes(data)


@dataclass(slots=True)
class Sitting:
    """One person at one machine; time passes only by `wait` and `set_wall`."""

    rules: Rules = field(default_factory=rules)
    keys: VaultKeys = field(default_factory=vault_keys)
    store: Store = field(default_factory=lambda: MemoryStore(vault_keys()))
    ledgers: Ledgers = field(default_factory=MemoryLedgerOpener)
    wall: int = START
    mono: int = 5_000
    exposing: Exposing = field(init=False)

    def __post_init__(self) -> None:
        """Begin at an unlock."""
        self.unlock()

    # The clocks

    def unix_ms(self) -> UnixMs:
        return UnixMs(self.wall)

    def mono_ms(self) -> MonoMs:
        return MonoMs(self.mono)

    @property
    def now(self) -> int:
        """Return the ledger's time."""
        return self.exposing.now()

    @property
    def kept_now(self) -> int:
        """Return the time that is written down: a crash loses what came after."""
        kept = self.exposing._kept
        assert kept is not None
        return kept.ledger.now

    def wait(self, ms: int) -> None:
        """Let time pass on both clocks."""
        self.wall += ms
        self.mono += ms

    def suspend(self, ms: int) -> None:
        """Let time pass as a sleeping machine sees it: on its clock alone."""
        self.wall += ms

    def sleep_over(self, hours: int = 16) -> None:
        """Lock, switch off, come back the next morning."""
        self.exposing.close()
        self.wall += hours * HOUR
        self.mono = 1_000
        self.unlock()

    # Unlocking

    def unlock(self) -> Found:
        """Begin a run with whatever there is; without `close` before, it is a crash."""
        self.exposing = Exposing(
            file=self.ledgers(self.keys),
            store=self.store,
            clock=self,
            values=self.rules.values,
            certified=times.utc_of(UnixMs(self.rules.certified)),
        )
        return self.exposing.found

    @property
    def found(self) -> Found:
        return self.exposing.found

    @property
    def file(self) -> bytes | None:
        """Return the ledger's file as it lies on the disk."""
        return self.ledgers.file

    @file.setter
    def file(self, data: bytes | None) -> None:
        self.ledgers.file = data

    # What the window does

    @property
    def values(self) -> Values:
        return self.exposing.values

    @property
    def ledger(self) -> Ledger:
        return self.exposing._ledger

    def ask(self, one: Facts) -> Allowed | Refused:
        return self.exposing.may_reveal(row_of(one))

    def is_noted(self, one: Facts) -> bool:
        return self.exposing.is_noted(row_of(one))

    def key(self, one: Facts | None = None) -> None:
        """Press any key on the review screen."""
        self.exposing.on_input(None if one is None else row_of(one))
        self.keep()

    def begin_look(self, one: Facts) -> None:
        """Write it ahead at key-down, then begin; every other item without that."""
        row = row_of(one)
        if int(one.item_id, 16) % 2:
            self.exposing.intend_look(row)
            self.exposing.save()
        self.exposing.begin_look(row)
        if not self.exposing.is_noted(row):
            self.exposing.save()

    def charge(self) -> None:
        self.exposing.charge()
        self.keep()

    def end(self) -> None:
        """Conceal."""
        self.exposing.end_look()
        self.keep()

    def look(self, one: Facts, ms: int = 1_000) -> Allowed | Refused:
        """Press a key, ask, and look for so long where it is allowed."""
        self.key(one)
        answer = self.ask(one)
        if isinstance(answer, Allowed):
            self.begin_look(one)
            assert self.is_noted(one)
            self.wait(ms)
            self.end()
        return answer

    def finish(self, one: Facts) -> None:
        """Decide it or hand it back: nobody is asked."""
        self.exposing.finished(row_of(one))
        self.keep()

    def rest(self, ms: int) -> None:
        """Ask for a break and take it."""
        self.exposing.begin_break()
        self.keep()
        self.wait(ms)

    def opt(self, tag: str, *, wanted: bool) -> None:
        if wanted:
            self.exposing.opt_in(tag)
        else:
            self.exposing.opt_out(tag)
        self.keep()

    def forget(self) -> None:
        self.exposing.forget_history()
        self.keep()

    def keep(self) -> None:
        """Save where that is worth its while."""
        if self.exposing.needs_save:
            self.exposing.save()


def real_sitting(folder: Path, *, with_rules: Rules | None = None) -> Sitting:
    """Return a person with an encrypted vault and a sealed file under a folder."""
    keys = vault_keys()
    return Sitting(
        rules=with_rules or rules(),
        store=SqlStoreOpener(folder).create(keys),
        ledgers=FolderLedgers(folder),
        keys=keys,
    )


def row_of(one: Facts) -> ItemRow:
    """Return an item of these facts as a batch brings it."""
    item = msgspec.structs.replace(
        new_item(1, severity=one.signed),
        id=one.item_id,
        tags=tuple(sorted(one.tags)),
    )
    return ItemRow(
        batch_id=BatchId("b" * 32),
        position=0,
        item=item,
        opened=False,
        own_severity=one.own,
        standing=Standing(item_id=item.id, kind=StandingKind.OPEN),
    )
