"""Unlock and curtain: one door with two faces; only the passphrase opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.mark import Mark
from reviewer.ui.widgets.secret_field import SecretField


class DoorScreen(QFrame):
    """Asks for the passphrase; shows who to talk to."""

    submitted = Signal(str)
    accept_wanted = Signal()
    go_on_wanted = Signal()
    """The enrolment is not finished: back to the first screen."""

    def __init__(
        self, name: str, icon: Icon, title: str, words: str, action: str
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        give_role(self, "screen")
        self._action = action
        self.secret = SecretField(f"{name}Passphrase", messages.PASSPHRASE)
        self.secret.entered.connect(self._submit)
        self.error = ErrorPanel(f"{name}Error")
        self.go = button(action, f"{name}Go", self._submit, role="primary")
        self._keyring = label(role="small", name=f"{name}Keyring")
        self._accept = button(
            messages.AWAITING, f"{name}Accept", self.accept_wanted.emit, role="link"
        )
        self._go_on = button(
            messages.ENROL_GO_ON, f"{name}GoOn", self.go_on_wanted.emit, role="link"
        )
        self._support_title = label(messages.SUPPORT, "overline")
        self._support = label(name=f"{name}Support")
        self._lay_out(icon, title, words)

    def _lay_out(self, icon: Icon, title: str, words: str) -> None:
        content = QWidget()
        inner = column(space=tokens.SPACE_8, parent=content)
        inner.addWidget(Mark(icon))
        inner.addWidget(label(title, "display"))
        inner.addWidget(label(words, "muted"))
        inner.addSpacing(tokens.SPACE_12)
        inner.addWidget(label(messages.PASSPHRASE, "strong"))
        inner.addWidget(self.secret)
        inner.addWidget(self._keyring)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.error)
        inner.addWidget(self.go)
        inner.addWidget(self._accept)
        inner.addWidget(self._go_on)
        inner.addSpacing(tokens.SPACE_24)
        inner.addWidget(self._support_title)
        inner.addWidget(self._support)
        outer = column(space=0, parent=self)
        outer.addWidget(
            scrolled(centred(content, tokens.FORM_PX), f"{self.objectName()}Area")
        )

    def start(
        self,
        *,
        keyring: KeyringMode | None,
        support: tuple[str, ...],
        may_accept: bool,
        may_go_on: bool = False,
    ) -> None:
        """Begin with an empty field; say so where the enrolment is not finished."""
        self.secret.clear()
        self.error.clear()
        self.set_busy(busy=False)
        words = "" if keyring is None else messages.KEYRING_WORDS[keyring]
        self._keyring.setText(words)
        self._keyring.setVisible(bool(words))
        self._accept.setVisible(may_accept)
        self._go_on.setVisible(may_go_on)
        if may_go_on:
            self.error.show_words(messages.ENROL_BEGUN)
        self._support.setText("\n".join(one_line(each) for each in support))
        self._support.setVisible(bool(support))
        self._support_title.setVisible(bool(support))
        self.secret.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """Say that the vault is being opened, or that the field can be used."""
        self.go.setEnabled(not busy)
        self.secret.edit.setEnabled(not busy)
        self.go.setText(messages.UNLOCKING if busy else self._action)

    def show_error(self, code: Code) -> None:
        """Explain what went wrong."""
        self.set_busy(busy=False)
        self.secret.clear()
        self.error.show_code(code)
        self.secret.setFocus()

    def say(self, words: str) -> None:
        """Say something that has no code; the field can be used."""
        self.set_busy(busy=False)
        self.error.show_words(words)

    def _submit(self) -> None:
        if not self.secret.text() or not self.go.isEnabled():
            return
        self.error.clear()
        passphrase = self.secret.text()
        self.set_busy(busy=True)
        self.secret.clear()
        self.submitted.emit(passphrase)
