"""DSSE envelopes: the payload's type is signed with it, and keys are exact.

Source: the DSSE specification, v1. Stricter than it: the envelope is canonical
JSON, and it bears exactly the signatures that its format asks for, in a fixed
order, each key id being the hash of its verifying key. So there is one byte string
for each signed statement, and any changed byte is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.crypto.signing import SIGNATURE_BYTES, SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId
from reviewer.domain.item import Wire
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64, unb64


def _type(name: str) -> str:
    return f"application/vnd.reviewer.{name}.v1draft+json"


TYPE_BATCH: Final = _type("batch")
TYPE_CONFIG: Final = _type("config")
TYPE_DIRECTORY: Final = _type("directory")
TYPE_ENROLMENT: Final = _type("enrolment")
TYPE_ENTRY: Final = _type("entry")
TYPE_INVITATION: Final = _type("invitation")
TYPE_POLICY: Final = _type("policy")
TYPE_RECEIPT: Final = _type("receipt")
TYPE_REVOCATIONS: Final = _type("revocations")
TYPE_SUBMISSION: Final = _type("submission")
TYPE_THREAT: Final = _type("threat")
PAYLOAD_TYPES: Final = frozenset(
    {
        TYPE_BATCH,
        TYPE_CONFIG,
        TYPE_DIRECTORY,
        TYPE_ENROLMENT,
        TYPE_ENTRY,
        TYPE_INVITATION,
        TYPE_POLICY,
        TYPE_RECEIPT,
        TYPE_REVOCATIONS,
        TYPE_SUBMISSION,
        TYPE_THREAT,
    }
)


_START: Final = '{"payload":"'
_END: Final = '"}]}'
_SIGNATURE_CHARACTERS: Final = 4 * -(-SIGNATURE_BYTES // 3)


class EnvelopeSignature(Wire, frozen=True, kw_only=True):
    """One signature of an envelope."""

    keyid: KeyId
    sig: str


class Envelope(Wire, frozen=True, kw_only=True):
    """The three fields of a DSSE envelope."""

    payload: str
    payloadType: str  # noqa: N815 (DSSE's own spelling)
    signatures: tuple[EnvelopeSignature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEnvelope:
    """An envelope whose form holds; whether it is true, `verify` says."""

    payload_type: str
    untrusted_payload: bytes
    key_ids: tuple[KeyId, ...]
    """As claimed."""
    signatures: tuple[bytes, ...]
    data: bytes
    """The envelope's own bytes: what hashes and chains refer to."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return DSSE's pre-authentication encoding: what is really signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, *, payload_type: str, keys: Sequence[SigningKey]) -> bytes:
    """Return the envelope bytes over `payload`, signed by `keys` in that order."""
    message = pae(payload_type, payload)
    return canonical.encode(
        Envelope(
            payload=b64(payload),
            payloadType=payload_type,
            signatures=tuple(
                EnvelopeSignature(keyid=key.key_id, sig=b64(key.sign(message)))
                for key in keys
            ),
        )
    )


def parse(data: bytes, *, max_bytes: int) -> SignedEnvelope:
    """Read an envelope without believing it.

    Raises:
        VerificationError: TOO_LARGE, MALFORMED, NOT_CANONICAL.
    """
    envelope = canonical.decode(data, Envelope, max_bytes=max_bytes)
    signatures = tuple(unb64(one.sig) for one in envelope.signatures)
    if not signatures or any(len(one) != SIGNATURE_BYTES for one in signatures):
        raise VerificationError(Code.MALFORMED, "signatures")
    return SignedEnvelope(
        payload_type=envelope.payloadType,
        untrusted_payload=unb64(envelope.payload),
        key_ids=tuple(one.keyid for one in envelope.signatures),
        signatures=signatures,
        data=data,
    )


def verify(
    envelope: SignedEnvelope, *, payload_type: str, keys: Sequence[VerifyingKey]
) -> bytes:
    """Return the payload if exactly `keys` signed it, in that order.

    1. The key ids are those of `keys`, no more and no fewer.
    2. Each signature holds over the type that the envelope states.
    3. That type is the one asked for (CVE-2022-35929 is its absence).

    Raises:
        VerificationError: KEY_UNKNOWN, SIGNATURE_INVALID, WRONG_TYPE.
    """
    # 1.
    if envelope.key_ids != tuple(key.key_id for key in keys):
        raise VerificationError(Code.KEY_UNKNOWN, "signers")
    # 2.
    message = pae(envelope.payload_type, envelope.untrusted_payload)
    for key, signature in zip(keys, envelope.signatures, strict=True):
        key.verify(signature, message)
    # 3.
    if envelope.payload_type != payload_type:
        raise VerificationError(Code.WRONG_TYPE, "payload type")
    return envelope.untrusted_payload


def open_by(data: bytes, *, payload_type: str, key: VerifyingKey) -> bytes | None:
    """Return the payload of an envelope by one known key; None if it looks odd.

    A short way to what `parse` and `verify` find. With key and type known, canonical
    form leaves nothing open but two runs of base64, so comparing the bytes around
    them is the whole check. A journal of a hundred thousand entries is verified in
    this way (design.md 9); for anything odd the caller goes the long way round and
    learns why.

    Raises:
        VerificationError: SIGNATURE_INVALID, MALFORMED, NOT_CANONICAL.
    """
    between = f'","payloadType":"{payload_type}","signatures":[{{"keyid":"{key.key_id}"'
    between += ',"sig":"'
    if not data.isascii():
        return None
    text = data.decode("ascii")
    signature_at = len(text) - len(_END) - _SIGNATURE_CHARACTERS
    payload_end = signature_at - len(between)
    if (
        payload_end < len(_START)
        or not text.startswith(_START)
        or not text.endswith(_END)
        or text[payload_end:signature_at] != between
    ):
        return None
    payload = unb64(text[len(_START) : payload_end])
    signature = unb64(text[signature_at : -len(_END)])
    key.verify(signature, pae(payload_type, payload))
    return payload
