r"""Batches: `"RVB1\n" | u32 | envelope | segment 0 | media` (design.md 4).

A reader takes one step after the other, each before the next byte is parsed, and
each step is one function here:

1. `read_head`: size caps and canonical form of the envelope;
2. `verify_outer`: signature by a coordinator key that the directory holds valid,
   type, payload, audience, caps on what follows;
3. `check_sequence`: the place in the stream (coordinator, device);
4. `check_time`: not-after, against the highest signed time seen;
5. `check_segment0` and, while they stream by, the hash of the media;
6. `open_manifest`: segment 0 opened with the single-use key, bound to the outer
   fields, every item admissible and in its place.

The caller streams the media, keeps the file and commits. Pure but for the stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

from reviewer.crypto.hashes import Sha256, sha256, sha256_hex
from reviewer.crypto.sealing import OVERHEAD_BYTES, SealPrivateKey, SealPublicKey
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Item
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope, framing
from reviewer.formats.admission import MAX_MEDIA_BYTES, check_items
from reviewer.formats.framing import Head
from reviewer.formats.signed import ZERO_HASH, decode
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import (
    FORMAT_MANIFEST,
    BatchBinding,
    BatchOuter,
    Extent,
    Manifest,
)

MAGIC: Final = b"RVB1\n"
MAX_MANIFEST_BYTES: Final = 24 << 20  # design.md 4
MAX_SEGMENT0_BYTES: Final = MAX_MANIFEST_BYTES + OVERHEAD_BYTES
COPY_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedOuter:
    """What a batch says in clear, after step 2; made by `verify_outer` alone."""

    outer: BatchOuter
    sha256: Sha256Hex
    """Of the envelope's bytes; the next batch's `prev`."""
    data: bytes
    """The envelope's bytes, kept where they prove a fork."""
    segment0_offset: int
    media_offset: int
    file_bytes: int
    """Length of the whole file; not a byte may follow."""

    @property
    def binding(self) -> BatchBinding:
        """Return the fields that the sealed part must repeat."""
        return self.outer.binding

    @property
    def segment0(self) -> Extent:
        """Return length and hash of the sealed manifest."""
        return self.outer.segment0

    @property
    def batch_id(self) -> BatchId:
        """Return the batch's id: safe as a file name."""
        return self.outer.binding.batch_id


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedManifest:
    """An opened segment 0, after step 6; made by `open_manifest` alone."""

    manifest: Manifest
    outer: VerifiedOuter

    @property
    def name(self) -> str:
        """Return the batch's name: untrusted text."""
        return self.manifest.name

    @property
    def purpose(self) -> BatchPurpose:
        """Return why the batch was dealt."""
        return self.manifest.purpose

    @property
    def policy_sha256(self) -> Sha256Hex:
        """Return which policy pack holds for this batch."""
        return self.manifest.policy_sha256

    @property
    def config_sha256(self) -> Sha256Hex:
        """Return which org config the packer went by."""
        return self.manifest.config_sha256

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items in the packer's order."""
        return self.manifest.items


def read_head(stream: BinaryIO) -> Head:
    """Step 1: read magic, length and envelope; leave the stream at segment 0.

    Raises:
        VerificationError: FORMAT_UNKNOWN, TOO_LARGE, MALFORMED, NOT_CANONICAL.
    """
    return framing.read_frame(stream, magic=MAGIC)


