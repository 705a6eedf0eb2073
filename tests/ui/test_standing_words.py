"""Every way in which an item can stand has words, wherever it is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_type_hints

import pytest

from reviewer.domain.decision import Basis, Decision, Standing, StandingKind
from reviewer.ports import BatchCounts
from reviewer.services.policies import default_policy
from reviewer.services.searching import By, Facet
from reviewer.ui.choice_view import standing_words
from reviewer.ui.words import day, finding
from tests.fakes.entries import new_item

_PACK = default_policy()
_DECISION = Decision(verdict=_PACK.verdicts[0].code, basis=Basis.CONTEXT_ONLY)


@pytest.mark.parametrize("kind", list(StandingKind))
def test_every_kind_has_words(kind: StandingKind) -> None:
    """In the right zone, in a list of items, and among the facets."""
    decided = kind is StandingKind.DECIDED
    standing = Standing(
        item_id=new_item(1).id, kind=kind, decision=_DECISION if decided else None
    )
    said = standing_words(standing, _PACK)
    assert bool(said) is (kind is not StandingKind.OPEN)
    assert "_" not in said
    short = finding.standing(kind, keep=False)
    assert short
    assert "_" not in short
    assert finding.facet(Facet(by=By.STANDING, value=kind.value, count=1)) == short


def test_a_decision_that_stays_in_force_is_named_beside_the_escalation() -> None:
    """An escalation takes nothing back."""
    standing = Standing(
        item_id=new_item(1).id, kind=StandingKind.ESCALATED, decision=_DECISION
    )
    assert _PACK.verdicts[0].label in standing_words(standing, _PACK)


def test_home_names_every_count_but_no_zero() -> None:
    """Whatever a batch counts beside what is open has a word on its card."""
    counted = [
        name
        for name, kind in get_type_hints(BatchCounts).items()
        if kind is int and name != "open"
    ]
    assert len(counted) == len(day.STANDINGS)
    none = BatchCounts(
        open=4, decided=0, handed_back=0, severities=(4, 0, 0, 0, 0, 0, 0), languages=()
    )
    for name, word in zip(counted, day.STANDINGS, strict=True):
        three: dict[str, Any] = {name: 3}
        assert day.stand(replace(none, **three)) == f"3 {word}"
