"""The top strip: batch, position, deadline, journal state, break ring."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, line, row
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import change_role
from reviewer.ui.widgets.break_ring import BreakRing


class TopStrip(QFrame):
    """Forty pixels that never change their places."""

    home_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topStrip")
        self.setFixedHeight(tokens.STRIP_PX)
        self.home = button(
            messages.BATCHES,
            "toHome",
            self.home_wanted.emit,
            role="quiet",
            icon=Icon.BACK,
        )
        self.home.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name = line(role="strong", name="batchName")
        self._position = line(role="muted", name="position")
        self._left = line(role="muted", name="itemsLeft")
        self._offer = line(role="muted", name="offerWords")
        self._deadline = line(role="muted", name="deadline")
        self._rest = line(role="muted", name="breakWords")
        self._journal = line(role="muted", name="journalState")
        self.ring = BreakRing()
        inner = row(space=tokens.SPACE_16, parent=self)
        inner.setContentsMargins(tokens.SPACE_8, 0, tokens.SPACE_16, 0)
        inner.addWidget(self.home)
        for each in (self._name, self._position, self._left, self._offer):
            inner.addWidget(each)
        inner.addStretch(1)
        for each in (self._rest, self._deadline, self._journal):
            inner.addWidget(each)
        inner.addWidget(self.ring)

    def show_batch(self, name: str, days_left: int) -> None:
        """Name the batch and its deadline."""
        self._name.setText(one_line(name, limit=48))
        self._deadline.setText(messages.days_left(days_left))
        pressing = messages.is_pressing(days_left)
        change_role(self._deadline, "deadline" if pressing else "muted")

    def show_position(self, index: int, count: int, undecided: int) -> None:
        """Say where in the batch one is and how much is open."""
        self._position.setText(messages.position(index, count))
        self._left.setText(messages.undecided(undecided))

    def show_offer(self, words: str) -> None:
        """Say why this item is offered, or nothing."""
        self._offer.setText(words)

    def show_journal(self, words: str) -> None:
        """Say how the journal stands."""
        self._journal.setText(words)

    def show_rest(self, words: str, *, pressing: bool) -> None:
        """Say that a break is due, or nothing."""
        self._rest.setText(words)
        change_role(self._rest, "deadline" if pressing else "muted")

    @property
    def journal_words(self) -> str:
        """Return what stands there, for the probe."""
        return self._journal.text()
