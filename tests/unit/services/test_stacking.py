"""Stacks in a batch: one look decides copies, and each of them has its own entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from reviewer.domain.decision import Basis, Outcome, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Context, Kind
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.entry import VerifiedEntry
from reviewer.formats.wire import Act, DecideBody, UndoBody
from reviewer.matching.stacks import Likeness
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.services.confirming import Hint, leave, toggle
from reviewer.services.drafting import Complete
from reviewer.services.session import OpenBatch, Session
from reviewer.services.stacking import group
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_still
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk

SEEN = Looks(any_view=True)
OTHER_REMIT = Complete(verdict="NOT_OUR_REMIT")
A, B = Context(source="Channel A", account="@a"), Context(source="Channel B")
NEWS = Context(source="Sample news site")


def still(
    like: str, *, turned: int = 0, width: int = 640, context: Context = A
) -> DrawnItem:
    return DrawnItem(
        data=fake_still(width, 480, like=like, turned=turned), context=context
    )


DRAWN = (
    still("hills", width=320, turned=3),
    still("hills"),
    still("hills"),
    still("hills", context=B),
    still("hills", width=600, turned=9, context=NEWS),
    still("sea"),
    DrawnItem(data=b"Same words.", kind=Kind.TEXT, declared_type="text/plain"),
    DrawnItem(data=b"Same words.", kind=Kind.TEXT, declared_type="text/plain"),
    still("hills", width=500, turned=20, context=B),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A session with the batch above, fingerprinted."""

    desk: Desk
    session: Session
    batch: OpenBatch

    def id(self, number: int) -> ItemId:
        return self.batch.rows[number].item.id

    def row(self, number: int) -> ItemRow:
        return self.desk.store.item(self.id(number))

    def kinds(self) -> str:
        """Return one letter for the standing of each item in the batch."""
        rows = self.desk.store.items(self.batch.card.batch_id)
        return "".join(row.standing.kind.value[0] for row in rows)

    def numbers(self, ids: list[ItemId]) -> list[int]:
        return [row.position for row in self.batch.rows if row.item.id in set(ids)]

    def entries(self) -> list[VerifiedEntry]:
        stored = self.desk.store.entries(0, self.desk.store.head().size - 1)
        return [self.session._journal.read(one.envelope) for one in stored]

    def removal(self) -> Complete:
        pack = self.batch.pack
        return Complete(
            verdict="VIOLATES",
            grounds=(pack.grounds[0].code,),
            purpose=pack.purposes[0].code,
            reasons=(pack.grounds[0].reasons[0].code,),
        )


@pytest.fixture
def table(desk: Desk) -> Table:
    session, batch = desk.with_batch(DRAWN)
    session.fingerprinting.run(batch.card.batch_id)
    return Table(desk, session, batch)


def test_stacks_of_a_batch(table: Table) -> None:
    """The clearest picture leads, texts stack by their bytes, the sea stands alone."""
    stacks = table.session.stacking.stacks(table.batch.card.batch_id)
    assert [table.numbers(list(stack.members)) for stack in stacks] == [
        [0, 1, 2, 3, 4, 8],
        [6, 7],
    ]
    assert [stack.representative for stack in stacks] == [table.id(1), table.id(6)]


def test_an_item_with_its_copies(table: Table) -> None:
    """Exact by its bytes, near by its look, in the order of the batch."""
    view = table.session.stacking.of(table.id(1))
    assert view is not None
    assert view.representative == view.subject.item.id == table.id(1)
    assert view.count(Likeness.EXACT) == 2
    assert view.count(Likeness.NEAR) == 3
    told = [(copy.row.position, copy.distance_bits) for copy in view.copies]
    assert told == [(0, 3), (2, 0), (3, 0), (4, 9), (8, 20)]
    assert [copy.is_news for copy in view.copies] == [False] * 3 + [True, False]
    assert all(copy.may_follow for copy in view.copies)


