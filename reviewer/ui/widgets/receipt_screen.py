"""Receipt: the coordinator holds the decisions, and its signature was verified."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from reviewer.services.submitting import ReceiptView
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.mark import Mark
from reviewer.ui.words import day as words

_GROUP = 8


class ReceiptScreen(QFrame):
    """One calm page with what to note down, if anything."""

    left = Signal()
    finish_wanted = Signal()
    """The sitting ends here."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("receiptScreen")
        give_role(self, "screen")
        self._title = label(messages.RECEIPT_TITLE, "display", name="receiptTitle")
        self._line = label(messages.RECEIPT_LINE, "muted", name="receiptLine")
        self._card = QFrame()
        give_role(self._card, "card")
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._build_rows()
        self.done = button(messages.DONE, "receiptDone", self.left.emit, role="primary")
        self.finish = button(
            words.CLOSE_SITTING, "receiptFinish", self.finish_wanted.emit, role="large"
        )
        self._outcomes = QFrame()
        give_role(self._outcomes, "card")
        self._totals: list[tuple[QLabel, QLabel]] = []
        self._build_outcomes()
        content = QWidget()
        inner = column(space=tokens.SPACE_12, parent=content)
        inner.addWidget(Mark(Icon.CHECK_RING))
        inner.addWidget(self._title)
        inner.addWidget(self._line)
        inner.addWidget(self._card)
        inner.addWidget(self._outcomes)
        inner.addSpacing(tokens.SPACE_8)
        acts = row(space=tokens.SPACE_12)
        acts.addWidget(self.finish)
        acts.addWidget(self.done, 1)
        inner.addLayout(acts)
        outer = column(space=0, parent=self)
        outer.addWidget(scrolled(centred(content, tokens.FORM_WIDE_PX), "receiptArea"))

    def show_receipt(self, receipt: ReceiptView) -> None:
        """Show a verified receipt."""
        self._title.setText(messages.RECEIPT_TITLE)
        self._line.setText(messages.RECEIPT_LINE)
        self._fill(
            (
                (messages.RECEIPT_COVERS, messages.entries(receipt.size)),
                (messages.RECEIPT_AT, messages.moment(receipt.at)),
                (messages.RECEIPT_HEAD, grouped(receipt.head)),
            )
        )
        self._show_outcomes(receipt)

    def show_written(self, name: str) -> None:
        """Say that a submission was written to a file."""
        self._title.setText(messages.SUBMIT_WRITTEN)
        self._line.setText(messages.SUBMIT_WRITTEN_LINE)
        self._fill(((messages.FILE, name),))
        self._outcomes.hide()

    def _fill(self, facts: tuple[tuple[str, str], ...]) -> None:
        for index, (name, value) in enumerate(self._rows):
            shown = index < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[index][0])
                value.setText(facts[index][1])
        self.done.setFocus()

    def _show_outcomes(self, receipt: ReceiptView) -> None:
        """Show what became of the work, in totals; what is zero is not named."""
        outcomes = receipt.outcomes
        counts = (
            outcomes.final,
            outcomes.second_review,
            outcomes.returned,
            outcomes.escalated,
            outcomes.corrected,
        )
        for (name, value), count in zip(self._totals, counts, strict=True):
            value.setText(f"{count:,}")
            value.setAccessibleName(f"{name.text()}: {count}")
            name.setVisible(count > 0)
            value.setVisible(count > 0)
        self._outcomes.setVisible(any(counts))

    def _build_outcomes(self) -> None:
        inner = column(
            space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=self._outcomes
        )
        inner.addWidget(label(words.OUTCOMES, "strong"))
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(tokens.SPACE_4)
        for index, text in enumerate(words.OUTCOME_WORDS):
            name, value = label(text), label(name=f"receiptOutcome{index}")
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing)
            grid.addWidget(name, index, 0)
            grid.addWidget(value, index, 1)
            self._totals.append((name, value))
        inner.addLayout(grid)
        self._outcomes.hide()

    def _build_rows(self) -> None:
        grid = QGridLayout(self._card)
        inset = tokens.SPACE_16
        grid.setContentsMargins(inset, inset, inset, inset)
        grid.setHorizontalSpacing(tokens.SPACE_16)
        grid.setVerticalSpacing(tokens.SPACE_8)
        grid.setColumnMinimumWidth(0, tokens.CONTEXT_LABEL_PX)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for index in range(3):
            name, value = label(role="muted"), label(name=f"receiptValue{index}")
            grid.addWidget(name, index, 0, top)
            grid.addWidget(value, index, 1, top)
            self._rows.append((name, value))


def grouped(digest: str) -> str:
    """Return a hash in groups that can be read aloud."""
    starts = range(0, len(digest), _GROUP)
    return " ".join(digest[start : start + _GROUP] for start in starts)
