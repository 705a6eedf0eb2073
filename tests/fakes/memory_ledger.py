"""A ledger file in memory, sealed for real, that can be lost, set back and spoilt."""

from __future__ import annotations

from reviewer.crypto import aead
from reviewer.ports import LedgerFile, VaultKeys


class MemoryLedgerFile:
    """A `LedgerFile` whose file is an attribute of its opener."""

    def __init__(self, opener: MemoryLedgerOpener, key: bytes) -> None:
        self._opener = opener
        self._key = key

    def read(self) -> bytes | None:
        if self._opener.file is None:
            return None
        return aead.unwrap(self._key, wrapped=self._opener.file, associated=b"file")

    def write(self, data: bytes, /) -> None:
        self._opener.file = aead.wrap(self._key, plaintext=data, associated=b"file")

    def seal(self, totals: bytes, /) -> bytes:
        return aead.wrap(self._key, plaintext=totals, associated=b"totals")

    def open(self, sealed: bytes, /) -> bytes:
        return aead.unwrap(self._key, wrapped=sealed, associated=b"totals")


class MemoryLedgerOpener:
    """A `LedgerOpener` that keeps one file, whoever asks with which key."""

    def __init__(self) -> None:
        self.file: bytes | None = None

    def __call__(self, keys: VaultKeys, /) -> LedgerFile:
        return MemoryLedgerFile(self, keys.ledger_key)
