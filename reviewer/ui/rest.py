"""Idleness and sleep over one sitting, whatever batch is open."""

from __future__ import annotations

from typing import Final

from reviewer.domain.ids import MonoMs
from reviewer.ports import Clock
from reviewer.safeguards import breaks
from reviewer.safeguards.values import Values

SLEEP_MS: Final = 60_000
"""A clock that a time server corrects moves by less than this."""


class Rest:
    """Knows when somebody was last here; `safeguards.breaks` says what that means."""

    def __init__(self, clock: Clock) -> None:
        """Begin with somebody here."""
        self._clock = clock
        self._last_input = clock.mono_ms()
        self._wall_ahead = self._drift()

    def on_any_input(self) -> None:
        """Note that somebody is here."""
        self._last_input = self._clock.mono_ms()

    def presence(self, values: Values) -> breaks.Presence:
        """Return what this long without input asks for."""
        idle = self._now() - self._last_input
        return breaks.presence(idle_ms=idle, values=values)

    def has_slept(self) -> bool:
        """Return whether the machine was suspended since this was last asked.

        The monotonic clock stands still while the machine sleeps; the other runs.
        """
        before, self._wall_ahead = self._wall_ahead, self._drift()
        return self._wall_ahead - before > SLEEP_MS

    def _drift(self) -> int:
        return self._clock.unix_ms() - self._clock.mono_ms()

    def _now(self) -> MonoMs:
        return self._clock.mono_ms()
