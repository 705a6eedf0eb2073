"""The coordinator over HTTP, as `ports.Coordinator` wants it (docs/openapi.json)."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

import httpx2
import msgspec

from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex, UnixMs
from reviewer.errors import Code, UnavailableError
from reviewer.network import OfferedBatch
from reviewer.sync.transport import Ask, Transport, read_bounded

MAX_TRUST_BYTES: Final = 64 * 1024**2  # as formats.trust
MAX_INVITATION_BYTES: Final = 64 * 1024
MAX_LIST_BYTES: Final = 4 * 1024**2
MAX_RECEIPT_BYTES: Final = 256 * 1024
MAX_BATCH_BYTES: Final = 65 * 1024**3  # design.md 4: media 64 GiB, and the rest
CHUNK_BYTES: Final = 2 * 1024**2
READ_BYTES: Final = 1024**2
_STATE_BYTES: Final = 4096
ATTEMPTS_COUNT: Final = 3  # of a broken upload, each from where the service says
_BATCH_ID: Final = re.compile(r"[0-9a-f]{32}")
_CONTENT_RANGE: Final = re.compile(r"bytes ([0-9]+)-([0-9]+)/([0-9]+)")

T = TypeVar("T")


class _Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    batch_id: str
    seq: int
    length_bytes: int


class _Offers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    batches: tuple[_Offer, ...]


class _Upload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    offset: int
    receipted: bool


class HttpCoordinator:
    """A client for one service. Answers are bytes that others verify.

    Use it from one thread at a time; calls block for at most the timeouts of
    `transport`. Every method raises as `Transport.answer` does.
    """

    def __init__(self, transport: Transport, *, chunk_bytes: int = CHUNK_BYTES) -> None:
        """Take a connection; `chunk_bytes` is the size of one upload step."""
        self._transport = transport
        self._chunk_bytes = chunk_bytes

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def trust(self) -> bytes:
        """Return the trust bundle as the service has it."""
        ask = Ask(method="GET", path="/v1/trust")
        return self._transport.whole(ask, max_bytes=MAX_TRUST_BYTES)

    def invitation(self, invitation_key_id: KeyId, /) -> bytes:
        """Return the invitation envelope made for that key."""
        ask = Ask(method="GET", path=f"/v1/invitations/{invitation_key_id}")
        return self._transport.whole(ask, max_bytes=MAX_INVITATION_BYTES)

    def enrol(self, enrolment: bytes, /) -> bytes:
        """Post a signed enrolment; return the bundle that now holds the device."""
        ask = Ask(method="POST", path="/v1/enrolments", body=enrolment)
        return self._transport.whole(ask, max_bytes=MAX_TRUST_BYTES)

    def batches(self, device: SigningKey, /, *, after: int) -> tuple[OfferedBatch, ...]:
        """Name the batches dealt to this device with `seq` above `after`."""
        ask = Ask(method="GET", path=f"/v1/batches?after={after}", device=device)
        data = self._transport.whole(ask, max_bytes=MAX_LIST_BYTES)
        return tuple(_offered(one, after) for one in _json(data, _Offers).batches)

    def batch(
        self, device: SigningKey, batch_id: BatchId, /, *, offset_bytes: int
    ) -> Iterator[bytes]:
        """Stream a batch from an offset; ends early only by an error."""
        wanted = {"range": f"bytes={offset_bytes}-"} if offset_bytes else {}
        path = f"/v1/batches/{batch_id}"
        ask = Ask(method="GET", path=path, device=device, headers=wanted)
        with self._transport.answer(ask) as response:
            left = _promised_bytes(response, offset_bytes)
            for chunk in response.iter_raw(READ_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise UnavailableError(Code.COORDINATOR_LIED, "longer batch")
                yield chunk
            if left:
                raise UnavailableError(Code.NETWORK_DOWN, "shorter batch")

    def submit(self, device: SigningKey, data: bytes, sha256: Sha256Hex, /) -> bytes:
        """Send a submission, resuming where the service says; return the receipt."""
        path = f"/v1/submissions/{sha256}"
        for attempt in range(ATTEMPTS_COUNT):
            try:
                return self._submit_once(device, data, path)
            except UnavailableError as error:
                down = error.code is Code.NETWORK_DOWN
                if not down or attempt == ATTEMPTS_COUNT - 1:
                    raise
        raise UnavailableError(Code.NETWORK_DOWN, "submission")

    def _submit_once(self, device: SigningKey, data: bytes, path: str) -> bytes:
        state = Ask(method="GET", path=path, device=device)
        upload = _json(self._transport.whole(state, max_bytes=_STATE_BYTES), _Upload)
        if upload.receipted:
            receipt = Ask(method="GET", path=f"{path}/receipt", device=device)
            return self._transport.whole(receipt, max_bytes=MAX_RECEIPT_BYTES)
        offset = upload.offset
        if not 0 <= offset <= len(data):
            raise UnavailableError(Code.COORDINATOR_LIED, f"offset={offset}")
        while True:
            answer = self._send_part(device, data, path, offset)
            if isinstance(answer, bytes):
                return answer
            if not offset < answer <= len(data):
                raise UnavailableError(Code.COORDINATOR_LIED, f"offset={answer}")
            offset = answer

    def _send_part(
        self, device: SigningKey, data: bytes, path: str, offset: int
    ) -> bytes | int:
        """Send one part; return the receipt, or the offset of the next part."""
        headers = {
            "content-type": "application/octet-stream",
            "upload-length": str(len(data)),
            "upload-offset": str(offset),
        }
        part = data[offset : offset + self._chunk_bytes]
        ask = Ask(method="PATCH", path=path, headers=headers, body=part, device=device)
        with self._transport.answer(ask) as response:
            if response.status_code == 200:
                return read_bounded(response, MAX_RECEIPT_BYTES)
            state = read_bounded(response, _STATE_BYTES)
        return _json(state, _Upload).offset


class HttpOpener:
    """Makes clients; implements `ports.CoordinatorOpener`."""

    def __init__(
        self,
        *,
        pinned_ca: Path | None = None,
        clock: Callable[[], UnixMs] | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Choose the trust store.

        Args:
            pinned_ca: PEM file of the only authority to believe; None takes the
                system's trust store.
            clock: The wall clock, untrusted.
            entropy: For nonces.
        """
        self._pinned_ca = pinned_ca
        self._clock = clock or _wall_clock
        self._entropy = entropy

    def __call__(self, url: str, /) -> HttpCoordinator:
        """Return a client; refuse plain HTTP except on loopback.

        Raises:
            RefusedError: INPUT_INVALID, no address, or plain HTTP beyond loopback.
            UnavailableError: DISK_FAILED, the pinned certificate cannot be read.
        """
        transport = Transport(
            url, pinned_ca=self._pinned_ca, clock=self._clock, entropy=self._entropy
        )
        return HttpCoordinator(transport)


