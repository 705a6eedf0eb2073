"""The first screen of an empty profile: four ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from reviewer.ui import messages, tokens
from reviewer.ui.building import (
    button,
    centred,
    column,
    label,
    scrolled,
)
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.accept_form import AcceptForm
from reviewer.ui.widgets.enrol_form import EnrolForm, EnrolWords
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.mark import Mark
from reviewer.ui.widgets.way_tile import WayTile
from reviewer.ui.words import day as words


class FirstRunScreen(QFrame):
    """Chooses a way, shows its form, and the fingerprint after a request."""

    demo_wanted = Signal()
    start_over_wanted = Signal()
    support_wanted = Signal()
    other_wanted = Signal()
    """Somebody else works now: to the other profiles of this laptop."""
    finished = Signal()
    """The request is made; there is a profile now."""

    def __init__(self, suggest: Callable[[], str], *, demo_offered: bool) -> None:
        super().__init__()
        self.setObjectName("firstRunScreen")
        give_role(self, "screen")
        self.online = EnrolForm(
            EnrolWords(
                name="enrol",
                title=messages.ENROL_ONLINE,
                line=messages.ENROL_ONLINE_LINE,
                action=messages.ENROL,
                online=True,
            ),
            suggest,
        )
        self.request = EnrolForm(
            EnrolWords(
                name="request",
                title=messages.ENROL_REQUEST,
                line=messages.ENROL_REQUEST_LINE,
                action=messages.MAKE_REQUEST,
                online=False,
            ),
            suggest,
        )
        self.accept = AcceptForm()
        self._words = label(role="words", name="fingerprint")
        self.notice = ErrorPanel("firstRunNotice")
        self._is_begun = False
        self._is_sure = False
        self._ways = self._ways_page(demo_offered=demo_offered)
        self._made = self._made_page()
        self._pages: dict[QWidget, QScrollArea] = {}
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        pages = (self._ways, self.online, self.request, self.accept, self._made)
        for page in pages:
            area = scrolled(centred(page, tokens.FORM_WIDE_PX), "firstRunArea")
            self._pages[page] = area
            self._stack.addWidget(area)
        for form in (self.online, self.request, self.accept):
            form.left.connect(self.show_ways)

    def show_ways(self) -> None:
        """Show the ways to begin."""
        self.clear()
        self._first.setFocus()

    def clear(self) -> None:
        """Forget what was typed, and go back to the ways to begin."""
        for form in (self.online, self.request, self.accept):
            form.clear()
        self._words.clear()
        self._stack.setCurrentWidget(self._pages[self._ways])

    def set_begun(self, *, begun: bool) -> None:
        """Say whether an enrolment was begun here, and offer to start over."""
        self._is_begun, self._is_sure = begun, False
        self._again.setVisible(begun)
        if begun:
            self.notice.show_words(messages.ENROL_BEGUN_LINE)
        else:
            self.notice.clear()

    def offer_other(self) -> None:
        """Offer the way to the other profiles of this laptop."""
        self._other.show()

    def say(self, text: str) -> None:
        """Say something above the ways."""
        self.notice.show_words(text)

    def show_online(self) -> None:
        """Show the form for a connection."""
        self._stack.setCurrentWidget(self._pages[self.online])
        self.online.start()

    def show_request(self) -> None:
        """Show the form for two files."""
        self._stack.setCurrentWidget(self._pages[self.request])
        self.request.start()

    def show_accept(self) -> None:
        """Show the form for the answer."""
        self._stack.setCurrentWidget(self._pages[self.accept])
        self.accept.start()

    def show_made(self, fingerprint: str) -> None:
        """Show the words to read aloud."""
        self.request.clear()
        self._words.setText(fingerprint)
        self._stack.setCurrentWidget(self._pages[self._made])
        self._done.setFocus()

    @property
    def page_name(self) -> str:
        """Return which page is shown, for the probe."""
        for page, area in self._pages.items():
            if area is self._stack.currentWidget():
                return page.objectName()
        return ""

    def _ways_page(self, *, demo_offered: bool) -> QWidget:
        page = QWidget()
        page.setObjectName("ways")
        inner = column(space=tokens.SPACE_12, parent=page)
        inner.addWidget(Mark(Icon.SHIELD))
        inner.addWidget(label(messages.WELCOME, "display"))
        inner.addWidget(label(messages.WELCOME_LINE, "muted"))
        inner.addWidget(self.notice)
        inner.addSpacing(tokens.SPACE_12)
        online, online_line = messages.ENROL_ONLINE, messages.ENROL_ONLINE_LINE
        accept, accept_line = messages.ENROL_ACCEPT, messages.ENROL_ACCEPT_LINE
        ask, ask_line = messages.ENROL_REQUEST, messages.ENROL_REQUEST_LINE
        demo, demo_line = messages.TRY_DEMO, messages.TRY_DEMO_LINE
        self._first = WayTile("wayOnline", Icon.KEY, online, online_line)
        self._first.clicked.connect(self.show_online)
        request = WayTile("wayRequest", Icon.STICK, ask, ask_line)
        request.clicked.connect(self.show_request)
        answer = WayTile("wayAccept", Icon.FILE, accept, accept_line)
        answer.clicked.connect(self.show_accept)
        tiles = [self._first, request, answer]
        if demo_offered:
            tiles.append(WayTile("wayDemo", Icon.LEAF, demo, demo_line))
            tiles[-1].clicked.connect(self.demo_wanted)
        self._again = WayTile(
            "wayAgain", Icon.REFRESH, messages.START_OVER, messages.START_OVER_LINE
        )
        self._again.clicked.connect(self._start_over)
        self._again.hide()
        for tile in (*tiles, self._again):
            inner.addWidget(tile)
        self._add_links(inner)
        return page

    def _add_links(self, inner: QVBoxLayout) -> None:
        support = button(
            words.SUPPORT, "firstRunSupport", self.support_wanted.emit, role="link"
        )
        inner.addWidget(support, 0, Qt.AlignmentFlag.AlignLeading)
        self._other = button(
            words.OTHER_PERSON, "firstRunOther", self.other_wanted.emit, role="link"
        )
        self._other.hide()
        inner.addWidget(self._other, 0, Qt.AlignmentFlag.AlignLeading)

    def _start_over(self) -> None:
        """Ask once; the second press means it."""
        if self._is_sure:
            self._is_sure = False
            self.start_over_wanted.emit()
        else:
            self._is_sure = True
            self.notice.show_words(messages.START_OVER_SURE)

    def _made_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("requestMade")
        self._done = button(
            messages.DONE, "requestDone", self.finished.emit, role="primary"
        )
        inner = column(space=tokens.SPACE_12, parent=page)
        inner.addWidget(Mark(Icon.CHECK_RING))
        inner.addWidget(label(messages.REQUEST_MADE, "display"))
        inner.addWidget(label(messages.REQUEST_MADE_LINE, "muted"))
        inner.addWidget(self._words)
        inner.addSpacing(tokens.SPACE_8)
        inner.addWidget(self._done)
        return page
