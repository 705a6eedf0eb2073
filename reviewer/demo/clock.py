"""The demonstration's clock: the machine's own, and a break that takes no time."""

from __future__ import annotations

from reviewer import compose
from reviewer.domain.ids import MonoMs, UnixMs


class DemoClock(compose.SystemClock):
    """Runs on by a stretch when it is told to, as if somebody had waited."""

    def __init__(self) -> None:
        """Begin with the machine's time."""
        self._ahead_ms = 0

    def pass_by(self, length_ms: int) -> None:
        """Let a stretch of time be over."""
        self._ahead_ms += length_ms

    def unix_ms(self) -> UnixMs:
        """Return the wall clock, ahead by what was passed by."""
        return UnixMs(super().unix_ms() + self._ahead_ms)

    def mono_ms(self) -> MonoMs:
        """Return the monotonic clock, ahead by the same."""
        return MonoMs(super().mono_ms() + self._ahead_ms)
