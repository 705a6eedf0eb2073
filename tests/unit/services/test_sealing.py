"""*Minor possible*: mark, take back, seal; copies, lock, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Context, Kind
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.base64 import b64
from reviewer.formats.sealed import unwrap_identity
from reviewer.formats.wire import Act, SealBody, SealStage, UndoBody
from reviewer.safeguards.basis import Looks
from reviewer.services.policies import default_config
from reviewer.services.session import OpenBatch, Session
from tests.fakes.coordinator import DrawnItem
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk, make_desk

SAME = bytes(range(256)) * 30
DRAWN = (
    DrawnItem(data=SAME),
    DrawnItem(data=b"Drawn words.", kind=Kind.TEXT, declared_type="text/plain"),
    DrawnItem(data=SAME),
)
QUARANTINE = SealPrivateKey.generate()


@pytest.fixture
def sealing_desk(tmp_path: Path) -> Iterator[Desk]:
    config = msgspec.structs.replace(
        default_config(), quarantine_key=b64(QUARANTINE.public.raw)
    )
    made = make_desk(tmp_path / "sealing", config=config)
    yield made
    made.close()


@dataclass
class Bench:
    """A session with a batch of two exact copies and a text."""

    desk: Desk
    session: Session
    batch: OpenBatch

    def item(self, place: int) -> ItemId:
        return self.batch.rows[place].item.id

    def kind(self, place: int) -> StandingKind:
        return self.desk.store.item(self.item(place)).standing.kind

    def seals(self) -> list[SealBody]:
        store = self.desk.store
        entries = store.entries(0, store.head().size - 1)
        bodies = (self.session._journal.read(one.envelope).body for one in entries)
        return [body for body in bodies if isinstance(body, SealBody)]

    def acts(self) -> list[str]:
        store = self.desk.store
        return [one.act for one in store.entries(0, store.head().size - 1)]

    def shown(self, place: int) -> Code | None:
        row = self.desk.store.item(self.item(place))
        return self.session.viewing.concealed(row, strength_px=32, grey=True).refused

    def sealed(self, place: int) -> None:
        self.session.sealing.mark(self.item(place))
        self.session.sealing.seal(self.item(place))


@pytest.fixture
def bench(sealing_desk: Desk) -> Bench:
    session, batch = sealing_desk.with_batch(DRAWN)
    return Bench(sealing_desk, session, batch)


def refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as caught:
        call()
    return caught.value.code


def test_a_mark_covers_at_once_and_is_journalled(bench: Bench) -> None:
    """No key has gone yet, and nothing is shown any more."""
    assert bench.shown(0) is not Code.ITEM_SEALED
    changed = bench.session.sealing.mark(bench.item(0))
    assert changed.row.standing.kind is StandingKind.MARKED
    (body,) = bench.seals()
    assert (body.stage, body.wrapped, body.quarantine_key) == (
        SealStage.MARKED,
        None,
        None,
    )
    assert bench.shown(0) is Code.ITEM_SEALED
    assert len(bench.desk.store.identity(bench.item(0))) == 32


def test_a_second_mark_is_no_second_entry(bench: Bench) -> None:
    """A key that repeats does nothing."""
    bench.session.sealing.mark(bench.item(0))
    bench.session.sealing.mark(bench.item(0))
    assert len(bench.seals()) == 1


def test_a_mark_is_taken_back_by_an_undo_entry(bench: Bench) -> None:
    """The item comes back as it stood, and can be decided."""
    item_id = bench.item(0)
    bench.session.decide(item_id, NOT_VIOLATING, looks=Looks())
    bench.session.sealing.mark(item_id)
    changed = bench.session.sealing.unmark(item_id)
    assert changed.row.standing.kind is StandingKind.DECIDED
    assert bench.acts()[-2:] == [Act.SEAL, Act.UNDO]
    assert bench.shown(0) is not Code.ITEM_SEALED
    bench.session.decide(item_id, NOT_VIOLATING, looks=Looks())


def test_the_key_for_undo_takes_a_mark_back(bench: Bench) -> None:
    """U is the same as anywhere; the mark is the last act."""
    bench.session.sealing.mark(bench.item(0))
    changed = bench.session.undo(bench.batch.card.batch_id)
    assert changed.row.standing.kind is StandingKind.OPEN
    assert bench.shown(0) is not Code.ITEM_SEALED
    last = list(bench.desk.store.entries(0, bench.desk.store.head().size - 1))[-1]
    assert isinstance(bench.session._journal.read(last.envelope).body, UndoBody)


def test_a_seal_sends_the_key_away_and_destroys_it_here(bench: Bench) -> None:
    """The entry holds it for the quarantine key; the vault has it no more."""
    item_id = bench.item(1)
    identity = bench.desk.store.identity(item_id)
    bench.sealed(1)
    mark, seal = bench.seals()
    assert seal.stage is SealStage.SEALED
    assert seal.quarantine_key == QUARANTINE.key_id
    assert unwrap_identity(seal, key=QUARANTINE) == identity
    assert mark.ciphertext == seal.ciphertext
    assert seal.ciphertext.offset_bytes == bench.batch.rows[1].item.offset_bytes
    assert refusal(lambda: bench.desk.store.identity(item_id)) is Code.ITEM_UNKNOWN
    assert bench.shown(1) is Code.ITEM_SEALED


def test_a_wrapped_key_opens_for_its_own_item_alone(bench: Bench) -> None:
    """`info` binds item and ciphertext; another key opens nothing."""
    bench.sealed(1)
    seal = bench.seals()[-1]
    other = msgspec.structs.replace(seal, item_id=bench.item(0))
    elsewhere = msgspec.structs.replace(
        seal, ciphertext=msgspec.structs.replace(seal.ciphertext, offset_bytes=1)
    )
    for spoilt in (other, elsewhere):
        with pytest.raises(VerificationError) as caught:
            unwrap_identity(spoilt, key=QUARANTINE)
        assert caught.value.code is Code.UNSEAL_FAILED
    stranger = SealPrivateKey.generate()
    assert refusal(lambda: unwrap_identity(seal, key=stranger)) is Code.SEAL_KEY_UNKNOWN


def test_what_a_sealed_item_said_is_forgotten(bench: Bench) -> None:
    """Id, reference and hash remain; text, context and tags do not."""
    before = bench.batch.rows[1].item
    bench.sealed(1)
    after = bench.desk.store.item(before.id).item
    assert (after.id, after.ref, after.sha256) == (
        before.id,
        before.ref,
        before.sha256,
    )
    assert (after.text, after.context, after.tags) == (None, Context(), ())


def test_exact_copies_go_along(bench: Bench) -> None:
    """In the same act, each by an entry of its own, decided or not."""
    bench.session.decide(bench.item(2), NOT_VIOLATING, looks=Looks())
    bench.session.sealing.mark(bench.item(0))
    changed = bench.session.sealing.seal(bench.item(0))
    assert [row.item.id for row in changed.also] == [bench.item(2)]
    assert bench.kind(0) is bench.kind(2) is StandingKind.SEALED
    assert bench.kind(1) is StandingKind.OPEN
    _, own, copy = bench.seals()
    assert own.marked is not None
    assert copy.marked is None
    assert copy.supersedes is not None


def test_copies_in_another_batch_go_along(bench: Bench) -> None:
    """Whatever batch they came with."""
    bench.desk.deal(bench.session, (DrawnItem(data=SAME),))
    other = bench.session.fetch().imported[0].batch_id
    bench.sealed(0)
    (row,) = bench.desk.store.items(other)
    assert row.standing.kind is StandingKind.SEALED


def test_copies_in_a_later_batch_are_sealed_at_import(bench: Bench) -> None:
    """They were never on the screen, and never will be."""
    bench.sealed(0)
    bench.desk.deal(bench.session, (DrawnItem(data=b"other"), DrawnItem(data=SAME)))
    later = bench.session.fetch().imported[0].batch_id
    opened = bench.session.open_batch(later)
    kinds = [row.standing.kind for row in opened.rows]
    assert kinds == [StandingKind.OPEN, StandingKind.SEALED]
    assert bench.acts()[-2:] == [Act.IMPORT, Act.SEAL]
    sealed = opened.rows[1].item.id
    assert refusal(lambda: bench.desk.store.identity(sealed)) is Code.ITEM_UNKNOWN
    assert opened.card.counts.sealed == 1


def test_nothing_more_is_done_to_a_sealed_item(bench: Bench) -> None:
    """Not decided, handed back, flagged, kept from the copy, undone or marked again."""
    item_id, batch_id = bench.item(0), bench.batch.card.batch_id
    bench.session.decide(item_id, NOT_VIOLATING, looks=Looks())
    bench.sealed(0)
    session = bench.session
    for call in (
        lambda: session.decide(item_id, NOT_VIOLATING, looks=Looks()),
        lambda: session.hand_back(item_id),
        lambda: session.flagging.second_opinion(item_id),
        lambda: session.sealing.unmark(item_id),
    ):
        assert refusal(call) is Code.ITEM_SEALED
    assert refusal(lambda: session.undo(batch_id)) is Code.NOTHING_TO_UNDO
    assert bench.session.opened(bench.item(0)) is None
    size = bench.desk.store.head().size
    session.sealing.mark(item_id)
    session.sealing.seal(item_id)
    assert bench.desk.store.head().size == size


def test_what_is_not_marked_is_not_sealed(bench: Bench) -> None:
    """A timer that comes after U finds nothing to do."""
    bench.session.sealing.mark(bench.item(0))
    bench.session.sealing.unmark(bench.item(0))
    late = refusal(lambda: bench.session.sealing.seal(bench.item(0)))
    assert late is Code.INPUT_INVALID
    assert bench.kind(0) is StandingKind.OPEN


def test_a_lock_seals_what_is_marked(bench: Bench) -> None:
    """And the keys have turned: item key and database key."""
    bench.session.sealing.mark(bench.item(0))
    before = bench.desk.vault._made()
    bench.session.lock()
    bench.desk.stores.open(bench.desk.vault._made())
    assert bench.kind(0) is StandingKind.SEALED
    after = bench.desk.vault._made()
    assert after.item_key_generation > before.item_key_generation
    assert after.database_key != before.database_key
    assert after.next is None


def test_an_unlock_seals_what_a_crash_left_marked(bench: Bench) -> None:
    """The program died between mark and seal."""
    bench.session.sealing.mark(bench.item(0))
    bench.desk.claim.release()
    again = bench.desk.door().unlock(PASSPHRASE)
    bench.desk.sessions.append(again)
    assert bench.kind(0) is bench.kind(2) is StandingKind.SEALED
    assert again.sealing.finish_marked() == 0


def test_a_disk_that_fails_leaves_it_marked_and_covered(bench: Bench) -> None:
    """The seal is tried again at the lock."""
    bench.session.sealing.mark(bench.item(0))
    bench.desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    assert refusal(lambda: bench.session.sealing.seal(bench.item(0))) is Code.DISK_FULL
    assert bench.kind(0) is StandingKind.MARKED
    assert bench.shown(0) is Code.ITEM_SEALED
    assert bench.session.sealing.finish_marked() == 2


def test_a_mark_that_cannot_be_written_covers_all_the_same(bench: Bench) -> None:
    """Better hidden for a session than shown for a moment."""
    bench.desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    assert refusal(lambda: bench.session.sealing.mark(bench.item(0))) is Code.DISK_FULL
    assert bench.shown(0) is Code.ITEM_SEALED
    assert bench.kind(0) is StandingKind.OPEN


def test_it_leaves_as_its_entry_only(bench: Bench) -> None:
    """The submission holds the entries; the coordinator answers with a receipt."""
    bench.sealed(0)
    view = bench.session.submit_online(Capacity.OK)
    assert view.verified
    assert bench.desk.store.item(bench.item(0)).standing.sent


def test_without_a_quarantine_key_it_is_locked_away(desk: Desk) -> None:
    """Nothing shows it, nothing is destroyed, and the entry says that no key left."""
    session, batch = desk.with_batch(DRAWN)
    bench = Bench(desk, session, batch)
    bench.sealed(1)
    seal = bench.seals()[-1]
    assert (seal.stage, seal.wrapped) == (SealStage.SEALED, None)
    assert refusal(lambda: desk.store.identity(bench.item(1))) is Code.ITEM_UNKNOWN
    assert bench.shown(1) is Code.ITEM_SEALED
    assert desk.store.kept_keys() == (bench.item(1),)


def test_a_quarantine_key_that_comes_later_takes_what_waited(desk: Desk) -> None:
    """A second entry brings the key, and the local one is destroyed."""
    session, batch = desk.with_batch(DRAWN)
    bench = Bench(desk, session, batch)
    identity = desk.store.identity(bench.item(1))
    bench.sealed(1)
    session.sealing._quarantine = lambda: b64(QUARANTINE.public.raw)
    assert session.sealing.finish_marked() == 1
    assert desk.store.kept_keys() == ()
    assert unwrap_identity(bench.seals()[-1], key=QUARANTINE) == identity


def test_a_key_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    """An organisation's mistake must not keep an item on the screen."""
    config = msgspec.structs.replace(default_config(), quarantine_key="bm8ga2V5")
    desk = make_desk(tmp_path, config=config)
    session, batch = desk.with_batch(DRAWN)
    Bench(desk, session, batch).sealed(0)
    assert desk.store.kept_keys() == (batch.rows[0].item.id, batch.rows[2].item.id)
    desk.close()


