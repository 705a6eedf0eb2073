"""The service's main road: found, invite, enrol, deal, take, submit, receipt."""

from __future__ import annotations

from pathlib import Path

from reviewer.crypto.hashes import sha256_hex
from reviewer.formats.trust import verify_trust
from tests.fakes.service_home import (
    enrolled,
    make_service,
    packed,
    reopen,
)


def test_the_main_road(tmp_path: Path) -> None:
    """Every act follows from the one before, across a restart of the service."""
    made = make_service(tmp_path / "home")
    service = made.service
    laptop = enrolled(service)
    trust = verify_trust(service.trust(), root_sha256=service.root_sha256(), now=None)
    pack = packed(service, tmp_path)
    dealt = service.deal(pack.pack_id, laptop.device)
    items = laptop.take_batch(dealt.file.read_bytes(), trust)
    laptop.decide(items[0], note="Seen before")
    laptop.hand_back(items[1])
    submission = laptop.submission(trust, keys_count=1)
    receipt = service.accept(submission, sender=laptop.device)
    assert laptop.take_receipt(receipt, trust).size == len(laptop.entries)
    made = reopen(made)
    try:
        assert made.service.accept(submission) == receipt
        assert made.service.upload(laptop.device, sha256_hex(submission)).receipt
    finally:
        made.service.close()