def verify_outer(
    head: Head,
    *,
    trust: VerifiedTrust,
    device: KeyId | None,
    now: UtcTime | None = None,
) -> VerifiedOuter:
    """Step 2: believe the clear part of a batch, or refuse it.

    1. One signature, by a coordinator key that the directory holds valid.
    2. The payload's type, form and format, read from verified bytes only.
    3. The signer is the coordinator named; its key was valid when it signed.
    4. The audience is `device`; None means that the caller is no device.
    5. Lengths are within the caps.

    Args:
        head: What `read_head` returned.
        trust: What hangs from the organisation's root.
        device: The signing key id of the device that imports.
        now: The highest signed time seen; the signer's key must not have lapsed.

    Raises:
        VerificationError: KEY_UNKNOWN, WRONG_ROLE, KEY_REVOKED, KEY_EXPIRED,
            SIGNATURE_INVALID, WRONG_TYPE, MALFORMED, NOT_CANONICAL,
            FORMAT_UNKNOWN, BINDING_MISMATCH, WRONG_AUDIENCE, TOO_LARGE.
    """
    # 1.
    signed = head.envelope
    signer = signed.key_ids[0]
    coordinator = trust.coordinator_ever(signer)
    # 2.
    payload = envelope.verify(
        signed, payload_type=envelope.TYPE_BATCH, keys=[coordinator.key]
    )
    outer = decode(payload, BatchOuter, max_bytes=framing.MAX_HEAD_ENVELOPE_BYTES)
    binding = outer.binding
    # 3.
    if binding.coordinator != signer:
        raise VerificationError(Code.BINDING_MISMATCH, "coordinator")
    trust.coordinator(signer, at=binding.issued)
    if now is not None:
        trust.coordinator(signer, at=max(now, binding.issued))
    # 4.
    if device is not None and binding.audience != device:
        raise VerificationError(Code.WRONG_AUDIENCE, binding.audience)
    # 5.
    if outer.segment0.length > MAX_SEGMENT0_BYTES:
        raise VerificationError(Code.TOO_LARGE, "segment 0")
    if binding.media.length > MAX_MEDIA_BYTES:
        raise VerificationError(Code.TOO_LARGE, "media")
    media_offset = head.length_bytes + outer.segment0.length
    return VerifiedOuter(
        outer=outer,
        sha256=sha256_hex(signed.data),
        data=signed.data,
        segment0_offset=head.length_bytes,
        media_offset=media_offset,
        file_bytes=media_offset + binding.media.length,
    )


def check_sequence(
    outer: VerifiedOuter,
    *,
    last_seq: int | None,
    last_sha256: Sha256Hex | None,
    is_gap: bool = False,
) -> tuple[int, ...]:
    """Step 3: place a batch in its stream; return the numbers that are missing.

    The caller has already found that it does not hold this very batch (the same
    hash again is no news). A gap is accepted and reported.

    Args:
        outer: The batch.
        last_seq: The highest number taken from this coordinator; None at first.
        last_sha256: The hash of that batch's envelope.
        is_gap: The caller never took a batch of this lower number: a late one.

    Raises:
        VerificationError: SEQUENCE_FORK, two batches of one number, or a batch
            that does not follow the one before it; SEQUENCE_REPLAY, a number
            below the last that fills no gap.
    """
    seq, prev = outer.binding.seq, outer.binding.prev
    if (seq == 0) != (prev == ZERO_HASH):
        raise VerificationError(Code.SEQUENCE_FORK, f"{seq}")
    if last_seq is None:
        return tuple(range(seq))
    if seq == last_seq or (seq == last_seq + 1 and prev != last_sha256):
        raise VerificationError(Code.SEQUENCE_FORK, f"{seq}")
    if seq < last_seq:
        if is_gap:
            return ()
        raise VerificationError(Code.SEQUENCE_REPLAY, f"{seq}")
    return tuple(range(last_seq + 1, seq))


def check_time(outer: VerifiedOuter, *, now_low: UtcTime | None) -> None:
    """Step 4: refuse a batch past its not-after, by signed times alone.

    Args:
        outer: The batch.
        now_low: The highest signed time seen before.

    Raises:
        VerificationError: EXPIRED.
    """
    binding = outer.binding
    if max(now_low or binding.issued, binding.issued) > binding.not_after:
        raise VerificationError(Code.EXPIRED, binding.not_after)


def check_app_version(outer: VerifiedOuter, *, version: str) -> None:
    """Refuse a batch that asks for a newer program than `version`.

    Raises:
        VerificationError: APP_TOO_OLD; MALFORMED, not numbers and dots.
    """
    if _version(outer.binding.min_app_version) > _version(version):
        raise VerificationError(Code.APP_TOO_OLD, outer.binding.min_app_version)


def check_segment0(outer: VerifiedOuter, segment0: bytes) -> None:
    """Step 5: accept the sealed manifest's bytes before opening them.

    Raises:
        VerificationError: HASH_MISMATCH.
    """
    extent = outer.segment0
    if len(segment0) != extent.length or sha256_hex(segment0) != extent.sha256:
        raise VerificationError(Code.HASH_MISMATCH, "segment 0")


