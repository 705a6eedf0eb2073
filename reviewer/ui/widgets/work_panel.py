"""Long work: what, how much, how long left, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, row
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.progress_line import ProgressLine


class WorkPanel(QFrame):
    """Hidden while nothing is under way."""

    cancelled = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        give_role(self, "card")
        self._words = label(role="strong", name=f"{name}Words")
        self._left = label(role="small", name=f"{name}Left")
        self._bar = ProgressLine()
        self._cancel = button(messages.CANCEL, f"{name}Cancel", self._stop)
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=self)
        head = row(space=tokens.SPACE_16)
        texts = column(space=tokens.SPACE_4)
        texts.addWidget(self._words)
        texts.addWidget(self._left)
        head.addLayout(texts, 1)
        head.addWidget(self._cancel)
        inner.addLayout(head)
        inner.addWidget(self._bar)
        self._what = ""
        self.hide()

    def start(self, what: str) -> None:
        """Begin: nothing is known yet but what it is."""
        self._what = what
        self._words.setText(what)
        self._left.setText(messages.LOADING)
        self._bar.show_part(0, 0)
        self._cancel.setEnabled(True)
        self.show()

    def show_progress(self, done: int, total: int, seconds_left: float | None) -> None:
        """Say how much is done, and roughly how long is left."""
        self._words.setText(messages.progress(self._what, done, total))
        self._bar.show_part(done, total)
        if seconds_left is not None:
            self._left.setText(messages.left_over(seconds_left))

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._left.setText(messages.CANCELLING)
        self.cancelled.emit()
