"""Decide, undo, hand back: each act is one transaction of a record and its entry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Basis, Outcome, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.entry import VerifiedEntry, commit
from reviewer.formats.wire import Act, DecideBody, HandBackBody, UndoBody
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from tests.fakes.coordinator import DRAWN
from tests.fakes.desk import NOT_VIOLATING, Desk

NO_LOOKS = Looks()
OTHER = Complete(verdict="NOT_OUR_REMIT")


def decide(
    session: Session, item_id: ItemId, complete: Complete = NOT_VIOLATING
) -> int:
    return session.decide(item_id, complete, looks=NO_LOOKS).seq


def entries(desk: Desk, session: Session) -> list[VerifiedEntry]:
    stored = desk.store.entries(0, desk.store.head().size - 1)
    return [session._journal.read(one.envelope) for one in stored]


def acts(desk: Desk, session: Session) -> list[Act]:
    return [one.entry.act for one in entries(desk, session)]


def code_of(error: pytest.ExceptionInfo[ReviewerError]) -> Code:
    return error.value.code


def test_a_decision_is_a_standing_and_an_entry(desk: Desk) -> None:
    """Open and decide land together; the standing names the entry."""
    session, batch = desk.with_batch()
    changed = session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=NO_LOOKS)
    assert acts(desk, session) == [Act.BEGIN, Act.IMPORT, Act.OPEN, Act.DECIDE]
    assert changed.row.standing.kind is StandingKind.DECIDED
    assert changed.row.standing.seq == changed.seq == 3
    assert changed.row.opened
    assert changed.journal.unsent == 1
    body = entries(desk, session)[3].body
    assert isinstance(body, DecideBody)
    assert body.item_sha256 == batch.rows[0].item.sha256
    assert body.decision.basis is Basis.CONTEXT_ONLY
    assert body.supersedes is None


def test_an_opening_is_recorded_once(desk: Desk) -> None:
    """The second look at an item adds no entry."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    assert session.opened(item_id) is not None
    assert session.opened(item_id) is None
    decide(session, item_id)
    assert acts(desk, session).count(Act.OPEN) == 1


def test_another_decision_supersedes(desk: Desk) -> None:
    """The later entry names the hash of the earlier one."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    earlier = decide(session, item_id)
    decide(session, item_id, OTHER)
    told = entries(desk, session)
    assert isinstance(told[-1].body, DecideBody)
    assert told[-1].body.supersedes == told[earlier].sha256
    standing = desk.store.item(item_id).standing
    assert standing.decision is not None
    assert standing.decision.verdict == "NOT_OUR_REMIT"


def test_less_basis_than_asked_for_is_a_proposal(desk: Desk) -> None:
    """A removal from context alone is proposed, whatever the screen shows."""
    session, batch = desk.with_batch()
    removal = next(row for row in batch.pack.verdicts if row.asks_grounds)
    ground = batch.pack.grounds[0]
    complete = Complete(
        verdict=removal.code,
        grounds=(ground.code,),
        purpose=batch.pack.purposes[0].code,
        reasons=(ground.reasons[0].code,),
    )
    changed = session.decide(batch.rows[0].item.id, complete, looks=NO_LOOKS)
    assert changed.row.standing.decision is not None
    assert changed.row.standing.decision.outcome is Outcome.PROPOSED


def test_undo_at_any_depth(desk: Desk) -> None:
    """Undo goes back through every act, over items and superseded decisions."""
    session, batch = desk.with_batch()
    one, two = (row.item.id for row in batch.rows)
    decide(session, one)
    decide(session, one, OTHER)
    session.hand_back(two)
    decide(session, two)
    steps = [session.undo(batch.card.batch_id).row.standing for _ in range(4)]
    assert [(step.item_id, step.kind) for step in steps] == [
        (two, StandingKind.HANDED_BACK),
        (two, StandingKind.OPEN),
        (one, StandingKind.DECIDED),
        (one, StandingKind.OPEN),
    ]
    assert steps[2].decision is not None
    assert steps[2].decision.verdict == "NOT_VIOLATING"
    with pytest.raises(RefusedError) as error:
        session.undo(batch.card.batch_id)
    assert code_of(error) is Code.NOTHING_TO_UNDO
    assert session.journal().unsent == 8


def test_undo_after_undo_and_anew(desk: Desk) -> None:
    """Decide, undo, decide, undo: each undo names the act that it takes back."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    made = []
    for _ in range(3):
        made.append(decide(session, item_id))
        session.undo(batch.card.batch_id)
    told = entries(desk, session)
    undone = [one.body.undoes for one in told if isinstance(one.body, UndoBody)]
    assert undone == [told[seq].sha256 for seq in made]
    assert desk.store.item(item_id).standing.kind is StandingKind.OPEN
    with pytest.raises(RefusedError):
        session.undo(batch.card.batch_id)


