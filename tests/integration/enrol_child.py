"""A program that enrols until it kills itself at a named point.

Reads its orders as one JSON line on standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reviewer.formats import durable
from reviewer.network import Coordinator, CoordinatorOpener
from reviewer.store.faults import Point
from reviewer.store.opener import SqlStoreOpener
from reviewer.sync.client import HttpOpener
from tests.fakes.bench_profile import PASSPHRASE, BenchProfile
from tests.fakes.clock import StepClock

BEFORE_FILE = "before_file"
"""Before a small file gets its name: header, its copy, anchor, anchor again."""
BEFORE_POST = "before_post"
AFTER_POST = "after_post"


@dataclass
class Killer:
    """Ends this process at the n-th passing of a point."""

    point: str
    countdown: int

    def __call__(self, point: str) -> None:
        """Count, and die without a word when the count is up."""
        if point == self.point:
            self.countdown -= 1
            if self.countdown == 0:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class KilledAtPost:
    """A coordinator's client with a point on both sides of the enrolment."""

    inner: Coordinator
    at: Callable[[str], None]

    def __getattr__(self, name: str) -> object:
        """Pass every other call through."""
        return getattr(self.inner, name)

    def enrol(self, enrolment: bytes, /) -> bytes:
        """Post between two points."""
        self.at(BEFORE_POST)
        answer = self.inner.enrol(enrolment)
        self.at(AFTER_POST)
        return answer


def main() -> None:
    """Enrol, and lock if nothing killed us."""
    orders = json.loads(sys.stdin.readline())
    killer = Killer(orders["point"], orders["countdown"])
    profile = BenchProfile(Path(orders["folder"]), StepClock())
    opener: CoordinatorOpener = HttpOpener(
        clock=profile.clock.unix_ms, entropy=os.urandom
    )
    commit = durable.commit

    def killed_commit(path: Path) -> None:
        killer(BEFORE_FILE)
        commit(path)

    def fault(point: Point) -> None:
        killer(point.value)

    durable.commit = killed_commit
    door = profile.door()
    door._stores = SqlStoreOpener(profile.folder, fault=fault)
    door._opener = lambda url: KilledAtPost(opener(url), killer)  # type: ignore[assignment]
    door.enrol_online(orders["url"], orders["code"], PASSPHRASE).lock()


if __name__ == "__main__":
    main()
