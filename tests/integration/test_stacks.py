"""Forty copies, one look: real files, children, vault, coordinator and journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.demo.draw_copies import COPIES_COUNT, OTHERS_COUNT, draw_copies
from reviewer.domain.decision import Basis, Outcome, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.person import Capacity
from reviewer.matching.stacks import Likeness
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.services.confirming import Hint, toggle
from reviewer.services.drafting import Complete
from reviewer.services.session import OpenBatch, Session
from reviewer.services.stacking import StackView
from tests.fakes.bench_profile import (
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.sandboxed import need_full_sandbox

SEEN = Looks(any_view=True)
KEEP = Complete(verdict="NOT_VIOLATING")


@dataclass(frozen=True, slots=True)
class Table:
    """One session over the forty copies."""

    org: Organisation
    profile: BenchProfile
    session: Session
    batch: OpenBatch
    fingerprinted: int

    def rows(self) -> tuple[ItemRow, ...]:
        return self.session.open_batch(self.batch.card.batch_id).rows

    def view(self) -> StackView:
        (stack,) = self.session.stacking.refresh(self.batch.card.batch_id)
        view = self.session.stacking.of(stack.representative)
        assert view is not None
        return view


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    need_full_sandbox()
    folder = tmp_path_factory.mktemp("stacks")
    media = folder / "media"
    media.mkdir()
    drawn: Path = draw_copies(media)
    with organisation(folder / "coordinator") as org:
        profile = make_profile(org, folder / "profile")
        session = profile.enrol(org)
        try:
            batch = fetched(org, session, org.pack(media, table=drawn))
            done = session.fingerprinting.run(batch.card.batch_id)
            yield Table(org, profile, session, batch, done)
        finally:
            session.lock()


def test_one_stack_of_forty(table: Table) -> None:
    """Every copy is found, nothing else is; no pixel came to the parent for it."""
    assert table.fingerprinted == COPIES_COUNT + OTHERS_COUNT
    view = table.view()
    assert len(view.copies) == COPIES_COUNT - 1
    assert view.count(Likeness.EXACT) == COPIES_COUNT // 2 - 1
    assert table.profile.meter.recorded == 0


def test_one_look_and_a_word_for_each_context(table: Table) -> None:
    """Exact copies stand on the match, near ones are proposed, news waits.

    One undo restores all of them; decided again, they are sent and receipted.
    """
    pack = table.batch.pack
    complete = Complete(
        verdict="VIOLATES",
        grounds=(pack.grounds[0].code,),
        purpose=pack.purposes[0].code,
        reasons=(pack.grounds[0].reasons[0].code,),
    )
    view = table.view()
    stacking, subject = table.session.stacking, view.subject.item.id
    made = stacking.confirm(subject, complete)
    hints = {group.source: group.hint for group in made.groups}
    assert hints["Sample news site"] is Hint.NEWS
    assert hints["Sample channel B"] is Hint.OTHER_SOURCE
    assert hints[None] is Hint.OTHER_SOURCE
    for index, group in enumerate(made.groups):
        if group.hint is Hint.OTHER_SOURCE:
            made = toggle(made, index)
    changed = stacking.decide(made, looks={subject: SEEN})
    news = {m.item_id for g in made.groups if g.hint is Hint.NEWS for m in g.members}
    rows = {row.item.id: row for row in table.rows()}
    for copy in view.copies:
        _check(rows[copy.row.item.id], copy.likeness, news)
    assert len(changed.also) + 1 == COPIES_COUNT - len(news)
    assert table.session.verify_journal().entries == changed.journal.entries

    session = table.session
    session.undo(table.batch.card.batch_id)
    assert {row.standing.kind for row in table.rows()} == {StandingKind.OPEN}
    made = session.stacking.confirm(table.view().subject.item.id, KEEP)
    changed = session.stacking.decide(made, looks={})
    receipt = session.submit_online(Capacity.OK)
    assert receipt.verified
    rows = {row.item.id: row for row in table.rows()}
    assert all(rows[row.item.id].standing.sent for row in changed.also)
    assert session.verify_journal().receipts == 1


def _check(row: ItemRow, likeness: Likeness, news: set[ItemId]) -> None:
    if row.item.id in news:
        assert row.standing.kind is StandingKind.OPEN
        return
    decision = row.standing.decision
    assert decision is not None
    found = (decision.basis, decision.outcome)
    if likeness is Likeness.EXACT:
        assert found == (Basis.HASH_MATCH, Outcome.DECIDED)
    else:
        assert found == (Basis.CONTEXT_ONLY, Outcome.PROPOSED)
