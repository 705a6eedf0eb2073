"""Files that are wrong in one way and right in every other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.signing import SigningKey
from reviewer.domain.item import BatchPurpose, Item
from reviewer.formats import batch, canonical, envelope, framing
from reviewer.formats.wire import BatchBinding, BatchOuter, Extent, Manifest
from tests.vectors.organisation import Organisation


def changed(data: bytes, place: int) -> bytes:
    """Return the bytes with one bit flipped."""
    copy = bytearray(data)
    copy[place] ^= 1
    return bytes(copy)


def forged_batch(
    ours: Organisation,
    *,
    inner: dict[str, Any] | None = None,
    items: Sequence[Item] | None = None,
    signer: SigningKey | None = None,
    payload_type: str = envelope.TYPE_BATCH,
    manifest_format: str | None = None,
    **outer: Any,  # noqa: ANN401
) -> bytes:
    """Return a batch that no rule of the writer has touched.

    Args:
        ours: Whose batch it claims to be.
        inner: What the sealed fields say instead of the outer ones.
        items: The items, instead of the true ones.
        signer: Who signs instead of the coordinator.
        payload_type: What the envelope says it holds.
        manifest_format: What the manifest says it is.
        outer: What the outer fields say instead of the truth.
    """
    media, true_items = ours.media()
    binding = ours.binding(media, **outer)
    inside: BatchBinding = msgspec.structs.replace(binding, **(inner or {}))
    manifest = Manifest(
        binding=inside,
        name="Heron 12",
        purpose=BatchPurpose.REVIEW,
        policy_sha256=sha256_hex(ours.policy),
        config_sha256=sha256_hex(ours.config),
        items=tuple(true_items if items is None else items),
    )
    if manifest_format is not None:
        manifest = msgspec.structs.replace(manifest, format=manifest_format)
    segment0 = ours.stock[0].public.seal(
        canonical.encode(manifest), info=batch.info_of(binding)
    )
    clear = BatchOuter(
        binding=binding,
        segment0=Extent(length=len(segment0), sha256=sha256_hex(segment0)),
    )
    head = envelope.sign(
        canonical.encode(clear),
        payload_type=payload_type,
        keys=[ours.online if signer is None else signer],
    )
    return framing.frame(head, magic=batch.MAGIC) + segment0 + media


def with_head(data: bytes, head: bytes) -> bytes:
    """Return the file with another envelope in its head."""
    length = int.from_bytes(data[5:9], "big")
    return data[:5] + len(head).to_bytes(4, "big") + head + data[9 + length :]


def head_of(data: bytes) -> bytes:
    """Return the envelope in the head of a file."""
    return data[9 : 9 + int.from_bytes(data[5:9], "big")]
