"""Active minutes, breaks and idleness over one sitting, whatever batch is open."""

from __future__ import annotations

from typing import Final

from reviewer.domain.ids import MonoMs
from reviewer.ports import Clock
from reviewer.safeguards import breaks
from reviewer.safeguards.values import Values

SLEEP_MS: Final = 60_000
"""A clock that a time server corrects moves by less than this."""


class Rest:
    """Holds the break clock; `safeguards.breaks` says what it means."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing counted."""
        self._clock = clock
        self._breaks = breaks.BreakClock()
        self._last_input = clock.mono_ms()
        self._wall_ahead = self._drift()

    def on_any_input(self) -> None:
        """Note that somebody is here."""
        self._last_input = self._clock.mono_ms()

    def on_review_input(self, values: Values) -> None:
        """Count an input on the review screen."""
        self._breaks = breaks.on_input(self._breaks, now=self._now(), values=values)

    def begin_break(self) -> None:
        """Begin a break now."""
        self._breaks = breaks.begin_break(self._breaks, now=self._now())

    def may_reveal(self, values: Values) -> bool:
        """Return whether anything may be revealed now."""
        return breaks.may_reveal(self._breaks, now=self._now(), values=values)

    def due(self, values: Values) -> breaks.Due:
        """Return how pressing a break is."""
        return breaks.due(self._breaks, now=self._now(), values=values)

    def minutes(self) -> int:
        """Return the active minutes since the last break."""
        return self._breaks.minutes_count

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
