"""From a passphrase to keys: Argon2id, HKDF-SHA512 and HMAC-SHA256.

Parameters and limits are those of security.md 3.1. The floor is what a release
accepts in a header, the ceiling keeps a planted header from stopping the machine.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reviewer.domain.item import Wire

SALT_BYTES: Final = 16
DERIVED_BYTES: Final = 32


class KdfParameters(Wire, frozen=True, kw_only=True):
    """The cost of one Argon2id derivation."""

    memory_kib: int
    passes: int
    lanes: int

    def within(self, floor: KdfParameters, ceiling: KdfParameters) -> bool:
        """Return whether no parameter is below `floor` or above `ceiling`."""
        return (
            floor.memory_kib <= self.memory_kib <= ceiling.memory_kib
            and floor.passes <= self.passes <= ceiling.passes
            and floor.lanes <= self.lanes <= ceiling.lanes
        )


FLOOR: Final = KdfParameters(memory_kib=64 * 1024, passes=3, lanes=4)
CEILING: Final = KdfParameters(memory_kib=1024 * 1024, passes=10, lanes=8)


def normalise(passphrase: str) -> str:
    """Return the NFKC form, so that every keyboard gives the same bytes."""
    return unicodedata.normalize("NFKC", passphrase)


def derive(passphrase: str, *, salt: bytes, parameters: KdfParameters) -> bytes:
    """Return 32 bytes by Argon2id of the NFKC form; takes about a second by intent.

    The caller has checked the parameters against its floor and `CEILING`. Releases
    the interpreter lock, so it belongs on a worker thread.
    """
    argon = Argon2id(
        salt=salt,
        length=DERIVED_BYTES,
        iterations=parameters.passes,
        lanes=parameters.lanes,
        memory_cost=parameters.memory_kib,
    )
    return argon.derive(normalise(passphrase).encode("utf-8", "surrogatepass"))


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """Return `length` bytes by HKDF-SHA512; `info` names what they are for."""
    return HKDF(algorithm=SHA512(), length=length, salt=salt, info=info).derive(secret)


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA256 of `data`."""
    return hmac.digest(key, data, "sha256")


def equal(first: bytes, second: bytes) -> bool:
    """Return whether two secrets are the same, in constant time."""
    return hmac.compare_digest(first, second)
