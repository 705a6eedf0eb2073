"""What every act of the service works on: folder, key, database, time, chance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from reviewer.coordinator.db import Database
from reviewer.coordinator.home import Home, ServiceKey
from reviewer.domain.ids import UnixMs, UtcTime
from reviewer.domain.times import utc_of


def system_clock() -> UnixMs:
    """Return the machine's wall clock."""
    return UnixMs(time.time_ns() // 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An open service. Its parts are safe to use from several threads."""

    home: Home
    key: ServiceKey
    database: Database
    clock: Callable[[], UnixMs] = system_clock
    entropy: Callable[[int], bytes] = os.urandom

    def now(self) -> UtcTime:
        """Return the time as the wire writes it."""
        return utc_of(self.clock())
