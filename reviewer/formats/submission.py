r"""Submissions: `"RVS1\n" | u32 | envelope | sealed contents` (design.md 4).

The clear part says who, to whom and which entries; the sealed part holds them. Its
trees and chain are checked in `reviewer.chain.submitting`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from reviewer.crypto.hashes import sha256, sha256_hex
from reviewer.crypto.sealing import OVERHEAD_BYTES, SealPrivateKey, SealPublicKey
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope, framing
from reviewer.formats.framing import Head
from reviewer.formats.signed import decode
from reviewer.formats.trust import VerifiedDevice, VerifiedTrust
from reviewer.formats.wire import (
    Contents,
    Extent,
    SubmissionBinding,
    SubmissionOuter,
)

MAGIC: Final = b"RVS1\n"
MAX_CONTENTS_BYTES: Final = 256 << 20
MAX_SEALED_BYTES: Final = MAX_CONTENTS_BYTES + OVERHEAD_BYTES
MAX_SUBMISSION_BYTES: Final = MAX_SEALED_BYTES + framing.MAX_HEAD_ENVELOPE_BYTES + 9


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSubmission:
    """A submission's clear part; made by `verify_submission_head` alone."""

    outer: SubmissionOuter
    device: VerifiedDevice
    sealed_offset: int
    file_bytes: int
    """Length of the whole file; not a byte may follow."""

    @property
    def binding(self) -> SubmissionBinding:
        """Return the fields that the sealed part must repeat."""
        return self.outer.binding


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSubmission:
    """A whole submission, its sealed part as signed for and not yet opened."""

    head: VerifiedSubmission
    sealed: bytes
    sha256: Sha256Hex
    """Of all bytes: the idempotency key."""

    @property
    def binding(self) -> SubmissionBinding:
        """Return the fields that the sealed part must repeat."""
        return self.head.binding

    @property
    def device(self) -> VerifiedDevice:
        """Return the device that signed."""
        return self.head.device


def freeze(
    *,
    binding: SubmissionBinding,
    contents: Contents,
    signer: SigningKey,
    coordinator: SealPublicKey,
) -> bytes:
    """Return the bytes of a submission; seal once, send as often as it takes.

    Raises:
        VerificationError: BINDING_MISMATCH, `binding` is not the contents' own or
            names another device; TOO_LARGE.
    """
    if contents.binding != binding or signer.key_id != binding.device:
        raise VerificationError(Code.BINDING_MISMATCH, "submission")
    clear = canonical.encode(contents)
    if len(clear) > MAX_CONTENTS_BYTES:
        raise VerificationError(Code.TOO_LARGE, "contents")
    sealed = coordinator.seal(clear, info=info_of(binding))
    outer = SubmissionOuter(
        binding=binding, sealed=Extent(length=len(sealed), sha256=sha256_hex(sealed))
    )
    data = envelope.sign(
        canonical.encode(outer), payload_type=envelope.TYPE_SUBMISSION, keys=[signer]
    )
    return framing.frame(data, magic=MAGIC) + sealed


def read_head(stream: BinaryIO) -> Head:
    """Read magic, length and envelope; leave the stream at the sealed part.

    Raises:
        VerificationError: FORMAT_UNKNOWN, TOO_LARGE, MALFORMED, NOT_CANONICAL.
    """
    return framing.read_frame(stream, magic=MAGIC)


def verify_submission_head(
    head: Head, *, trust: VerifiedTrust, coordinator: KeyId | None = None
) -> VerifiedSubmission:
    """Believe the clear part of a submission, or refuse it.

    1. One signature, by a device key that root and invitation vouch for.
    2. The payload's type, form and format, read from verified bytes only.
    3. The signer is the device named; the coordinator named is in the directory,
       and is `coordinator` where one is given.
    4. The range is one, and lengths are within the caps.

    Raises:
        VerificationError: KEY_UNKNOWN, KEY_REVOKED, SIGNATURE_INVALID, WRONG_TYPE,
            MALFORMED, NOT_CANONICAL, FORMAT_UNKNOWN, BINDING_MISMATCH,
            WRONG_AUDIENCE, WRONG_ROLE, TOO_LARGE.
    """
    # 1.
    signed = head.envelope
    device = trust.device(signed.key_ids[0])
    # 2.
    payload = envelope.verify(
        signed, payload_type=envelope.TYPE_SUBMISSION, keys=[device.key]
    )
    outer = decode(payload, SubmissionOuter, max_bytes=framing.MAX_HEAD_ENVELOPE_BYTES)
    binding = outer.binding
    # 3.
    if binding.device != device.key.key_id:
        raise VerificationError(Code.BINDING_MISMATCH, "device")
    if coordinator is not None and binding.coordinator != coordinator:
        raise VerificationError(Code.WRONG_AUDIENCE, binding.coordinator)
    trust.coordinator(binding.coordinator)
    # 4.
    if binding.last < binding.first:
        raise VerificationError(Code.MALFORMED, "range")
    if outer.sealed.length > MAX_SEALED_BYTES:
        raise VerificationError(Code.TOO_LARGE, "sealed contents")
    return VerifiedSubmission(
        outer=outer,
        device=device,
        sealed_offset=head.length_bytes,
        file_bytes=head.length_bytes + outer.sealed.length,
    )


def verify_submission_outer(
    data: bytes, *, trust: VerifiedTrust, coordinator: KeyId | None = None
) -> ReceivedSubmission:
    """Verify a whole submission up to its seal: head, length and hash.

    Raises:
        VerificationError: what `read_head` and `verify_submission_head` raise;
            TOO_LARGE; HASH_MISMATCH, cut, extended or changed.
    """
    if len(data) > MAX_SUBMISSION_BYTES:
        raise VerificationError(Code.TOO_LARGE, "submission")
    head = verify_submission_head(
        read_head(io.BytesIO(data)), trust=trust, coordinator=coordinator
    )
    sealed = data[head.sealed_offset :]
    extent = head.outer.sealed
    if len(sealed) != extent.length or sha256_hex(sealed) != extent.sha256:
        raise VerificationError(Code.HASH_MISMATCH, "sealed contents")
    return ReceivedSubmission(head=head, sealed=sealed, sha256=sha256_hex(data))


def unseal(received: ReceivedSubmission, *, key: SealPrivateKey) -> Contents:
    """Open the sealed part; `reviewer.chain.submitting` checks what it says.

    Raises:
        VerificationError: UNSEAL_FAILED, TOO_LARGE, MALFORMED, NOT_CANONICAL,
            FORMAT_UNKNOWN, BINDING_MISMATCH.
    """
    clear = key.open(received.sealed, info=info_of(received.binding))
    contents = decode(clear, Contents, max_bytes=MAX_CONTENTS_BYTES)
    if contents.binding != received.binding:
        raise VerificationError(Code.BINDING_MISMATCH, "contents")
    return contents


def info_of(binding: SubmissionBinding) -> bytes:
    """Return what HPKE binds the contents to: the hash of the outer fields."""
    return sha256(canonical.encode(binding))
