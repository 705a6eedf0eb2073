"""No path, key, clock, deletion or restore passes a cap: through the service."""

from __future__ import annotations

from hypothesis import settings

from tests.fakes.exposure import rules
from tests.fakes.ledger_machine import CAPS, LedgerMachine
from tests.fakes.sitting import Sitting


class ServiceMachine(LedgerMachine):
    """Sealed and kept by the service, in memory."""

    def made_desk(self) -> Sitting:
        return Sitting(rules(CAPS))


TestExposing = ServiceMachine.TestCase
TestExposing.settings = settings(max_examples=60, stateful_step_count=30)
