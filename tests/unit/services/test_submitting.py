"""Submitting: frozen before it is sent, believed only by a verified receipt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from reviewer.chain import journal as chain
from reviewer.chain import tree
from reviewer.chain.submitting import NEW_JOURNAL, VerifiedContents, open_contents
from reviewer.chain.witness import make_receipt
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import Sha256Hex
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import canonical, envelope
from reviewer.formats import receipt as receipts
from reviewer.formats.submission import verify_submission_outer
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import Act, Outcomes
from reviewer.safeguards.basis import Looks
from reviewer.services.session import OpenBatch, Session
from tests.fakes.coordinator import FakeCoordinator, Fault
from tests.fakes.desk import NOT_VIOLATING, Desk
from tests.fakes.limits import small_files

STOCK = 32


@pytest.fixture
def working(desk: Desk) -> tuple[Session, OpenBatch]:
    """Somebody who has decided one item, with a note."""
    session, batch = desk.with_batch()
    session.decide(
        batch.rows[0].item.id, NOT_VIOLATING, looks=Looks(), note="a note of it"
    )
    return session, batch


def opened(desk: Desk, data: bytes) -> VerifiedContents:
    """Open a submission as its coordinator does."""
    trust = verify_trust(desk.coordinator.whole_trust(), root_sha256=None, now=None)
    received = verify_submission_outer(
        data, trust=trust, coordinator=desk.coordinator.online.key_id
    )
    return open_contents(received, key=desk.coordinator.seal, known=NEW_JOURNAL)


def receipt_for(
    desk: Desk, data: bytes, *, signer: FakeCoordinator | None = None
) -> bytes:
    """Sign what a coordinator signs for a submission."""
    by = signer or desk.coordinator
    return make_receipt(
        opened(desk, data),
        submission_sha256=sha256_hex(data),
        key=by.online,
        at=by.now(),
    )


def receipt_for_another_tree(desk: Desk, session: Session, data: bytes) -> bytes:
    """Sign a receipt over a checkpoint that a clone of the laptop may have made."""
    leaves = [tree.leaf_hash(f"other {seq}".encode()) for seq in range(5)]
    note = chain.sign_checkpoint(device=session._keys.device, epoch=0, leaves=leaves)
    return make_receipt(
        replace(opened(desk, data), note=note),
        submission_sha256=sha256_hex(data),
        key=desk.coordinator.online,
        at=desk.coordinator.now(),
    )


def refusal(session: Session, data: bytes) -> Code:
    with pytest.raises(VerificationError) as error:
        session.take_receipt(data)
    return error.value.code


def written(session: Session, folder: Path) -> bytes:
    """Put the submission on a stick."""
    path = folder / "out.rvsub"
    session.submit_to_file(path, Capacity.OK)
    return path.read_bytes()


def test_the_preview_counts_what_would_leave(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """Begin, import, open, decide; one key of the stock was used up."""
    session, batch = working
    session.hand_back(batch.rows[1].item.id)
    session.undo(batch.card.batch_id)
    preview = session.submission_preview()
    assert preview.entries == 6
    assert (preview.decided, preview.handed_back, preview.undone) == (1, 1, 1)
    assert (preview.opened, preview.notes, preview.fresh_keys) == (1, 1, 1)
    assert not preview.frozen


def test_a_receipt_marks_everything_as_sent(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """Online, in one go: verified, nothing unsent, the standing says sent."""
    session, batch = working
    view = session.submit_online(Capacity.OK)
    assert view.verified
    assert view.size == 5
    assert session.journal().unsent == 0
    assert desk.store.item(batch.rows[0].item.id).standing.sent
    assert desk.store.pending() is None
    assert session.submission_preview().entries == 1  # of the receipt itself


def test_only_receipts_are_nothing_to_submit(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """A receipt's own entry does not ask for another submission."""
    session, _ = working
    session.submit_online(Capacity.OK)
    with pytest.raises(RefusedError) as error:
        session.submit_online(Capacity.OK)
    assert error.value.code is Code.NOTHING_TO_SUBMIT


