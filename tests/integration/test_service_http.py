"""The main road over HTTP, on loopback, with the real client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.coordinator.serving import Server
from reviewer.crypto.hashes import sha256_hex
from reviewer.formats.trust import VerifiedTrust, verify_trust
from reviewer.sync.client import HttpOpener
from tests.fakes.laptop import Laptop
from tests.fakes.service_home import Made, invite, make_service, packed


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    made = make_service(tmp_path / "home")
    yield made
    made.service.close()


@pytest.fixture
def served(made: Made) -> Iterator[Server]:
    server = Server(made.service)
    server.start()
    yield server
    server.stop()


def test_the_main_road_over_http(made: Made, served: Server, tmp_path: Path) -> None:
    """A laptop that knows only the address and its code ends with a receipt."""
    client = HttpOpener(clock=made.clock)(served.url)
    laptop = Laptop()
    bundle = client.enrol(laptop.enrolment(invite(made.service)))
    assert bundle == made.service.trust()
    laptop.begin()
    made.service.deal(packed(made.service, tmp_path).pack_id, laptop.device)
    (offer,) = client.batches(laptop.key, after=-1)
    data = b"".join(client.batch(laptop.key, offer.batch_id, offset_bytes=0))
    assert len(data) == offer.length_bytes
    laptop.decide(laptop.take_batch(data, _trust(bundle))[0])
    submission = laptop.submission(bundle)
    receipt = client.submit(laptop.key, submission, sha256_hex(submission))
    laptop.take_receipt(receipt, bundle)
    assert client.submit(laptop.key, submission, sha256_hex(submission)) == receipt


def _trust(bundle: bytes) -> VerifiedTrust:
    return verify_trust(bundle, root_sha256=None, now=None)
