"""The same packages on the other systems that they are for."""

from __future__ import annotations

import json
import shutil
from typing import Any, Final

import pytest

from tests.packaging.lifecycle import NAMES, package
from tests.packaging.roots import (
    DEBIAN_13,
    KEPT,
    UBUNTU_24_04,
    CleanRoot,
    System,
    why_not,
)

SYSTEMS: Final = {"debian 13": DEBIAN_13, "ubuntu 24.04": UBUNTU_24_04}
_WELL: Final = ("installation", "libraries", "kernel", "landlock", "sandbox")

pytestmark = pytest.mark.packaging


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_the_same_packages_do_the_main_job(system: System) -> None:
    """Installed by the system's own tools, used by a person, removed again."""
    reason = why_not(system)
    if reason:
        pytest.skip(reason)
    root = CleanRoot(KEPT / f"root-{system.name}", system)
    try:
        root.install(*(package(name) for name in NAMES))
        demo = root.run("reviewer", "demo", "--offscreen", "--json", person=True)
        flight = root.run(
            "reviewer", "doctor", "--preflight", "--json", person=True, check=False
        )
        root.run(
            *("apt-get", "purge", "-y", "-q", *NAMES),
            environment=("DEBIAN_FRONTEND=noninteractive",),
        )
        _check(json.loads(demo.stdout.splitlines()[-1]), json.loads(flight.stdout))
        assert not (root.folder / "usr/lib/reviewer").exists()
    finally:
        shutil.rmtree(root.folder, ignore_errors=True)


def _check(demo: dict[str, Any], flight: dict[str, Any]) -> None:
    assert demo["receipt_verified"] is True
    assert demo["accepted"] == demo["items"] > 0
    assert demo["sandbox_level"] == "full"
    checks = {one["name"]: one for one in flight["checks"]}
    for name in _WELL:
        assert checks[name]["state"] == "ok", checks[name]
