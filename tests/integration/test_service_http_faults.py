"""Requests that are unsigned, replayed, changed, too large or misplaced; and TLS."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.coordinator.app import MAX_CHUNK_BYTES
from reviewer.coordinator.serving import Server
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import UnixMs
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats.requests import CLOCK_WINDOW_S, sign_request
from reviewer.sync.client import HttpCoordinator, HttpOpener
from reviewer.sync.transport import Transport
from tests.fakes.certificates import certified
from tests.fakes.laptop import Laptop
from tests.fakes.service_home import Made, enrolled, make_service, packed


@dataclass(slots=True)
class Wire:
    """A served service, and one laptop; requests are spoken byte by byte."""

    made: Made
    server: Server
    laptop: Laptop

    def signed(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        late_s: int = 0,
        origin: str | None = None,
    ) -> dict[str, str]:
        return sign_request(
            self.laptop.key,
            method=method,
            url=(origin or self.server.url) + path,
            headers=headers or {},
            body=body,
            created_s=self.made.clock() // 1000 - late_s,
            nonce=os.urandom(16).hex(),
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=30
        )
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def refusal(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, str]:
        status, data = self.ask(method, path, headers=headers, body=body)
        problem = json.loads(data)
        assert set(problem) == {"code", "detail"}
        return status, problem["code"]

    def client(self, chunk_bytes: int = 1000) -> HttpCoordinator:
        transport = Transport(
            self.server.url,
            pinned_ca=None,
            clock=self.made.clock,
            entropy=os.urandom,
        )
        return HttpCoordinator(transport, chunk_bytes=chunk_bytes)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = make_service(tmp_path_factory.mktemp("service") / "home")
    yield made
    made.service.close()


@pytest.fixture
def wire(made: Made) -> Iterator[Wire]:
    server = Server(made.service)
    server.start()
    yield Wire(made, server, enrolled(made.service))
    server.stop()


BATCHES = "/v1/batches?after=-1"
NOWHERE = "/v1/submissions/" + "ab" * 32


def test_signed_request_is_answered(wire: Wire) -> None:
    """The positive control: the same words, signed, are answered."""
    headers = wire.signed("GET", BATCHES)
    assert wire.ask("GET", BATCHES, headers=headers) == (200, b'{"batches":[]}')


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", BATCHES),
        ("GET", "/v1/batches/" + "ab" * 16),
        ("GET", NOWHERE),
        ("PATCH", NOWHERE),
        ("GET", NOWHERE + "/receipt"),
    ],
)
def test_unsigned_is_refused(wire: Wire, method: str, path: str) -> None:
    """Everything but joining needs a signature."""
    body = b"x" if method == "PATCH" else None
    assert wire.refusal(method, path, body=body) == (401, "SIGNATURE_INVALID")


def test_replayed_request_is_refused(wire: Wire) -> None:
    """The same signed request is answered once."""
    headers = wire.signed("GET", BATCHES)
    assert wire.ask("GET", BATCHES, headers=headers)[0] == 200
    assert wire.refusal("GET", BATCHES, headers=headers) == (401, "SEQUENCE_REPLAY")


def test_changed_address_is_refused(wire: Wire) -> None:
    """The signature covers the method, the path and the query."""
    headers = wire.signed("GET", BATCHES)
    other = wire.refusal("GET", "/v1/batches?after=0", headers=headers)
    assert other == (401, "SIGNATURE_INVALID")
    headers = wire.signed("GET", NOWHERE)
    assert wire.refusal("PATCH", NOWHERE, headers=headers, body=b"")[0] == 401


@pytest.mark.parametrize("name", ["upload-offset", "upload-length", "range"])
def test_changed_header_is_refused(wire: Wire, name: str) -> None:
    """The headers that steer the service are covered, and cannot be added."""
    sent = {"upload-offset": "0", "upload-length": "1"}
    headers = wire.signed("PATCH", NOWHERE, body=b"x", headers=sent)
    headers[name] = "7"
    answer = wire.refusal("PATCH", NOWHERE, headers=headers, body=b"x")
    assert answer == (401, "SIGNATURE_INVALID")


def test_changed_body_is_refused(wire: Wire) -> None:
    """The content digest is covered, and is true of the body."""
    sent = {"upload-offset": "0", "upload-length": "1"}
    headers = wire.signed("PATCH", NOWHERE, body=b"x", headers=sent)
    for body in (b"y", b""):
        answer = wire.refusal("PATCH", NOWHERE, headers=headers, body=body)
        assert answer == (401, "SIGNATURE_INVALID")
    undigested = wire.signed("PATCH", NOWHERE, body=None, headers=sent)
    answer = wire.refusal("PATCH", NOWHERE, headers=undigested, body=b"x")
    assert answer == (401, "SIGNATURE_INVALID")


@pytest.mark.parametrize("late_s", [CLOCK_WINDOW_S + 5, -CLOCK_WINDOW_S - 5])
def test_old_and_early_requests(wire: Wire, late_s: int) -> None:
    """A request counts for a quarter of an hour to both sides."""
    headers = wire.signed("GET", BATCHES, late_s=late_s)
    assert wire.refusal("GET", BATCHES, headers=headers) == (401, "TIME_IMPLAUSIBLE")


def test_request_for_another_service(wire: Wire) -> None:
    """What was signed for another address is not taken on its way through here."""
    origin = "http://elsewhere.example"
    headers = wire.signed("GET", BATCHES, origin=origin)
    headers["host"] = "elsewhere.example"
    assert wire.refusal("GET", BATCHES, headers=headers) == (401, "WRONG_AUDIENCE")


def test_stranger_and_revoked(wire: Wire) -> None:
    """The directory decides whose signature counts."""
    stranger = Wire(wire.made, wire.server, Laptop())
    headers = stranger.signed("GET", BATCHES)
    assert wire.refusal("GET", BATCHES, headers=headers) == (401, "KEY_UNKNOWN")
    wire.made.service.revoke(wire.laptop.device)
    headers = wire.signed("GET", BATCHES)
    assert wire.refusal("GET", BATCHES, headers=headers) == (401, "KEY_REVOKED")


def test_bodies_have_a_cap(wire: Wire) -> None:
    """A body is read up to its cap and no further."""
    large = bytes(MAX_CHUNK_BYTES + 1)
    assert wire.refusal("PATCH", NOWHERE, body=large) == (413, "TOO_LARGE")
    assert wire.refusal("POST", "/v1/enrolments", body=large)[0] == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/trust", 405),
        ("GET", "/v1/batches/..%2f..%2fetc", 404),
        ("GET", "/v1/invitations/short", 400),
        ("POST", "/v1/enrolments", 422),
    ],
)
def test_misplaced_requests(wire: Wire, method: str, path: str, status: int) -> None:
    """Whatever is asked, the answer is a code and never a trace."""
    body = b"{" if method == "POST" else None
    assert wire.refusal(method, path, body=body)[0] == status


def test_wrong_offset_names_the_right_one(wire: Wire) -> None:
    """A part at another offset is refused, and nothing changes."""
    data = wire.laptop.submission(wire.made.service.trust())
    path = f"/v1/submissions/{sha256_hex(data)}"
    sent = {"upload-offset": "5", "upload-length": str(len(data))}
    headers = wire.signed("PATCH", path, body=data[5:], headers=sent)
    status, answer = wire.ask("PATCH", path, headers=headers, body=data[5:])
    assert (status, json.loads(answer)["detail"]) == (409, "offset=0")
    sent["upload-offset"] = "five"
    headers = wire.signed("PATCH", path, body=data, headers=sent)
    assert wire.refusal("PATCH", path, headers=headers, body=data)[0] == 409


def test_laptop_with_a_wrong_clock(wire: Wire) -> None:
    """A laptop that is days off still gets through; its clock is put right."""
    before = wire.made.clock.unix_ms
    wire.made.clock.unix_ms = time.time_ns() // 1_000_000  # as the Date header says
    off = UnixMs(wire.made.clock() + 3 * DAY_MS)
    client = HttpOpener(clock=lambda: off)(wire.server.url)
    try:
        assert client.batches(wire.laptop.key, after=-1) == ()
    finally:
        wire.made.clock.unix_ms = before


def test_upload_goes_on_after_the_service_was_away(wire: Wire) -> None:
    """Parts that arrived before the service went down need not be sent again."""
    data = wire.laptop.submission(wire.made.service.trust())
    name = sha256_hex(data)
    wire.made.service.receive(
        wire.laptop.device, name, offset=0, length=len(data), data=data[:1234]
    )
    away = Server(wire.made.service)
    wire = Wire(wire.made, away, wire.laptop)
    away.stop()
    with pytest.raises(UnavailableError) as caught:
        wire.client().submit(wire.laptop.key, data, name)
    assert caught.value.code is Code.NETWORK_DOWN
    wire.server = Server(wire.made.service)
    wire.server.start()
    try:
        receipt = wire.client().submit(wire.laptop.key, data, name)
    finally:
        wire.server.stop()
    wire.laptop.take_receipt(receipt, wire.made.service.trust())


def test_lost_reply_over_http(wire: Wire) -> None:
    """The last part arrived and its answer did not: the receipt is fetched."""
    data = wire.laptop.submission(wire.made.service.trust())
    receipt = wire.made.service.accept(data, sender=wire.laptop.device)
    assert wire.client().submit(wire.laptop.key, data, sha256_hex(data)) == receipt


def test_refusal_over_http_keeps_its_code(wire: Wire) -> None:
    """A gap is the same word at both ends, and leaves nothing behind."""
    late = wire.laptop.clone().submission(wire.made.service.trust(), first=1)
    with pytest.raises(VerificationError) as caught:
        wire.client().submit(wire.laptop.key, late, sha256_hex(late))
    assert caught.value.code is Code.CHAIN_GAP


def test_download_resumes_in_the_middle(wire: Wire, tmp_path: Path) -> None:
    """Range is honoured, and a range that starts past the end is refused."""
    service = wire.made.service
    dealt = service.deal(packed(service, tmp_path).pack_id, wire.laptop.device)
    whole = dealt.file.read_bytes()
    client, key = wire.client(), wire.laptop.key
    rest = client.batch(key, dealt.batch_id, offset_bytes=len(whole) - 3)
    assert b"".join(rest) == whole[-3:]
    path = f"/v1/batches/{dealt.batch_id}"
    headers = wire.signed("GET", path, headers={"range": "bytes=0-1,3-4"})
    assert wire.refusal("GET", path, headers=headers) == (409, "INPUT_INVALID")
    with pytest.raises((RefusedError, UnavailableError)):
        list(client.batch(key, dealt.batch_id, offset_bytes=len(whole) + 1))


def test_tls_with_a_pinned_authority(tmp_path: Path) -> None:
    """Only a service whose certificate is of the pinned authority is talked to."""
    made = make_service(tmp_path / "home")
    ours, other = certified(tmp_path / "ours"), certified(tmp_path / "other")
    server = Server(made.service, tls_cert=ours.certificate, tls_key=ours.key)
    server.start()
    try:
        assert server.url.startswith("https://")
        good = HttpOpener(pinned_ca=ours.authority, clock=made.clock)(server.url)
        assert good.trust() == made.service.public_trust()
        assert good.batches(enrolled(made.service).key, after=-1) == ()
        for opener in (HttpOpener(pinned_ca=other.authority), HttpOpener()):
            with pytest.raises(UnavailableError) as caught:
                opener(server.url).trust()
            assert caught.value.code is Code.NETWORK_DOWN
    finally:
        server.stop()
        made.service.close()


def test_plain_http_beyond_loopback(wire: Wire) -> None:
    """The service does not listen in the clear where others could."""
    with pytest.raises(RefusedError) as caught:
        Server(wire.made.service, host="0.0.0.0")  # noqa: S104 (refused)
    assert caught.value.code is Code.INPUT_INVALID


def test_taken_port(wire: Wire) -> None:
    """A port that another service has is said plainly."""
    with pytest.raises(UnavailableError) as caught:
        Server(wire.made.service, port=wire.server.port)
    assert caught.value.code is Code.NETWORK_DOWN
