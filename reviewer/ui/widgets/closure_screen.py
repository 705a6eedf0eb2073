"""The end of a sitting: what was done, that it is safe, who is there. No ratings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.ui import tokens
from reviewer.ui.building import button, centred, column, label, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role
from reviewer.ui.words import day as words


class ClosureScreen(QFrame):
    """Two sentences, a lock, and the support card."""

    lock_wanted = Signal()
    left = Signal()
    support_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("closureScreen")
        give_role(self, "screen")
        self._done = label(role="heading", name="closureDone")
        self._sent = label(role="muted", name="closureSent")
        self.lock = button(
            words.LOCK,
            "closureLock",
            self.lock_wanted.emit,
            role="primary",
            icon=Icon.LOCK,
        )
        home = button(words.TO_BATCHES, "closureBack", self.left.emit, role="large")
        self._card = QFrame()
        give_role(self._card, "card")
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=self._card)
        inner.addWidget(label(words.SUPPORT, "overline"))
        self._support = label(name="closureSupport")
        inner.addWidget(self._support)
        inner.addWidget(label(words.LEAFLET_LINES[0], "small", name="closureLeaflet"))
        inner.addWidget(
            button(
                words.SUPPORT_MORE,
                "closureMore",
                self.support_wanted.emit,
                role="link",
                icon=Icon.LEAF,
            )
        )
        content = QWidget()
        body = column(space=tokens.SPACE_12, parent=content)
        body.addWidget(label(words.CLOSING, "display"))
        body.addWidget(self._done)
        body.addWidget(self._sent)
        body.addSpacing(tokens.SPACE_12)
        acts = row(space=tokens.SPACE_12)
        acts.addWidget(home)
        acts.addWidget(self.lock, 1)
        body.addLayout(acts)
        body.addSpacing(tokens.SPACE_24)
        body.addWidget(self._card)
        outer = column(space=0, parent=self)
        outer.addWidget(scrolled(centred(content, tokens.FORM_PX), "closureArea"))

    def start(self, *, done: str, sent: str, support: tuple[str, ...]) -> None:
        """Say what was done, how it stands, and whom to talk to."""
        self._done.setText(done)
        self._sent.setText(sent)
        said = "\n".join(one_line(each) for each in support)
        self._support.setText(said or words.SUPPORT_NONE)
        self.lock.setFocus()
