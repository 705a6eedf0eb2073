"""The curtain: a plain page to rest at, and behind it the door.

No picture, no advice, no clock unless it is asked for. Whoever begins to type is
coming back: the first character lands in the field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.door_screen import DoorScreen
from reviewer.ui.words import day as words

_LOOK_MS: Final = 5_000


class CurtainScreen(DoorScreen):
    """Rests first after a break was asked for; else it is a door at once."""

    def __init__(self) -> None:
        super().__init__(
            "curtainScreen",
            Icon.LEAF,
            messages.CURTAIN_TITLE,
            messages.CURTAIN_LINE,
            messages.CURTAIN_OPEN,
        )
        self._words_of_time: Callable[[], str] | None = None
        self._ticks = QTimer(self)
        self._ticks.setInterval(_LOOK_MS)
        self._ticks.timeout.connect(self._show_time)

    def _made_page(self, icon: Icon, title: str, words: str) -> QWidget:
        self._holder = QWidget()
        self._pages = QStackedLayout(self._holder)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._door = super()._made_page(icon, title, words)
        self._rest = self._made_rest()
        self._pages.addWidget(self._door)
        self._pages.addWidget(self._rest)
        return self._holder

    @property
    def is_resting(self) -> bool:
        """Return whether the plain page is shown."""
        return self._pages.currentWidget() is self._rest

    def rest(self, words_of_time: Callable[[], str]) -> None:
        """Show the plain page; the time stays hidden until it is asked for."""
        self._words_of_time = words_of_time
        self._hide_time()
        self._pages.setCurrentWidget(self._rest)
        self._come_back.setFocus()

    def show_door(self) -> None:
        """Ask for PIN or passphrase."""
        self._hide_time()
        self._pages.setCurrentWidget(self._door)
        self.secret.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the first character of a PIN or passphrase as coming back."""
        typed = event.text()
        if self.is_resting and typed.isprintable() and typed.strip():
            self.show_door()
            self.secret.edit.insert(typed)
        else:
            super().keyPressEvent(event)

    def _made_rest(self) -> QWidget:
        self._come_back = button(
            messages.CURTAIN_OPEN, "curtainBack", self.show_door, role="large"
        )
        self._time_button = button(
            words.BREAK_TIME, "curtainTime", self._toggle_time, role="link"
        )
        self._time = label(role="muted", name="curtainTimeWords")
        content = QWidget()
        inner = column(space=tokens.SPACE_16, parent=content)
        inner.addWidget(label(messages.CURTAIN_TITLE, "display"))
        inner.addWidget(label(words.BREAK_LINE, "muted"))
        inner.addWidget(self._time)
        inner.addSpacing(tokens.SPACE_12)
        back = row()
        back.addWidget(self._come_back)
        back.addStretch(1)
        inner.addLayout(back)
        acts = row(space=tokens.SPACE_8)
        acts.addWidget(self._time_button)
        acts.addWidget(
            button(
                words.SUPPORT, "curtainSupport", self.support_wanted.emit, role="link"
            )
        )
        acts.addStretch(1)
        inner.addLayout(acts)
        return centred(content, tokens.FORM_PX)

    def _toggle_time(self) -> None:
        if self._ticks.isActive():
            self._hide_time()
        else:
            self._ticks.start()
            self._show_time()
            self._name_time(words.BREAK_TIME_HIDE)

    def _show_time(self) -> None:
        if self._words_of_time is not None:
            self._time.setText(self._words_of_time())
            self._time.show()

    def _hide_time(self) -> None:
        self._ticks.stop()
        self._time.hide()
        self._name_time(words.BREAK_TIME)

    def _name_time(self, text: str) -> None:
        self._time_button.setText(text)
        self._time_button.setAccessibleName(text)
