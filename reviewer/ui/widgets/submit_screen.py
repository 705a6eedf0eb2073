"""Submit: what will leave this laptop, counted; online or to a stick."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QWidget,
)

from reviewer.domain.person import Capacity
from reviewer.errors import Code
from reviewer.services.submitting import Preview
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.words import submit as words

_ORDER = (Capacity.OK, Capacity.LOW, Capacity.NONE)


class SubmitScreen(QFrame):
    """Capacity is a word that the person sets; nothing else is asked."""

    online_wanted = Signal()
    stick_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("submitScreen")
        give_role(self, "screen")
        self.back = button(
            messages.BATCHES,
            "submitBack",
            self.left.emit,
            role="back",
            icon=Icon.BACK,
        )
        self.online = button(
            messages.SUBMIT_ONLINE,
            "submitOnline",
            self.online_wanted.emit,
            role="primary",
            icon=Icon.SEND,
        )
        self.stick = button(
            messages.SUBMIT_STICK,
            "submitStick",
            self.stick_wanted.emit,
            role="large",
            icon=Icon.STICK,
        )
        self.error = ErrorPanel("submitError")
        self._line = label(messages.SUBMIT_LINE, "muted")
        self._frozen = label(messages.SUBMIT_FROZEN, "warn", name="submitFrozen")
        self._nothing = label(messages.SUBMIT_NOTHING, "soft", name="submitNothing")
        self._card = QFrame()
        self._counts: list[tuple[QLabel, QLabel]] = []
        self._build_counts()
        self._capacity = QButtonGroup(self)
        self._capacity_card = self._capacity_row()
        self._lay_out()
        self.show_loading()

    def _lay_out(self) -> None:
        content = QWidget()
        inner = column(space=tokens.SPACE_12, parent=content)
        head = row()
        head.addWidget(self.back)
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(label(messages.SUBMIT_TITLE, "display"))
        inner.addWidget(self._line)
        for each in (self._frozen, self._nothing, self._card, self._capacity_card):
            inner.addWidget(each)
        inner.addWidget(self.error)
        acts = row(space=tokens.SPACE_12)
        acts.addWidget(self.stick)
        acts.addWidget(self.online, 1)
        inner.addLayout(acts)
        outer = column(space=0, parent=self)
        outer.addWidget(scrolled(centred(content, tokens.FORM_WIDE_PX), "submitArea"))

    def show_loading(self) -> None:
        """Say nothing yet; the counts are being made."""
        self.error.clear()
        self._frozen.hide()
        self._nothing.hide()
        self._card.hide()
        self._capacity_card.hide()
        self.set_busy(busy=True)
        self.online.setText(messages.LOADING)

    def fill(self, preview: Preview, *, online: bool) -> None:
        """Show what would leave."""
        self.set_busy(busy=False)
        counts = words.counts(preview)
        for index, (name, value) in enumerate(self._counts):
            is_shown = index < len(counts)
            name.setVisible(is_shown)
            value.setVisible(is_shown)
            if is_shown:
                said, count = counts[index]
                name.setText(said)
                value.setText(f"{count:,}")
                value.setAccessibleName(f"{said}: {count}")
        something = preview.entries > 0 or preview.frozen
        self._frozen.setVisible(preview.frozen)
        self._nothing.setVisible(not something)
        self._card.setVisible(something)
        self._capacity_card.setVisible(something and not preview.frozen)
        self.online.setVisible(online)
        self.online.setEnabled(something)
        self.stick.setEnabled(something)
        if self.isVisible():
            (self.online if online and something else self.back).setFocus()

    def capacity(self) -> Capacity:
        """Return the word that is chosen."""
        return _ORDER[max(0, self._capacity.checkedId())]

    def set_busy(self, *, busy: bool) -> None:
        """Say that it is being sent, or that it can be."""
        for each in (self.online, self.stick, self.back):
            each.setEnabled(not busy)
        self.online.setText(messages.SUBMITTING if busy else messages.SUBMIT_ONLINE)

    def show_error(self, code: Code) -> None:
        """Explain what went wrong; everything is still here."""
        self.set_busy(busy=False)
        self.error.show_code(code)

    def _build_counts(self) -> None:
        give_role(self._card, "card")
        grid = QGridLayout(self._card)
        inset = tokens.SPACE_16
        grid.setContentsMargins(inset, inset, inset, inset)
        grid.setVerticalSpacing(tokens.SPACE_8)
        grid.setColumnStretch(0, 1)
        for index in range(words.ROWS_COUNT):
            name, value = label(), label(role="strong", name=f"submitCount{index}")
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing)
            grid.addWidget(name, index, 0)
            grid.addWidget(value, index, 1)
            self._counts.append((name, value))

    def _capacity_row(self) -> QFrame:
        card = QFrame()
        give_role(card, "card")
        inner = column(space=tokens.SPACE_4, margin=tokens.SPACE_16, parent=card)
        inner.addWidget(label(messages.CAPACITY, "strong"))
        choices = row(space=0)
        for index, word in enumerate(_ORDER):
            choice = QRadioButton(messages.CAPACITY_WORDS[word.value])
            choice.setObjectName(f"capacity-{word.value}")
            choice.setAccessibleName(choice.text())
            choice.setChecked(index == 0)
            self._capacity.addButton(choice, index)
            choices.addWidget(choice)
        choices.addStretch(1)
        inner.addLayout(choices)
        return card