def test_undo_finds_its_act_far_back(desk: Desk) -> None:
    """More acts than one reading step lie between: the chain is still followed."""
    session, batch = desk.with_batch()
    one, two = (row.item.id for row in batch.rows)
    decide(session, one)
    for _ in range(40):
        decide(session, two)
        session.undo(batch.card.batch_id)
    session.undo(batch.card.batch_id)
    assert desk.store.item(one).standing.kind is StandingKind.OPEN
    with pytest.raises(RefusedError):
        session.undo(batch.card.batch_id)


def test_undo_keeps_to_its_batch(desk: Desk) -> None:
    """What was done in another batch is not touched."""
    session, batch = desk.with_batch()
    decide(session, batch.rows[0].item.id)
    desk.deal(session)
    other = session.open_batch(session.fetch().imported[0].batch_id)
    with pytest.raises(RefusedError) as error:
        session.undo(other.card.batch_id)
    assert code_of(error) is Code.NOTHING_TO_UNDO
    decide(session, other.rows[0].item.id)
    session.undo(batch.card.batch_id)
    assert desk.store.item(batch.rows[0].item.id).standing.kind is StandingKind.OPEN
    decided = desk.store.item(other.rows[0].item.id).standing
    assert decided.kind is StandingKind.DECIDED


def test_undo_stops_at_a_receipt(desk: Desk) -> None:
    """What was receipted is superseded, never undone; the standing says sent."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    decide(session, item_id)
    session.submit_online(Capacity.OK)
    with pytest.raises(RefusedError) as error:
        session.undo(batch.card.batch_id)
    assert code_of(error) is Code.ALREADY_SENT
    decide(session, item_id, OTHER)
    restored = session.undo(batch.card.batch_id).row.standing
    assert restored.sent
    assert restored.decision is not None
    assert restored.decision.verdict == "NOT_VIOLATING"
    with pytest.raises(RefusedError):
        session.undo(batch.card.batch_id)


def test_a_read_only_vault_takes_no_act(desk: Desk) -> None:
    """A rolled back database can be read; nothing is added and nothing changed."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    decide(session, item_id)
    desk.store.is_read_only = True
    size = desk.store.head().size
    for act in (
        lambda: session.decide(item_id, OTHER, looks=NO_LOOKS),
        lambda: session.hand_back(item_id),
        lambda: session.undo(batch.card.batch_id),
        lambda: session.submit_online(Capacity.OK),
    ):
        with pytest.raises(RefusedError) as error:
            act()
        assert code_of(error) is Code.READ_ONLY
    assert session.opened(batch.rows[1].item.id) is None
    assert desk.store.head().size == size


def test_a_note_is_committed_to_and_travels_beside(desk: Desk) -> None:
    """The entry holds a salted hash; the text is an opening and in no envelope."""
    session, batch = desk.with_batch()
    text = "seen before, by the same account"
    item_id = batch.rows[0].item.id
    done = session.decide(item_id, NOT_VIOLATING, looks=NO_LOOKS, note=text)
    back = session.hand_back(batch.rows[1].item.id, note=text)
    openings = desk.store.openings(done.seq, back.seq)
    assert [one.seq for one in openings] == [done.seq, back.seq]
    told = entries(desk, session)
    decided, handed = told[done.seq].body, told[back.seq].body
    assert isinstance(decided, DecideBody)
    assert isinstance(handed, HandBackBody)
    for opening, commitment in zip(
        openings,
        (decided.decision.note_commitment, handed.note_commitment),
        strict=True,
    ):
        assert commit(opening.salt, opening.text.encode()) == commitment
        assert opening.text == text
    assert openings[0].salt != openings[1].salt
    assert not any(text.encode() in one.data for one in told)


