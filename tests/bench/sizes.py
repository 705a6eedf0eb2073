"""How big the measurements are: bounded by default, as designed with `--big`."""

from __future__ import annotations

import os
from typing import Final

BIG: Final = "REVIEWER_BENCH_BIG"


def is_big() -> bool:
    """Return whether the run takes its time."""
    return bool(os.environ.get(BIG))
