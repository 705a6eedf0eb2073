"""The keystroke-level model: how long it takes somebody who knows how.

Card, Moran, Newell: The keystroke-level model for user performance time with
interactive systems. Communications of the ACM 23 (7), 1980, 396-410. Its operators
and times, for a practised person who makes no errors; the seconds of a look and the
program's own delays are added as they are. Nothing here is measured on people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KEY_MS: Final = 280  # K, average typist who is no typist by trade (40 words a minute)
POINT_MS: Final = 1_100  # P, to a target on the screen
HOME_MS: Final = 400  # H, a hand from keyboard to pointer or back
MIND_MS: Final = 1_350  # M, to prepare in mind for what comes


@dataclass(slots=True)
class Toil:
    """What somebody did: counts of operators, and time that passes by itself."""

    keys: int = 0
    points: int = 0
    homes: int = 0
    minds: int = 0
    looked_ms: int = 0
    """Looks that the item needs; the same for every way."""
    waited_ms: int = 0
    """Delays of the program: intent times."""

    def point(self) -> None:
        """Take the pointer, point, and go back to the keyboard."""
        self.homes += 2
        self.points += 1

    @property
    def total_ms(self) -> int:
        """Return the time on task."""
        return (
            self.keys * KEY_MS
            + self.points * POINT_MS
            + self.homes * HOME_MS
            + self.minds * MIND_MS
            + self.looked_ms
            + self.waited_ms
        )
