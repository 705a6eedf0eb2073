"""The key vault suite, run by the header vault and by its fake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewer.keys.vault import HeaderVault
from reviewer.ports import KeyVault
from tests.conformance.keyvault import KeyVaultSuite
from tests.fakes.clock import StepClock
from tests.fakes.key_vault import CHEAP_POLICY, MemoryKeyVault, MemorySecrets


class TestMemoryKeyVault(KeyVaultSuite):
    """The fake."""

    def make(self, *, keyring_accepted: bool = True) -> KeyVault:
        return MemoryKeyVault(keyring_accepted=keyring_accepted)


class TestHeaderVault(KeyVaultSuite):
    """The real one, at a cheap cost."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self._base = tmp_path
        self._made = 0

    def make(self, *, keyring_accepted: bool = True) -> KeyVault:
        self._made += 1
        return HeaderVault(
            self._base / str(self._made),
            device_secrets=MemorySecrets(accepted=keyring_accepted),
            clock=StepClock(),
            entropy=os.urandom,
            policy=CHEAP_POLICY,
        )
