"""Wrap small secrets under a key: ChaCha20-Poly1305 with a random nonce in front.

Keys and identities are wrapped, never bulk data: with random 96-bit nonces one key
must stay far below 2**32 messages, which no profile comes near.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.errors import Code, VerificationError

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = NONCE_BYTES + TAG_BYTES


def wrap(
    key: bytes,
    *,
    plaintext: bytes,
    associated: bytes,
    entropy: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Encrypt `plaintext` and bind it to `associated`; the nonce stands in front."""
    nonce = entropy(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, associated)


def unwrap(key: bytes, *, wrapped: bytes, associated: bytes) -> bytes:
    """Decrypt what `wrap` made under the same key and `associated`.

    Raises:
        VerificationError: UNSEAL_FAILED, whatever part was wrong.
    """
    if len(wrapped) < OVERHEAD_BYTES:
        raise VerificationError(Code.UNSEAL_FAILED, "wrapped length")
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, associated)
    except InvalidTag as error:
        raise VerificationError(Code.UNSEAL_FAILED, "wrapped") from error
