"""Open a batch by keys; loads nothing that the program itself does not load."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.demo.hands import Hands
from reviewer.ui.shell import Shell

PASSPHRASE = "measured words that open nothing else"  # noqa: S105 (throw-away)
_Key = Qt.Key


def open_batch(shell: Shell) -> Hands:
    """Unlock the window, open its batch, and return the hands that did."""
    hands = Hands(shell, plate=False)
    hands.begin()
    hands.at("unlockScreen")
    hands.reach("unlockScreenPassphrase")
    hands.write(PASSPHRASE)
    hands.tap(_Key.Key_Return)
    hands.at("homeScreen")
    hands.reach(_card(shell))
    hands.tap(_Key.Key_Return)
    hands.at("reviewScreen")
    return hands


def _card(shell: Shell) -> str:
    for widget in shell.home.findChildren(QWidget):
        if widget.objectName().startswith("batch-"):
            return widget.objectName()
    raise AssertionError("no batch")
