"""Journals with seals and shreds, true and untrue (docs/formats/v1/journal.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import Sha256Hex
from reviewer.errors import Code
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import b64
from reviewer.formats.places import pack_places
from reviewer.formats.wire import (
    Act,
    Body,
    Entry,
    SealBody,
    SealedMedia,
    SealStage,
    ShredBody,
    ShredReason,
)
from tests.vectors.checking import SUCCESS
from tests.vectors.organisation import Organisation, item_body, key_id_of, stream

_OURS: Final = Organisation()
_ENTRIES: Final = _OURS.entries()


def _seal(**changes: Any) -> SealBody:  # noqa: ANN401
    """Return a seal with a key of fixed bytes: no journal opens it."""
    item = item_body()
    value = SealBody(
        moment=item.moment,
        clock_trust=item.clock_trust,
        batch_id=item.batch_id,
        item_id=item.item_id,
        item_sha256=item.item_sha256,
        stage=SealStage.SEALED,
        ciphertext=SealedMedia(
            media_sha256=Sha256Hex("3c" * 32), offset_bytes=0, length_bytes=70_000
        ),
        quarantine_key=key_id_of("quarantine"),
        wrapped=b64(stream("seal/wrapped")(1168)),
    )
    return msgspec.structs.replace(value, **changes)


def _shred(**changes: Any) -> ShredBody:  # noqa: ANN401
    item = item_body()
    value = ShredBody(
        moment=item.moment,
        clock_trust=item.clock_trust,
        batch_id=item.batch_id,
        items=pack_places([0, 2]),
        items_count=2,
        reason=ShredReason.RETENTION,
    )
    return msgspec.structs.replace(value, **changes)


def _sixth(act: Act, body: Body) -> bytes:
    """Return six entries; the last is signed as it is, true or not."""
    entry = Entry(
        device=_OURS.device.key_id,
        epoch=0,
        seq=5,
        prev=sha256_hex(_ENTRIES[-1]),
        at="2026-11-21T06",
        actor="reviewer-7",
        act=act,
        body=msgspec.to_builtins(body),
    )
    data = canonical.encode(entry)
    signed = envelope.sign(data, payload_type=envelope.TYPE_ENTRY, keys=[_OURS.device])
    return b"".join(one + b"\n" for one in (*_ENTRIES, signed))


_MARK: Final = _seal(stage=SealStage.MARKED, quarantine_key=None, wrapped=None)

SEALS: Final[dict[str, tuple[str, str, Callable[[], bytes]]]] = {
    "mark": (SUCCESS, "a mark", lambda: _sixth(Act.SEAL, _MARK)),
    "seal": (SUCCESS, "a seal", lambda: _sixth(Act.SEAL, _seal())),
    "seal_kept": (
        SUCCESS,
        "a seal of an organisation without a quarantine key",
        lambda: _sixth(Act.SEAL, _seal(quarantine_key=None, wrapped=None)),
    ),
    "seal_half": (
        Code.MALFORMED,
        "a wrapped key without its recipient",
        lambda: _sixth(Act.SEAL, _seal(quarantine_key=None)),
    ),
    "seal_early": (
        Code.MALFORMED,
        "a mark that holds a key",
        lambda: _sixth(Act.SEAL, _seal(stage=SealStage.MARKED)),
    ),
    "shred": (SUCCESS, "a shredding", lambda: _sixth(Act.SHRED, _shred())),
    "shred_count": (
        Code.MALFORMED,
        "a shredding of fewer items than it says",
        lambda: _sixth(Act.SHRED, _shred(items_count=3)),
    ),
}