def test_an_item_alone_has_no_stack(table: Table) -> None:
    """None, and a confirmation without groups, which decides it alone."""
    stacking = table.session.stacking
    assert stacking.of(table.id(5)) is None
    made = stacking.confirm(table.id(5), NOT_VIOLATING)
    assert made.groups == ()
    changed = stacking.decide(made, looks={})
    assert changed.also == ()
    assert table.kinds() == "ooooodooo"


def test_before_anything_is_fingerprinted_exact_copies_are_known(desk: Desk) -> None:
    """A batch opens at once; near copies join later."""
    session, batch = desk.with_batch(DRAWN)
    batch_id = batch.card.batch_id
    sizes = [len(stack.members) for stack in session.stacking.stacks(batch_id)]
    assert sizes == [3, 2]
    session.fingerprinting.run(batch_id)
    sizes = [len(stack.members) for stack in session.stacking.refresh(batch_id)]
    assert sizes == [6, 2]


def test_grouping_may_run_apart(table: Table) -> None:
    """Loaded on one thread, grouped on another, taken on any."""
    stacking, batch_id = table.session.stacking, table.batch.card.batch_id
    grouped = group(stacking.load(batch_id))
    stacking.take(grouped)
    assert stacking.stacks(batch_id) == grouped.stacks


def test_one_look_decides_the_copies(table: Table) -> None:
    """Every item gets its own open and decide entry, on its own basis."""
    stacking = table.session.stacking
    made = stacking.confirm(table.id(1), table.removal())
    hints = [(group.source, group.hint) for group in made.groups]
    assert hints == [
        ("Channel A", None),
        ("Channel B", Hint.OTHER_SOURCE),
        ("Sample news site", Hint.NEWS),
    ]
    changed = stacking.decide(toggle(made, 1), looks={table.id(1): SEEN})
    assert table.kinds() == "ddddooood"
    assert changed.row.item.id == table.id(1)
    assert [row.position for row in changed.also] == [0, 2, 3, 8]
    found = {}
    for number in (1, 2, 3, 0, 8):
        decision = table.row(number).standing.decision
        assert decision is not None
        found[number] = (decision.basis, decision.outcome)
    assert found == {
        1: (Basis.PARTIAL_VIEW, Outcome.DECIDED),
        2: (Basis.HASH_MATCH, Outcome.DECIDED),
        3: (Basis.HASH_MATCH, Outcome.DECIDED),
        0: (Basis.CONTEXT_ONLY, Outcome.PROPOSED),
        8: (Basis.CONTEXT_ONLY, Outcome.PROPOSED),
    }
    told = table.entries()
    assert [one.entry.act for one in told].count(Act.DECIDE) == 5
    assert [one.entry.act for one in told].count(Act.OPEN) == 5
    bodies = [one.body for one in told if isinstance(one.body, DecideBody)]
    hashes = {body.item_id: body.item_sha256 for body in bodies}
    assert hashes[table.id(2)] == table.row(2).item.sha256
    assert table.session.verify_journal().entries == len(told)
    assert changed.journal.unsent == 5


def test_a_note_goes_with_each_decision(table: Table) -> None:
    """Each item commits to it with a salt of its own."""
    stacking = table.session.stacking
    made = stacking.confirm(table.id(6), OTHER_REMIT)
    stacking.decide(made, looks={}, note="Seen before.")
    head = table.desk.store.head()
    kept = table.desk.store.openings(0, head.size - 1)
    assert [one.text for one in kept] == ["Seen before."] * 2
    assert len({one.salt for one in kept}) == 2


def test_a_failed_commit_decides_nothing(table: Table) -> None:
    """All or none: no entry, no standing, and the copies are where they were."""
    stacking = table.session.stacking
    made = stacking.confirm(table.id(1), NOT_VIOLATING)
    before = table.desk.store.head()
    table.desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(ReviewerError) as caught:
        stacking.decide(leave(made, table.id(2)), looks={})
    assert caught.value.code is Code.DISK_FULL
    assert table.desk.store.head() == before
    assert table.kinds() == "ooooooooo"
    view = stacking.of(table.id(1))
    assert view is not None
    assert len(view.copies) == 5