def test_it_is_frozen_before_it_is_sent(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """The coordinator is down: the bytes are in the vault, and nothing is lost."""
    session, _ = working
    desk.coordinator.faults = [Fault.DOWN]
    with pytest.raises(UnavailableError) as error:
        session.submit_online(Capacity.OK)
    assert error.value.code is Code.NETWORK_DOWN
    frozen = desk.store.pending()
    assert frozen is not None
    assert session.submission_preview().frozen
    assert session.journal().unsent == 1


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.LOST_REPLY, Fault.REFUSED])
def test_the_same_bytes_are_sent_again(
    desk: Desk, working: tuple[Session, OpenBatch], fault: Fault
) -> None:
    """After whatever went wrong: one submission, one receipt, in the end."""
    session, batch = working
    desk.coordinator.faults = [fault]
    with pytest.raises(UnavailableError):
        session.submit_online(Capacity.OK)
    frozen = desk.store.pending()
    assert frozen is not None
    session.decide(batch.rows[1].item.id, NOT_VIOLATING, looks=Looks())
    assert session.submit_online(Capacity.LOW).submission == frozen.sha256
    assert set(desk.coordinator.receipts) == {frozen.sha256}
    assert session.journal().unsent == 1  # what was decided meanwhile goes next
    session.submit_online(Capacity.OK)
    assert session.journal().unsent == 0


