"""A window of its own process that is killed in a commit: `-m`, a descriptor's number.

Its orders come as one JSON line through that descriptor, the passphrase among them.
It opens the batch where it was left, decides with all fields and a note, and is ended
by SIGKILL at the named point of the commit.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import Qt

from reviewer import compose
from reviewer.demo.drive import walking
from reviewer.demo.hands import Hands
from reviewer.store.faults import Point
from reviewer.ui.shell import Shell

NOTE: Final = "A note of the demonstration"
_Key = Qt.Key


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told."""

    profile: str
    passphrase: str
    point: Point


class Plug:
    """Ends this process at a point of a commit, once it was armed."""

    def __init__(self, point: Point) -> None:
        """Wait for this point."""
        self._point = point
        self.is_armed = False

    def __call__(self, point: Point) -> None:
        """Pull it."""
        if self.is_armed and point is self._point:
            os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Work until killed; anything else is a failure."""
    with os.fdopen(int(arguments[0]), "rb") as given:
        orders = msgspec.json.decode(given.read(), type=Orders)
    compose.harden()
    plug = Plug(orders.point)
    clock = compose.SystemClock()
    parts = compose.Parts(fault=plug, clock=clock)

    def go(shell: Shell) -> None:
        hands = Hands(shell, plate=False)
        hands.begin()
        walking.open_batch(shell, hands, orders.passphrase)
        hands.wait("the copies", lambda seen: seen.grouped)
        decide(hands, plug)

    walking.in_window(compose.entering(Path(orders.profile), parts), go, clock=clock)
    return 1


def decide(hands: Hands, plug: Plug) -> None:
    """Set every field, write a note, and commit; the process ends in the commit."""
    hands.wait("the picture", lambda seen: seen.painted and not seen.busy)
    hands.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    hands.tap(_Key.Key_N)
    hands.write(NOTE)
    hands.wait("quiet", lambda seen: seen.lit == "ready" and not seen.busy)
    plug.is_armed = True
    hands.tap(_Key.Key_Return, control=True)
    hands.wait("the end", lambda _: False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
