"""A session: home, fetching, the reviewer's place, trust that only rises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.ids import ItemId
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, MediaError, ReviewerError
from reviewer.formats.base64 import b64
from reviewer.formats.trust import encode_bundle, sign_config, sign_directory
from reviewer.safeguards.basis import Looks
from reviewer.services.session import Session
from tests.fakes.coordinator import DrawnItem, Fault
from tests.fakes.decoder import fake_still
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk
from tests.fakes.key_vault import MemoryCopies
from tests.fakes.limits import small_files


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def incoming(desk: Desk) -> list[Path]:
    return sorted(desk.store.media_dir().glob("*.incoming"))


def test_home_counts_and_dates(desk: Desk) -> None:
    """One card a batch, with whole days left by the local clock."""
    session, batch = desk.with_batch()
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks())
    (card,) = session.home().batches
    assert (card.counts.open, card.counts.decided, card.counts.handed_back) == (1, 1, 0)
    assert card.days_left == 14
    desk.clock.advance(20 * DAY_MS)
    assert session.home().batches[0].days_left == -6


def test_the_place_is_kept(desk: Desk) -> None:
    """Reopening, and unlocking anew, lands on the item that was open."""
    session, batch = desk.with_batch([DrawnItem(data=bytes([n])) for n in range(4)])
    assert batch.position == 0
    session.opened(batch.rows[2].item.id)
    assert session.open_batch(batch.card.batch_id).position == 2
    session.lock()
    again = desk.door().unlock(PASSPHRASE)
    assert again.open_batch(batch.card.batch_id).position == 2


def test_a_batch_never_looked_at_opens_at_the_first_open_item(desk: Desk) -> None:
    """Without a place kept, decided items are passed over."""
    session, batch = desk.with_batch()
    session.hand_back(batch.rows[0].item.id)
    assert session.open_batch(batch.card.batch_id).position == 1


def test_a_lapsed_authorisation_opens_nothing(desk: Desk) -> None:
    """No batch is opened or fetched; what was decided can still be sent."""
    session, batch = desk.with_batch()
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks())
    desk.later(366 * DAY_MS)
    assert refusal(lambda: session.open_batch(batch.card.batch_id)) is (
        Code.NOT_AUTHORISED
    )
    assert refusal(session.fetch) is Code.NOT_AUTHORISED
    assert session.submit_online(Capacity.OK).verified


def test_an_unknown_batch(desk: Desk) -> None:
    """Refused by its own code."""
    session, batch = desk.with_batch()
    other = type(batch.card.batch_id)("0" * 32)
    assert refusal(lambda: session.open_batch(other)) is Code.ITEM_UNKNOWN


def test_nothing_to_fetch(desk: Desk) -> None:
    """No batch waits, or it is here already."""
    session = desk.enrol()
    assert refusal(session.fetch) is Code.NOTHING_TO_FETCH
    desk.deal(session)
    session.fetch()
    assert refusal(session.fetch) is Code.NOTHING_TO_FETCH


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.REFUSED])
@pytest.mark.parametrize("at_call", range(3))
def test_a_coordinator_that_is_down_changes_nothing(
    desk: Desk, fault: Fault, at_call: int
) -> None:
    """At any call of a fetch; afterwards the batch comes in."""
    session = desk.enrol()
    desk.deal(session)
    before = desk.store.head()
    desk.coordinator.faults = [*[None] * at_call, fault]
    assert refusal(session.fetch) in {Code.NETWORK_DOWN, Code.COORDINATOR_REFUSED}
    assert desk.store.head() == before
    desk.coordinator.faults = []
    assert len(session.fetch().imported) == 1


def test_a_cut_download_goes_on_where_it_stopped(desk: Desk) -> None:
    """Half a batch is kept beside the media, and only the rest is asked for."""
    session = desk.enrol()
    desk.deal(session, [DrawnItem(data=bytes(50_000))])
    desk.coordinator.faults = [None, None, Fault.CUT]
    assert refusal(session.fetch) is Code.NETWORK_DOWN
    (half,) = incoming(desk)
    assert half.stat().st_size > 10_000
    told: list[int] = []
    session.fetch(progress=lambda done, _: told.append(done))
    assert told[0] > 10_000
    assert incoming(desk) == []


def test_a_changed_download_is_refused_and_asked_for_again(desk: Desk) -> None:
    """A lie about the bytes: refused by code; the true bytes come at the next fetch."""
    session = desk.enrol()
    batch_id = desk.deal(session)
    desk.coordinator.faults = [None, None, Fault.LIED]
    assert session.fetch().refused == ((batch_id, Code.HASH_MISMATCH),)
    assert incoming(desk) == []
    assert session.fetch().imported[0].batch_id == batch_id


def test_one_bad_batch_stops_no_other(desk: Desk) -> None:
    """The first is refused, the second comes in after a gap; then the first again."""
    session = desk.enrol()
    first, second = desk.deal(session), desk.deal(session)
    desk.coordinator.faults = [None, None, Fault.LIED]
    report = session.fetch()
    assert [one.batch_id for one in report.imported] == [second]
    assert report.imported[0].missing == (0,)
    assert [batch_id for batch_id, _ in report.refused] == [first]
    assert [one.batch_id for one in session.fetch().imported] == [first]


def test_a_download_without_end_is_cut_off(desk: Desk) -> None:
    """More bytes than were offered: not one of them is written."""
    session = desk.enrol()
    desk.deal(session)
    held = desk.coordinator._devices[session._keys.device.key_id]
    offer, data = held.batches[0]
    held.batches[0] = (offer, data + bytes(10_000))
    assert refusal(session.fetch) is Code.COORDINATOR_LIED
    (part,) = incoming(desk)
    assert part.stat().st_size <= offer.length_bytes


def test_a_cancelled_fetch_can_be_taken_up(desk: Desk) -> None:
    """What came stays for the next time; nothing is imported."""
    session = desk.enrol()
    desk.deal(session)
    assert refusal(lambda: session.fetch(cancelled=lambda: True)) is Code.CANCELLED
    assert desk.store.batches() == ()
    assert len(session.fetch().imported) == 1


def test_a_disk_full_while_downloading(desk: Desk) -> None:
    """The half goes, for the room's sake, and with room the batch comes in."""
    session = desk.enrol()
    desk.deal(session, [DrawnItem(data=bytes(200_000))])
    with small_files(50_000):
        assert refusal(session.fetch) is Code.DISK_FULL
    assert incoming(desk) == []
    assert len(session.fetch().imported) == 1


