"""Keep a copy of what leaves and what comes back, for whoever looks afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex
from reviewer.network import Coordinator, CoordinatorOpener, OfferedBatch


@dataclass(slots=True)
class Recorded:
    """The last submission and its receipt, as they went over the wire."""

    submission: bytes = b""
    receipt: bytes = b""
    exchanges: list[str] = field(default_factory=list)


class RecordingOpener:
    """Wraps an opener; the client inside does all the work."""

    def __init__(self, inner: CoordinatorOpener, recorded: Recorded) -> None:
        """Record into `recorded`."""
        self._inner = inner
        self._recorded = recorded

    def __call__(self, url: str, /) -> Coordinator:
        """Return a recording client."""
        return _Recording(self._inner(url), self._recorded)


class _Recording:
    def __init__(self, inner: Coordinator, recorded: Recorded) -> None:
        self._inner = inner
        self._recorded = recorded

    def trust(self) -> bytes:
        self._recorded.exchanges.append("trust")
        return self._inner.trust()

    def invitation(self, invitation_key_id: KeyId, /) -> bytes:
        self._recorded.exchanges.append("invitation")
        return self._inner.invitation(invitation_key_id)

    def enrol(self, enrolment: bytes, /) -> bytes:
        self._recorded.exchanges.append("enrol")
        return self._inner.enrol(enrolment)

    def batches(self, device: SigningKey, /, *, after: int) -> tuple[OfferedBatch, ...]:
        self._recorded.exchanges.append("batches")
        return self._inner.batches(device, after=after)

    def batch(
        self, device: SigningKey, batch_id: BatchId, /, *, offset_bytes: int
    ) -> Iterator[bytes]:
        self._recorded.exchanges.append("batch")
        return self._inner.batch(device, batch_id, offset_bytes=offset_bytes)

    def submit(self, device: SigningKey, data: bytes, sha256: Sha256Hex, /) -> bytes:
        self._recorded.exchanges.append("submit")
        self._recorded.submission = data
        self._recorded.receipt = self._inner.submit(device, data, sha256)
        return self._recorded.receipt