def test_a_lying_coordinator_is_not_believed(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """An answer that is no receipt: nothing counts as sent, and a true one does."""
    session, _ = working
    desk.coordinator.faults = [Fault.LIED]
    with pytest.raises(VerificationError):
        session.submit_online(Capacity.OK)
    assert session.journal().unsent == 1
    assert session.submit_online(Capacity.OK).verified


def test_by_stick_the_same_bytes_are_written(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Twice to a file and once online: always the frozen submission."""
    session, _ = working
    first = written(session, tmp_path)
    assert written(session, tmp_path) == first
    view = session.submit_online(Capacity.OK)
    assert view.submission == sha256_hex(first)


def test_a_receipt_by_stick(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """The receipt comes back as a file; taken twice it changes nothing more."""
    session, _ = working
    receipt = receipt_for(desk, written(session, tmp_path))
    view = session.take_receipt(receipt)
    size = desk.store.head().size
    assert session.take_receipt(receipt) == view
    assert desk.store.head().size == size
    assert len(desk.store.receipts()) == 1


def test_what_is_submitted_holds_together(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Entries from the first one on, the note beside, the capacity word, fresh keys."""
    session, _ = working
    contents = opened(desk, written(session, tmp_path))
    assert [one.entry.act for one in contents.entries] == [
        Act.BEGIN,
        Act.IMPORT,
        Act.OPEN,
        Act.DECIDE,
        Act.SUBMIT,
    ]
    assert [one.text for one in contents.openings] == ["a note of it"]
    assert contents.capacity is Capacity.OK
    assert len(contents.seal_keys) == 1


def test_fresh_keys_fill_the_stock_up(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """After each receipt there are 32 keys again, all of them published."""
    session, _ = working
    for _ in range(2):
        desk.deal(session)
        session.fetch()
    assert len(desk.store.seal_keys()) == STOCK - 3
    session.submit_online(Capacity.OK)
    stock = desk.store.seal_keys()
    assert len(stock) == STOCK
    assert all(row.published for row in stock)


def test_a_receipt_for_other_bytes(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Genuine, but of another submission."""
    session, _ = working
    data = written(session, tmp_path)
    other = make_receipt(
        opened(desk, data),
        submission_sha256=Sha256Hex("ab" * 32),
        key=desk.coordinator.online,
        at=desk.coordinator.now(),
    )
    assert refusal(session, other) is Code.RECEIPT_MISMATCH
    assert session.journal().unsent == 1


def test_a_receipt_for_another_tree(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """The device signed another checkpoint of this size: a clone, then."""
    session, _ = working
    other = receipt_for_another_tree(desk, session, written(session, tmp_path))
    assert refusal(session, other) is Code.RECEIPT_MISMATCH


def test_a_receipt_of_another_range_or_epoch(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Every field of the receipt has to be ours."""
    session, _ = working
    data = written(session, tmp_path)
    trust = verify_trust(desk.coordinator.whole_trust(), root_sha256=None, now=None)
    receipt, _ = receipts.open_receipt(receipt_for(desk, data), trust=trust)
    for change in ({"epoch": 1}, {"first": 1}, {"last": 3}):
        other = msgspec.structs.replace(receipt, **change)
        signed = receipts.sign_receipt(other, key=desk.coordinator.online)
        assert refusal(session, signed) in {
            Code.RECEIPT_MISMATCH,
            Code.CHAIN_BROKEN,
            Code.KEY_UNKNOWN,
        }


def test_a_forged_receipt(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Signed by a key that no directory lists."""
    session, _ = working
    data = written(session, tmp_path)
    forger = FakeCoordinator(unix_ms=desk.coordinator.unix_ms)
    assert refusal(session, receipt_for(desk, data, signer=forger)) in {
        Code.KEY_UNKNOWN,
        Code.BINDING_MISMATCH,
    }


def test_a_receipt_far_ahead_is_kept_out(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Its time must not expire the batches; with the clock set right it is taken."""
    session, _ = working
    data = written(session, tmp_path)
    desk.coordinator.unix_ms += 3 * DAY_MS
    receipt = receipt_for(desk, data)
    seen = desk.store.signed_time()
    assert refusal(session, receipt) is Code.TIME_IMPLAUSIBLE
    assert desk.store.signed_time() == seen
    desk.clock.advance(2 * DAY_MS)
    assert session.take_receipt(receipt).verified


def test_a_receipt_when_nothing_was_sent(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """There is nothing that it could be for."""
    session, _ = working
    assert refusal(session, b"{}") is Code.RECEIPT_MISMATCH


def test_every_changed_byte_of_a_receipt_is_refused(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """One bit, anywhere; and nothing is marked as sent by any of them."""
    session, _ = working
    receipt = receipt_for(desk, written(session, tmp_path))
    for place in range(0, len(receipt), 7):
        changed = bytearray(receipt)
        changed[place] ^= 1
        refusal(session, bytes(changed))
    assert session.journal().unsent == 1
    assert session.take_receipt(receipt).verified


def test_a_full_stick_leaves_no_half_file(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """DISK_FULL; the frozen bytes wait in the vault for another stick."""
    session, _ = working
    target = tmp_path / "full.rvsub"
    with small_files(1_000), pytest.raises(UnavailableError) as error:
        session.submit_to_file(target, Capacity.OK)
    assert error.value.code is Code.DISK_FULL
    assert not list(tmp_path.glob("full*"))
    assert desk.store.pending() is not None
    assert written(session, tmp_path)


def test_a_disk_full_at_freezing_changes_nothing(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """No entry of a submission that was never frozen, no keys, and a second try."""
    session, _ = working
    before = (desk.store.head(), desk.store.seal_keys())
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(UnavailableError):
        session.submit_online(Capacity.OK)
    assert (desk.store.head(), desk.store.seal_keys()) == before
    assert "submit" not in desk.coordinator.calls
    assert session.submit_online(Capacity.OK).verified


def test_an_undo_after_freezing_goes_with_the_next(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """Written to a stick, then undone: both reach the coordinator, in order."""
    session, batch = working
    data = written(session, tmp_path)
    session.undo(batch.card.batch_id)
    session.submit_online(Capacity.OK)
    assert session.journal().unsent == 1
    assert session.submit_online(Capacity.OK).verified
    item = desk.store.item(batch.rows[0].item.id)
    assert item.standing.kind is StandingKind.OPEN
    assert sha256_hex(data) in desk.coordinator.receipts
    assert session.verify_journal().receipts == 2


def test_a_kept_receipt_that_does_not_fit_is_found(
    desk: Desk, working: tuple[Session, OpenBatch]
) -> None:
    """Verifying the journal compares each receipt with the tree it promises."""
    session, _ = working
    desk.coordinator.faults = [Fault.LOST_REPLY]
    with pytest.raises(UnavailableError):
        session.submit_online(Capacity.OK)
    frozen = desk.store.pending()
    assert frozen is not None
    planted = receipt_for_another_tree(desk, session, frozen.data)
    session.submit_online(Capacity.OK)
    assert session.verify_journal().receipts == 1
    desk.store._state.receipts[Sha256Hex("ab" * 32)] = (planted, 5)
    with pytest.raises(ReviewerError) as error:
        session.verify_journal()
    assert error.value.code is Code.RECEIPT_MISMATCH


def forged_outcomes(data: bytes, by: FakeCoordinator, outcomes: object) -> bytes:
    """Sign the receipt once more with other outcomes in it."""
    signed = envelope.parse(data, max_bytes=receipts.MAX_RECEIPT_BYTES)
    value = msgspec.json.decode(signed.untrusted_payload)
    return envelope.sign(
        canonical.encode({**value, "outcomes": outcomes}),
        payload_type=envelope.TYPE_RECEIPT,
        keys=[by.online],
    )


@pytest.mark.parametrize(
    "outcomes",
    [
        None,
        {"final": -1},
        {"final": 1.5},
        {"final": "many"},
        {"seconds_an_item": 4},
        {"final": 2**60},
    ],
)
def test_outcomes_that_are_none_are_no_receipt(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path, outcomes: object
) -> None:
    """Five counts and nothing else; a coordinator cannot slip a measure in."""
    session, _ = working
    true = receipt_for(desk, written(session, tmp_path))
    whole = {"final": 0, "second_review": 0, "returned": 0}
    whole |= {"escalated": 0, "corrected": 0}
    given = {**whole, **outcomes} if isinstance(outcomes, dict) and outcomes else None
    try:
        false = forged_outcomes(true, desk.coordinator, given)
    except VerificationError:
        return
    assert refusal(session, false) in {Code.MALFORMED, Code.NOT_CANONICAL}
    assert session.journal().unsent == 1
    assert session.take_receipt(true).verified


def test_the_view_shows_what_became_of_the_work(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """As the coordinator signed it, and the same when the receipt comes again."""
    session, _ = working
    data = written(session, tmp_path)
    told = Outcomes(final=7, second_review=2, returned=1, escalated=1, corrected=3)
    receipt = make_receipt(
        opened(desk, data),
        submission_sha256=sha256_hex(data),
        key=desk.coordinator.online,
        at=desk.coordinator.now(),
        outcomes=told,
    )
    assert session.take_receipt(receipt).outcomes == told
    assert session.take_receipt(receipt).outcomes == told


def test_a_refusing_coordinator_loses_no_flag(desk: Desk) -> None:
    """Frozen, refused, taken back meanwhile: the same bytes go, then the undo."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    session.flagging.escalate(item_id, note="please call")
    session.handing.hand_over(batch.card.batch_id)
    desk.coordinator.faults = [Fault.REFUSED]
    with pytest.raises(UnavailableError):
        session.submit_online(Capacity.NONE)
    frozen = desk.store.pending()
    assert session.undo(batch.card.batch_id).row.standing.kind is StandingKind.OPEN
    assert session.submit_online(Capacity.NONE).verified
    assert frozen is not None
    assert sha256_hex(frozen.data) in desk.coordinator.receipts
    standing = desk.store.item(item_id).standing
    assert (standing.kind, standing.sent) == (StandingKind.ESCALATED, True)
    assert session.journal().unsent == 1
    assert session.submit_online(Capacity.NONE).verified
    assert session.journal().unsent == 0


def test_a_receipt_from_before_there_were_outcomes_is_read(
    desk: Desk, working: tuple[Session, OpenBatch], tmp_path: Path
) -> None:
    """One that an earlier coordinator signed, now or long ago, says nothing of them."""
    session, _ = working
    data = written(session, tmp_path)
    now = receipts.open_receipt(
        receipt_for(desk, data),
        trust=verify_trust(desk.coordinator.whole_trust(), root_sha256=None, now=None),
    )[0]
    earlier = receipts.sign_receipt(
        msgspec.structs.replace(now, outcomes=msgspec.UNSET),
        key=desk.coordinator.online,
    )
    assert session.take_receipt(earlier).outcomes == Outcomes()
    assert session.verify_journal().receipts == 1