def test_a_fingerprint_that_comes_late_is_dropped(bench: Bench) -> None:
    """It was looked at before the seal, and is kept after it."""
    task = next(
        one
        for one in bench.session.fingerprinting.upcoming(bench.batch.card.batch_id)
        if one.item.id == bench.item(0)
    )
    found = bench.session.fingerprinting.look(task)
    bench.sealed(0)
    bench.session.fingerprinting.keep([found])
    known = dict(bench.desk.store.fingerprints(bench.batch.card.batch_id))
    assert bench.item(0) not in known
    waiting = bench.desk.store.unprinted(bench.batch.card.batch_id, most=9)
    assert waiting == (bench.item(1),)


def test_an_unknown_item_is_refused(bench: Bench) -> None:
    """ITEM_UNKNOWN, and nothing is written."""
    unknown = ItemId("f" * 32)
    assert refusal(lambda: bench.session.sealing.mark(unknown)) is Code.ITEM_UNKNOWN
    assert bench.desk.store.copies(bench.batch.rows[0].item.sha256) == (
        bench.item(0),
        bench.item(2),
    )
    assert BatchId(bench.batch.card.batch_id)


def test_readers_refuse_it_on_any_thread(bench: Bench) -> None:
    """The reader of the open batch says why."""
    bench.sealed(0)
    with pytest.raises(MediaError) as caught:
        bench.session._readers.of(bench.batch.rows[0].item)
    assert caught.value.code is Code.ITEM_SEALED
    with pytest.raises(RefusedError):
        bench.session._readers.of_row(bench.desk.store.item(bench.item(0)))


