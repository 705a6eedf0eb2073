"""Parameters: chosen by measure, believed within bounds."""

from __future__ import annotations

import os
from typing import Final

import pytest

from reviewer.crypto.passphrase import CEILING, FLOOR, KdfParameters
from reviewer.keys.kdf import RELEASE, KdfPolicy, calibrate
from tests.fakes.clock import StepClock
from tests.fakes.key_vault import CHEAP_POLICY

QUICK: Final = KdfPolicy(
    floor=KdfParameters(memory_kib=64, passes=1, lanes=1),
    ceiling=CEILING,
    memory_steps_kib=(64, 128, 256, 512),
)


def test_a_release_never_goes_below_the_floor() -> None:
    """64 MiB, 3 passes, 4 lanes, and every step on offer holds it."""
    assert KdfParameters(memory_kib=65_536, passes=3, lanes=4) == FLOOR
    assert RELEASE.floor == FLOOR
    assert RELEASE.ceiling == CEILING
    assert RELEASE.memory_steps_kib == (65_536, 131_072, 262_144, 524_288)
    assert all(
        FLOOR.memory_kib <= step <= CEILING.memory_kib
        for step in RELEASE.memory_steps_kib
    )


def test_a_release_refuses_what_tests_use() -> None:
    """The cheap profile is outside the only policy of the package."""
    assert not RELEASE.allows(CHEAP_POLICY.floor)
    assert CHEAP_POLICY.allows(CHEAP_POLICY.floor)


@pytest.mark.parametrize(
    ("measured_ms", "chosen_kib"),
    [
        (1, 512),
        (187, 512),
        (188, 256),
        (375, 256),
        (376, 128),
        (750, 128),
        (751, 64),
        (1_500, 64),
        (9_000, 64),
    ],
)
def test_the_dearest_step_under_the_limit_is_chosen(
    measured_ms: int, chosen_kib: int
) -> None:
    """A measure of the cheapest step decides; a slow machine gets the floor."""
    clock = StepClock(step_ms=measured_ms)
    chosen = calibrate(QUICK, clock=clock, entropy=os.urandom)
    assert chosen == KdfParameters(memory_kib=chosen_kib, passes=1, lanes=1)


def test_a_single_step_is_not_measured() -> None:
    """There is nothing to choose."""
    clock = StepClock(step_ms=5_000)
    chosen = calibrate(CHEAP_POLICY, clock=clock, entropy=os.urandom)
    assert chosen == CHEAP_POLICY.floor
    assert clock.mono_ms() == 1_000