def _wall_clock() -> UnixMs:
    return UnixMs(time.time_ns() // 1_000_000)


def _json(data: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnavailableError(Code.COORDINATOR_LIED, "answer") from error


def _offered(offer: _Offer, after: int) -> OfferedBatch:
    """Check what becomes part of an address or a size."""
    sane = (
        _BATCH_ID.fullmatch(offer.batch_id)
        and after < offer.seq < 2**53
        and 0 < offer.length_bytes <= MAX_BATCH_BYTES
    )
    if not sane:
        raise UnavailableError(Code.COORDINATOR_LIED, "offer")
    return OfferedBatch(
        batch_id=BatchId(offer.batch_id),
        seq=offer.seq,
        length_bytes=offer.length_bytes,
    )


def _promised_bytes(response: httpx2.Response, offset_bytes: int) -> int:
    """Return how many bytes are to come, from the offset that was asked for."""
    length = response.headers.get("content-length", "")
    found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    if not length.isdecimal() or int(length) > MAX_BATCH_BYTES:
        raise UnavailableError(Code.COORDINATOR_LIED, "length")
    if offset_bytes == 0 and response.status_code == 200:
        return int(length)
    if response.status_code != 206 or found is None:
        raise UnavailableError(Code.COORDINATOR_LIED, "range")
    first, last, total = (int(part) for part in found.groups())
    if (first, last + 1, last + 1 - first) != (offset_bytes, total, int(length)):
        raise UnavailableError(Code.COORDINATOR_LIED, "range")
    return int(length)
