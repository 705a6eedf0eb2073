"""Journal entries: one signed record for each act (design.md 4)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import Sha256Hex, UnixMs
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import unb64
from reviewer.formats.places import unpack_places
from reviewer.formats.signed import open_envelope
from reviewer.formats.wire import (
    Act,
    BeginBody,
    Body,
    DecideBody,
    Entry,
    EscalateBody,
    HandBackBody,
    HandOverBody,
    ImportBody,
    ItemBody,
    ReceiptBody,
    SealBody,
    SealStage,
    SecondOpinionBody,
    ShredBody,
    SubmitBody,
    UndoBody,
)

MAX_ENTRY_BYTES: Final = 64 << 10
SALT_BYTES: Final = 16
_QUARTER: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:00|06|12|18)")
_QUARTER_HOURS: Final = 6

BODY_TYPES: Final[dict[Act, type[Body]]] = {
    Act.BEGIN: BeginBody,
    Act.IMPORT: ImportBody,
    Act.OPEN: ItemBody,
    Act.DECIDE: DecideBody,
    Act.UNDO: UndoBody,
    Act.HAND_BACK: HandBackBody,
    Act.SECOND_OPINION: SecondOpinionBody,
    Act.ESCALATE: EscalateBody,
    Act.HAND_OVER: HandOverBody,
    Act.SEAL: SealBody,
    Act.SHRED: ShredBody,
    Act.SUBMIT: SubmitBody,
    Act.RECEIPT: ReceiptBody,
}
"""The acts that version 1 draft fills; the others of `Act` are reserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedEntry:
    """An entry that its device signed; made by `verify_entry` alone."""

    entry: Entry
    body: Body
    """Of the type that `BODY_TYPES` names for the act."""
    sha256: Sha256Hex
    """Of the envelope's bytes: the next entry's `prev`."""
    data: bytes


def sign_entry(entry: Entry, *, key: SigningKey) -> bytes:
    """Return the entry's envelope bytes, after checking it as a reader would.

    Raises:
        VerificationError: BINDING_MISMATCH, another device's entry; MALFORMED.
    """
    _typed_body(entry, device=key.verifying_key)
    return envelope.sign(
        canonical.encode(entry), payload_type=envelope.TYPE_ENTRY, keys=[key]
    )


def verify_entry(envelope_bytes: bytes, *, key: VerifyingKey) -> VerifiedEntry:
    """Accept an entry that `key` signed; its place in the chain is asked elsewhere.

    1. Canonical form, signature, type, payload.
    2. The device named is the signer; `at` is a quarter of a day.
    3. The body is the one that the act calls for.

    Raises:
        VerificationError: TOO_LARGE, MALFORMED, NOT_CANONICAL, KEY_UNKNOWN,
            SIGNATURE_INVALID, WRONG_TYPE, FORMAT_UNKNOWN, BINDING_MISMATCH.
    """
    # 1.
    entry = open_envelope(
        envelope_bytes,
        Entry,
        payload_type=envelope.TYPE_ENTRY,
        key=key,
        max_bytes=MAX_ENTRY_BYTES,
    )
    # 2. and 3.
    body = _typed_body(entry, device=key)
    return VerifiedEntry(
        entry=entry, body=body, sha256=sha256_hex(envelope_bytes), data=envelope_bytes
    )


def quarter_of(unix_ms: UnixMs, *, previous: str = "") -> str:
    """Return the UTC date and quarter, `2026-11-21T18` for 18:00 to 23:59.

    Never lower than `previous`: a clock set back does not show in the journal, and
    no entry times a reviewer more finely than six hours.
    """
    moment = dt.datetime.fromtimestamp(unix_ms // 1000, tz=dt.UTC)
    hour = moment.hour // _QUARTER_HOURS * _QUARTER_HOURS
    return max(previous, f"{moment.date().isoformat()}T{hour:02d}")


def commit(salt: bytes, exact: bytes) -> Sha256Hex:
    """Return the commitment to exact bytes: SHA-256 of a 16-byte salt and them.

    Raises:
        VerificationError: MALFORMED, a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise VerificationError(Code.MALFORMED, "salt length")
    return sha256_hex(salt + exact)


def _typed_body(entry: Entry, *, device: VerifyingKey) -> Body:
    """Check what an entry says of itself and return its typed body."""
    if entry.device != device.key_id:
        raise VerificationError(Code.BINDING_MISMATCH, "device")
    if not _QUARTER.fullmatch(entry.at):
        raise VerificationError(Code.MALFORMED, "at")
    body_type = BODY_TYPES.get(entry.act)
    if body_type is None:
        raise VerificationError(Code.FORMAT_UNKNOWN, entry.act)
    body = canonical.convert(entry.body, body_type)
    _check_body(body)
    return body


def _check_body(body: Body) -> None:
    """Check what the types of a seal, shred or hand-over do not say.

    A mark holds no key; a seal holds a wrapped key and its recipient, or neither.
    """
    if isinstance(body, SealBody):
        has_key = body.wrapped is not None
        is_mark = body.stage is SealStage.MARKED
        if has_key != (body.quarantine_key is not None):
            raise VerificationError(Code.MALFORMED, "seal recipient")
        if is_mark and (has_key or body.marked is not None):
            raise VerificationError(Code.MALFORMED, "seal stage")
        if body.wrapped is not None:
            unb64(body.wrapped)
    elif (
        isinstance(body, ShredBody | HandOverBody)
        and len(unpack_places(body.items)) != body.items_count
    ):
        raise VerificationError(Code.MALFORMED, "items_count")
