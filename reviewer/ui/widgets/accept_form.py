"""The form that takes the issuer's answer from a file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from reviewer.errors import Code
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.path_field import PathField
from reviewer.ui.widgets.secret_field import SecretField


class AcceptForm(QWidget):
    """A file and the passphrase that was chosen with the request."""

    submitted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("accept")
        self.path = PathField("acceptPath", messages.CHOOSE_FILE)
        self.secret = SecretField("acceptPassphrase", messages.PASSPHRASE)
        self.error = ErrorPanel("acceptError")
        self.go = button(messages.OPEN, "acceptGo", self._submit, role="primary")
        self.back = button(
            messages.BACK, "acceptBack", self.left.emit, role="back", icon=Icon.BACK
        )
        inner = column(space=tokens.SPACE_8, parent=self)
        head = row()
        head.addWidget(self.back)
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(label(messages.ENROL_ACCEPT, "display"))
        inner.addWidget(label(messages.ENROL_ACCEPT_LINE, "muted"))
        inner.addSpacing(tokens.SPACE_8)
        inner.addWidget(label(messages.ENROL_FILE, "strong"))
        inner.addWidget(self.path)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(label(messages.PASSPHRASE, "strong"))
        inner.addWidget(self.secret)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.error)
        inner.addWidget(self.go)
        self.path.entered.connect(self.secret.setFocus)
        self.secret.entered.connect(self._submit)

    def start(self) -> None:
        """Begin with an empty form."""
        self.error.clear()
        self.set_busy(busy=False)
        self.path.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """Say that the vault is being opened, or that the form can be used."""
        self.go.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.go.setText(messages.UNLOCKING if busy else messages.OPEN)

    def show_error(self, code: Code) -> None:
        """Explain what went wrong."""
        self.set_busy(busy=False)
        self.error.show_code(code)

    def clear(self) -> None:
        """Forget what was typed."""
        self.path.clear()
        self.secret.clear()
        self.error.clear()

    def _submit(self) -> None:
        if self.path.path() is None or not self.secret.text():
            self.error.show_code(Code.INPUT_MISSING)
        elif self.go.isEnabled():
            self.error.clear()
            self.set_busy(busy=True)
            self.submitted.emit()
