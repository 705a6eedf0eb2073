"""Say *not run* where the machine gives no full sandbox; that is not a pass."""

from __future__ import annotations

import functools

import pytest

from reviewer.domain.rendition import SandboxLevel
from reviewer.sandbox import proof


@functools.cache
def level_here() -> SandboxLevel:
    """Return what a canary proves on this machine, once per test run."""
    return proof.prove(proof.begin()).level


def need_full_sandbox() -> None:
    """Skip the calling test, with the words that the summary counts as not run."""
    if level_here() is not SandboxLevel.FULL:
        pytest.skip("not run: this machine gives no full sandbox")