def test_undo_takes_back_the_whole_act(table: Table) -> None:
    """One undo for what one Enter did; then what was before it."""
    session, batch_id = table.session, table.batch.card.batch_id
    session.decide(table.id(5), OTHER_REMIT, looks=Looks())
    made = session.stacking.confirm(table.id(1), NOT_VIOLATING)
    session.stacking.decide(made, looks={})
    assert table.kinds() == "ddddodood"
    changed = session.undo(batch_id)
    assert changed.row.item.id == table.id(1)
    assert [row.position for row in changed.also] == [0, 2, 3, 8]
    assert table.kinds() == "ooooodooo"
    undone = [one.body for one in table.entries() if isinstance(one.body, UndoBody)]
    assert len(undone) == 5
    assert session.undo(batch_id).row.item.id == table.id(5)
    with pytest.raises(RefusedError) as caught:
        session.undo(batch_id)
    assert caught.value.code is Code.NOTHING_TO_UNDO
    assert session.verify_journal().entries == table.desk.store.head().size


def test_undo_after_a_member_was_decided_anew(table: Table) -> None:
    """Its own decision goes first, then the act that it was part of."""
    session, batch_id = table.session, table.batch.card.batch_id
    made = session.stacking.confirm(table.id(1), NOT_VIOLATING)
    session.stacking.decide(made, looks={})
    session.decide(table.id(2), OTHER_REMIT, looks=SEEN)
    assert session.undo(batch_id).also == ()
    decision = table.row(2).standing.decision
    assert decision is not None
    assert decision.verdict == "NOT_VIOLATING"
    assert len(session.undo(batch_id).also) == 4
    assert table.kinds() == "o" * 9


def test_what_was_taken_out_stands_alone(table: Table) -> None:
    """It is not decided, and is no copy of anything from then on."""
    stacking = table.session.stacking
    made = leave(stacking.confirm(table.id(1), NOT_VIOLATING), table.id(2))
    stacking.decide(made, looks={})
    assert table.kinds() == "ddodooood"
    assert stacking.of(table.id(2)) is None
    again = stacking.refresh(table.batch.card.batch_id)
    assert table.id(2) not in {member for stack in again for member in stack.members}


def test_a_split_takes_back_what_came_with_the_stack(table: Table) -> None:
    """The member is open again and alone; the others keep their decision."""
    stacking = table.session.stacking
    stacking.decide(stacking.confirm(table.id(1), NOT_VIOLATING), looks={})
    changed = stacking.split([table.id(3), table.id(0)])
    assert [row.position for row in (changed.row, *changed.also)] == [3, 0]
    assert table.kinds() == "oddoooood"
    assert stacking.of(table.id(3)) is None
    view = stacking.of(table.id(1))
    assert view is not None
    assert [copy.row.position for copy in view.copies] == [2, 4, 8]
    table.session.decide(table.id(3), OTHER_REMIT, looks=SEEN)
    assert table.session.verify_journal().entries == table.desk.store.head().size


def test_the_head_of_a_stack_may_be_split_off(table: Table) -> None:
    """The clearest of the rest leads."""
    stacking = table.session.stacking
    stacking.split([table.id(1)])
    (first, _) = stacking.stacks(table.batch.card.batch_id)
    assert first.representative == table.id(2)
    assert table.numbers(list(first.members)) == [0, 2, 3, 4, 8]
    assert table.kinds() == "o" * 9


def test_a_split_survives_a_restart(table: Table) -> None:
    """It is kept in the vault, and so is what one act decided."""
    stacking = table.session.stacking
    stacking.decide(stacking.confirm(table.id(1), NOT_VIOLATING), looks={})
    stacking.split([table.id(2)])
    table.session.lock()
    session = table.desk.door().unlock(PASSPHRASE)
    session.open_batch(table.batch.card.batch_id)
    assert session.stacking.of(table.id(2)) is None
    undone = session.undo(table.batch.card.batch_id)
    assert len(undone.also) == 3
    assert table.kinds() == "o" * 9