def test_it_is_neither_kept_for_later_nor_rated(bench: Bench) -> None:
    """Marked already, nothing else is done to it."""
    bench.session.sealing.mark(bench.item(0))
    for call in (
        lambda: bench.session.keep(bench.item(0), keep=True),
        lambda: bench.session.set_severity(bench.item(0), 5),
    ):
        assert refusal(call) is Code.ITEM_SEALED


def test_a_seal_keeps_a_copy_of_the_anchor(tmp_path: Path) -> None:
    """A folder put back, anchor and all, is noticed even if the program then died."""
    config = msgspec.structs.replace(default_config(), keyring=KeyringMode.REQUIRED)
    desk = make_desk(tmp_path, config=config)
    session, batch = desk.with_batch(DRAWN)
    before = desk.copies.numbers()
    Bench(desk, session, batch).sealed(0)
    assert max(desk.copies.numbers()) > max(before, default=0)
    desk.close()


def test_many_copies_in_several_batches_are_sealed_along(bench: Bench) -> None:
    """More than are read one by one, and not of the batch that was open."""
    session = bench.session
    other = bench.desk.deal(session, (DrawnItem(data=SAME),) * 66)
    session.fetch()
    item_id = bench.item(0)
    session.sealing.mark(item_id)
    changed = session.sealing.seal(item_id)
    rows = (changed.row, *changed.also)
    assert len(rows) == 68
    assert {row.standing.kind for row in rows} == {StandingKind.SEALED}
    assert {row.batch_id for row in rows} == {bench.batch.card.batch_id, other}
