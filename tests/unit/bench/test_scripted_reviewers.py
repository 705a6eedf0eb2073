"""The scripted reviewers: the same figures every time, and errors where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.safeguards.basis import Looks
from reviewer.safeguards.values import resolve
from reviewer.services.policies import default_policy
from tests.bench.cases import COPIES, MIXED, Right, load
from tests.bench.exposure import keys_rows, rows
from tests.bench.eyes import Eyes
from tests.bench.keystrokes import HOME_MS, KEY_MS, MIND_MS, POINT_MS, Toil
from tests.bench.reviewing import Ways, common, draft, review


def test_the_models_arithmetic() -> None:
    """Each operator once, and time that passes by itself as it is."""
    toil = Toil(keys=1, minds=1, looked_ms=500, waited_ms=300)
    toil.point()
    assert toil.total_ms == KEY_MS + MIND_MS + POINT_MS + 2 * HOME_MS + 800


def test_keys_are_counted_through_the_real_draft() -> None:
    """One or two to keep, six to remove."""
    pack = default_policy()
    keep = Right(verdict="NOT_VIOLATING")
    remove = Right(verdict="VIOLATES", ground="A_INCITES")
    counts = [
        draft(keep, pack, commit_needs_enter=False)[1],
        draft(keep, pack, commit_needs_enter=True)[1],
        draft(remove, pack, commit_needs_enter=True)[1],
    ]
    assert counts == [1, 2, 6]
    assert all(row.met for row in keys_rows())


def test_the_ledger_charges_what_was_looked_at() -> None:
    """Not the intent time, not the keys; a lens as long as a whole picture."""
    case = next(
        case
        for case in load(MIXED).cases
        if case.looks and case.looks[0].step == "grey"
    )
    seen = []
    for has_lens in (True, False):
        eyes = Eyes(values=resolve({}, {}), has_lens=has_lens, toil=Toil())
        eyes.look_at(case, Looks())
        seen.append((eyes.clear_ms, eyes.toil.waited_ms))
        assert (eyes.weighted_ms < eyes.clear_ms) is has_lens
    assert seen == [(case.needed_ms, 150), (case.needed_ms, 150)]


@pytest.mark.parametrize("path", [COPIES, MIXED], ids=["copies", "mixed"])
def test_every_way_is_right_but_for_unread_ticks(path: Path) -> None:
    """News copies are never ticked to begin with: without that, errors."""
    cases = load(path)
    for ways in (Ways(), Ways(stack=False), Ways(match=False), Ways(lens=False)):
        done = review(cases, ways)
        assert (done.right_count, done.wrong_count) == (len(cases.cases), 0)
    unread = review(cases, Ways(ticks_all=True))
    assert unread.protected_errors_count == unread.wrong_count > 0
    assert common(cases).wrong_count == 0


def test_without_any_part_it_is_the_common_way() -> None:
    """The looks are the same for both: nothing else makes the gain."""
    for path in (COPIES, MIXED):
        cases = load(path)
        bare = review(cases, Ways(stack=False, match=False, lens=False))
        assert bare.clear_ms == common(cases).clear_ms
        assert bare.weighted_ms == bare.clear_ms


def test_the_rows_are_the_same_every_time() -> None:
    """Nothing in them is timed."""
    assert rows(Path()) == rows(Path())
