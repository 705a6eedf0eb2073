"""Signed records: an envelope, its payload's type, and the payload's format."""

from __future__ import annotations

from typing import Final, TypeVar

from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope, wire

T = TypeVar("T")

ZERO_HASH: Final = Sha256Hex("0" * 64)
"""What the first of a chain names as the one before."""

_FORMATS: Final[dict[type[object], str]] = {
    wire.BatchOuter: wire.FORMAT_BATCH,
    wire.Contents: wire.FORMAT_CONTENTS,
    wire.Directory: wire.FORMAT_DIRECTORY,
    wire.Enrolment: wire.FORMAT_ENROLMENT,
    wire.Entry: wire.FORMAT_ENTRY,
    wire.Invitation: wire.FORMAT_INVITATION,
    wire.Manifest: wire.FORMAT_MANIFEST,
    wire.Receipt: wire.FORMAT_RECEIPT,
    wire.Revocations: wire.FORMAT_REVOCATIONS,
    wire.SubmissionOuter: wire.FORMAT_SUBMISSION,
    wire.Threat: wire.FORMAT_THREAT,
    wire.TrustBundle: wire.FORMAT_TRUST,
}


def decode(data: bytes, type_: type[T], *, max_bytes: int) -> T:
    """Decode a canonical value and check the format it names.

    Raises:
        VerificationError: what `canonical.decode` raises; FORMAT_UNKNOWN.
    """
    value = canonical.decode(data, type_, max_bytes=max_bytes)
    expected = _FORMATS.get(type_)
    if expected is not None and _format_of(value) != expected:
        raise VerificationError(Code.FORMAT_UNKNOWN, type_.__name__)
    return value


def open_envelope(
    data: bytes,
    type_: type[T],
    *,
    payload_type: str,
    key: VerifyingKey,
    max_bytes: int,
) -> T:
    """Parse, verify and decode an envelope in one go, for one key known beforehand.

    Raises:
        VerificationError: what `envelope.parse`, `envelope.verify` and `decode`
            raise.
    """
    if len(data) > max_bytes:
        raise VerificationError(Code.TOO_LARGE, f"{len(data)} bytes")
    payload = envelope.open_by(data, payload_type=payload_type, key=key)
    if payload is None:
        signed = envelope.parse(data, max_bytes=max_bytes)
        payload = envelope.verify(signed, payload_type=payload_type, keys=[key])
    return decode(payload, type_, max_bytes=max_bytes)


def _format_of(value: object) -> object:
    """Return the format that a value names, itself or in its binding."""
    if isinstance(value, wire.Entry):
        return value.v
    inner = getattr(value, "binding", value)
    return getattr(value, "format", None) or getattr(inner, "format", None)
