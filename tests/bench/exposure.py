"""Clear seconds, time on task and keys of scripted reviewers, against the common way.

Nothing is timed here: the figures follow from the data files, the program's own rules
and the keystroke-level model, and are the same on every machine. The goals are on
clear seconds as the exposure ledger counts them, lens or whole alike; the weighted
ones stand beside them (`eyes`). Second reviewers' looks are in a row of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer.services.policies import default_policy
from tests.bench.cases import COPIES, MIXED, Cases, Right, load
from tests.bench.keystrokes import Toil
from tests.bench.reviewing import REMOVES, Done, Ways, common, draft, review, without
from tests.bench.rows import SHOWN, Row

GLANCE_MS: Final = 600
"""How soon somebody who lifts a blur may know a picture again; an assumption."""
BATCHES: Final = (
    ("copies", COPIES, 0.1, 0.3),
    ("mixed", MIXED, 0.5, 1.0),
)
KEEP_KEYS: Final = 2
REMOVE_KEYS: Final = 6


def rows(_folder: Path) -> tuple[Row, ...]:
    """Return the rows of both batches, and the keys per decision."""
    made: list[Row] = []
    for name, path, clear_goal, time_goal in BATCHES:
        made += _of_batch(name, load(path), clear_goal, time_goal)
    return (*made, *keys_rows())


def _of_batch(
    name: str, cases: Cases, clear_goal: float, time_goal: float
) -> list[Row]:
    """Return the main row, the ablations, what is assumed otherwise, and the time."""
    ours, theirs = review(cases, Ways()), common(cases)
    lead = f"clear seconds a right decision, {name}"
    by_glance = common(cases, glance_ms=GLANCE_MS)
    variants: list[tuple[str, Done, Done]] = [
        *(
            (f"without {part}", review(cases, without(Ways(), part)), theirs)
            for part in ("stack", "match", "lens")
        ),
        ("every context ticked unread", review(cases, Ways(ticks_all=True)), theirs),
        ("near copies looked at", review(cases, Ways(looks_at_near=True)), theirs),
        ("copies known at a glance by hover", ours, by_glance),
        ("proposals looked at again by others", _seconded(cases, ours), theirs),
    ]
    return [
        _clear_row(lead, ours, theirs, goal=clear_goal),
        *(_clear_row(f"  {words}", mine, other) for words, mine, other in variants),
        *(
            _row(
                f"  weighted by the part that is clear{words}",
                mine.weighted_ms_each,
                theirs.weighted_ms_each,
            )
            for words, mine in (("", ours), (", without lens", variants[2][1]))
        ),
        _row(
            f"time on task, keystroke model, {name}",
            ours.toil.total_ms,
            theirs.toil.total_ms,
            goal=time_goal,
            note=_operators(ours.toil),
        ),
    ]


def keys_rows() -> tuple[Row, ...]:
    """Count the keys from the first digit to the commit, through the real draft."""
    pack = default_policy()
    keep = Right(verdict="NOT_VIOLATING")
    ground = pack.grounds[0].code
    remove = Right(verdict=REMOVES, ground=ground)
    return tuple(
        Row(
            name=f"keys to {word}",
            ours=keys,
            baseline=most,
            ratio=keys / most,
            goal=f"<= {most} keys",
            met=keys <= most,
            unit="keys",
            note=note,
        )
        for word, keys, most, note in (
            (
                "keep, where Enter is asked for",
                draft(keep, pack, commit_needs_enter=True)[1],
                KEEP_KEYS,
                f"{draft(keep, pack, commit_needs_enter=False)[1]} otherwise",
            ),
            (
                "remove on one ground",
                draft(remove, pack, commit_needs_enter=False)[1],
                REMOVE_KEYS,
                "",
            ),
        )
    )


def _seconded(cases: Cases, ours: Done) -> Done:
    """Add the looks that second reviewers need at what was only proposed."""
    more_ms = sum(
        case.needed_ms for case in cases.cases if case.item.id in ours.proposed
    )
    return Done(
        clear_ms=ours.clear_ms + more_ms,
        right_count=ours.right_count,
        looks_count=ours.looks_count + len(ours.proposed),
        proposed=ours.proposed,
    )


def _clear_row(
    name: str, ours: Done, theirs: Done, *, goal: float | None = None
) -> Row:
    note = (
        f"purpose errors {ours.protected_errors_count} against "
        f"{theirs.protected_errors_count}; looks {ours.looks_count} against "
        f"{theirs.looks_count}; proposed {len(ours.proposed)}"
    )
    return _row(name, ours.clear_ms_each, theirs.clear_ms_each, goal=goal, note=note)


def _row(
    name: str,
    ours_ms: float,
    theirs_ms: float,
    *,
    goal: float | None = None,
    note: str = "",
) -> Row:
    ratio = ours_ms / theirs_ms
    return Row(
        name=name,
        ours=ours_ms / 1_000,
        baseline=theirs_ms / 1_000,
        ratio=ratio,
        goal=SHOWN if goal is None else f"<= {goal:g}",
        met=goal is None or ratio <= goal,
        unit="s",
        note=note,
    )


def _operators(toil: Toil) -> str:
    return (
        f"K {toil.keys}, P {toil.points}, H {toil.homes}, M {toil.minds}, "
        f"looks {toil.looked_ms / 1_000:g} s, intent {toil.waited_ms / 1_000:g} s"
    )
