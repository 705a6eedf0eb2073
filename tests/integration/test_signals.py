"""Ctrl+C and a polite kill end an open window within a second, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHIN_S = 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="other signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_window(tmp_path: Path, name: str) -> None:
    """The profile is locked and free, and the exit code is that of closing."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.signal_child", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        sent = time.monotonic()
        child.send_signal(signal.Signals[name])
        said, wrong = child.communicate(timeout=30)
        took = time.monotonic() - sent
    finally:
        child.kill()
    assert wrong == ""
    assert said == "locked, ended 0\n"
    assert child.returncode == 0
    assert took < WITHIN_S * _slowness()


def _slowness() -> float:
    """Return how far a busy machine may stretch it: by its load for each core."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
