"""No path, key, clock, deletion or restore passes a cap: the rules by themselves."""

from __future__ import annotations

from hypothesis import settings

from tests.fakes.exposure import Exposure, rules
from tests.fakes.ledger_machine import CAPS, LedgerMachine


class PureMachine(LedgerMachine):
    """Nothing between the window and the rules."""

    def made_desk(self) -> Exposure:
        return Exposure(rules(CAPS))


TestLedger = PureMachine.TestCase
TestLedger.settings = settings(max_examples=100, stateful_step_count=30)