def test_a_read_only_vault_fetches_nothing(desk: Desk) -> None:
    """Nobody is asked: what came could not be kept."""
    session = desk.enrol()
    desk.deal(session)
    desk.store.is_read_only = True
    assert refusal(session.fetch) is Code.READ_ONLY
    assert "batches" not in desk.coordinator.calls


def test_a_download_that_is_whole_is_not_asked_for_again(desk: Desk) -> None:
    """The program died between the last byte and the import."""
    session = desk.enrol()
    batch_id = desk.deal(session)
    media = desk.store.media_dir()
    desk.batch_file(session, batch_id, media / f"{batch_id}.incoming")
    before = desk.coordinator.calls.count("batch")
    assert session.fetch().imported[0].batch_id == batch_id
    assert desk.coordinator.calls.count("batch") == before


def test_trust_of_another_root_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A coordinator that shows another organisation's bundle is lying."""
    session = desk.enrol()
    other = type(desk.coordinator)(unix_ms=desk.coordinator.unix_ms)
    assert refusal(lambda: session.take_trust(other.trust())) is Code.ROOT_MISMATCH
    desk.coordinator.faults = [Fault.LIED]
    refusal(session.fetch)
    assert session.trust_data() != other.trust()


def test_an_older_directory_is_refused(desk: Desk) -> None:
    """Versions only rise: a roll-back could bring a revoked key back."""
    session = desk.enrol()
    newer = with_version(desk, session, 3)
    session.take_trust(newer)
    older = with_version(desk, session, 2)
    assert refusal(lambda: session.take_trust(older)) is Code.VERSION_ROLLBACK
    session.take_trust(newer)
    assert session.trust_data() == newer


