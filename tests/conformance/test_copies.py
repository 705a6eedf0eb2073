"""The suite of anchor copies, run by the keyring's and by the fake."""

from __future__ import annotations

from reviewer.keys.anchorcopies import KeyringCopies
from reviewer.ports import AnchorCopies
from tests.conformance.copies import AnchorCopiesSuite
from tests.fakes.key_vault import MemoryCopies, MemorySecrets


class TestMemoryCopies(AnchorCopiesSuite):
    """The fake."""

    def make(self) -> AnchorCopies:
        self._fake = MemoryCopies()
        return self._fake

    def break_it(self) -> None:
        self._fake.is_readable = self._fake.is_writable = False


class TestKeyringCopies(AnchorCopiesSuite):
    """The real one, over secrets in memory."""

    def make(self) -> AnchorCopies:
        self._secrets = MemorySecrets()
        return KeyringCopies(self._secrets)

    def break_it(self) -> None:
        self._secrets.locked = True
