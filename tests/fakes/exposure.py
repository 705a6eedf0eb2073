"""What a session does with the ledger, without a window: the order of calls.

Write the file, then the vault's totals, then show. A test may lose, keep and put back
either of the two, change the clock, and start anew at any moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from reviewer.domain.ids import ItemId
from reviewer.errors import VerificationError
from reviewer.safeguards import recording, restoring
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import Ledger, from_bytes, to_bytes
from reviewer.safeguards.limits import Allowed, Refused, Rules, may_reveal
from reviewer.safeguards.restoring import Found, Restored
from reviewer.safeguards.runs import Run, stamped
from reviewer.safeguards.values import Values, resolve

T = TypeVar("T")

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
START: Final = 1_800_000_000_000
LONG_AGO: Final = START - 1_000 * DAY


def item_id(number: int) -> ItemId:
    """Return the id of a numbered item."""
    return ItemId(f"{number:032x}")


def facts(
    number: int,
    severity: int | None,
    *,
    own: int | None = None,
    tags: tuple[str, ...] = (),
) -> Facts:
    """Return a numbered item of a severity."""
    return Facts(
        item_id=item_id(number), signed=severity, own=own, tags=frozenset(tags)
    )


def rules(
    organisation: dict[str, int] | None = None, *, certified: int = LONG_AGO
) -> Rules:
    """Return the rules of somebody who was certified long ago."""
    return Rules(values=resolve(organisation or {}, {}), certified=certified)


@dataclass(slots=True)
class Disk:
    """The two places that remember: the ledger's file, and the vault's totals."""

    file: bytes | None = None
    totals: bytes | None = None


@dataclass(slots=True)
class Exposure:
    """One person at one machine; time passes only by `wait` and `set_wall`."""

    rules: Rules = field(default_factory=rules)
    disk: Disk = field(default_factory=Disk)
    wall: int = START
    mono: int = 5_000
    ledger: Ledger = field(init=False)
    found: Found = field(init=False)
    _run: Run = field(init=False)

    def __post_init__(self) -> None:
        """Begin at an unlock."""
        self.unlock()

    # Time

    @property
    def values(self) -> Values:
        return self.rules.values

    @property
    def now(self) -> int:
        """Return the ledger's time."""
        return self._run.now(self.mono)

    @property
    def kept_now(self) -> int:
        """Return the time that is written down."""
        return self.ledger.now

    def wait(self, ms: int) -> None:
        """Let time pass on both clocks."""
        self.wall += ms
        self.mono += ms

    def sleep_over(self, hours: int = 16) -> None:
        """Lock, switch off, come back the next morning."""
        self.wall += hours * HOUR
        self.mono = 1_000
        self.unlock()

    # Unlocking

    def unlock(self) -> Found:
        """Begin a run with whatever the disk holds."""
        stored, is_spoilt = _read(self.disk.file, from_bytes)
        totals, is_lost = _read(self.disk.totals, restoring.totals_from_bytes)
        self._take(
            restoring.restore(
                stored,
                totals,
                was_unreadable=is_spoilt or is_lost,
                wall=self.wall,
                mono=self.mono,
                rules=self.rules,
            )
        )
        return self.found

    def _take(self, restored: Restored) -> None:
        self._run = restored.run
        self.found = restored.found
        self.save(restored.ledger)

    # What a session tells the ledger

    def save(self, ledger: Ledger) -> None:
        """Write the file, then the totals."""
        self.ledger = stamped(ledger, self._run, mono=self.mono)
        self.disk.file = to_bytes(self.ledger)
        totals = restoring.totals_of(self.ledger)
        self.disk.totals = restoring.totals_to_bytes(totals)

    def ask(self, one: Facts) -> Allowed | Refused:
        return may_reveal(self.ledger, one, now=self.now, rules=self.rules)

    def key(self, one: Facts | None = None) -> None:
        """Press any key on the review screen."""
        self.save(
            recording.on_input(self.ledger, one, now=self.now, values=self.values)
        )

    def look(self, one: Facts, ms: int = 1_000) -> Allowed | Refused:
        """Press a key, ask, and look for so long where it is allowed."""
        self.key(one)
        answer = self.begin(one)
        if isinstance(answer, Allowed):
            self.wait(ms)
            self.end()
        return answer

    def begin(self, one: Facts) -> Allowed | Refused:
        """Begin to look where it is allowed."""
        answer = self.ask(one)
        if isinstance(answer, Allowed):
            self.begin_look(one)
        return answer

    def begin_look(self, one: Facts) -> None:
        """Note a look that was allowed."""
        self.save(
            recording.begin_look(self.ledger, one, now=self.now, values=self.values)
        )

    def is_noted(self, one: Facts) -> bool:
        """Return whether the look is written down; here everything is."""
        return self.ledger.look is not None and self.ledger.look.item_id == one.item_id

    def charge(self) -> None:
        """Note that the look goes on."""
        self.save(recording.charge(self.ledger, now=self.now))

    def opt(self, tag: str, *, wanted: bool) -> None:
        """Opt out of a tag, or in again."""
        self.save(
            recording.opt_in(self.ledger, tag)
            if wanted
            else recording.opt_out(self.ledger, tag, now=self.now, values=self.values)
        )

    def forget(self) -> None:
        """Delete the history."""
        self.save(recording.forget_history(self.ledger))

    @property
    def file(self) -> bytes | None:
        """Return the file as it lies on the disk."""
        return self.disk.file

    @file.setter
    def file(self, data: bytes | None) -> None:
        self.disk.file = data

    def end(self) -> None:
        """Conceal."""
        self.save(recording.end_look(self.ledger, now=self.now))

    def finish(self, one: Facts) -> None:
        """Decide it or hand it back: nobody is asked."""
        self.save(recording.finish(self.ledger, one, now=self.now, values=self.values))

    def rest(self, ms: int) -> None:
        """Ask for a break and take it."""
        self.save(recording.begin_break(self.ledger, now=self.now))
        self.wait(ms)


def _read(data: bytes | None, parse: Callable[[bytes], T]) -> tuple[T | None, bool]:
    if data is None:
        return None, False
    try:
        return parse(data), False
    except VerificationError:
        return None, True
