"""One look after another through the real reveal machine, charged to a real ledger.

*Clear seconds* are what the exposure ledger charges: all the time in which an item
is softened or clearer on the screen, through a lens or whole alike. A second through
a lens is a whole second there. *Weighted* seconds are shown beside them: the same
time, times the part of the picture that was clear, so that a lens over a tenth of a
picture counts for a tenth. Softened counts as clear in both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from reviewer.domain.ids import MonoMs
from reviewer.domain.item import Kind
from reviewer.domain.rendition import Extent
from reviewer.safeguards import days, recording
from reviewer.safeguards.basis import Looks, saw_frame, saw_picture
from reviewer.safeguards.facts import facts_of
from reviewer.safeguards.ledger import Ledger
from reviewer.safeguards.measures import lens_px
from reviewer.safeguards.reveal import Event, Reveal, advance, open_item
from reviewer.safeguards.values import Values
from tests.bench.cases import BOX_UNIT, Case, Needed
from tests.bench.keystrokes import Toil

START_MS: Final = 1_790_000_000_000
FRAMES_COUNT: Final = 12


@dataclass(slots=True)
class Eyes:
    """Somebody's eyes for one batch."""

    values: Values
    has_lens: bool
    toil: Toil
    now: int = START_MS
    weighted_ms: float = 0
    looks_count: int = 0
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty ledger."""
        self.ledger = Ledger(now=self.now, mono=self.now)

    @property
    def clear_ms(self) -> int:
        """Return what the ledger charged so far."""
        if self.ledger.today is None:
            return 0
        return sum(days.today_of(self.ledger).tally.clear_ms)

    def look_at(self, case: Case, looks: Looks) -> Looks:
        """Open the item, take every look that it needs, and leave it."""
        item = case.item
        reveal = open_item(
            item.id,
            severity=item.severity,
            is_text=item.kind is Kind.TEXT,
            values=self.values,
            now=MonoMs(self.now),
        )
        for needed in case.looks:
            reveal, looks = self._look(case, needed, reveal, looks)
        return looks

    def _look(
        self, case: Case, needed: Needed, reveal: Reveal, looks: Looks
    ) -> tuple[Reveal, Looks]:
        """Choose step and extent, hold the key, look, let go."""
        while reveal.step < needed.least:
            self.toil.keys += 1
            reveal = self._tell(reveal, Event.CLEARER)
        is_small = self.has_lens and self._fits(case, needed, reveal)
        down, up = (
            (Event.SPACE_DOWN, Event.SPACE_UP)
            if is_small
            else (Event.WHOLE_DOWN, Event.WHOLE_UP)
        )
        if is_small:
            self.toil.point()
        self.toil.keys += 1
        reveal = self._tell(reveal, down)
        if reveal.grant is None:
            reveal = self._wait(reveal)
        grant = reveal.grant
        if grant is None:
            raise AssertionError("the look was not given")
        self.looks_count += 1
        facts = facts_of(case.item, own=None)
        self.ledger = recording.begin_look(
            self.ledger, facts, now=self.now, values=self.values
        )
        self.now += needed.ms
        self.toil.looked_ms += needed.ms
        self.ledger = recording.end_look(self.ledger, now=self.now)
        self.weighted_ms += needed.ms * self._share(case, reveal)
        reveal = self._tell(reveal, up)
        if reveal.grant is not None:
            raise AssertionError("the look did not end")
        if case.item.kind is Kind.CLIP:
            seen = saw_frame(looks, grant, frame=0, frames_count=FRAMES_COUNT)
            return reveal, seen
        return reveal, saw_picture(looks, grant, shown_ms=needed.ms)

    def _wait(self, reveal: Reveal) -> Reveal:
        """Let the intent time pass."""
        if reveal.deadline is None:
            raise AssertionError("nothing is under way")
        wait_ms = reveal.deadline - self.now
        self.now += wait_ms
        self.toil.waited_ms += wait_ms
        return self._tell(reveal, Event.TICK)

    def _tell(self, reveal: Reveal, event: Event) -> Reveal:
        return advance(reveal, event, now=MonoMs(self.now), may_reveal=True)

    def _fits(self, case: Case, needed: Needed, reveal: Reveal) -> bool:
        """Return whether the place lies within one lens."""
        width, height = _drawn(case, reveal)
        _, _, wide, high = needed.box
        diagonal = math.hypot(width * wide / BOX_UNIT, height * high / BOX_UNIT)
        return diagonal <= lens_px(round(min(width, height)), self.values)

    def _share(self, case: Case, reveal: Reveal) -> float:
        """Return the part of the picture that was clear."""
        if reveal.extent is not Extent.LENS:
            return 1
        width, height = _drawn(case, reveal)
        across = lens_px(round(min(width, height)), self.values)
        return min(1, math.pi * across**2 / 4 / (width * height))


def _drawn(case: Case, reveal: Reveal) -> tuple[float, float]:
    """Return the size at which the item is drawn."""
    width, height = case.size
    drawn = reveal.measures.view_px
    return drawn, drawn * height / width
