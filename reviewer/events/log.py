"""Where events go, and the log of what has none."""

from __future__ import annotations

from typing import Protocol

from reviewer.events.kinds import Event, render


class Log(Protocol):
    """Where events go."""

    def write(self, event: Event, /) -> None:
        """Note an event; callable from any thread, never raises for the disk's sake."""


class NoLog:
    """Keeps nothing: for commands that touch no profile."""

    def write(self, event: Event, /) -> None:
        """Check the event all the same, and drop it.

        Raises:
            UnknownFieldError: the event is not of the closed set: a bug.
        """
        render(event, number=0, at="")
