"""`reviewer demo --tour`: three moments, each shown, checked and told in a story.

Forty copies, one look; try to catch it; pull the plug, bend a byte. What is said was
counted or tried on the spot; a moment that does not hold ends the command with 1.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried, in a sentence, and whether it held."""

    said: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One of the three."""

    name: str
    checks: tuple[Check, ...]
    counts: dict[str, int]

    @property
    def holds(self) -> bool:
        """Return whether everything that was tried held."""
        return bool(self.checks) and all(check.holds for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """All of it."""

    moments: tuple[Moment, ...]
    screens: tuple[Path, ...]

    @property
    def holds(self) -> bool:
        """Return whether all three moments hold."""
        return bool(self.moments) and all(moment.holds for moment in self.moments)

    def as_json(self) -> str:
        """Return one line."""
        moments = [asdict(one) | {"holds": one.holds} for one in self.moments]
        screens = [str(path) for path in self.screens]
        value = {"holds": self.holds, "moments": moments, "screens": screens}
        return json.dumps(value)

    def lines(self) -> tuple[str, ...]:
        """Return the story."""
        told = []
        for moment in self.moments:
            told.append(f"{moment.name}:")
            told += [f"  {_mark(check)} {check.said}" for check in moment.checks]
        return tuple(told)


def _mark(check: Check) -> str:
    return "holds:" if check.holds else "FAILS:"
