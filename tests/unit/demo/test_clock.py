"""The demonstration's clock runs on when it is told to, and both hands together."""

from __future__ import annotations

from reviewer.demo.clock import DemoClock


def test_both_clocks_run_on_alike() -> None:
    """A wall clock that ran on alone would look like sleep, and lock."""
    clock = DemoClock()
    wall, mono = clock.unix_ms(), clock.mono_ms()
    clock.pass_by(600_000)
    assert 600_000 <= clock.mono_ms() - mono < 660_000
    assert 600_000 <= clock.unix_ms() - wall < 660_000
