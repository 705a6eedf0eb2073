"""Handing over the rest of a batch: how many, one optional line, one button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from reviewer.ui.building import button, forget, label
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.page import Page
from reviewer.ui.words import day as words

_MOST_CHARACTERS: Final = 280


class HandOverScreen(Page):
    """Asks for no reason."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("handOver", words.HAND_OVER, words.HAND_OVER_LINE)
        self.error = ErrorPanel("handOverError")
        self._line = QLineEdit()
        self._line.setObjectName("handOverLine")
        self._line.setAccessibleName(words.HAND_OVER_FIELD)
        self._line.setMaxLength(_MOST_CHARACTERS)
        self.go = button(
            words.HAND_OVER, "handOverGo", self._go, role="primary", icon=Icon.HAND_BACK
        )
        self._line.returnPressed.connect(self.go.setFocus)
        self.body.addWidget(label(words.HAND_OVER_FIELD, "strong"))
        self.body.addWidget(self._line)
        self.body.addWidget(self.error)
        self.body.addWidget(self.go)

    def start(self, count: int) -> None:
        """Say how many would go back."""
        self.error.clear()
        forget(self._line)
        self.title.setText(words.hand_over_title(count))
        self.go.setEnabled(count > 0)
        if count:
            self._line.setFocus()
        else:
            self.error.show_words(words.HAND_OVER_NOTHING)
            self.back.setFocus()

    def clear(self) -> None:
        """Hold nothing that was typed."""
        forget(self._line)

    def _go(self) -> None:
        self.go.setEnabled(False)
        self.wanted.emit(self._line.text())
