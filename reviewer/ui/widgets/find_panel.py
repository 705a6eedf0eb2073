"""Finding in one text, and what was marked in it, beside the page; holds no text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame

from reviewer.ui import tokens
from reviewer.ui.actions import Act
from reviewer.ui.building import column, forget, label
from reviewer.ui.widgets.ask_line import AskLine
from reviewer.ui.words import passages as words

_QUIET_MS: Final = 150
"""After the last letter; a search for each would only be thrown away."""


class FindPanel(QFrame):
    """Shows what it is given; its part searches and marks."""

    asked = Signal(str)
    moved = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("findPanel")
        self.setAccessibleName(words.FIND_TITLE)
        self.line = AskLine(frozenset({Act.FIND_TEXT}))
        self.line.setObjectName("findLine")
        self.line.setMaxLength(100)
        self.line.setAccessibleName(words.FIND_TITLE)
        self.line.setPlaceholderText(words.FIND_HINT)
        self._count = label(role="muted", name="findCount")
        self._marked_title = label(words.MARKED_TITLE, "overline")
        self._marked = label(role="soft", name="findMarked")
        self._marked_line = label(words.MARKED_LINE, "small", name="findMarkedLine")
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        inner = column(space=tokens.SPACE_8, parent=self)
        inner.addWidget(label(words.FIND_TITLE, "heading"))
        inner.addWidget(self.line)
        inner.addWidget(self._count)
        inner.addWidget(label(words.FIND_KEYS, "small"))
        inner.addSpacing(tokens.SPACE_8)
        for each in (self._marked_title, self._marked, self._marked_line):
            inner.addWidget(each)
        inner.addStretch(1)
        self._quiet.timeout.connect(lambda: self.asked.emit(self.line.text().strip()))
        self.line.textEdited.connect(lambda _: self._quiet.start())
        self.line.moved.connect(self.moved)
        self.line.taken.connect(lambda: self.moved.emit(1))
        self.line.asked.connect(lambda _: self.moved.emit(1))
        self.line.switched.connect(self.left)

    def say(self, text: str) -> None:
        """Say how many places there are."""
        self._count.setText(text)

    def show_marked(self, places: Sequence[str]) -> None:
        """List the marked passages by their places."""
        for each in (self._marked_title, self._marked, self._marked_line):
            each.setVisible(bool(places))
        self._marked.setText("\n".join(places))

    def clear(self) -> None:
        """Hold nothing: another item, Esc, curtain, lock."""
        self._quiet.stop()
        forget(self.line)
        self._count.clear()
