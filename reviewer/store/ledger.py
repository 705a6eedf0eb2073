"""The exposure ledger's file: `ledger` in the profile, sealed under a key of its own.

The key is wrapped by passphrase and device secret and never by the vault key, so
that recovering a vault for the organisation opens no ledger (design.md 5). What is in
the file this module does not know; it is padded, so that its length does not tell how
much was looked at. Layout before sealing: length as 4 bytes, the bytes, zeros.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reviewer.crypto import aead
from reviewer.errors import Code, VerificationError
from reviewer.formats import durable
from reviewer.ports import Entropy, LedgerFile, VaultKeys

LEDGER: Final = "ledger"
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
_STEP_BYTES: Final = 64 * 1024
_TOTALS_STEP_BYTES: Final = 1024
_LENGTH_BYTES: Final = 4
_FILE: Final = b"rv/ledger-file/1"
_TOTALS: Final = b"rv/ledger-totals/1"


class SealedLedgerFile:
    """The `LedgerFile` of one profile."""

    def __init__(
        self, folder: Path, *, keys: VaultKeys, entropy: Entropy = os.urandom
    ) -> None:
        """Touch nothing yet."""
        self._path: Final = folder / LEDGER
        self._key = keys.ledger_key
        self._vault = keys.vault_id.encode()
        self._entropy = entropy

    def read(self) -> bytes | None:
        """Return what was written last, None where there is no file.

        Raises:
            VerificationError: UNSEAL_FAILED, changed, cut, or another profile's;
                TOO_LARGE.
            UnavailableError: DISK_FAILED.
        """
        try:
            with self._path.open("rb") as file:
                sealed = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise durable.disk_error(error) from error
        if len(sealed) > MAX_FILE_BYTES:
            raise VerificationError(Code.TOO_LARGE, "ledger")
        return self._unsealed(sealed, _FILE)

    def write(self, data: bytes, /) -> None:
        """Replace the file durably.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED; the file is old or new.
        """
        durable.replace(self._path, self._sealed(data, _FILE, step_bytes=_STEP_BYTES))

    def seal(self, totals: bytes, /) -> bytes:
        """Seal totals for the vault to keep."""
        return self._sealed(totals, _TOTALS, step_bytes=_TOTALS_STEP_BYTES)

    def open(self, sealed: bytes, /) -> bytes:
        """Open what `seal` made.

        Raises:
            VerificationError: UNSEAL_FAILED.
        """
        return self._unsealed(sealed, _TOTALS)

    def _sealed(self, data: bytes, purpose: bytes, *, step_bytes: int) -> bytes:
        padded = len(data).to_bytes(_LENGTH_BYTES, "big") + data
        padded += bytes(-len(padded) % step_bytes)
        return aead.wrap(
            self._key,
            plaintext=padded,
            associated=purpose + self._vault,
            entropy=self._entropy,
        )

    def _unsealed(self, sealed: bytes, purpose: bytes) -> bytes:
        padded = aead.unwrap(
            self._key, wrapped=sealed, associated=purpose + self._vault
        )
        length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
        return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


class SealedLedgerOpener:
    """The `LedgerOpener` of a profile folder."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet."""
        self._folder = folder

    def __call__(self, keys: VaultKeys, /) -> LedgerFile:
        """Return the ledger's file for unlocked keys; touches nothing."""
        return SealedLedgerFile(self._folder, keys=keys)