def open_manifest(
    outer: VerifiedOuter,
    segment0: bytes,
    *,
    key: SealPrivateKey,
    now: UtcTime | None = None,
) -> VerifiedManifest:
    """Step 6: open segment 0 and check all that it says against the outer part.

    1. The bytes are the ones signed for; the key is the one named.
    2. Opened under the hash of the outer fields, then canonical.
    3. The inner fields equal the outer ones.
    4. Every item may stand on a laptop, has its own id and identity, and the items'
       age files fill the media exactly, without overlap.

    Args:
        outer: What `verify_outer` returned.
        segment0: The sealed bytes.
        key: The single-use key that the batch was sealed to.
        now: The highest signed time seen, for deadlines of removal orders.

    Raises:
        VerificationError: HASH_MISMATCH, SEAL_KEY_UNKNOWN, UNSEAL_FAILED,
            MALFORMED, NOT_CANONICAL, FORMAT_UNKNOWN, BINDING_MISMATCH, TOO_LARGE,
            ITEM_NOT_FOR_LAPTOPS.
    """
    binding = outer.binding
    # 1.
    check_segment0(outer, segment0)
    if key.key_id != binding.seal_key:
        raise VerificationError(Code.SEAL_KEY_UNKNOWN, binding.seal_key)
    # 2.
    clear = key.open(segment0, info=info_of(binding))
    manifest = decode(clear, Manifest, max_bytes=MAX_MANIFEST_BYTES)
    # 3.
    if manifest.binding != binding:
        raise VerificationError(Code.BINDING_MISMATCH, "manifest")
    # 4.
    moment = max(now or binding.issued, binding.issued)
    check_items(manifest.items, media_bytes=binding.media.length, now=moment)
    return VerifiedManifest(manifest=manifest, outer=outer)


def info_of(binding: BatchBinding) -> bytes:
    """Return what HPKE binds the manifest to: the hash of the outer fields."""
    return sha256(canonical.encode(binding))


def write_batch(
    out: BinaryIO,
    *,
    binding: BatchBinding,
    name: str,
    purpose: BatchPurpose,
    policy_sha256: Sha256Hex,
    config_sha256: Sha256Hex,
    items: tuple[Item, ...],
    media: BinaryIO,
    seal_to: SealPublicKey,
    signer: SigningKey,
) -> Sha256Hex:
    """Write a whole batch file; return the hash of its envelope, the next `prev`.

    Media are copied from `media` and hashed again on the way; memory stays flat.

    Raises:
        VerificationError: ITEM_NOT_FOR_LAPTOPS and the other refusals of
            `open_manifest`; BINDING_MISMATCH, keys that the binding does not name;
            HASH_MISMATCH, media that are not what the binding says.
    """
    if (signer.key_id, seal_to.key_id) != (binding.coordinator, binding.seal_key):
        raise VerificationError(Code.BINDING_MISMATCH, "batch keys")
    check_items(items, media_bytes=binding.media.length, now=binding.issued)
    manifest = Manifest(
        format=FORMAT_MANIFEST,
        binding=binding,
        name=name,
        purpose=purpose,
        policy_sha256=policy_sha256,
        config_sha256=config_sha256,
        items=items,
    )
    clear = canonical.encode(manifest)
    if len(clear) > MAX_MANIFEST_BYTES:
        raise VerificationError(Code.TOO_LARGE, "manifest")
    segment0 = seal_to.seal(clear, info=info_of(binding))
    outer = BatchOuter(
        binding=binding,
        segment0=Extent(length=len(segment0), sha256=sha256_hex(segment0)),
    )
    data = envelope.sign(
        canonical.encode(outer), payload_type=envelope.TYPE_BATCH, keys=[signer]
    )
    out.write(framing.frame(data, magic=MAGIC))
    out.write(segment0)
    _copy_media(media, out, extent=binding.media)
    return sha256_hex(data)


def _copy_media(media: BinaryIO, out: BinaryIO, *, extent: Extent) -> None:
    """Copy exactly the media that the binding promises."""
    digest = Sha256()
    left = extent.length
    while left:
        data = media.read(min(COPY_BYTES, left))
        if not data:
            break
        digest.update(data)
        out.write(data)
        left -= len(data)
    if left or digest.hex() != extent.sha256:
        raise VerificationError(Code.HASH_MISMATCH, "media")


def _version(text: str) -> tuple[int, ...]:
    """Read a version of numbers and dots."""
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        raise VerificationError(Code.MALFORMED, "version")
    numbers = [int(part) for part in parts]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
