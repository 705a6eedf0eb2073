"""Home: batches as cards, fetching and importing, how the journal stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.errors import Code
from reviewer.services.session import Home
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, line, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.batch_card_view import BatchCardView
from reviewer.ui.widgets.card_flow import CardFlow
from reviewer.ui.widgets.empty_state import EmptyState
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.work_panel import WorkPanel


class HomeScreen(QFrame):
    """Empty, loading, error and filled are all drawn."""

    batch_opened = Signal(str)
    fetch_wanted = Signal()
    import_wanted = Signal()
    submit_wanted = Signal()
    receipt_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("homeScreen")
        give_role(self, "screen")
        self._who = line(role="muted", name="person")
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
        lock = button(
            messages.LOCK, "lock", self.lock_wanted.emit, role="quiet", icon=Icon.LOCK
        )
        self.error = ErrorPanel("homeError")
        self.said = label(role="soft", name="homeSaid")
        self.work = WorkPanel("work")
        self._empty = EmptyState("homeEmpty", Icon.TRAY, messages.HOME_EMPTY)
        self._loading = label(messages.LOADING, "muted", name="homeLoading")
        self._cards = CardFlow(tokens.CARD_PX)
        outer = column(space=0, parent=self)
        outer.addWidget(self._bar(lock))
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
        cards = [BatchCardView(card) for card in reversed(home.batches)]
        for view, card in zip(cards, reversed(home.batches), strict=True):
            view.opened.connect(
                lambda batch_id=card.batch_id: self.batch_opened.emit(batch_id)
            )
        self._cards.fill(cards)
        if self.isVisible() and cards:
            cards[0].setFocus()

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

    def clear(self) -> None:
        """Hold nothing of any batch."""
        self.error.clear()
        self._who.clear()
        self._journal.clear()
        self.show_loading()

    def _bar(self, lock: QWidget) -> QFrame:
        bar = QFrame()
        bar.setObjectName("homeBar")
        bar.setFixedHeight(tokens.STRIP_PX)
        inner = row(space=tokens.SPACE_16, parent=bar)
        inner.setContentsMargins(tokens.SPACE_16, 0, tokens.SPACE_8, 0)
        inner.addWidget(self._who)
        inner.addStretch(1)
        inner.addWidget(self._journal)
        inner.addWidget(lock)
        return bar

    def _page(self) -> QWidget:
        content = QWidget()
        content.setMaximumWidth(tokens.PAGE_WIDE_PX)
        inner = column(space=tokens.SPACE_16, parent=content)
        head = row(space=tokens.SPACE_8)
        head.addWidget(label(messages.HOME_TITLE, "display"), 1)
        head.addWidget(self.receipt)
        head.addWidget(self.bring)
        head.addWidget(self.submit)
        head.addWidget(self.fetch)
        inner.addLayout(head)
        for each in (self.work, self.error, self.said):
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
