"""A field for a passphrase: hidden until the person asks to see it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, forget, row
from reviewer.ui.icons import Icon

_MOST_CHARACTERS = 512


class SecretField(QWidget):
    """Keeps the text until `take` hands it over and empties the field."""

    entered = Signal()

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(label)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setMaxLength(_MOST_CHARACTERS)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.returnPressed.connect(self.entered)
        self._show = button(
            "", f"{name}Show", self._toggle, role="quiet", icon=Icon.EYE
        )
        self._show.setAccessibleName(messages.SHOW_PASSPHRASE)
        self._show.setFixedWidth(tokens.CONTROL_LARGE_PX)
        inner = row(space=tokens.SPACE_4, parent=self)
        inner.addWidget(self.edit, 1)
        inner.addWidget(self._show)
        self.setFocusProxy(self.edit)

    def rename(self, label: str, *, digits: bool) -> None:
        """Ask for something else; digits bring up a keyboard for them."""
        self.edit.setAccessibleName(label)
        hints = Qt.InputMethodHint
        hint = hints.ImhDigitsOnly if digits else hints.ImhNone
        self.edit.setInputMethodHints(hint | hints.ImhHiddenText)

    def text(self) -> str:
        """Return what was typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Empty the field and hide what will be typed."""
        forget(self.edit)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._show.change_icon(Icon.EYE)

    def _toggle(self) -> None:
        hidden = self.edit.echoMode() is QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._show.change_icon(Icon.EYE_OFF if hidden else Icon.EYE)
        words = messages.HIDE_PASSPHRASE if hidden else messages.SHOW_PASSPHRASE
        self._show.setAccessibleName(words)
