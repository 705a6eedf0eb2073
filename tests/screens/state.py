"""One state of one screen: what it is called, and how to reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.ui.harness import Harness


@dataclass(frozen=True, slots=True)
class State:
    """A line in one of the tables; `drive` begins at a window that was just shown."""

    name: str
    """Of its files; the number says where it stands in the list."""
    words: str
    drive: Callable[[Harness], None]
