"""HPKE one-shot to one recipient; `info` binds, there is no associated data.

The suite is pinned: ML-KEM-768 with X25519, HKDF-SHA256, ChaCha20-Poly1305
(design.md 4). A private key is 96 bytes, the ML-KEM seed (64) and the X25519 key
(32); a public key is 1216 bytes, ML-KEM-768 (1184) and X25519 (32).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId
from reviewer.errors import Code, VerificationError

PRIVATE_BYTES: Final = 96
PUBLIC_BYTES: Final = 1216
_MLKEM_SEED_BYTES: Final = 64
_MLKEM_PUBLIC_BYTES: Final = 1184
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
OVERHEAD_BYTES: Final = KEM.MLKEM768_X25519.enc_length() + 16


class SealPublicKey:
    """To whom something is sealed."""

    __slots__ = ("_key", "key_id", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_BYTES:
            raise VerificationError(Code.MALFORMED, "seal public key length")
        try:
            self._key = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_BYTES:]),
            )
        except ValueError as error:
            raise VerificationError(Code.MALFORMED, "seal public key") from error
        self.raw: Final = bytes(raw)
        self.key_id: Final = KeyId(sha256_hex(self.raw))

    @classmethod
    def from_raw(cls, raw: bytes) -> SealPublicKey:
        """Load a key from its 1216 bytes.

        Raises:
            VerificationError: MALFORMED.
        """
        return cls(raw)

    def seal(self, plaintext: bytes, *, info: bytes) -> bytes:
        """Encrypt to this key; opening needs the same `info`.

        Raises:
            VerificationError: MALFORMED, the key is a point of low order.
        """
        try:
            return _SUITE.encrypt(plaintext, self._key, info=info)
        except ValueError as error:
            raise VerificationError(Code.MALFORMED, "seal public key") from error


class SealPrivateKey:
    """Opens what was sealed to its public half."""

    __slots__ = ("_key", "_raw", "public")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PRIVATE_BYTES:
            raise VerificationError(Code.MALFORMED, "seal private key length")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED_BYTES:])
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self._raw = bytes(raw)
        self.public: Final = SealPublicKey(
            mlkem.public_key().public_bytes_raw()
            + x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes] = os.urandom) -> SealPrivateKey:
        """Make a fresh key pair."""
        return cls(entropy(PRIVATE_BYTES))

    @classmethod
    def from_raw(cls, raw: bytes) -> SealPrivateKey:
        """Load a key from its 96 bytes.

        Raises:
            VerificationError: MALFORMED, not 96 bytes.
        """
        return cls(raw)

    @property
    def raw(self) -> bytes:
        """Return the 96 secret bytes, to be wrapped before they are stored."""
        return self._raw

    @property
    def key_id(self) -> KeyId:
        """Return the id of the public half."""
        return self.public.key_id

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """Decrypt what was sealed to this key under the same `info`.

        Raises:
            VerificationError: UNSEAL_FAILED, whatever part was wrong.
        """
        try:
            return _SUITE.decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError) as error:
            raise VerificationError(Code.UNSEAL_FAILED, self.key_id) from error
