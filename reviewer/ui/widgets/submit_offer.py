"""One line that something leaves with the next submission, and the way to send it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from reviewer.ui import bindings, tokens
from reviewer.ui.actions import Act
from reviewer.ui.building import button, column, label
from reviewer.ui.styling import give_role
from reviewer.ui.words import flags as words


class SubmitOffer(QFrame):
    """Offered after an act that others should learn of soon; never required."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("submitOffer")
        give_role(self, "group")
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_8, parent=self)
        self._line = label(words.LEAVES, name="submitOfferLine")
        self._go = button(words.SUBMIT_NOW, "submitNow", self.wanted.emit)
        self._go.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inner.addWidget(self._line)
        inner.addWidget(self._go)

    def say_key(self) -> None:
        """Name the key that does the same, as it is bound now."""
        keys = bindings.current().labels(Act.SUBMIT)
        self._go.setText("  ".join((words.SUBMIT_NOW, *keys[:1])))
