"""SHA-256, the one hash of every format (design.md 4)."""

from __future__ import annotations

import hashlib

from reviewer.domain.ids import Sha256Hex


class Sha256:
    """Hash bytes as they stream by; releases the interpreter lock on large updates."""

    __slots__ = ("_hash",)

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """Return the 32 bytes for what was taken in so far."""
        return self._hash.digest()

    def hex(self) -> Sha256Hex:
        """Return the digest as 64 lower-case hex digits."""
        return Sha256Hex(self._hash.hexdigest())


def sha256(data: bytes | bytearray | memoryview) -> bytes:
    """Return the 32-byte SHA-256 of `data`."""
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes | bytearray | memoryview) -> Sha256Hex:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return Sha256Hex(hashlib.sha256(data).hexdigest())
