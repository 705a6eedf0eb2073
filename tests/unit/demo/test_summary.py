"""What the demonstration says at its end is added up from what stands."""

from __future__ import annotations

import dataclasses
import json

import pytest

from reviewer.demo.summary import Summary, exposed, unseen_count
from reviewer.domain.decision import Basis, Decision, Standing, StandingKind
from reviewer.domain.rendition import SandboxLevel
from reviewer.ports import ItemRow
from tests.fakes.exposure import MINUTE, facts, rules
from tests.fakes.sitting import Sitting, row_of

DONE = Summary(
    items=6,
    decided=5,
    undone=1,
    handed_back=1,
    accepted=6,
    receipt_verified=True,
    entries=12,
    head="0" * 64,
    refused=(),
    screens=(),
    sandbox_level=SandboxLevel.FULL,
    clear_renditions_before_reveal=0,
    clear_renditions_after_reveal=3,
    views=2,
    clear_ms_total=2_500,
    breaks=1,
    items_decided_without_reveal=3,
    stacks=1,
    members_decided_by_stack=2,
    contexts_confirmed=2,
    cap_refusals=1,
)


def decided(number: int, basis: Basis | None) -> ItemRow:
    """Return a row that was decided on a basis; None is one that was handed back."""
    row = row_of(facts(number, 2))
    if basis is None:
        standing = Standing(item_id=row.item.id, kind=StandingKind.HANDED_BACK, seq=1)
    else:
        standing = Standing(
            item_id=row.item.id,
            kind=StandingKind.DECIDED,
            seq=1,
            decision=Decision(verdict="NOT_VIOLATING", basis=basis),
        )
    return dataclasses.replace(row, standing=standing)


def test_only_decisions_without_a_look_are_counted() -> None:
    """From context or by a match; what was handed back is no decision."""
    rows = [decided(at, basis) for at, basis in enumerate((*Basis, None))]
    assert unseen_count(rows) == 2


def test_what_a_ledger_tells() -> None:
    """Views, time and breaks of all days, as its owner sees them."""
    sitting = Sitting(rules({}))
    sitting.look(facts(1, 2), 1_500)
    sitting.look(facts(2, 4), 1_000)
    sitting.exposing.begin_break()
    sitting.wait(15 * MINUTE)
    sitting.look(facts(2, 4), 500)
    before = exposed(sitting.exposing.view())
    assert (before.views, before.clear_ms, before.breaks) == (2, 3_000, 1)
    sitting.wait(24 * 60 * MINUTE)
    sitting.look(facts(3, 0), 1_000)
    after = exposed(sitting.exposing.view())
    assert (after.views, after.clear_ms) == (3, 4_000)


def test_json_has_what_was_promised() -> None:
    """On one line, by these names."""
    said = json.loads(DONE.as_json())
    assert "\n" not in DONE.as_json()
    assert {
        "clear_ms_total": 2_500,
        "items_decided_without_reveal": 3,
        "stacks": 1,
        "members_decided_by_stack": 2,
        "contexts_confirmed": 2,
        "cap_refusals": 1,
        "breaks": 1,
    }.items() <= said.items()


def test_the_words_are_few() -> None:
    """Four lines, each under a hundred and twenty characters."""
    lines = DONE.lines()
    assert [line.partition(":")[0] for line in lines] == [
        "6 items",
        "seen",
        "copies",
        "limits",
    ]
    assert max(map(len, lines)) < 120
    assert "2.5 s" in lines[1]


@pytest.mark.parametrize(
    "change",
    [{"accepted": 5}, {"handed_back": 0}, {"items": 7}, {"receipt_verified": False}],
)
def test_anything_missing_is_not_complete(change: dict[str, object]) -> None:
    """Every item is concluded, accepted and receipted, or some have not come far."""
    assert DONE.is_complete
    assert not dataclasses.replace(DONE, **change).is_complete  # type: ignore[arg-type]
