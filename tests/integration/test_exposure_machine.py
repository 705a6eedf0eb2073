"""No path, key, clock, deletion or restore passes a cap: with a real vault."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings

from tests.fakes.exposure import rules
from tests.fakes.ledger_machine import CAPS, LedgerMachine
from tests.fakes.sitting import Sitting, real_sitting


class VaultMachine(LedgerMachine):
    """An encrypted database with its anchor, and a sealed file."""

    def made_desk(self) -> Sitting:
        self.folder = tempfile.TemporaryDirectory()
        return real_sitting(Path(self.folder.name), with_rules=rules(CAPS))

    def teardown(self) -> None:
        """Lock, and leave nothing behind."""
        assert isinstance(self.desk, Sitting)
        self.desk.exposing.close()
        self.desk.store.close()
        self.folder.cleanup()


TestVault = VaultMachine.TestCase
TestVault.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
