"""A row of the table: ours and the other way, timed in turns, and their ratio."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

SHOWN: Final = "shown"
"""In the place of a goal: the row is there to be read, not judged."""

Timed = Callable[[], float]
"""Does the work once and returns its seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of design.md 9; only the ratio is judged.

    `ours` and `baseline` are in seconds where the unit is `ms`, else in the unit.
    """

    name: str
    ours: float
    baseline: float
    ratio: float
    goal: str
    met: bool
    unit: str = "ms"
    note: str = ""

    def shown(self, value: float) -> str:
        """Return a figure as the table has it."""
        return (
            f"{value * 1000:.1f}" if self.unit == "ms" else f"{value:.4g} {self.unit}"
        )

    def as_json(self) -> dict[str, object]:
        """Return the row as it stands in build/bench.json."""
        return asdict(self)


def timed(work: Callable[[], object]) -> float:
    """Run once and return the seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(ours: Timed, other: Timed, *, rounds: int) -> list[tuple[float, float]]:
    """Time both ways A B B A, so that order and slow moments hit both alike."""
    pairs = []
    for number in range(rounds):
        if number % 2 == 0:
            mine = ours()
            theirs = other()
        else:
            theirs = other()
            mine = ours()
        pairs.append((mine, theirs))
    return pairs


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of them lie, nearest rank."""
    ordered = sorted(values)
    rank = max(1, math.ceil(share * len(ordered)))
    return ordered[rank - 1]


def at_most(
    name: str, pairs: Sequence[tuple[float, float]], *, goal: float, words: str = ""
) -> Row:
    """Judge the median of the pairs' ratios against a ceiling."""
    ratio = median([ours / other for ours, other in pairs])
    return Row(
        name=name,
        ours=median([ours for ours, _ in pairs]),
        baseline=median([other for _, other in pairs]),
        ratio=ratio,
        goal=words or f"<= {goal:g}",
        met=ratio <= goal,
    )
