"""Which signed times may move this machine's idea of now (design.md 4, Clocks)."""

from __future__ import annotations

from typing import Final

from reviewer.domain import times
from reviewer.domain.ids import UtcTime
from reviewer.errors import Code, VerificationError
from reviewer.ports import Clock

AHEAD_MS: Final = 48 * 3_600_000  # design.md 4: beyond it, quarantine


def is_far_ahead(moment: UtcTime, *, clock: Clock) -> bool:
    """Return whether a signed time is over 48 h ahead of the local clock."""
    return times.unix_of(moment) - clock.unix_ms() > AHEAD_MS


def check_not_far_ahead(moment: UtcTime, *, clock: Clock) -> None:
    """Keep out what claims such a time: the clock or the signer is wrong.

    Raises:
        VerificationError: TIME_IMPLAUSIBLE.
    """
    if is_far_ahead(moment, clock=clock):
        raise VerificationError(Code.TIME_IMPLAUSIBLE, moment)
