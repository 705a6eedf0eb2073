"""A door: it asks for the passphrase, or for the PIN behind a curtain."""

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
from reviewer.ui.words import day as words_of_day


class DoorScreen(QFrame):
    """Asks for the passphrase or the PIN; shows who to talk to."""

    submitted = Signal(str)
    support_wanted = Signal()
    other_wanted = Signal()
    """Somebody else works now: to the other profiles of this laptop."""
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
        self._more = button(
            words_of_day.LEAFLET, f"{name}More", self.support_wanted.emit, role="link"
        )
        self._switch = button(
            words_of_day.PIN_INSTEAD, f"{name}Switch", self._switch_secret, role="link"
        )
        self._other = button(
            words_of_day.OTHER_PERSON,
            f"{name}Other",
            self.other_wanted.emit,
            role="link",
        )
        self._other.hide()
        self.asks_pin = False
        self._may_switch = False
        self._asked = label(messages.PASSPHRASE, "strong")
        self._pin_line = label(words_of_day.PIN_LINE, "small", name=f"{name}PinLine")
        outer = column(space=0, parent=self)
        outer.addWidget(self._made_page(icon, title, words))

    def _made_page(self, icon: Icon, title: str, words: str) -> QWidget:
        content = QWidget()
        inner = column(space=tokens.SPACE_8, parent=content)
        inner.addWidget(Mark(icon))
        inner.addWidget(label(title, "display"))
        inner.addWidget(label(words, "muted"))
        inner.addSpacing(tokens.SPACE_12)
        inner.addWidget(self._asked)
        inner.addWidget(self.secret)
        inner.addWidget(self._pin_line)
        inner.addWidget(self._keyring)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.error)
        inner.addWidget(self.go)
        for each in (self._switch, self._accept, self._go_on, self._other):
            inner.addWidget(each)
        inner.addSpacing(tokens.SPACE_24)
        inner.addWidget(self._support_title)
        inner.addWidget(self._support)
        inner.addWidget(self._more)
        return scrolled(centred(content, tokens.FORM_PX), f"{self.objectName()}Area")

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
        self.ask(pin=False)
        self._accept.setVisible(may_accept)
        self._go_on.setVisible(may_go_on)
        if may_go_on:
            self.error.show_words(messages.ENROL_BEGUN)
        self._support.setText("\n".join(one_line(each) for each in support))
        self._support.setVisible(bool(support))
        self._support_title.setVisible(bool(support))
        self.secret.setFocus()

    def ask(self, *, pin: bool) -> None:
        """Ask for the PIN, with the passphrase as the other way, or for that alone."""
        self._may_switch = pin
        self._show_asked(pin=pin)

    def offer_other(self) -> None:
        """Offer the way to the other profiles of this laptop."""
        self._other.show()

    def set_busy(self, *, busy: bool) -> None:
        """Say that the vault is being opened, or that the field can be used."""
        self.go.setEnabled(not busy)
        self.secret.edit.setEnabled(not busy)
        waits = words_of_day.OPENING if self.asks_pin else messages.UNLOCKING
        self.go.setText(waits if busy else self._action)

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

    def _switch_secret(self) -> None:
        self._show_asked(pin=not self.asks_pin)
        self.error.clear()
        self.secret.clear()
        self.secret.setFocus()

    def _show_asked(self, *, pin: bool) -> None:
        self.asks_pin = pin
        name = words_of_day.PIN if pin else messages.PASSPHRASE
        self._asked.setText(name)
        self.secret.rename(name, digits=pin)
        self._pin_line.setVisible(pin)
        other = words_of_day.PIN_INSTEAD if pin else words_of_day.BACK_TO_PIN
        self._switch.setText(other)
        self._switch.setAccessibleName(other)
        self._switch.setVisible(self._may_switch)

    def _submit(self) -> None:
        if not self.secret.text() or not self.go.isEnabled():
            return
        self.error.clear()
        passphrase = self.secret.text()
        self.set_busy(busy=True)
        self.secret.clear()
        self.submitted.emit(passphrase)
