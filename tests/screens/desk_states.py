"""How to reach each state of the review screen, by keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt

from reviewer.safeguards.limits import Reason, Refused
from reviewer.services.exposing import Exposing
from reviewer.ui.desk.desk import ReviewDesk
from tests.screens import batch
from tests.screens.state import State
from tests.ui.harness import Harness

_Key = Qt.Key
_HOUR_MS: Final = 3_600_000


def _desk(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def _review(window: Harness, at: int = batch.STILL) -> None:
    window.review(batch.ITEMS, days=6)
    window.go_to(at)


def _concealed(window: Harness) -> None:
    _review(window)


def _covered(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_Escape)


def _severe(window: Harness) -> None:
    _review(window, batch.SEVERE)


def _unrated(window: Harness) -> None:
    _review(window, batch.UNRATED)


def _hold(window: Harness, key: Qt.Key) -> None:
    window.down(key)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear and not seen.busy)


def _lens(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_D)
    _hold(window, _Key.Key_Space)


def _whole(window: Harness) -> None:
    _review(window)
    _hold(window, _Key.Key_F)


def _softened(window: Harness) -> None:
    _review(window, batch.UNRATED)
    _hold(window, _Key.Key_F)


def _storyboard(window: Harness) -> None:
    _review(window, batch.CLIP)
    window.tap(_Key.Key_Right, _Key.Key_Right)


def _frame(window: Harness) -> None:
    _storyboard(window)
    _hold(window, _Key.Key_F)


def _mild_text(window: Harness) -> None:
    _review(window, batch.MILD)
    window.wait(lambda seen: seen.holds_clear)


def _long_text(window: Harness) -> None:
    _review(window, batch.LONG)


def _find(window: Harness) -> None:
    _review(window, batch.LONG)
    window.tap(_Key.Key_D)
    window.wait(lambda seen: seen.holds_clear)
    window.tap(_Key.Key_T, control=True)
    window.write("bridge")
    window.bot.waitUntil(lambda: _says(window, "findCount"))
    window.settle()


def _says(window: Harness, name: str) -> bool:
    return bool(window.find(name).property("text"))


def _refused(window: Harness) -> None:
    _review(window, batch.BROKEN)


def _opted_out(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    _desk(window).context.exposure.opt_out("election")
    window.go_to(batch.OUT)


def _capped(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    exposure = _desk(window).context.exposure
    assert isinstance(exposure, Exposing)
    refused = Refused(
        reason=Reason.DAY,
        words_key=f"limit_{Reason.DAY.value}",
        until=exposure.now() + 14 * _HOUR_MS,
    )
    vars(exposure)["may_reveal"] = lambda _row: refused
    window.down(_Key.Key_F)
    window.later(300)
    window.settle()


def _grounds(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_2, _Key.Key_1)


def _ready(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    window.wait(lambda seen: seen.lit == "ready")


def _note(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_N)
    window.write("The same square as in the item before, from the other side.")


def _severity(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_V)


def _hand_back(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_H)
    window.wait(lambda seen: seen.lit == "hand_back")


def _decided(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_1)
    window.settle()
    window.go_to(batch.UNRATED)


def _contexts(window: Harness) -> None:
    _copies(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts" and not seen.busy)


def _compare(window: Harness) -> None:
    _copies(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Right)


def _copies(window: Harness) -> None:
    _review(window)
    window.bot.waitUntil(window.find("itemCopies").isVisible, timeout=20_000)
    window.settle()


def _search(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_F, control=True)
    window.settle()
    window.write("hills")
    window.tap(_Key.Key_Return)
    window.settle()


def _search_nothing(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_F, control=True)
    window.settle()
    window.write("lighthouse")
    window.tap(_Key.Key_Return)
    window.settle()


def _palette(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_K, control=True)
    window.write("co")


def _key_sheet(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_F1)


def _escalated(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_E)
    window.settle()


def _finished(window: Harness) -> None:
    window.review(batch.ITEMS[batch.UNRATED : batch.LONG], days=6)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 0)
    window.settle()


def _failed(window: Harness) -> None:
    _review(window, batch.UNRATED)
    window.tap(_Key.Key_U)
    window.wait(lambda seen: seen.error != "")


STATES: Final = (
    State("20-concealed", "An item as it opens: concealed", _concealed),
    State("21-covered", "Everything covered by Esc", _covered),
    State("22-severe", "A severe item opens covered", _severe),
    State("23-unrated", "An unrated item: more concealed, and grey", _unrated),
    State("24-lens", "A look through the lens, Space held", _lens),
    State("25-whole", "A look at the whole picture, F held", _whole),
    State("26-softened", "An unrated item softened, F held", _softened),
    State("27-storyboard", "The sheet of a clip", _storyboard),
    State("28-frame", "One frame of a clip, F held", _frame),
    State("29-text", "A mild text", _mild_text),
    State("30-text-closed", "A severe text: one line until it is opened", _long_text),
    State("31-text-find", "Words found in a text", _find),
    State("32-refused", "A damaged item says why it cannot be shown", _refused),
    State("33-opted-out", "An item with a tag that was opted out of", _opted_out),
    State("34-cap", "No look is left for today", _capped),
    State("40-grounds", "Removing: grounds", _grounds),
    State("41-ready", "Ready to commit", _ready),
    State("42-note", "A note being written", _note),
    State("43-severity", "Correcting the severity", _severity),
    State("44-hand-back", "Handing back, with a reason or none", _hand_back),
    State("45-decided", "An item that was decided", _decided),
    State("46-contexts", "Copies: confirmed for each context", _contexts),
    State("47-compare", "Comparing copies, concealed", _compare),
    State("48-escalated", "After an escalation: submit now or later", _escalated),
    State("49-finished", "Nothing left to decide", _finished),
    State("50-search", "Search and facets", _search),
    State("51-search-nothing", "A search that finds nothing", _search_nothing),
    State("52-palette", "All acts by name", _palette),
    State("53-key-sheet", "The key sheet", _key_sheet),
    State("54-error", "An act that could not be done", _failed),
)
