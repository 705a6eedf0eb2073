"""Keys go in time: after a receipt, at an expiry, never at once, never the words."""

from __future__ import annotations

import pytest

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, RefusedError
from reviewer.formats.places import unpack_places
from reviewer.formats.wire import Act, ShredBody, ShredReason
from reviewer.safeguards.basis import Looks
from reviewer.services.session import Session
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk

DAYS = 8


def again(desk: Desk, session: Session) -> Session:
    """Lock and unlock."""
    session.lock()
    desk.sessions.append(desk.door().unlock(PASSPHRASE))
    return desk.sessions[-1]


def bodies(desk: Desk, session: Session) -> list[ShredBody]:
    entries = desk.store.entries(0, desk.store.head().size - 1)
    read = (session._journal.read(one.envelope).body for one in entries)
    return [body for body in read if isinstance(body, ShredBody)]


def has_key(desk: Desk, item_id: ItemId) -> bool:
    try:
        return bool(desk.store.identity(item_id))
    except RefusedError:
        return False


def worked_a_day(desk: Desk, session: Session) -> Session:
    """Let a day of use pass, and unlock once more."""
    desk.later(DAY_MS)
    return again(desk, session)


def started(desk: Desk) -> tuple[Session, BatchId, list[ItemId]]:
    """Return a session with one item decided and sent."""
    session, batch = desk.with_batch()
    item_ids = [row.item.id for row in batch.rows]
    session.decide(item_ids[0], NOT_VIOLATING, looks=Looks(), note="a note")
    session.submit_online(Capacity.OK)
    return session, batch.card.batch_id, item_ids


def test_keys_outlive_their_receipt_by_some_days(desk: Desk) -> None:
    """Seen due once, nothing goes; a day of use later the key of what was sent does."""
    session, batch_id, (sent, still_open) = started(desk)
    desk.later(DAYS * DAY_MS)
    session = again(desk, session)
    assert has_key(desk, sent)
    session = worked_a_day(desk, session)
    assert not has_key(desk, sent)
    assert has_key(desk, still_open)
    (body,) = bodies(desk, session)
    assert (body.batch_id, body.reason) == (batch_id, ShredReason.RETENTION)
    assert unpack_places(body.items) == (0,)


def test_what_was_decided_and_noted_stays(desk: Desk) -> None:
    """Only the key goes; the item stands as it stood."""
    session, _, (sent, _) = started(desk)
    before = desk.store.item(sent)
    desk.later(DAYS * DAY_MS)
    session = worked_a_day(desk, again(desk, session))
    assert not has_key(desk, sent)
    assert desk.store.item(sent) == before
    notes = desk.store.openings(0, desk.store.head().size - 1)
    assert [one.text for one in notes] == ["a note"]
    assert session.verify_journal().receipts == 1


def test_a_clock_that_jumps_destroys_nothing_at_once(desk: Desk) -> None:
    """Two unlocks in a row are not a day of use."""
    session, _, (sent, _) = started(desk)
    desk.clock.set_unix_ms(desk.clock.unix_ms() + 400 * DAY_MS)
    for _ in range(4):
        session = again(desk, session)
    assert has_key(desk, sent)
    assert bodies(desk, session) == []


def test_a_clock_set_back_saves_nothing(desk: Desk) -> None:
    """The highest time seen counts."""
    session, _, (sent, _) = started(desk)
    desk.later(DAYS * DAY_MS)
    session = again(desk, session)
    desk.clock.set_unix_ms(desk.clock.unix_ms() - DAYS * DAY_MS)
    worked_a_day(desk, session)
    assert not has_key(desk, sent)


def test_an_expired_batch_loses_all_its_keys(desk: Desk) -> None:
    """What was undecided is reported first."""
    session, _, item_ids = started(desk)
    desk.later(20 * DAY_MS)
    session = worked_a_day(desk, again(desk, session))
    assert [has_key(desk, one) for one in item_ids] == [False, False]
    assert desk.store.item(item_ids[1]).standing.kind is StandingKind.EXPIRED
    reasons = [body.reason for body in bodies(desk, session)]
    assert set(reasons) == {ShredReason.EXPIRED, ShredReason.RETENTION}
    acts = [e.act for e in desk.store.entries(0, desk.store.head().size - 1)]
    assert acts.index(Act.HAND_OVER) < acts.index(Act.SHRED)


def test_keys_turn_after_a_shredding(desk: Desk) -> None:
    """A copy of the database from before opens none of them."""
    session, *_ = started(desk)
    before = session._turning.keys
    desk.later(DAYS * DAY_MS)
    session = worked_a_day(desk, again(desk, session))
    assert session._turning.keys.item_key != before.item_key
    assert not desk.store.turn_due()


def test_a_sealed_item_waits_for_a_release(desk: Desk) -> None:
    """Its key was locked away, and no date takes it."""
    session, _, (_, other) = started(desk)
    session.sealing.mark(other)
    session.sealing.seal(other)
    desk.later(30 * DAY_MS)
    worked_a_day(desk, again(desk, session))
    assert desk.store.kept_keys() == (other,)


def test_a_decision_that_was_sent_is_not_corrected_without_its_key(desk: Desk) -> None:
    """CORRECTION_LATE: another request says it in words."""
    session, _, (sent, _) = started(desk)
    desk.later(DAYS * DAY_MS)
    session = worked_a_day(desk, again(desk, session))
    with pytest.raises(RefusedError) as caught:
        session.decide(sent, NOT_VIOLATING, looks=Looks())
    assert caught.value.code is Code.CORRECTION_LATE
