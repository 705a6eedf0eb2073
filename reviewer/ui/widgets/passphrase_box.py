"""Choosing a passphrase: six words made for the person, or their own, twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.secret_field import SecretField


class PassphraseBox(QWidget):
    """Hands out one passphrase, or None while the two typed ones differ."""

    entered = Signal()

    def __init__(self, suggest: Callable[[], str]) -> None:
        super().__init__()
        self.setObjectName("passphraseBox")
        self._suggest = suggest
        self._offer = label(role="words", name="passphraseWords")
        self._offer.setAccessibleName(messages.PASSPHRASE)
        self._first = SecretField("passphraseOwn", messages.PASSPHRASE)
        self._second = SecretField("passphraseAgain", messages.PASSPHRASE_AGAIN)
        self._first.entered.connect(self._second.setFocus)
        self._second.entered.connect(self.entered)
        self._own = False
        self._other = button(
            messages.PASSPHRASE_OTHER,
            "passphraseOther",
            self._offer_words,
            role="back",
            icon=Icon.REFRESH,
        )
        self._switch = button(
            messages.PASSPHRASE_OWN, "passphraseSwitch", self._toggle, role="link"
        )
        self._offered = self._words_page()
        self._typed = self._own_page()
        inner = column(space=tokens.SPACE_8, parent=self)
        inner.addWidget(self._offered)
        inner.addWidget(self._typed)
        acts = row()
        acts.addWidget(self._other)
        acts.addStretch(1)
        acts.addWidget(self._switch)
        inner.addLayout(acts)
        inner.addWidget(label(messages.PASSPHRASE_NO_WAY_BACK, "small"))
        self._typed.hide()

    def start(self) -> None:
        """Offer fresh words."""
        self._own = True
        self._toggle()
        self._offer_words()

    def take(self) -> str | None:
        """Return the passphrase; None if the two that were typed differ."""
        if not self._own:
            return self._offer.text()
        same = self._first.text() == self._second.text()
        return self._first.text() if same else None

    def clear(self) -> None:
        """Forget every word."""
        self._offer.clear()
        self._first.clear()
        self._second.clear()

    def _offer_words(self) -> None:
        self._offer.setText(self._suggest())

    def _toggle(self) -> None:
        self._own = not self._own
        self._offered.setVisible(not self._own)
        self._typed.setVisible(self._own)
        self._other.setVisible(not self._own)
        take, own = messages.PASSPHRASE_TAKE, messages.PASSPHRASE_OWN
        self._switch.setText(take if self._own else own)
        self._switch.setAccessibleName(self._switch.text())
        if self._own and self.isVisible():
            self._first.setFocus()

    def _words_page(self) -> QWidget:
        page = QWidget()
        inner = column(space=tokens.SPACE_8, parent=page)
        inner.addWidget(label(messages.PASSPHRASE_OFFER, "muted"))
        inner.addWidget(self._offer)
        return page

    def _own_page(self) -> QWidget:
        page = QWidget()
        inner = column(space=tokens.SPACE_4, parent=page)
        inner.addWidget(label(messages.PASSPHRASE, "strong"))
        inner.addWidget(self._first)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(label(messages.PASSPHRASE_AGAIN, "strong"))
        inner.addWidget(self._second)
        return page