def test_a_bundle_that_leaves_a_config_out_is_refused(desk: Desk) -> None:
    """A stolen coordinator cannot bring an older floor back by leaving one out."""
    session = desk.enrol()
    older = session.trust_data()
    config = session._trust.latest_config
    stricter = msgspec.structs.replace(config, version=config.version + 1)
    signed = b64(sign_config(desk.coordinator.root, stricter))
    bundle = session._trust.bundle
    newer = encode_bundle(
        msgspec.structs.replace(bundle, configs=(*bundle.configs, signed))
    )
    session.take_trust(newer)
    assert refusal(lambda: session.take_trust(older)) is Code.VERSION_ROLLBACK
    assert session.trust_data() == newer


def test_trust_without_devices_keeps_our_own_enrolment(desk: Desk) -> None:
    """The service names no device to anybody; ours stays from the bundle before."""
    session = desk.enrol()
    before = session.trust_data()
    desk.coordinator._devices.clear()
    session.take_trust(desk.coordinator.trust())
    assert session.trust_data() == before


def test_locking_ends_everything(desk: Desk) -> None:
    """No decoder, no identity, no store; later calls are refused."""
    session, batch = desk.with_batch([DrawnItem(data=fake_still(64, 48))])
    view = session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert view.refused is None
    session.lock()
    assert desk.pools[0].sessions == []
    assert refusal(session.home) is Code.LOCKED
    again = session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert again.refused is Code.MEDIA_MISSING


class FaultyCopies(MemoryCopies):
    """A keyring with a fault that nobody thought of."""

    def write(self, vault_id: str, number: int, data: bytes, /) -> bool:
        """Fail in no way of ours."""
        raise AssertionError(vault_id, number, data)


@pytest.mark.parametrize("curtained", [False, True])
def test_a_fault_while_leaving_shuts_the_vault_all_the_same(
    desk: Desk, *, curtained: bool
) -> None:
    """It is told, but no key stays and the profile can be unlocked again."""
    session, _ = desk.with_batch()
    session.pins.choose("482917")
    desk.copies = FaultyCopies()
    session._anchoring._copies = desk.copies
    leave: Callable[[], object] = session.curtain if curtained else session.lock
    with pytest.raises(AssertionError):
        leave()
    assert refusal(session.home) is Code.LOCKED
    desk.copies = MemoryCopies()
    assert refusal(lambda: desk.door().resume("482917")) is Code.PIN_SPENT
    desk.door().unlock(PASSPHRASE).lock()


def test_items_of_a_closed_batch_have_no_key(desk: Desk) -> None:
    """Identities are held for the open batch alone."""
    session, batch = desk.with_batch()
    desk.deal(session)
    session.fetch()
    other = next(
        card for card in session.home().batches if card.batch_id != batch.card.batch_id
    )
    session.open_batch(other.batch_id)
    with pytest.raises(MediaError) as error:
        session.viewing.verify(batch.rows[0].item)
    assert error.value.code is Code.MEDIA_MISSING


def test_media_are_what_the_batch_says(desk: Desk) -> None:
    """Hashed whole in the background; a changed byte on the disk is found."""
    session, batch = desk.with_batch([DrawnItem(data=bytes(300_000))])
    session.viewing.verify(batch.rows[0].item)
    path = desk.store.media_dir() / batch.card.batch_id
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    refusal(lambda: session.viewing.verify(batch.rows[0].item))
    view = session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert view.refused is not None


def test_missing_media_are_an_item_s_matter(desk: Desk) -> None:
    """The file is gone: the item says so and can still be decided."""
    session, batch = desk.with_batch([DrawnItem(data=fake_still(64, 48))])
    (desk.store.media_dir() / batch.card.batch_id).unlink()
    row = batch.rows[0]
    view = session.viewing.concealed(row, strength_px=16, grey=True)
    assert view.refused is Code.MEDIA_MISSING
    assert session.decide(row.item.id, NOT_VIOLATING, looks=Looks()).row.opened


def test_an_unknown_item_has_no_place(desk: Desk) -> None:
    """Opening what is not here is refused."""
    session = desk.enrol()
    assert refusal(lambda: session.opened(ItemId("0" * 32))) is Code.ITEM_UNKNOWN


def with_version(desk: Desk, session: Session, version: int) -> bytes:
    """Return our trust bundle with another directory version, signed by the root."""
    bundle = session._trust.bundle
    directory = msgspec.structs.replace(session._trust.directory, version=version)
    signed = sign_directory(desk.coordinator.root, directory)
    return encode_bundle(msgspec.structs.replace(bundle, directory=b64(signed)))
