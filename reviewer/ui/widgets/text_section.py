"""One text that belongs to an item: open, or one line that says how long it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from reviewer.safeguards.reveal import Event
from reviewer.safeguards.texts import ItemText, advance_text, open_item_text
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label
from reviewer.ui.icons import Icon
from reviewer.ui.plain import breakable, direction_of, visible, words_in

MOST_CHARACTERS: Final = 200_000
"""Five hours of speech. A label lays out all it holds at once, and while it does, no
key covers anything."""


class TextSection(QFrame):
    """Open or one line, as `safeguards.texts` answers; holds the text only if open."""

    asked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = ""
        self._text = ""
        self._is_cut = False
        self._state = open_item_text(None)
        self.line = button("", f"{name}Line", self.asked.emit, role="link")
        self.line.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._body = label(name=f"{name}Body")
        self._body.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )
        self._body.setContentsMargins(tokens.SPACE_8, 0, tokens.SPACE_4, tokens.SPACE_8)
        inner = column(space=0, parent=self)
        inner.addWidget(self.line)
        inner.addWidget(self._body)

    def fill(
        self, title: str, text: str | None, severity: int | None, *, afresh: bool
    ) -> None:
        """Take a text. Another item's opens as its severity says (`afresh`).

        The same item's stays as it is: what was covered is not opened by an answer
        that comes late, and a severity that asks for more care only closes.
        """
        opens = open_item_text(severity)
        if not afresh:
            opens = _refilled(self._state, opens)
        self._title = title
        self._text = (text or "")[:MOST_CHARACTERS]
        self._is_cut = len(text or "") > MOST_CHARACTERS
        self._state = opens
        self.setVisible(bool(self._text))
        self._show()

    def answer(self, event: Event, *, may_reveal: bool) -> None:
        """Hand an event to the machine and show its answer."""
        if not self._text:
            return
        state = advance_text(self._state, event, may_reveal=may_reveal)
        if state != self._state:
            self._state = state
            self._show()

    def clear(self) -> None:
        """Hold nothing."""
        self._text = ""
        self._state = open_item_text(None)
        self._show()
        self.hide()

    @property
    def is_open(self) -> bool:
        """Return whether the text can be read."""
        return self._state.is_open and bool(self._text)

    def _show(self) -> None:
        words = messages.words_line(self._title, words_in(self._text))
        words = words if self._text else ""
        self.line.setText(self._title if self.is_open else words)
        action = messages.COVER_TEXT if self.is_open else messages.OPEN_TEXT
        self.line.setAccessibleName(f"{words}. {action}")
        self.line.change_icon(Icon.EYE if self.is_open else Icon.EYE_OFF)
        self._body.setVisible(self.is_open)
        if self.is_open:
            self._body.setLayoutDirection(direction_of(self._text))
            told = f"\n\n{messages.TEXT_CUT}" if self._is_cut else ""
            self._body.setText(breakable(visible(self._text)) + told)
        else:
            self._body.clear()


def _refilled(before: ItemText, opens: ItemText) -> ItemText:
    """Return the state of the same item's text once its row was refreshed."""
    if before.opens_readable == opens.opens_readable:
        return before
    is_readable = opens.opens_readable
    return replace(
        opens,
        is_open=before.is_open and is_readable,
        is_away=before.is_away and is_readable,
    )
