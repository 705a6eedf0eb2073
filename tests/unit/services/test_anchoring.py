"""The copy of the anchor in the keyring: when it is written, and what it finds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.safeguards.basis import Looks
from reviewer.services.anchoring import META_COPIES, kept_beside, next_to
from reviewer.services.policies import default_config
from reviewer.services.session import Session
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk, make_desk

LOOKS = Looks()


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_a_newer_copy_is_found_from_any_older_number(older: int, by: int) -> None:
    """One of the few places to look is among the few numbers that are kept."""
    newer = older + by
    assert set(next_to(older)) & kept_beside(newer)
    assert all(place > older for place in next_to(older))


def test_few_numbers_are_kept_and_few_places_looked_at() -> None:
    """A thousand locks leave at most ten secrets behind."""
    assert max(len(kept_beside(number)) for number in range(1_024)) == 10
    assert kept_beside(13) == {13, 12, 8}
    assert kept_beside(0) == frozenset()
    assert list(next_to(5))[:3] == [6, 8, 16]


def numbers(desk: Desk) -> list[int]:
    return desk.copies.numbers()


def decided(session: Session) -> None:
    """Decide the first open item of the first batch."""
    card = session.home().batches[0]
    batch = session.open_batch(card.batch_id)
    row = next(one for one in batch.rows if one.standing.kind.value == "open")
    session.decide(row.item.id, NOT_VIOLATING, looks=LOOKS)


def with_decision(desk: Desk) -> Session:
    session, batch = desk.with_batch()
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=LOOKS)
    return session


def unlocked(desk: Desk) -> Session:
    return desk.door().unlock(PASSPHRASE)


@pytest.mark.parametrize(
    "act",
    [
        lambda session, _: session.lock(),
        lambda session, _: session.submit_online(Capacity.OK),
        lambda session, folder: session.submit_to_file(folder / "x", Capacity.OK),
    ],
    ids=["lock", "submit", "stick"],
)
def test_a_copy_is_written_when_something_ends(
    desk: Desk, tmp_path: Path, act: Callable[[Session, Path], object]
) -> None:
    """At lock, submission and receipt, and never at a decision."""
    session = with_decision(desk)
    assert numbers(desk) == []
    act(session, tmp_path)
    assert numbers(desk) == [1]


def test_a_receipt_by_stick_is_copied(desk: Desk, tmp_path: Path) -> None:
    """It moves the journal, and what is receipted must not come undone unseen."""
    session = with_decision(desk)
    path = session.submit_to_file(tmp_path / "out", Capacity.OK)
    data = path.read_bytes()
    device = session._keys.device
    receipt = desk.coordinator.submit(device, data, sha256_hex(data))
    session.take_receipt(receipt)
    assert max(numbers(desk)) == 2


def test_nothing_is_written_twice(desk: Desk) -> None:
    """A lock after a lock has nothing new to say."""
    with_decision(desk).lock()
    for _ in range(3):
        unlocked(desk).lock()
    assert numbers(desk) == [1]


def test_a_profile_without_a_keyring_asks_none(tmp_path: Path) -> None:
    """The mode is bound into the header; nothing is written behind its back."""
    config = msgspec.structs.replace(default_config(), keyring=KeyringMode.OPTIONAL)
    desk = make_desk(tmp_path, config=config, keyring_accepted=False)
    desk.enrol().lock()
    unlocked(desk).lock()
    assert numbers(desk) == []


@pytest.mark.parametrize("locks", [1, 2, 3, 4, 7, 8, 12])
def test_a_restored_profile_opens_read_only(desk: Desk, locks: int) -> None:
    """Database and anchor agree, and are both older: the keyring knows better."""
    session, _ = desk.with_batch()
    session.lock()
    session = unlocked(desk)
    decided_or_undone(session, 0)
    session.lock()
    older = copy.deepcopy(desk.store._state)
    for turn in range(1, locks + 1):
        session = unlocked(desk)
        decided_or_undone(session, turn)
        session.lock()
    assert not unlocked(desk).journal().read_only
    desk.store._state = older
    kept = numbers(desk)
    session = unlocked(desk)
    assert session.journal().read_only
    with pytest.raises(RefusedError) as caught:
        decided(session)
    assert caught.value.code is Code.READ_ONLY
    session.lock()
    assert numbers(desk) == kept


def decided_or_undone(session: Session, turn: int) -> None:
    """Append one entry: decide an item, or take that back."""
    card = session.home().batches[0]
    if turn % 2:
        session.undo(card.batch_id)
    else:
        decided(session)


def test_old_copies_go_and_the_newest_stays(desk: Desk) -> None:
    """At the unlock after; never before their successor is known."""
    session, _ = desk.with_batch()
    session.lock()
    for turn in range(12):
        session = unlocked(desk)
        assert set(numbers(desk)) == kept_beside(turn + 1)
        decided_or_undone(session, turn)
        session.lock()
    unlocked(desk).lock()
    assert set(numbers(desk)) == kept_beside(13)


def test_a_copy_that_could_not_be_written_is_written_later(desk: Desk) -> None:
    """The lock happens all the same, and its number is not used again."""
    desk.copies.is_writable = False
    with_decision(desk).lock()
    assert not desk.claim.is_held()
    desk.copies.is_writable = True
    unlocked(desk).lock()
    assert len(numbers(desk)) == 1


def test_a_copy_that_arrived_unnoticed_is_found(desk: Desk) -> None:
    """The program died after the keyring and before the database."""
    with_decision(desk).lock()
    (number,) = numbers(desk)
    desk.store.reopen()
    with desk.store.write() as tx:
        tx.put_meta(META_COPIES, b"")
    session = unlocked(desk)
    assert not session.journal().read_only
    decided(session)
    session.lock()
    assert max(numbers(desk)) == number + 1


def test_lost_copies_prove_nothing(desk: Desk) -> None:
    """A new keyring is no rollback."""
    with_decision(desk).lock()
    desk.copies.kept.clear()
    session = unlocked(desk)
    assert not session.journal().read_only
    decided(session)
    session.lock()
    assert len(numbers(desk)) == 1


def test_a_foreign_copy_proves_nothing(desk: Desk) -> None:
    """Another program of the same user can write to the keyring, and has no key."""
    session = with_decision(desk)
    vault_id = session._keys.vault_id
    session.lock()
    desk.copies.kept[vault_id, 2] = b"x" * 32 + b"999 " + b"0" * 64
    assert not unlocked(desk).journal().read_only


def test_a_disk_that_is_full_does_not_stop_the_lock(desk: Desk) -> None:
    """The number cannot be noted: the copy is found at the next unlock."""
    session = with_decision(desk)
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    session.lock()
    assert not desk.claim.is_held()
    assert not unlocked(desk).journal().read_only
