"""Dealing: file and row together, also when two deal at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from reviewer.coordinator.files import staged_file
from reviewer.coordinator.service import Service
from reviewer.domain.person import Role
from reviewer.domain.times import DAY_MS
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from tests.fakes.laptop import Laptop
from tests.fakes.service_home import (
    AUTHORISATION,
    CHEAP,
    PASSPHRASE,
    Made,
    enrolled,
    make_service,
    packed,
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    made = make_service(tmp_path / "home")
    yield made
    made.service.close()


def test_two_that_deal_at_once(made: Made, tmp_path: Path) -> None:
    """Whoever comes second begins again: no number and no key is dealt twice."""
    laptop = enrolled(made.service)
    pack = packed(made.service, tmp_path)
    meanwhile: list[Callable[[], object]] = []

    def entropy(count: int) -> bytes:
        if meanwhile:
            meanwhile.pop()()
        return os.urandom(count)

    other = Service.open(
        made.folder,
        passphrase=PASSPHRASE,
        least=CHEAP,
        clock=made.clock,
        entropy=entropy,
    )
    meanwhile.append(lambda: made.service.deal(pack.pack_id, laptop.device))
    assert other.deal(pack.pack_id, laptop.device).seq == 1
    other.close()
    offers = made.service.offers(laptop.device, after=-1)
    assert [offer.seq for offer in offers] == [0, 1]
    dealt = sorted(offer.file.name for offer in offers)
    assert dealt == _names(made.folder / "batches")


def test_what_cannot_be_dealt(made: Made, tmp_path: Path) -> None:
    """No pack, no such device, days beyond reason: a code, and no file."""
    laptop = enrolled(made.service)
    pack = packed(made.service, tmp_path)
    service = made.service
    device = laptop.device
    assert _refusal(lambda: service.deal("none", device)) is Code.INPUT_MISSING
    stranger = Laptop().device
    assert _refusal(lambda: service.deal(pack.pack_id, stranger)) is Code.KEY_UNKNOWN
    for days in (0, 10_000):
        deal = partial(service.deal, pack.pack_id, device, days=days)
        assert _refusal(deal) is Code.INPUT_INVALID
    assert _names(made.folder / "batches") == []


def test_lost_and_changed_media(made: Made, tmp_path: Path) -> None:
    """Sealed media that were lost or changed are never dealt."""
    laptop = enrolled(made.service)
    pack = packed(made.service, tmp_path)
    media = made.folder / "media" / pack.pack_id
    data = bytearray(media.read_bytes())
    data[-1] ^= 1
    media.write_bytes(data)
    with pytest.raises(VerificationError) as false:
        made.service.deal(pack.pack_id, laptop.device)
    assert false.value.code is Code.HASH_MISMATCH
    media.unlink()
    with pytest.raises(UnavailableError) as lost:
        made.service.deal(pack.pack_id, laptop.device)
    assert lost.value.code is Code.DISK_FAILED
    assert _names(made.folder / "batches") == []
    assert made.service.offers(laptop.device, after=-1) == ()


def test_life_of_a_batch(made: Made, tmp_path: Path) -> None:
    """A batch lives for the days of the org config, or those that are given."""
    laptop = enrolled(made.service)
    pack = packed(made.service, tmp_path)
    usual = made.service.deal(pack.pack_id, laptop.device)
    short = made.service.deal(pack.pack_id, laptop.device, days=1)
    assert usual.not_after == "2026-12-05T18:46:02Z"
    assert short.not_after == "2026-11-22T18:46:02Z"


def test_invitation_expires(made: Made) -> None:
    """An invitation serves within its days, and the authorisation must last."""
    laptop = Laptop()
    invited = made.service.invite(
        subject="reviewer-1",
        role=Role.REVIEWER,
        authorisation=AUTHORISATION,
        root_passphrase=PASSPHRASE,
        days=1,
    )
    made.clock.unix_ms += 2 * DAY_MS
    with pytest.raises(VerificationError) as caught:
        made.service.enrol(laptop.enrolment(invited.code))
    assert caught.value.code is Code.EXPIRED


def test_staged_file(tmp_path: Path) -> None:
    """A file is there once it is published; an error after that takes it back."""
    path = tmp_path / "file"
    with staged_file(path) as staged:
        staged.file.write(b"x")
    assert _names(tmp_path) == []
    with staged_file(path) as staged:
        staged.file.write(b"x")
        staged.publish()
    assert path.read_bytes() == b"x"
    path.unlink()
    with pytest.raises(RefusedError):
        _publish_and_fail(path)
    assert _names(tmp_path) == []


def _refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as caught:
        call()
    return caught.value.code


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _publish_and_fail(path: Path) -> None:
    with staged_file(path) as staged:
        staged.publish()
        raise RefusedError(Code.CANCELLED)
