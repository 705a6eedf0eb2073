"""Ed25519 keys; a key id is the hash of the raw verifying key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId
from reviewer.errors import Code, VerificationError

SEED_BYTES: Final = 32
VERIFYING_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


class VerifyingKey:
    """The public half: says whether a signature is this key's."""

    __slots__ = ("_key", "key_id", "raw")

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.raw: Final = key.public_bytes_raw()
        self.key_id: Final = KeyId(sha256_hex(self.raw))

    @classmethod
    def from_raw(cls, raw: bytes) -> VerifyingKey:
        """Load a key from its 32 bytes.

        Raises:
            VerificationError: MALFORMED, the bytes are no Ed25519 key.
        """
        try:
            return cls(Ed25519PublicKey.from_public_bytes(raw))
        except ValueError as error:
            raise VerificationError(Code.MALFORMED, "verifying key") from error

    def verify(self, signature: bytes, message: bytes) -> None:
        """Accept the signature, or raise.

        Raises:
            VerificationError: SIGNATURE_INVALID.
        """
        try:
            self._key.verify(signature, message)
        except InvalidSignature as error:
            raise VerificationError(Code.SIGNATURE_INVALID, self.key_id) from error

    def __eq__(self, other: object) -> bool:
        """Compare by the raw public bytes."""
        return isinstance(other, VerifyingKey) and self.raw == other.raw

    def __hash__(self) -> int:
        """Hash the raw public bytes."""
        return hash(self.raw)


class SigningKey:
    """The secret half; never printed, never compared."""

    __slots__ = ("_key", "verifying_key")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verifying_key: Final = VerifyingKey(key.public_key())

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes]) -> SigningKey:
        """Make a key from 32 fresh secret bytes."""
        return cls.from_seed(entropy(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Load a key from its 32-byte seed.

        Raises:
            VerificationError: MALFORMED, not 32 bytes.
        """
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(seed))
        except ValueError as error:
            raise VerificationError(Code.MALFORMED, "signing seed") from error

    @property
    def seed(self) -> bytes:
        """Return the 32 secret bytes, to be wrapped before they are stored."""
        return self._key.private_bytes_raw()

    @property
    def key_id(self) -> KeyId:
        """Return the id of the verifying half."""
        return self.verifying_key.key_id

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message`."""
        return self._key.sign(message)
