"""Named points around a commit, where a test may end the process.

Nothing happens at a point unless a callable was passed to the constructor of the
opener; no variable, file or option of a release leads here.
"""

from __future__ import annotations

import enum
from collections.abc import Callable


class Point(enum.StrEnum):
    """Where a crash is worth trying."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    AFTER_ANCHOR = "after_anchor"
    AFTER_CONFIRM = "after_confirm"
    AFTER_REWRAP = "after_rewrap"
    AFTER_REKEY = "after_rekey"


Fault = Callable[[Point], None]


def no_fault(_point: Point) -> None:
    """Go on: the only fault that a release knows."""
