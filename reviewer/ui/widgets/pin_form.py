"""Choosing a PIN, changing it, or going without; two fields, never a reminder."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from reviewer.errors import Code
from reviewer.ui import tokens
from reviewer.ui.building import button, column, label, row
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.secret_field import SecretField
from reviewer.ui.words import day as words


class PinForm(QFrame):
    """A card of the settings."""

    chosen = Signal(str)
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pinForm")
        give_role(self, "card")
        self._state = label(role="muted", name="pinState")
        self.first = SecretField("pinFirst", words.PIN)
        self.second = SecretField("pinSecond", words.PIN_AGAIN)
        for field in (self.first, self.second):
            field.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.first.entered.connect(self.second.setFocus)
        self.second.entered.connect(self._choose)
        self.error = ErrorPanel("pinError")
        self.said = label(role="soft", name="pinSaid")
        self._save = button(words.PIN_SAVE, "pinSave", self._choose, role="large")
        self._remove = button(
            words.PIN_REMOVE, "pinRemove", self.removed.emit, role="link"
        )
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=self)
        inner.addWidget(label(words.PIN_SETTING, "strong"))
        for each in (self._state, label(words.PIN_RULE, "small")):
            inner.addWidget(each)
        for name, field in ((words.PIN, self.first), (words.PIN_AGAIN, self.second)):
            inner.addWidget(label(name, "small"))
            inner.addWidget(field)
        inner.addWidget(self.error)
        inner.addWidget(self.said)
        acts = row()
        acts.addWidget(self._save)
        acts.addWidget(self._remove)
        acts.addStretch(1)
        inner.addLayout(acts)
        self.said.hide()

    def show_state(self, *, is_set: bool, said: str = "") -> None:
        """Say whether there is a PIN, and what has just been done."""
        self.clear()
        self._state.setText(words.PIN_SET if is_set else words.PIN_UNSET)
        self._remove.setVisible(is_set)
        self.said.setText(said)
        self.said.setVisible(bool(said))

    def show_error(self, code: Code) -> None:
        """Explain why it was not taken."""
        self.said.hide()
        self.error.show_code(code)
        self.first.setFocus()

    def clear(self) -> None:
        """Forget what was typed."""
        self.error.clear()
        self.first.clear()
        self.second.clear()

    def _choose(self) -> None:
        pin, again = self.first.text(), self.second.text()
        if not pin:
            self.first.setFocus()
            return
        self.clear()
        if pin != again:
            self.error.show_words(words.PIN_DIFFERS)
            self.first.setFocus()
            return
        self.chosen.emit(pin)
