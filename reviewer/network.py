"""What the services need of the coordinating service: its port, beside `ports`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedBatch:
    """A batch that waits at the coordinator; nothing of it is verified yet."""

    batch_id: BatchId
    seq: int
    length_bytes: int


class Coordinator(Protocol):
    """The coordinating service over HTTP. Answers are untrusted bytes."""

    def trust(self) -> bytes:
        """Return the trust bundle as the service has it."""

    def invitation(self, invitation_key_id: KeyId, /) -> bytes:
        """Return the invitation envelope made for that key."""

    def enrol(self, enrolment: bytes, /) -> bytes:
        """Post a signed enrolment; return the bundle that now holds the device."""

    def batches(self, device: SigningKey, /, *, after: int) -> tuple[OfferedBatch, ...]:
        """Name the batches dealt to this device with `seq` above `after`."""

    def batch(
        self, device: SigningKey, batch_id: BatchId, /, *, offset_bytes: int
    ) -> Iterator[bytes]:
        """Stream a batch from an offset."""

    def submit(self, device: SigningKey, data: bytes, sha256: Sha256Hex, /) -> bytes:
        """Send a submission, resuming where the service says; return the receipt."""


class CoordinatorOpener(Protocol):
    """Makes a client for an address."""

    def __call__(self, url: str, /) -> Coordinator:
        """Refuse plain HTTP except on loopback."""