def test_a_sent_decision_stands_after_a_split(table: Table) -> None:
    """It is replaced by the next decision, which names it."""
    stacking = table.session.stacking
    stacking.decide(stacking.confirm(table.id(6), NOT_VIOLATING), looks={})
    table.session.submit_online(Capacity.OK)
    before = table.desk.store.head().size
    changed = stacking.split([table.id(7)])
    assert changed.row.standing.kind is StandingKind.DECIDED
    assert table.desk.store.head().size == before
    sent = table.row(7).standing.seq
    assert sent is not None
    table.session.decide(table.id(7), OTHER_REMIT, looks=SEEN)
    body = table.entries()[-1].body
    assert isinstance(body, DecideBody)
    assert body.supersedes == table.entries()[sent].sha256


def test_copies_decided_on_their_own_are_left_alone(table: Table) -> None:
    """So are those handed back; those decided together follow a new verdict."""
    stacking = table.session.stacking
    table.session.decide(table.id(2), OTHER_REMIT, looks=SEEN)
    table.session.hand_back(table.id(3))
    view = stacking.of(table.id(1))
    assert view is not None
    follows = [copy.row.position for copy in view.copies if copy.may_follow]
    assert follows == [0, 4, 8]
    stacking.decide(stacking.confirm(table.id(1), NOT_VIOLATING), looks={})
    again = stacking.confirm(table.id(1), OTHER_REMIT)
    assert table.numbers(list(again.chosen)) == [0, 8]
    stacking.decide(again, looks={})
    decision = table.row(0).standing.decision
    assert decision is not None
    assert decision.verdict == "NOT_OUR_REMIT"


def test_an_exact_copy_of_what_was_seen_before_stands_on_the_match(
    table: Table,
) -> None:
    """Decided on a look yesterday, so its copy need not be opened today."""
    table.session.decide(table.id(1), table.removal(), looks=SEEN)
    made = table.session.stacking.confirm(table.id(2), table.removal())
    table.session.stacking.decide(made, looks={})
    decision = table.row(2).standing.decision
    assert decision is not None
    assert (decision.basis, decision.outcome) == (Basis.HASH_MATCH, Outcome.DECIDED)


def test_what_is_no_copy_any_more_is_refused(table: Table) -> None:
    """A confirmation that lay open while the stack was split decides nothing."""
    stacking = table.session.stacking
    made = stacking.confirm(table.id(1), NOT_VIOLATING)
    stacking.split([table.id(2)])
    with pytest.raises(RefusedError) as caught:
        stacking.decide(made, looks={})
    assert caught.value.code is Code.INPUT_INVALID
    assert table.kinds() == "o" * 9


def test_what_no_pack_asks_is_refused(table: Table) -> None:
    """A verdict or a note that is missing."""
    stacking = table.session.stacking
    with pytest.raises(RefusedError) as caught:
        stacking.confirm(table.id(1), Complete(verdict="NONSENSE"))
    assert caught.value.code is Code.DECISION_INCOMPLETE
    pack = table.batch.pack
    other = next(r for r in pack.grounds[0].reasons if r.asks_note)
    complete = Complete(
        verdict="VIOLATES",
        grounds=(pack.grounds[0].code,),
        purpose=pack.purposes[0].code,
        reasons=(other.code,),
    )
    made = stacking.confirm(table.id(1), complete)
    with pytest.raises(RefusedError) as caught:
        stacking.decide(made, looks={})
    assert caught.value.code is Code.DECISION_INCOMPLETE


def test_read_only_decides_and_splits_nothing(table: Table) -> None:
    """A vault that was rolled back is only looked at."""
    stacking = table.session.stacking
    made = stacking.confirm(table.id(1), NOT_VIOLATING)
    table.desk.store.is_read_only = True
    acts: tuple[Callable[[], object], ...] = (
        lambda: stacking.decide(made, looks={}),
        lambda: stacking.split([table.id(2)]),
    )
    for act in acts:
        with pytest.raises(RefusedError) as caught:
            act()
        assert caught.value.code is Code.READ_ONLY
    assert stacking.of(table.id(1)) is not None
