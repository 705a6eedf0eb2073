"""One HTTP exchange with the coordinator: signed, bounded, and never believed.

What the service says wrong is COORDINATOR_LIED; that it cannot be reached is
NETWORK_DOWN; what it refuses keeps the code it named, if that is one of ours.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import ipaddress
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import msgspec
import truststore

from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import UnixMs
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.requests import sign_request

CONNECT_S: Final = 10.0
READ_S: Final = 60.0
_PROBLEM_BYTES: Final = 16 * 1024
_DETAIL_CHARS: Final = 200
_NONCE_BYTES: Final = 16
_BROKE_OFF: Final = ("disconnected", "closed connection")


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the service refused."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request before it is signed."""

    method: str
    path: str
    headers: Mapping[str, str] | None = None
    body: bytes | None = None
    device: SigningKey | None = None
    """Signs the request; None for what is open to anyone."""


class Transport:
    """One address. A connection lasts for one exchange, so nothing stays open."""

    def __init__(
        self,
        url: str,
        *,
        pinned_ca: Path | None,
        clock: Callable[[], UnixMs],
        entropy: Callable[[int], bytes],
    ) -> None:
        """Check the address; connect to nothing yet.

        Raises:
            RefusedError: INPUT_INVALID, not an address, or plain HTTP beyond
                loopback.
            UnavailableError: DISK_FAILED, the pinned certificate cannot be read.
        """
        self._origin = checked_origin(url)
        self._clock = clock
        self._entropy = entropy
        self._ahead_s = 0
        self._client = httpx2.Client(
            verify=_tls(pinned_ca),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
            limits=httpx2.Limits(max_keepalive_connections=0),
            headers={"accept-encoding": "identity", "user-agent": "reviewer"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    @contextmanager
    def answer(self, ask: Ask) -> Iterator[httpx2.Response]:
        """Send, and yield a response of status 200 to 299, its body not yet read.

        A service that holds our clock for wrong says its own time, and is asked
        once more by that; its time is used for nothing else.

        Raises:
            UnavailableError: NETWORK_DOWN, COORDINATOR_REFUSED, COORDINATOR_LIED.
            VerificationError: what the service says is false.
            RefusedError: what the service refuses.
        """
        try:
            with self._sent(ask) as response:
                yield response
        except _ClockError as error:
            self._ahead_s = error.service_s - self._clock() // 1000
            with self._sent(ask, may_retry=False) as response:
                yield response

    def whole(self, ask: Ask, *, max_bytes: int) -> bytes:
        """Return the body of an answer; raise as `answer` does."""
        with self.answer(ask) as response:
            return read_bounded(response, max_bytes)

    @contextmanager
    def _sent(self, ask: Ask, *, may_retry: bool = True) -> Iterator[httpx2.Response]:
        try:
            request = self._client.build_request(
                ask.method,
                self._origin + ask.path,
                headers=self._headers(ask),
                content=ask.body,
            )
            response = self._client.send(request, stream=True)
            try:
                self._check(response, may_retry=may_retry)
                yield response
            finally:
                response.close()
        except httpx2.TransportError as error:
            raise _transport_error(error) from error

    def _headers(self, ask: Ask) -> dict[str, str]:
        headers = dict(ask.headers or {})
        if ask.device is None:
            return headers
        return sign_request(
            ask.device,
            method=ask.method,
            url=self._origin + ask.path,
            headers=headers,
            body=ask.body,
            created_s=self._clock() // 1000 + self._ahead_s,
            nonce=self._entropy(_NONCE_BYTES).hex(),
        )

    def _check(self, response: httpx2.Response, *, may_retry: bool) -> None:
        if "content-encoding" in response.headers:
            raise UnavailableError(Code.COORDINATOR_LIED, "encoding")
        if 200 <= response.status_code < 300:
            return
        if response.status_code < 400:
            raise UnavailableError(
                Code.COORDINATOR_LIED, f"status={response.status_code}"
            )
        raise _refusal(response, may_retry=may_retry)


class _ClockError(VerificationError):
    """The service finds our clock wrong, and says its own."""

    def __init__(self, service_s: int) -> None:
        super().__init__(Code.TIME_IMPLAUSIBLE, "request")
        self.service_s = service_s


def read_bounded(response: httpx2.Response, max_bytes: int) -> bytes:
    """Read a body up to a cap; more than that is a lie."""
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) > max_bytes:
            raise UnavailableError(Code.COORDINATOR_LIED, f"over {max_bytes} bytes")
    return bytes(data)


def checked_origin(url: str) -> str:
    """Return scheme, host and port of a service's address.

    Raises:
        RefusedError: INPUT_INVALID, not an address, one with a path, a query or
            credentials, or plain HTTP beyond loopback.
    """
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError) as error:
        raise RefusedError(Code.INPUT_INVALID, "address") from error
    extra = parsed.path not in ("", "/") or parsed.query or parsed.fragment
    if not parsed.host or extra or parsed.userinfo:
        raise RefusedError(Code.INPUT_INVALID, "address")
    plain_ok = parsed.scheme == "http" and _is_loopback(parsed.host)
    if parsed.scheme != "https" and not plain_ok:
        raise RefusedError(Code.INPUT_INVALID, "plain http beyond loopback")
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    port = "" if parsed.port is None else f":{parsed.port}"
    return f"{parsed.scheme}://{host}{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tls(pinned_ca: Path | None) -> ssl.SSLContext:
    if pinned_ca is None:
        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=pinned_ca)
        except (OSError, ssl.SSLError) as error:
            raise UnavailableError(Code.DISK_FAILED, "pinned certificate") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _transport_error(error: httpx2.TransportError) -> UnavailableError:
    """Tell a connection that broke off from a peer that speaks something else.

    The library has one class for both, and says which in words.
    """
    words = str(error)
    broke_off = any(part in words for part in _BROKE_OFF)
    if isinstance(error, httpx2.RemoteProtocolError) and not broke_off:
        return UnavailableError(Code.COORDINATOR_LIED, type(error).__name__)
    return UnavailableError(Code.NETWORK_DOWN, type(error).__name__)


def _refusal(response: httpx2.Response, *, may_retry: bool) -> ReviewerError:
    """Return the service's refusal as an error of ours."""
    status = response.status_code
    try:
        problem = msgspec.json.decode(
            read_bounded(response, _PROBLEM_BYTES), type=Problem
        )
        code = Code(problem.code)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return UnavailableError(Code.COORDINATOR_REFUSED, f"status={status}")
    if code is Code.TIME_IMPLAUSIBLE and status == 401 and may_retry:
        service_s = _service_time(response)
        if service_s is not None:
            return _ClockError(service_s)
    if status >= 500:
        return UnavailableError(Code.COORDINATOR_REFUSED, f"status={status}")
    detail = "".join(c for c in problem.detail if c.isprintable())[:_DETAIL_CHARS]
    is_false = status in (401, 413, 422) or code is Code.INVITATION_INVALID
    return (VerificationError if is_false else RefusedError)(code, detail)


def _service_time(response: httpx2.Response) -> int | None:
    try:
        moment = email.utils.parsedate_to_datetime(response.headers["date"])
        return int(moment.astimezone(dt.UTC).timestamp())
    except (KeyError, ValueError, OverflowError):
        return None
