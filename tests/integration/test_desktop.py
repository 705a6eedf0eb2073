"""A desktop that locks, and a machine that goes to sleep, are heard on the bus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = shutil.which("dbus-run-session")
CHILD = f"{sys.executable} -m tests.integration.desktop_child"


@pytest.mark.skipif(RUN is None, reason="needs a message bus")
def test_the_desktop_is_heard_on_a_bus() -> None:
    """Four of them lock; what says that something is over does not."""
    assert RUN is not None
    both = f"DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS {CHILD}"
    done = subprocess.run(
        [RUN, "--", "sh", "-c", both],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines() == ["4 heard", "4 locks"], done.stderr


def test_without_a_bus_nothing_is_heard_and_nothing_fails() -> None:
    """Idleness and the clock are left then."""
    code = "from reviewer.ui.day.desktop import Desktop; print(Desktop().watch())"
    nowhere = "unix:path=/nonexistent"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ
        | {"DBUS_SESSION_BUS_ADDRESS": nowhere, "DBUS_SYSTEM_BUS_ADDRESS": nowhere},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "0\n"
