"""Home: batches as cards, fetching and importing, how the journal stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from reviewer.domain.item import Priority
from reviewer.errors import Code
from reviewer.services.session import BatchCard, Home
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, line, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role, is_large
from reviewer.ui.widgets.batch_card_view import BatchCardView
from reviewer.ui.widgets.card_flow import CardFlow
from reviewer.ui.widgets.empty_state import EmptyState
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.quiet_line import QuietLine
from reviewer.ui.widgets.work_panel import WorkPanel
from reviewer.ui.words import day as words


class HomeScreen(QFrame):
    """Empty, loading, error and filled are all drawn."""

    batch_opened = Signal(str)
    fetch_wanted = Signal()
    import_wanted = Signal()
    submit_wanted = Signal()
    receipt_wanted = Signal()
    lock_wanted = Signal()
    support_wanted = Signal()
    record_wanted = Signal()
    settings_wanted = Signal()
    finish_wanted = Signal()
    hand_over_wanted = Signal(str)

    _head: QBoxLayout | None = None

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("homeScreen")
        give_role(self, "screen")
        self._who = label(role="small", name="person")
        self._journal = line(role="muted", name="homeJournal")
        self._walls = line(role="small", name="walls")
        self.fetch = button(
            messages.FETCH,
            "fetch",
            self.fetch_wanted.emit,
            role="primary",
            icon=Icon.FETCH,
        )
        self.bring = button(
            messages.IMPORT,
            "importFile",
            self.import_wanted.emit,
            role="large",
            icon=Icon.FILE,
        )
        self.submit = button(
            messages.SUBMIT,
            "toSubmit",
            self.submit_wanted.emit,
            role="large",
            icon=Icon.SEND,
        )
        self.receipt = button(
            messages.RECEIPT_IN,
            "takeReceipt",
            self.receipt_wanted.emit,
            role="quiet",
            icon=Icon.CHECK_RING,
        )
        self.error = ErrorPanel("homeError")
        self.said = label(role="soft", name="homeSaid")
        self.work = WorkPanel("work")
        self._empty = EmptyState("homeEmpty", Icon.TRAY, messages.HOME_EMPTY)
        self._loading = label(messages.LOADING, "muted", name="homeLoading")
        self._cards = CardFlow(tokens.CARD_PX)
        self._lines = QWidget()
        self._lines_column = column(space=tokens.SPACE_8, parent=self._lines)
        self._lines.hide()
        outer = column(space=0, parent=self)
        outer.addWidget(self._bar())
        outer.addWidget(scrolled(self._page(), "homeArea"), 1)
        self.show_loading()

    def show_loading(self) -> None:
        """Say that the batches are being read."""
        self.said.hide()
        self._empty.hide()
        self._cards.fill([])
        self._loading.show()

    def fill(self, home: Home, walls: str) -> None:
        """Show the batches."""
        self._loading.hide()
        person = home.person
        self._who.setText(
            f"{one_line(person.organisation, limit=60)} · "
            f"{one_line(person.subject, limit=40)}"
        )
        state = home.journal
        self._journal.setText(
            messages.journal(state.entries, state.unsent, read_only=state.read_only)
        )
        self._walls.setText(walls)
        self.fetch.setVisible(home.online)
        self.submit.setEnabled(state.unsent > 0)
        online, offline = messages.HOME_EMPTY_LINE, messages.HOME_EMPTY_OFFLINE
        self._empty.say(online if home.online else offline)
        self._empty.setVisible(not home.batches)
        newest = tuple(reversed(home.batches))
        ordered = sorted(newest, key=_pressing)
        cards = [BatchCardView(card) for card in ordered]
        for view, card in zip(cards, ordered, strict=True):
            view.opened.connect(
                lambda batch_id=card.batch_id: self.batch_opened.emit(batch_id)
            )
            view.hand_over_wanted.connect(
                lambda batch_id=card.batch_id: self.hand_over_wanted.emit(batch_id)
            )
        self._cards.fill(cards)
        if self.isVisible():
            (cards[0] if cards else self._first_act(online=home.online)).setFocus()

    def _first_act(self, *, online: bool) -> QWidget:
        """Return what brings a batch in, where there is none."""
        return self.fetch if online else self.bring

    def set_busy(self, *, busy: bool) -> None:
        """Only one long work at a time."""
        for each in (self.fetch, self.bring, self.submit, self.receipt):
            each.setEnabled(not busy)

    def say(self, words: str) -> None:
        """Say what an act did."""
        self.error.clear()
        self.said.setText(words)
        self.said.show()

    def show_error(self, code: Code) -> None:
        """Explain what went wrong."""
        self._loading.hide()
        self.said.hide()
        self.error.show_code(code)

    def add_line(self, line: QuietLine) -> None:
        """Say something quietly above the batches."""
        self._lines_column.addWidget(line)
        self._lines.show()

    def drop_line(self, name: str) -> None:
        """Say one of them no more."""
        for each in self._lines.findChildren(QuietLine, name):
            each.hide()

    def clear_lines(self) -> None:
        """Say none of them."""
        while (item := self._lines_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Stack title and acts where text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._head is not None:
            way = QBoxLayout.Direction
            self._head.setDirection(way.TopToBottom if is_large() else way.LeftToRight)

    def clear(self) -> None:
        """Hold nothing of any batch."""
        self.error.clear()
        self._who.clear()
        self._journal.clear()
        self.show_loading()

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("homeBar")
        bar.setFixedHeight(tokens.STRIP_PX)
        inner = row(space=tokens.SPACE_16, parent=bar)
        inner.setContentsMargins(tokens.SPACE_16, 0, tokens.SPACE_8, 0)
        inner.addWidget(self._who, 1)
        inner.addWidget(self._journal)
        for text, name, wanted, icon in (
            (words.SUPPORT, "support", self.support_wanted, Icon.LEAF),
            (words.RECORD, "record", self.record_wanted, Icon.CLOCK),
            (words.SETTINGS, "settings", self.settings_wanted, Icon.KEYBOARD),
            (words.CLOSE_SITTING, "finish", self.finish_wanted, Icon.CHECK),
            (messages.LOCK, "lock", self.lock_wanted, Icon.LOCK),
        ):
            inner.addWidget(button(text, name, wanted.emit, role="quiet", icon=icon))
        return bar

    def _page(self) -> QWidget:
        content = QWidget()
        content.setMaximumWidth(tokens.PAGE_WIDE_PX)
        inner = column(space=tokens.SPACE_16, parent=content)
        head = self._head = row(space=tokens.SPACE_8)
        head.addWidget(label(messages.HOME_TITLE, "display"), 1)
        acts = row(space=tokens.SPACE_8)
        for act in (self.receipt, self.bring, self.submit, self.fetch):
            acts.addWidget(act)
        head.addLayout(acts)
        inner.addLayout(head)
        for each in (self._lines, self.work, self.error, self.said):
            inner.addWidget(each)
        inner.addWidget(self._loading)
        inner.addWidget(self._cards)
        inner.addWidget(self._empty, 1)
        inner.addWidget(self._walls)
        inner.addStretch(1)
        page = QWidget()
        outer = row(margin=tokens.SPACE_32, parent=page)
        outer.addStretch(1)
        outer.addWidget(content, 100)
        outer.addStretch(1)
        return page


def _pressing(card: BatchCard) -> tuple[bool, bool, bool, str]:
    """Order what is due: work left before work done, P1 first, then the deadline."""
    is_past = card.days_left < 0
    is_first = card.counts.open_priority is Priority.P1
    return (card.counts.open == 0, is_past, not is_first, card.not_after)