def test_a_note_beyond_its_length_changes_nothing(desk: Desk) -> None:
    """The refusal comes before the entry; the opening of the item goes with it."""
    session, batch = desk.with_batch()
    size = desk.store.head().size
    with pytest.raises(RefusedError) as error:
        session.decide(
            batch.rows[0].item.id, NOT_VIOLATING, looks=NO_LOOKS, note="x" * 2_001
        )
    assert code_of(error) is Code.INPUT_INVALID
    assert desk.store.head().size == size
    assert not desk.store.item(batch.rows[0].item.id).opened


def test_a_failed_commit_leaves_no_trace(desk: Desk) -> None:
    """A full disk at the commit: no entry, no standing, and the next try works."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    before = desk.store.head()
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(UnavailableError):
        decide(session, item_id)
    assert desk.store.head() == before
    assert desk.store.item(item_id).standing.kind is StandingKind.OPEN
    decide(session, item_id)
    assert session.verify_journal().entries == before.size + 2


def test_an_unknown_item_is_refused(desk: Desk) -> None:
    """No entry is made about an item that is not here."""
    session, _ = desk.with_batch()
    with pytest.raises(RefusedError) as error:
        session.hand_back(ItemId("0" * 32))
    assert code_of(error) is Code.ITEM_UNKNOWN


def test_a_corrected_severity_travels_with_the_decision(desk: Desk) -> None:
    """The reviewer's own severity stands in the decision; nonsense is refused."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    assert session.set_severity(item_id, 5).own_severity == 5
    done = session.decide(item_id, NOT_VIOLATING, looks=NO_LOOKS)
    assert done.row.standing.decision is not None
    assert done.row.standing.decision.severity_corrected == 5
    with pytest.raises(RefusedError):
        session.set_severity(item_id, 6)


def test_to_keep_an_item_is_no_entry(desk: Desk) -> None:
    """Kept for later: remembered, never written into the journal."""
    session, batch = desk.with_batch()
    size = desk.store.head().size
    assert session.keep(batch.rows[0].item.id, keep=True).standing.keep
    assert desk.store.head().size == size


def test_the_journal_verifies_after_everything(desk: Desk) -> None:
    """Decisions, undo, hand-back and a receipt: one chain, signed and covered."""
    session, batch = desk.with_batch((*DRAWN, *DRAWN))
    for row in batch.rows[:3]:
        decide(session, row.item.id)
    session.undo(batch.card.batch_id)
    session.hand_back(batch.rows[3].item.id)
    session.submit_online(Capacity.LOW)
    report = session.verify_journal()
    last = list(desk.store.entries(0, desk.store.head().size - 1))[-1]
    assert report.head == sha256_hex(last.envelope)
    assert (report.entries, report.receipts) == (desk.store.head().size, 1)


GROUND = "A_INCITES"
REMOVAL = Complete(
    verdict="VIOLATES", grounds=(GROUND,), purpose="NONE", reasons=("A_CALL",)
)


@pytest.mark.parametrize(
    "wrong",
    [
        Complete(verdict="NO_SUCH_VERDICT"),
        Complete(verdict="VIOLATES"),
        Complete(verdict="NOT_VIOLATING", grounds=(GROUND,), reasons=("A_CALL",)),
        replace(REMOVAL, purpose=None),
        replace(REMOVAL, purpose="NO_SUCH_PURPOSE"),
        replace(REMOVAL, reasons=()),
        replace(REMOVAL, reasons=("A_CALL", "A_CALL")),
        replace(REMOVAL, grounds=("NO_SUCH_GROUND",)),
        replace(REMOVAL, reasons=("B_COMMIT",)),
        replace(REMOVAL, reasons=("OTHER",)),
    ],
)
def test_what_the_pack_did_not_ask_for_is_no_decision(
    desk: Desk, wrong: Complete
) -> None:
    """An answer that no way through the pack gives is refused before any entry."""
    session, batch = desk.with_batch()
    size = desk.store.head().size
    with pytest.raises(RefusedError) as error:
        decide(session, batch.rows[0].item.id, wrong)
    assert code_of(error) is Code.DECISION_INCOMPLETE
    assert desk.store.head().size == size


def test_a_reason_that_asks_for_a_note_is_complete_with_one(desk: Desk) -> None:
    """*Other* is said in a note."""
    session, batch = desk.with_batch()
    other = replace(REMOVAL, reasons=("OTHER",))
    done = session.decide(
        batch.rows[0].item.id, other, looks=NO_LOOKS, note="in other words"
    )
    assert done.row.standing.kind is StandingKind.DECIDED
