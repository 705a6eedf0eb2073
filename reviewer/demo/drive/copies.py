"""The first moment: forty copies, one look, one verdict, confirmed by contexts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.demo.hands import PATIENCE_S, Hands
from reviewer.demo.summary import exposed
from reviewer.demo.tour import Check, Moment
from reviewer.safeguards.overview import Overview
from reviewer.ui.probe import Seen
from reviewer.ui.shell import Shell

_Key = Qt.Key


def decide_copies(shell: Shell, hands: Hands, screens: Path) -> Moment:
    """Look at one item, decide it, and confirm the contexts of its copies.

    Raises:
        StuckError: the window did not do what it should.
    """
    hands.wait("the copies", lambda seen: seen.grouped, patience_s=2 * PATIENCE_S)
    before = _ready(hands)
    keys, ledger = hands.keys, exposed(_view(shell))
    hands.save(screens / "1-copies-before.png")
    if before.stage == "covered":
        hands.tap(_Key.Key_Space)
    hands.down(_Key.Key_F)
    hands.wait("a look", lambda seen: seen.holds_clear and not seen.busy)
    hands.save(screens / "1-copies-one-look.png")
    hands.up(_Key.Key_F)
    hands.wait("concealment", lambda seen: not seen.holds_clear)
    hands.tap(_Key.Key_1)
    asked = hands.wait("the contexts", lambda seen: seen.lit == "contexts")
    hands.save(screens / "1-copies-contexts.png")
    hands.tap(_Key.Key_Return)
    hands.wait(
        "the commit",
        lambda seen: (
            seen.open_count < before.open_count and not (seen.committing or seen.busy)
        ),
    )
    after = _ready(hands)
    hands.save(screens / "1-copies-after.png")
    now = exposed(_view(shell))
    return _told(
        {
            "copies": before.copies + 1,
            "items": before.open_count - after.open_count,
            "contexts": asked.contexts,
            "unticked": before.copies - asked.ticked,
            "looks": now.views - ledger.views,
            "clear_ms": now.clear_ms - ledger.clear_ms,
            "keys": hands.keys - keys,
        }
    )


def _told(counts: dict[str, int]) -> Moment:
    decided = Check(
        said=(
            f"{counts['items']} of {counts['copies']} copies decided by "
            f"{counts['looks']} look: {counts['clear_ms'] / 1_000:.1f} seconds clear, "
            f"{counts['keys']} keys, {counts['contexts']} contexts confirmed in words."
        ),
        holds=counts["looks"] == 1 and counts["items"] > 1,
    )
    news = Check(
        said=(
            f"{counts['unticked']} copies from the news stayed unticked and open, for "
            "a verdict of their own."
        ),
        holds=counts["unticked"] > 0
        and counts["items"] + counts["unticked"] == counts["copies"],
    )
    name = f"{counts['copies']} copies, one look"
    return Moment(name=name, checks=(decided, news), counts=counts)


def _ready(hands: Hands) -> Seen:
    return hands.wait("the picture", lambda seen: seen.painted and not seen.busy)


def _view(shell: Shell) -> Overview:
    work = shell.sitting.work
    if work is None:
        raise AssertionError("the profile is open while its batch is")
    return work.exposure.view()
