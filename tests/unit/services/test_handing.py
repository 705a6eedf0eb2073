"""Hand over the rest: one signed act for all that is undecided, refused by nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reviewer.domain.decision import HandOver, StandingKind
from reviewer.domain.ids import BatchId
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, ReviewerError, UnavailableError
from reviewer.formats.entry import commit
from reviewer.formats.places import unpack_places
from reviewer.formats.wire import Act, HandOverBody
from reviewer.safeguards.basis import Looks
from reviewer.services.session import OpenBatch, Session
from tests.fakes.coordinator import DRAWN, DrawnItem
from tests.fakes.desk import NOT_VIOLATING, Desk

SIX = (*DRAWN, *DRAWN, *DRAWN)


@pytest.fixture
def half(desk: Desk) -> tuple[Session, OpenBatch]:
    """Six items: one decided, one handed back, one flagged, one kept, two open."""
    session, batch = desk.with_batch(SIX)
    ids = [row.item.id for row in batch.rows]
    session.decide(ids[0], NOT_VIOLATING, looks=Looks())
    session.hand_back(ids[2])
    session.flagging.policy_unclear(ids[3])
    session.keep(ids[4], keep=True)
    return session, batch


def kinds(session: Session, batch: OpenBatch) -> list[StandingKind]:
    rows = session.open_batch(batch.card.batch_id).rows
    return [row.standing.kind for row in rows]


def body_of(desk: Desk, session: Session, seq: int) -> HandOverBody:
    (stored,) = desk.store.entries(seq, seq)
    body = session._journal.read(stored.envelope).body
    assert isinstance(body, HandOverBody)
    return body


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def test_one_entry_returns_all_that_is_undecided(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """Kept items too; what has an answer stays as it is."""
    session, batch = half
    before = kinds(session, batch)
    size = desk.store.head().size
    done = session.handing.hand_over(batch.card.batch_id, line=" My shift\nis over ")
    assert (done.items, done.decided, done.seq) == (3, 1, size)
    assert desk.store.head().size == size + 1
    body = body_of(desk, session, done.seq)
    assert unpack_places(body.items) == (1, 4, 5)
    assert (body.items_count, body.reason) == (3, HandOver.REQUESTED)
    (opening,) = desk.store.openings(done.seq, done.seq)
    assert opening.text == "My shift is over"
    assert body.note_commitment == commit(opening.salt, opening.text.encode())
    after = kinds(session, batch)
    over = StandingKind.HANDED_OVER
    assert after == [before[0], over, before[2], before[3], over, over]
    assert session.home().batches[0].counts.handed_over == 3
    assert session.submission_preview().handed_over == 3
    session.verify_journal()


def test_one_undo_takes_all_of_it_back(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """Kept items are kept again, and the next undo takes back the act before."""
    session, batch = half
    before = kinds(session, batch)
    session.handing.hand_over(batch.card.batch_id)
    size = desk.store.head().size
    changed = session.undo(batch.card.batch_id)
    assert desk.store.head().size == size + 1
    assert len((changed.row, *changed.also)) == 3
    assert kinds(session, batch) == before
    assert session.open_batch(batch.card.batch_id).rows[4].standing.keep
    again = session.undo(batch.card.batch_id).row
    assert again.item.id == batch.rows[3].item.id
    session.verify_journal()


def test_what_was_handed_over_may_still_be_decided(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """The decision stands in its place; undoing it gives the item back again."""
    session, batch = half
    item_id = batch.rows[5].item.id
    session.handing.hand_over(batch.card.batch_id)
    session.decide(item_id, NOT_VIOLATING, looks=Looks())
    assert kinds(session, batch)[5] is StandingKind.DECIDED
    session.undo(batch.card.batch_id)
    assert kinds(session, batch)[5] is StandingKind.HANDED_OVER
    session.undo(batch.card.batch_id)
    assert kinds(session, batch)[5] is StandingKind.OPEN


def test_a_second_hand_over_has_nothing_to_return(
    half: tuple[Session, OpenBatch],
) -> None:
    """Said plainly; and there is no such thing for a batch that is not here."""
    session, batch = half
    assert session.handing.undecided(batch.card.batch_id) == 3
    session.handing.hand_over(batch.card.batch_id)
    assert session.handing.undecided(batch.card.batch_id) == 0
    again = refusal(lambda: session.handing.hand_over(batch.card.batch_id))
    assert again is Code.NOTHING_TO_HAND_OVER
    nowhere = refusal(lambda: session.handing.hand_over(BatchId("0" * 32)))
    assert nowhere is Code.ITEM_UNKNOWN


def test_a_long_line_and_a_full_disk_change_nothing(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """Refused before the entry, or rolled back with it."""
    session, batch = half
    before, size = kinds(session, batch), desk.store.head().size
    batch_id = batch.card.batch_id
    long = refusal(lambda: session.handing.hand_over(batch_id, line="x" * 281))
    assert long is Code.INPUT_INVALID
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    full = refusal(lambda: session.handing.hand_over(batch_id))
    assert full is Code.DISK_FULL
    desk.store.is_read_only = True
    assert refusal(lambda: session.handing.hand_over(batch_id)) is Code.READ_ONLY
    desk.store.is_read_only = False
    assert (kinds(session, batch), desk.store.head().size) == (before, size)


def test_a_batch_past_its_date_keeps_its_decisions_and_tells_of_the_rest(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """Submitting reports what was undecided, once, and sends what was decided."""
    session, batch = half
    desk.later(15 * DAY_MS)
    assert session.submission_preview().expired == 3
    assert kinds(session, batch)[1] is StandingKind.OPEN
    assert session.submit_online(Capacity.OK).verified
    assert kinds(session, batch).count(StandingKind.EXPIRED) == 3
    assert session.open_batch(batch.card.batch_id).rows[0].standing.sent
    assert session.submission_preview().expired == 0
    reported = [
        body_of(desk, session, stored.seq)
        for stored in desk.store.entries(0, desk.store.head().size - 1)
        if stored.act == Act.HAND_OVER
    ]
    assert [body.reason for body in reported] == [HandOver.EXPIRED]
    again = refusal(lambda: session.submit_online(Capacity.OK))
    assert again is Code.NOTHING_TO_SUBMIT


def test_a_batch_past_its_date_may_be_decided_and_handed_over(
    desk: Desk, half: tuple[Session, OpenBatch]
) -> None:
    """No date refuses an act; what was reported may be decided after all."""
    session, batch = half
    desk.later(15 * DAY_MS)
    session.decide(batch.rows[1].item.id, NOT_VIOLATING, looks=Looks())
    assert session.handing.hand_over(batch.card.batch_id).items == 2
    session.submit_online(Capacity.OK)
    changed = session.decide(batch.rows[5].item.id, NOT_VIOLATING, looks=Looks())
    assert changed.row.standing.kind is StandingKind.DECIDED


def test_many_items_are_one_small_entry(desk: Desk) -> None:
    """A thousand items: one entry, of a few hundred bytes more than any other."""
    tiny = tuple(DrawnItem(data=b"x") for _ in range(1000))
    session, batch = desk.with_batch(tiny)
    session.decide(batch.rows[500].item.id, NOT_VIOLATING, looks=Looks())
    done = session.handing.hand_over(batch.card.batch_id)
    assert done.items == 999
    (stored,) = desk.store.entries(done.seq, done.seq)
    assert len(stored.envelope) < 2_000
    assert len(session.undo(batch.card.batch_id).also) == 998
