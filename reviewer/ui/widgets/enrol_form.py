"""The form that joins an organisation: address if online, code, passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from reviewer.errors import Code
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, forget, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.passphrase_box import PassphraseBox
from reviewer.ui.widgets.path_field import PathField


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolWords:
    """What distinguishes the online form from the one by two files."""

    name: str
    title: str
    line: str
    action: str
    online: bool


class EnrolForm(QWidget):
    """Emits `submitted` once everything is filled in; the passphrase is taken then."""

    submitted = Signal()
    left = Signal()

    def __init__(self, words: EnrolWords, suggest: Callable[[], str]) -> None:
        super().__init__()
        self.setObjectName(words.name)
        self.address = self._field(f"{words.name}Address", messages.ADDRESS)
        self.address.setPlaceholderText(messages.ADDRESS_HINT)
        self.code = self._field(f"{words.name}Code", messages.CODE)
        self.code.setPlaceholderText(messages.CODE_HINT)
        self.path = PathField(f"{words.name}Path", messages.SAVE_REQUEST)
        self.passphrase = PassphraseBox(suggest)
        self.error = ErrorPanel(f"{words.name}Error")
        self._online = words.online
        self._action = words.action
        self.go = button(words.action, f"{words.name}Go", self._submit, role="primary")
        self.back = button(
            messages.BACK,
            f"{words.name}Back",
            self.left.emit,
            role="back",
            icon=Icon.BACK,
        )
        self._lay_out(words)
        self.code.returnPressed.connect(self._submit)
        self.passphrase.entered.connect(self._submit)

    def start(self) -> None:
        """Begin with empty fields and fresh words."""
        self.error.clear()
        self.passphrase.start()
        self.set_busy(busy=False)
        (self.address if self._online else self.code).setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """Say that keys are being made, or that the form can be used."""
        self.go.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.go.setText(messages.ENROLLING if busy else self._action)

    def show_error(self, code: Code) -> None:
        """Explain what went wrong; every field is as it was."""
        self.set_busy(busy=False)
        self.error.show_code(code)

    def clear(self) -> None:
        """Forget what was typed."""
        for each in (self.address, self.code):
            forget(each)
        self.path.clear()
        self.passphrase.clear()
        self.error.clear()

    def _submit(self) -> None:
        first = self.address.text() if self._online else self.path.path()
        if not first or not self.code.text().strip():
            self.error.show_code(Code.INPUT_MISSING)
        elif self.passphrase.take() is None:
            self.error.show_words(messages.PASSPHRASE_DIFFERS)
        elif self.go.isEnabled():
            self.error.clear()
            self.set_busy(busy=True)
            self.submitted.emit()

    def _field(self, name: str, words: str) -> QLineEdit:
        result = QLineEdit()
        result.setObjectName(name)
        result.setAccessibleName(words)
        return result

    def _lay_out(self, words: EnrolWords) -> None:
        inner = column(space=tokens.SPACE_8, parent=self)
        head = row()
        head.addWidget(self.back)
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(label(words.title, "display"))
        inner.addWidget(label(words.line, "muted"))
        inner.addSpacing(tokens.SPACE_8)
        if words.online:
            inner.addWidget(label(messages.ADDRESS, "strong"))
            inner.addWidget(self.address)
            inner.addSpacing(tokens.SPACE_4)
        else:
            self.address.setParent(self)
            self.address.hide()
        inner.addWidget(label(messages.CODE, "strong"))
        inner.addWidget(self.code)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(label(messages.PASSPHRASE, "strong"))
        inner.addWidget(self.passphrase)
        if words.online:
            self.path.setParent(self)
            self.path.hide()
        else:
            inner.addSpacing(tokens.SPACE_4)
            inner.addWidget(label(messages.SAVE_REQUEST, "strong"))
            inner.addWidget(self.path)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.error)
        inner.addWidget(self.go)
