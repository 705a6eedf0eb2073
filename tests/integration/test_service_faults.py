"""Submissions that are late, doubled, foreign, forked or false; none is half taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from reviewer.chain.journal import fork_proof
from reviewer.coordinator.exporting import HANDED_BACK
from reviewer.coordinator.service import Service
from reviewer.coordinator.uploads import Upload
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import BatchId, Sha256Hex
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.entry import verify_entry
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import Act, ItemBody, SealBody, SealedMedia, SealStage
from tests.fakes.laptop import MOMENT, PLAUSIBLE, Laptop
from tests.fakes.service_home import Made, enrolled, make_service, packed, reopen


@dataclass(slots=True)
class Desk:
    """A service, and a laptop that has taken its first batch."""

    made: Made
    laptop: Laptop
    items: tuple[Item, ...]
    pack_id: str

    @property
    def service(self) -> Service:
        return self.made.service

    def send(self, data: bytes, laptop: Laptop | None = None) -> bytes:
        sender = (laptop or self.laptop).device
        return self.service.accept(data, sender=sender)

    def refusal(self, data: bytes, laptop: Laptop | None = None) -> Code:
        with pytest.raises(ReviewerError) as caught:
            self.send(data, laptop)
        return caught.value.code

    def submission(self, laptop: Laptop | None = None) -> bytes:
        return (laptop or self.laptop).submission(self.service.trust())

    def accepted(self) -> None:
        """Send everything, and believe the receipt."""
        receipt = self.send(self.submission())
        self.laptop.take_receipt(receipt, self.service.trust())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_service(tmp_path / "home")
    laptop = enrolled(made.service)
    pack_id = packed(made.service, tmp_path).pack_id
    dealt = made.service.deal(pack_id, laptop.device)
    trust = verify_trust(made.service.trust(), root_sha256=None, now=None)
    items = laptop.take_batch(dealt.file.read_bytes(), trust)
    desk = Desk(made, laptop, items, pack_id)
    yield desk
    desk.service.close()


def test_resend_gives_the_same_receipt(desk: Desk) -> None:
    """A lost reply costs nothing, even across a restart and a later submission."""
    desk.laptop.decide(desk.items[0])
    first = desk.submission()
    receipt = desk.send(first)
    desk.laptop.take_receipt(receipt, desk.service.trust())
    desk.accepted()
    desk.made.clock.unix_ms += 86_400_000
    desk.made = reopen(desk.made)
    assert desk.send(first) == receipt


def test_gap_is_refused_whole(desk: Desk) -> None:
    """Nothing of a submission with a gap is kept, and the whole one is taken after."""
    desk.accepted()
    desk.laptop.decide(desk.items[0])
    desk.laptop.decide(desk.items[1])
    trust = desk.service.trust()
    late = desk.laptop.clone().submission(trust, first=desk.laptop.receipted + 1)
    assert desk.refusal(late) is Code.CHAIN_GAP
    desk.accepted()


def test_fork_leaves_a_proof(desk: Desk) -> None:
    """Two laptops with one key: the second is refused, and both signatures kept."""
    twin = desk.laptop.clone()
    kept = desk.laptop.decide(desk.items[0])
    offered = twin.hand_back(desk.items[0])
    desk.accepted()
    assert desk.refusal(desk.submission(twin), twin) is Code.CHAIN_FORK
    assert desk.refusal(desk.submission(twin), twin) is Code.CHAIN_FORK
    (fork,) = desk.service.fork_proofs()
    assert (fork.kept, fork.offered) == (kept, offered)
    key = desk.laptop.key.verifying_key
    proof = fork_proof(fork.kept, fork.offered, key=key)
    assert proof is not None
    assert proof.seq == fork.seq
    desk.laptop.decide(desk.items[1])
    desk.accepted()


def test_fork_that_continues_is_found(desk: Desk) -> None:
    """A clone that sends only its newer entries names another past, and is caught."""
    twin = desk.laptop.clone()
    desk.laptop.decide(desk.items[0])
    desk.accepted()
    twin.hand_back(desk.items[0])
    twin.append(Act.OPEN, _opened(desk, desk.items[1]))
    assert len(twin.entries) == len(desk.laptop.entries)
    late = twin.submission(desk.service.trust(), first=desk.laptop.receipted)
    assert desk.refusal(late, twin) is Code.CHAIN_FORK
    (fork,) = desk.service.fork_proofs()
    kept = verify_entry(fork.kept, key=desk.laptop.key.verifying_key)
    offered = verify_entry(fork.offered, key=desk.laptop.key.verifying_key)
    assert offered.entry.seq == kept.entry.seq + 1
    assert offered.entry.prev != kept.sha256


def test_rollback_is_refused(desk: Desk) -> None:
    """What was received before, frozen anew, is a replay and changes nothing."""
    desk.laptop.decide(desk.items[0])
    desk.accepted()
    trust = verify_trust(desk.service.trust(), root_sha256=None, now=None)
    again = desk.laptop.frozen(trust, first=0)
    assert desk.refusal(again) is Code.SEQUENCE_REPLAY
    assert desk.service.fork_proofs() == ()


def test_foreign_device(desk: Desk) -> None:
    """A device that nobody enrolled is refused, whatever it signs."""
    stranger = Laptop()
    stranger.enrolment_sha256 = desk.laptop.enrolment_sha256
    stranger.begin()
    data = stranger.submission(desk.service.trust())
    assert desk.refusal(data, stranger) is Code.KEY_UNKNOWN


def test_revoked_device(desk: Desk) -> None:
    """A revoked device can neither send nor be dealt to."""
    desk.service.revoke(desk.laptop.device)
    desk.service.revoke(desk.laptop.device)
    assert desk.refusal(desk.submission()) is Code.KEY_REVOKED
    with pytest.raises(ReviewerError) as caught:
        desk.service.deal(desk.pack_id, desk.laptop.device)
    assert caught.value.code is Code.KEY_REVOKED


def test_two_revocations(desk: Desk) -> None:
    """Revocations add up; a key that was never enrolled cannot be revoked."""
    other = enrolled(desk.service, "reviewer-2")
    desk.service.revoke(desk.laptop.device)
    desk.service.revoke(other.device)
    for device in (desk.laptop.device, other.device):
        with pytest.raises(ReviewerError) as caught:
            desk.service.device_key(device)
        assert caught.value.code is Code.KEY_REVOKED
    with pytest.raises(ReviewerError) as caught:
        desk.service.revoke(Laptop().device)
    assert caught.value.code is Code.KEY_UNKNOWN


def test_every_changed_byte(desk: Desk) -> None:
    """No submission with one changed byte is accepted; then the true one is."""
    data = desk.submission()
    places = [*range(0, 400, 7), *range(400, len(data), 97), len(data) - 1]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        assert desk.refusal(bytes(changed)) in _FALSE
    for length in (0, 4, 9, 100, len(data) - 1):
        assert desk.refusal(data[:length]) in _FALSE
    assert desk.refusal(data + b"\0") in _FALSE
    assert desk.send(data)


_FALSE = {
    Code.FORMAT_UNKNOWN,
    Code.TOO_LARGE,
    Code.MALFORMED,
    Code.NOT_CANONICAL,
    Code.SIGNATURE_INVALID,
    Code.KEY_UNKNOWN,
    Code.HASH_MISMATCH,
    Code.WRONG_TYPE,
}


def test_entry_of_another_person(desk: Desk) -> None:
    """The actor of every entry is the person that the device was enrolled for."""
    body = _opened(desk, desk.items[0])
    desk.laptop.append(Act.OPEN, body, actor="reviewer-2")
    assert desk.refusal(desk.submission()) is Code.BINDING_MISMATCH


def test_begin_of_another_enrolment(desk: Desk) -> None:
    """A journal begins with the enrolment that the directory holds."""
    other = enrolled(desk.service, "reviewer-2")
    other.entries.clear()
    other.enrolment_sha256 = Sha256Hex("cd" * 32)
    other.begin()
    assert desk.refusal(desk.submission(other), other) is Code.BINDING_MISMATCH


@pytest.mark.parametrize("field", ["batch_id", "item_id"])
def test_act_upon_what_was_never_dealt(desk: Desk, field: str) -> None:
    """A device speaks only of batches dealt to it and items in them."""
    body = _opened(desk, desk.items[0])
    desk.laptop.append(Act.OPEN, msgspec.structs.replace(body, **{field: "00" * 16}))
    assert desk.refusal(desk.submission()) is Code.BINDING_MISMATCH


def test_every_part_can_be_the_last_that_arrived(desk: Desk) -> None:
    """The service names the offset wherever an upload broke off, across a restart."""
    data = desk.submission()
    name, device = sha256_hex(data), desk.laptop.device
    offset, receipt = 0, None
    for size in [1, 2, 7, 64, 500, *([97] * 200)]:
        assert desk.service.upload(device, name).offset == offset
        for wrong in {offset + 1, max(0, offset - 1)} - {offset}:
            with pytest.raises(RefusedError):
                _part(desk, data, wrong, size)
        state = _part(desk, data, offset, size)
        offset, receipt = state.offset, state.receipt
        if receipt is not None:
            break
        if offset == 574:
            desk.made = reopen(desk.made)
    assert receipt is not None
    assert desk.send(data) == receipt
    assert _part(desk, data, 0, 10).receipt == receipt


def test_another_upload_replaces_one_that_broke_off(desk: Desk) -> None:
    """A device holds one unfinished upload, so what it can occupy is bounded."""
    first, second = desk.submission(), desk.submission()
    _part(desk, first, 0, 100)
    _part(desk, second, 0, 100)
    device = desk.laptop.device
    assert desk.service.upload(device, sha256_hex(first)).offset == 0
    assert desk.service.upload(device, sha256_hex(second)).offset == 100


def test_refused_upload_can_be_sent_again(desk: Desk) -> None:
    """Parts of a refused submission do not stand in the way of another try."""
    late = desk.laptop.clone().submission(desk.service.trust(), first=1)
    for _ in range(2):
        with pytest.raises(ReviewerError) as caught:
            _part(desk, late, 0, len(late))
        assert caught.value.code is Code.CHAIN_GAP


def test_two_readers_of_the_stock(desk: Desk) -> None:
    """The stock is used up key by key, then dealing stops until the device sends."""
    for _ in range(2):
        desk.service.deal(desk.pack_id, desk.laptop.device)
    with pytest.raises(UnavailableError) as caught:
        desk.service.deal(desk.pack_id, desk.laptop.device)
    assert caught.value.code is Code.NO_SEAL_KEY
    trust = desk.service.trust()
    desk.send(desk.laptop.submission(trust, keys_count=1))
    assert desk.service.deal(desk.pack_id, desk.laptop.device).seq == 3


def test_what_stands_is_exported(desk: Desk, tmp_path: Path) -> None:
    """The last act that was not taken back stands; undone and empty ones do too."""
    desk.laptop.decide(desk.items[0], "violates")
    second = desk.laptop.decide(desk.items[0], "keep")
    desk.laptop.undo(desk.items[0], second)
    desk.laptop.hand_back(desk.items[1])
    desk.accepted()
    target = tmp_path / "out.csv"
    with target.open("wb") as out:
        assert desk.service.export_csv(out) == 2
    lines = target.read_text(encoding="utf-8").splitlines()
    still, words = lines[1].split(","), lines[2].split(",")
    assert "violates" in still
    assert HANDED_BACK in words
    assert desk.service.file_names()[desk.items[0].id] == "still.jpg"


def _part(desk: Desk, data: bytes, offset: int, size: int) -> Upload:
    return desk.service.receive(
        desk.laptop.device,
        sha256_hex(data),
        offset=offset,
        length=len(data),
        data=data[offset : offset + size],
    )


def _opened(desk: Desk, item: Item) -> ItemBody:
    assert desk.laptop.opened is not None
    return ItemBody(
        moment=MOMENT,
        clock_trust=PLAUSIBLE,
        batch_id=desk.laptop.opened.outer.batch_id,
        item_id=item.id,
        item_sha256=item.sha256,
    )


def seal_of(item: Item, media: Sha256Hex) -> SealBody:
    """Return the seal of an item, as an honest laptop without a key to seal to."""
    return SealBody(
        moment=MOMENT,
        clock_trust=PLAUSIBLE,
        batch_id=BatchId(""),
        item_id=item.id,
        item_sha256=item.sha256,
        stage=SealStage.SEALED,
        ciphertext=SealedMedia(
            media_sha256=media,
            offset_bytes=item.offset_bytes,
            length_bytes=item.sealed_bytes,
        ),
    )


@pytest.mark.parametrize("lie", ["hash", "media", "offset", "nothing"])
def test_a_seal_names_what_was_dealt(desk: Desk, lie: str) -> None:
    """Else one laptop could have anything withheld from everybody, by its hash."""
    opened = desk.laptop.opened
    assert opened is not None
    binding = opened.outer.binding
    first, second = desk.items[:2]
    body = msgspec.structs.replace(
        seal_of(first, binding.media.sha256), batch_id=binding.batch_id
    )
    false: dict[str, dict[str, object]] = {
        "hash": {"item_sha256": second.sha256},
        "media": {
            "ciphertext": msgspec.structs.replace(
                body.ciphertext, media_sha256=second.sha256
            )
        },
        "offset": {
            "ciphertext": msgspec.structs.replace(
                body.ciphertext, offset_bytes=second.offset_bytes + 1
            )
        },
        "nothing": {},
    }
    desk.laptop.append(Act.SEAL, msgspec.structs.replace(body, **false[lie]))
    if lie == "nothing":
        desk.accepted()
    else:
        assert desk.refusal(desk.submission()) is Code.BINDING_MISMATCH
