"""An item's key, sealed to the organisation's quarantine key (design.md 5).

Only who holds that key, offline, can open it. What is sealed is bound to the item
and to the very bytes that its identity opens.
"""

from __future__ import annotations

from reviewer.crypto.age import IDENTITY_BYTES
from reviewer.crypto.hashes import sha256
from reviewer.crypto.sealing import SealPrivateKey, SealPublicKey
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64, unb64
from reviewer.formats.wire import SealBinding, SealBody


def quarantine_key(text: str) -> SealPublicKey:
    """Read the key that org config names.

    Raises:
        VerificationError: MALFORMED, not base64 of a public HPKE key.
    """
    return SealPublicKey.from_raw(unb64(text))


def wrap_identity(identity: bytes, *, binding: SealBinding, to: SealPublicKey) -> str:
    """Seal an item's 32-byte identity; return it as base64."""
    if len(identity) != IDENTITY_BYTES:
        raise AssertionError("identity length")
    return b64(to.seal(identity, info=info_of(binding)))


def unwrap_identity(body: SealBody, *, key: SealPrivateKey) -> bytes:
    """Open what a `sealed` entry holds, for a hand-over by law.

    Raises:
        VerificationError: SEAL_KEY_UNKNOWN, sealed to another key, or holds none;
            UNSEAL_FAILED, for another item or other bytes.
    """
    if body.wrapped is None or body.quarantine_key != key.key_id:
        raise VerificationError(Code.SEAL_KEY_UNKNOWN, "quarantine key")
    return key.open(unb64(body.wrapped), info=info_of(binding_of(body)))


def binding_of(body: SealBody) -> SealBinding:
    """Return what the identity within an entry is bound to."""
    return SealBinding(
        item_id=body.item_id, item_sha256=body.item_sha256, ciphertext=body.ciphertext
    )


def info_of(binding: SealBinding) -> bytes:
    """Return HPKE's `info`: the hash of item and ciphertext."""
    return sha256(canonical.encode(binding))
