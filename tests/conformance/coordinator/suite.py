"""What every `ports.Coordinator` does, whoever stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import BatchId, KeyId
from reviewer.errors import Code, RefusedError, ReviewerError, VerificationError
from reviewer.formats.invitecode import parse_code
from reviewer.formats.trust import VerifiedTrust, verify_invitation, verify_trust
from reviewer.network import Coordinator
from tests.fakes.laptop import Laptop


class Office(Protocol):
    """What an administrator does behind the port."""

    def invite(self, subject: str) -> str:
        """Return a fresh invitation code."""

    def deal(self, device: KeyId) -> BatchId:
        """Deal a batch of drawn media."""


@dataclass(frozen=True, slots=True)
class World:
    """A coordinator and its administrator."""

    coordinator: Coordinator
    office: Office

    def joined(self, subject: str = "reviewer-1", *, keys: int = 3) -> Laptop:
        """Return a laptop that has enrolled."""
        laptop = Laptop(subject)
        code = self.office.invite(subject)
        self.coordinator.enrol(laptop.enrolment(code, keys_count=keys))
        laptop.begin()
        return laptop

    def trust(self) -> VerifiedTrust:
        return verify_trust(self.coordinator.trust(), root_sha256=None, now=None)

    def fetched(self, laptop: Laptop, batch_id: BatchId, offset: int = 0) -> bytes:
        return b"".join(
            self.coordinator.batch(laptop.key, batch_id, offset_bytes=offset)
        )


class CoordinatorSuite:
    """Inherit and give a `world` fixture."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError

    def test_invitation_is_the_roots(self, world: World) -> None:
        """The invitation for a code's key is signed by the root of the bundle."""
        code = parse_code(world.office.invite("reviewer-7"))
        data = world.coordinator.invitation(code.key.key_id)
        invitation = verify_invitation(data, root=world.trust().root)
        assert invitation.invitation.subject == "reviewer-7"

    def test_unknown_invitation(self, world: World) -> None:
        """A key that nobody was invited with has no invitation."""
        assert _code(world.coordinator.invitation, Laptop().device) is (
            Code.INVITATION_INVALID
        )

    def test_enrolment_is_in_the_bundle(self, world: World) -> None:
        """The answer to an enrolment is a bundle that holds the device."""
        world.joined()
        laptop = Laptop("reviewer-2")
        answer = world.coordinator.enrol(
            laptop.enrolment(world.office.invite("reviewer-2"))
        )
        trust = verify_trust(answer, root_sha256=None, now=None)
        assert trust.device(laptop.device).subject == "reviewer-2"
        assert list(trust.devices) == [laptop.device]

    def test_nobody_learns_who_is_enrolled(self, world: World) -> None:
        """The open bundle names no device."""
        world.joined()
        assert not world.trust().devices

    def test_enrolment_again(self, world: World) -> None:
        """The same enrolment again is answered alike; another one is refused."""
        code = world.office.invite("reviewer-1")
        enrolment = Laptop().enrolment(code)
        first = world.coordinator.enrol(enrolment)
        assert world.coordinator.enrol(enrolment) == first
        other = Laptop().enrolment(code)
        assert _code(world.coordinator.enrol, other) is Code.INVITATION_USED

    def test_enrolment_changed(self, world: World) -> None:
        """An enrolment with a changed byte is refused."""
        data = bytearray(Laptop().enrolment(world.office.invite("reviewer-1")))
        data[len(data) // 2] ^= 1
        with pytest.raises(VerificationError):
            world.coordinator.enrol(bytes(data))

    def test_batches_in_order(self, world: World) -> None:
        """A device sees its own batches, in order, above the number it has."""
        laptop, other = world.joined(), world.joined("reviewer-2")
        dealt = [world.office.deal(laptop.device) for _ in range(2)]
        world.office.deal(other.device)
        offers = world.coordinator.batches(laptop.key, after=-1)
        assert [(one.batch_id, one.seq) for one in offers] == [
            (dealt[0], 0),
            (dealt[1], 1),
        ]
        (last,) = world.coordinator.batches(laptop.key, after=0)
        assert last.batch_id == dealt[1]

    def test_batch_from_any_offset(self, world: World) -> None:
        """A download resumes wherever it broke off."""
        laptop = world.joined()
        batch_id = world.office.deal(laptop.device)
        whole = world.fetched(laptop, batch_id)
        (offer,) = world.coordinator.batches(laptop.key, after=-1)
        assert len(whole) == offer.length_bytes
        for offset in (1, 9, len(whole) // 2, len(whole) - 1):
            assert world.fetched(laptop, batch_id, offset) == whole[offset:]

    def test_batch_of_another(self, world: World) -> None:
        """A device cannot fetch what was dealt to another."""
        laptop, other = world.joined(), world.joined("reviewer-2")
        batch_id = world.office.deal(other.device)
        with pytest.raises(RefusedError):
            world.fetched(laptop, batch_id)

    def test_unknown_device(self, world: World) -> None:
        """A device that nobody enrolled is told nothing."""
        stranger = Laptop()
        with pytest.raises(VerificationError) as caught:
            world.coordinator.batches(stranger.key, after=-1)
        assert caught.value.code is Code.KEY_UNKNOWN

    def test_stock_is_used_up(self, world: World) -> None:
        """Each batch takes a single-use key; fresh ones come with a submission."""
        laptop = world.joined(keys=1)
        batch_id = world.office.deal(laptop.device)
        assert _code(world.office.deal, laptop.device) is Code.NO_SEAL_KEY
        trust = world.trust()
        laptop.take_batch(world.fetched(laptop, batch_id), trust)
        data = laptop.submission(trust, keys_count=1)
        world.coordinator.submit(laptop.key, data, sha256_hex(data))
        assert world.office.deal(laptop.device)

    def test_receipt(self, world: World) -> None:
        """A submission is answered by a receipt over exactly its tree, twice alike."""
        laptop, trust = world.joined(), world.trust()
        batch = world.office.deal(laptop.device)
        items = laptop.take_batch(world.fetched(laptop, batch), world.trust())
        trust = world.trust()
        laptop.decide(items[0], note="Seen before")
        laptop.undo(items[0], laptop.entries[-1])
        laptop.hand_back(items[0])
        data = laptop.submission(trust)
        receipt = world.coordinator.submit(laptop.key, data, sha256_hex(data))
        assert laptop.take_receipt(receipt, trust).size == len(laptop.entries)
        assert world.coordinator.submit(laptop.key, data, sha256_hex(data)) == receipt

    def test_second_submission_continues(self, world: World) -> None:
        """The next submission begins where the receipt ended."""
        laptop, trust = world.joined(), world.trust()
        first = laptop.submission(trust)
        laptop.take_receipt(
            world.coordinator.submit(laptop.key, first, sha256_hex(first)), trust
        )
        second = laptop.submission(trust)
        receipt = world.coordinator.submit(laptop.key, second, sha256_hex(second))
        assert laptop.take_receipt(receipt, trust).receipt.first == 2

    def test_gap(self, world: World) -> None:
        """A submission that leaves entries out is refused."""
        laptop, trust = world.joined(), world.trust()
        data = laptop.submission(trust, first=1)
        assert _submit(world, laptop, data) is Code.CHAIN_GAP

    def test_fork(self, world: World) -> None:
        """Two laptops with one key are found out."""
        laptop, trust = world.joined(), world.trust()
        batch = world.office.deal(laptop.device)
        items = laptop.take_batch(world.fetched(laptop, batch), world.trust())
        twin = laptop.clone()
        laptop.decide(items[0])
        twin.hand_back(items[0])
        assert _submit(world, laptop, laptop.submission(trust)) is None
        assert _submit(world, twin, twin.submission(trust)) is Code.CHAIN_FORK

    def test_changed_submission(self, world: World) -> None:
        """A changed or cut submission is refused, whole, and the true one accepted."""
        laptop, trust = world.joined(), world.trust()
        data = laptop.submission(trust)
        changed = bytearray(data)
        changed[-1] ^= 1
        assert _submit(world, laptop, bytes(changed)) is Code.HASH_MISMATCH
        assert _submit(world, laptop, data[:-1]) is Code.HASH_MISMATCH
        assert _submit(world, laptop, data) is None

    def test_submission_of_another(self, world: World) -> None:
        """A device cannot send what another signed."""
        laptop, other = world.joined(), world.joined("reviewer-2")
        data = other.submission(world.trust())
        assert _submit(world, laptop, data) is Code.BINDING_MISMATCH

    def test_submission_under_another_hash(self, world: World) -> None:
        """Bytes that are not those announced are refused."""
        laptop = world.joined()
        data = laptop.submission(world.trust())
        with pytest.raises(VerificationError) as caught:
            world.coordinator.submit(laptop.key, data, sha256_hex(b"other"))
        assert caught.value.code is Code.HASH_MISMATCH


def _submit(world: World, laptop: Laptop, data: bytes) -> Code | None:
    return _code(lambda: world.coordinator.submit(laptop.key, data, sha256_hex(data)))


def _code(call: object, *arguments: object) -> Code | None:
    assert callable(call)
    try:
        call(*arguments)
    except ReviewerError as error:
        return error.code
    return None
