"""The ledger's own clock, which no change of the computer's clock turns back.

A run is the time from one unlock to the next lock. Within it only the monotonic
clock counts, so that setting the computer's clock does nothing. When a run begins,
the later of two times holds: what the computer's clock says, and what the ledger
knew plus the time that the monotonic clock proves. So a clock that was set back
gives no time, one that was far ahead is waited for (or caught up with by leaving
the computer on), and one that is set forward between two runs is believed: a
machine that was off has no other witness. The days so begun early are days that do
not begin again later.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from reviewer.safeguards.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One unlock: where the ledger's clock stood, and the monotonic one."""

    base: int
    mono: int

    def now(self, mono: int) -> int:
        """Return the ledger's time."""
        return self.base + max(0, mono - self.mono)


def begin_run(ledger: Ledger, *, wall: int, mono: int) -> Run:
    """Begin at an unlock.

    Args:
        ledger: As it was restored.
        wall: The computer's clock; believed only where it is ahead.
        mono: Its monotonic clock. One below the ledger's was started anew since, and
            proves as much time as it shows.
    """
    proved = mono - ledger.mono if mono >= ledger.mono else mono
    return Run(base=max(wall, ledger.now + proved), mono=mono)


def stamped(ledger: Ledger, run: Run, *, mono: int) -> Ledger:
    """Return the next copy to write: the time, and a generation higher by one."""
    return msgspec.structs.replace(
        ledger,
        generation=ledger.generation + 1,
        now=max(ledger.now, run.now(mono)),
        mono=mono,
    )
