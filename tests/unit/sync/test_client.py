"""The client believes no answer that cannot be one, and says what happened."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, KeyId, UnixMs
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.sync.client import MAX_TRUST_BYTES, HttpCoordinator, HttpOpener
from reviewer.sync.transport import checked_origin
from tests.fakes.clock import START_UNIX_MS
from tests.fakes.lying_service import LyingService, answer

KEY = SigningKey.from_seed(bytes(32))
BATCH = BatchId("ab" * 16)
DATA = b"a submission"
OFFER = {"batch_id": BATCH, "seq": 0, "length_bytes": 10}
Call = Callable[[HttpCoordinator], object]


def asked(call: Call, *answers: bytes) -> object:
    """Ask a service that answers so, and return what the client makes of it."""
    with LyingService(answers).running() as url:
        return call(HttpOpener(clock=lambda: UnixMs(START_UNIX_MS))(url))


def refusal(call: Call, *answers: bytes) -> ReviewerError:
    with pytest.raises(ReviewerError) as caught:
        asked(call, *answers)
    return caught.value


def trust(client: HttpCoordinator) -> object:
    return client.trust()


def batches(client: HttpCoordinator) -> object:
    return client.batches(KEY, after=-1)


def whole_batch(client: HttpCoordinator) -> object:
    return b"".join(client.batch(KEY, BATCH, offset_bytes=0))


def rest_of_batch(client: HttpCoordinator) -> object:
    return b"".join(client.batch(KEY, BATCH, offset_bytes=4))


def submit(client: HttpCoordinator) -> object:
    return client.submit(KEY, DATA, sha256_hex(DATA))


_CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"
)


def as_json(value: object, status: str = "200 OK") -> bytes:
    return answer(status, json.dumps(value).encode())


def problem(status: str, code: str, *headers: str) -> bytes:
    body = json.dumps({"code": code, "detail": "x=1"}).encode()
    return answer(status, body, headers=headers)


def test_bytes_pass_through() -> None:
    """What the service says is returned as it came, for others to verify."""
    assert asked(trust, answer(body=b"\0\xff")) == b"\0\xff"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (trust, b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
        (trust, answer("302 Found", headers=["Location: https://elsewhere.example/"])),
        (
            trust,
            answer(body=gzip.compress(b"{}"), headers=["Content-Encoding: gzip"]),
        ),
        (trust, answer(body=bytes(MAX_TRUST_BYTES + 1))),
        (batches, answer(body=b"<html>")),
        (batches, as_json({"batches": [], "more": 1})),
        (batches, as_json({"batches": [{**OFFER, "batch_id": "../../etc"}]})),
        (batches, as_json({"batches": [{**OFFER, "seq": -1}]})),
        (batches, as_json({"batches": [{**OFFER, "seq": 1.5}]})),
        (batches, as_json({"batches": [{**OFFER, "length_bytes": 2**60}]})),
        (whole_batch, answer("206 Partial Content", b"abcd")),
        (whole_batch, _CHUNKED),
        (rest_of_batch, answer(body=b"the whole of it")),
        (
            rest_of_batch,
            answer(
                "206 Partial Content", b"ef", headers=["Content-Range: bytes 3-4/5"]
            ),
        ),
        (submit, as_json({"offset": -1, "receipted": False})),
        (submit, as_json({"offset": len(DATA) + 1, "receipted": False})),
        (submit, as_json({"offset": 0, "receipted": "no"})),
    ],
)
def test_nonsense_is_a_lie(call: Call, said: bytes) -> None:
    """An answer that cannot be one is named as such, and nothing is kept of it."""
    error = refusal(call, said)
    assert isinstance(error, UnavailableError)
    assert error.code is Code.COORDINATOR_LIED


def test_upload_that_does_not_move() -> None:
    """A service that keeps naming the same offset does not hold the client for ever."""
    stuck = as_json({"offset": 0, "receipted": False}, "202 Accepted")
    state = as_json({"offset": 0, "receipted": False})
    assert refusal(submit, state, stuck).code is Code.COORDINATOR_LIED


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (trust, b""),
        (trust, answer(body=b"half", length=8)),
        (whole_batch, answer(body=b"half", length=8)),
        (submit, b""),
    ],
)
def test_broken_off_is_down(call: Call, said: bytes) -> None:
    """A connection that ends early can be tried again."""
    assert refusal(call, said).code is Code.NETWORK_DOWN


def test_nobody_listens() -> None:
    """A service that is not there is NETWORK_DOWN."""
    with LyingService([b""]).running() as url:
        pass
    with pytest.raises(UnavailableError) as caught:
        HttpOpener()(url).trust()
    assert caught.value.code is Code.NETWORK_DOWN


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (problem("422 X", "CHAIN_FORK"), VerificationError, Code.CHAIN_FORK),
        (problem("401 X", "KEY_REVOKED"), VerificationError, Code.KEY_REVOKED),
        (problem("413 X", "TOO_LARGE"), VerificationError, Code.TOO_LARGE),
        (problem("404 X", "INPUT_MISSING"), RefusedError, Code.INPUT_MISSING),
        (problem("409 X", "INPUT_INVALID"), RefusedError, Code.INPUT_INVALID),
        (problem("503 X", "DISK_FULL"), UnavailableError, Code.COORDINATOR_REFUSED),
        (problem("500 X", "CHAIN_FORK"), UnavailableError, Code.COORDINATOR_REFUSED),
        (problem("422 X", "NO_SUCH"), UnavailableError, Code.COORDINATOR_REFUSED),
        (answer("403 X", b"<html>"), UnavailableError, Code.COORDINATOR_REFUSED),
        (answer("502 X", bytes(10**6)), UnavailableError, Code.COORDINATOR_LIED),
    ],
)
def test_refusals_keep_their_code(
    said: bytes, kind: type[ReviewerError], code: Code
) -> None:
    """A code of ours is passed on; anything else is just a refusal."""
    error = refusal(trust, said)
    assert type(error) is kind
    assert error.code is code


def test_service_time_is_taken_once() -> None:
    """A clock that the service finds wrong is put right for the next request."""
    wrong = problem("401 X", "TIME_IMPLAUSIBLE", "Date: Sun, 22 Nov 2026 12:00:00 GMT")
    service = LyingService([wrong, as_json({"batches": []})])
    with service.running() as url:
        client = HttpOpener(clock=lambda: UnixMs(START_UNIX_MS))(url)
        assert client.batches(KEY, after=-1) == ()
    first, second = service.requests
    assert b"created=1795286762;" in first
    assert b"created=1795348800;" in second


def test_service_time_does_not_loop() -> None:
    """A service that is never content with the time ends as a refusal."""
    wrong = problem("401 X", "TIME_IMPLAUSIBLE", "Date: Sun, 22 Nov 2026 12:00:00 GMT")
    error = refusal(batches, wrong)
    assert (type(error), error.code) == (VerificationError, Code.TIME_IMPLAUSIBLE)


def test_detail_is_bounded() -> None:
    """What the service adds to a code is cut and stripped of controls."""
    body = json.dumps({"code": "CHAIN_GAP", "detail": "\u001b[2J" + "x" * 5000})
    error = refusal(trust, answer("422 X", body.encode()))
    assert error.detail.isprintable()
    assert len(error.detail) <= 200


def test_invitation_is_asked_by_key() -> None:
    """The key id of the invitation stands in the address, and nothing is signed."""
    service = LyingService([answer(body=b"{}")])
    with service.running() as url:
        assert HttpOpener()(url).invitation(KeyId("ab" * 32)) == b"{}"
    (request,) = service.requests
    assert request.startswith(b"GET /v1/invitations/" + b"ab" * 32 + b" HTTP/1.1")
    assert b"signature" not in request.lower()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "coordinator.example",
        "http://coordinator.example",
        "http://192.0.2.7:8443",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "https://user:secret@coordinator.example",
        "https://coordinator.example/path",
        "https://coordinator.example/?q=1",
        "https://",
        "https://[::1",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    """No plain HTTP beyond loopback, no credentials, no paths."""
    with pytest.raises(RefusedError) as caught:
        checked_origin(url)
    assert caught.value.code is Code.INPUT_INVALID


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8443/", "http://127.0.0.1:8443"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://coordinator.example", "https://coordinator.example"),
        ("https://coordinator.example:8443", "https://coordinator.example:8443"),
    ],
)
def test_addresses_that_are_taken(url: str, origin: str) -> None:
    """Loopback may be plain; everything else is HTTPS."""
    assert checked_origin(url) == origin


def test_pinned_authority_must_be_readable(tmp_path: Path) -> None:
    """A pinned certificate that is missing or no certificate is said at once."""
    broken = tmp_path / "ca.pem"
    broken.write_text("not a certificate")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(UnavailableError) as caught:
            HttpOpener(pinned_ca=path)("https://coordinator.example")
        assert caught.value.code is Code.DISK_FAILED


def test_plain_service_on_a_tls_address() -> None:
    """A service without TLS behind an https address is not talked to."""
    with LyingService([b"HTTP/1.1 200 OK\r\n\r\n"]).running() as url:
        client = HttpOpener()(url.replace("http://", "https://"))
        with pytest.raises(UnavailableError):
            client.trust()
