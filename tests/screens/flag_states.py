"""How to reach the states of marks, seals, threats to life and quiet lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt

from tests.screens import batch
from tests.screens.state import State
from tests.ui.harness import Harness

_Key = Qt.Key


def _review(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    window.go_to(batch.UNRATED)


def _threat(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_T)
    window.wait(lambda seen: seen.lit == "threat")
    window.write("Somebody says that he will set a house on fire")
    window.tap(_Key.Key_Tab)
    window.write("The writer, to a family of his street")


def _marked(window: Harness) -> None:
    _review(window)
    window.tap(_Key.Key_C)
    window.settle()
    window.later(3_000)


def _sealed(window: Harness) -> None:
    _marked(window)
    window.tap(_Key.Key_C)
    window.settle()
    window.go_to(batch.UNRATED)


def _rating(window: Harness) -> None:
    _review(window)
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    window.later(2_000)
    window.up(_Key.Key_F)
    window.settle()


STATES: Final = (
    State("55-threat", "Threat to life: the form", _threat),
    State("56-marked", "Minor possible: marked, before it is sealed", _marked),
    State("57-sealed", "A sealed item", _sealed),
    State("58-rating", "A rating offered after a look", _rating),
)
