"""Fingerprints come in small steps, behind everything else, and only once."""

from __future__ import annotations

import pytest

from reviewer.domain.fingerprint import NO_FINGERPRINT
from reviewer.domain.item import Kind
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.services.fingerprinting import Task
from reviewer.services.session import OpenBatch, Session
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import FakeDecoderPool, fake_clip, fake_still
from tests.fakes.desk import PASSPHRASE, Desk

DRAWN = (
    DrawnItem(data=fake_still(64, 48, like="hills")),
    DrawnItem(data=fake_clip(64, 48, 3_000, like="waves"), kind=Kind.CLIP),
    DrawnItem(data=b"Words.", kind=Kind.TEXT, declared_type="text/plain"),
    DrawnItem(data=b"broken"),
    DrawnItem(data=b"??", kind=Kind.UNSUPPORTED, declared_type=""),
)


def set_up(desk: Desk) -> tuple[Session, OpenBatch, FakeDecoderPool]:
    session, batch = desk.with_batch(DRAWN)
    return session, batch, desk.pools[-1]


def frames(desk: Desk, batch: OpenBatch) -> list[int]:
    kept = desk.store.fingerprints(batch.card.batch_id)
    return [len(fingerprint.frames) for _, fingerprint in kept]


def test_a_batch_is_taken_to_its_end(desk: Desk) -> None:
    """Pictures and clips have frames; texts, broken and unknown files have none."""
    session, batch, pool = set_up(desk)
    told: list[int] = []
    done = session.fingerprinting.run(batch.card.batch_id, told=told.append)
    assert (done, told) == (5, [5])
    assert frames(desk, batch) == [1, 3, 0, 0, 0]
    assert len(pool.opened) == 3
    assert session.fingerprinting.run(batch.card.batch_id) == 0
    assert len(pool.opened) == 3


def test_every_child_ends(desk: Desk) -> None:
    """Nothing of the pass stays open, whatever an item was."""
    session, batch, pool = set_up(desk)
    session.fingerprinting.run(batch.card.batch_id)
    assert all(one._is_closed for one in pool.sessions)


def test_small_steps(desk: Desk) -> None:
    """Each step is kept when it is done; a lock in between loses one step."""
    session, batch, _ = set_up(desk)
    batch_id, work = batch.card.batch_id, session.fingerprinting
    first = work.upcoming(batch_id, most=2)
    assert [task.item.id for task in first] == [row.item.id for row in batch.rows[:2]]
    work.keep([work.look(task) for task in first])
    found = [work.look(task) for task in work.upcoming(batch_id, most=2)]
    session.lock()
    with pytest.raises(RefusedError) as caught:
        work.keep(found)
    assert caught.value.code is Code.LOCKED
    again = desk.door().unlock(PASSPHRASE).fingerprinting
    assert len(again.upcoming(batch_id)) == 3
    assert again.run(batch_id) == 3


def test_no_batch_need_be_open(desk: Desk) -> None:
    """The pass has readers of its own."""
    session = desk.enrol()
    batch_id = desk.deal(session, DRAWN)
    session.fetch()
    assert session.fingerprinting.run(batch_id) == 5


def test_it_stops_when_asked(desk: Desk) -> None:
    """Between two steps."""
    session, batch, _ = set_up(desk)
    done = session.fingerprinting.run(batch.card.batch_id, cancelled=lambda: True)
    assert done == 0


def test_without_a_sandbox_nothing_is_known(desk: Desk) -> None:
    """It is no fault of the items: they are looked at once there is one."""
    session, batch, pool = set_up(desk)
    pool.shut_down()
    with pytest.raises(UnavailableError) as caught:
        session.fingerprinting.run(batch.card.batch_id)
    assert caught.value.code is Code.SANDBOX_UNAVAILABLE
    assert frames(desk, batch) == []


@pytest.mark.parametrize(
    ("code", "children"),
    [(Code.DECODER_DIED, 2), (Code.DECODER_LIED, 1), (Code.MEDIA_TIMEOUT, 1)],
)
def test_hostile_media_are_not_asked_for_ever(
    desk: Desk, code: Code, children: int
) -> None:
    """A child that died is asked once more: a curtain may have ended it."""
    session, batch, pool = set_up(desk)
    hostile = batch.rows[0].item.id
    pool._failures[hostile] = code
    session.fingerprinting.run(batch.card.batch_id)
    assert pool.opened.count(hostile) == children
    row = batch.rows[0]
    task = Task(item=row.item, reader=lambda: session._readers.of_row(row))
    assert session.fingerprinting.look(task).refused is code
    kept = dict(desk.store.fingerprints(batch.card.batch_id))
    assert kept[hostile] is NO_FINGERPRINT


def test_media_that_are_gone_have_no_fingerprint(desk: Desk) -> None:
    """Neither has an item whose bytes are not what was signed."""
    session, batch, _ = set_up(desk)
    (media,) = desk.store.media_dir().iterdir()
    media.write_bytes(bytes(media.stat().st_size))
    session.fingerprinting.run(batch.card.batch_id)
    assert frames(desk, batch) == [0] * 5


def test_a_shredded_item_is_not_looked_at(desk: Desk) -> None:
    """Without its key there is nothing to read."""
    session, batch, pool = set_up(desk)
    shredded = batch.rows[0].item.id
    del desk.store._state.identities[shredded]
    session.fingerprinting.run(batch.card.batch_id)
    assert shredded not in pool.opened
    assert frames(desk, batch)[0] == 0


def test_read_only_looks_at_nothing(desk: Desk) -> None:
    """Nothing could be kept."""
    session, batch, _ = set_up(desk)
    desk.store.is_read_only = True
    assert session.fingerprinting.upcoming(batch.card.batch_id) == ()


def test_nothing_found_writes_nothing(desk: Desk) -> None:
    """An empty step is no transaction."""
    session, batch, _ = set_up(desk)
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    session.fingerprinting.keep(())
    assert frames(desk, batch) == []


def test_a_task_does_not_print_its_key(desk: Desk) -> None:
    """It is handed from thread to thread."""
    session, batch, _ = set_up(desk)
    (task, *_) = session.fingerprinting.upcoming(batch.card.batch_id)
    assert isinstance(task, Task)
    assert "reader" not in repr(task)


def test_nothing_is_looked_at_that_was_put_away_meanwhile(desk: Desk) -> None:
    """Its task holds a key, but starts no child; taken back, it comes up again."""
    session, batch, pool = set_up(desk)
    batch_id, work = batch.card.batch_id, session.fingerprinting
    first, second = work.upcoming(batch_id, most=2)
    for task in (first, second):
        session.sealing.mark(task.item.id)
    session.sealing.seal(first.item.id)
    found = [work.look(first), work.look(second)]
    assert [one.refused for one in found] == [Code.ITEM_SEALED] * 2
    assert pool.opened == []
    work.keep(found)
    session.sealing.unmark(second.item.id)
    assert work.upcoming(batch_id)[0].item.id == second.item.id
    assert work.run(batch_id) == 4
