"""A page that lies over another and leads back: a title, a line, what it is about."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role


class Page(QFrame):
    """The frame of settings, record, support and handing over."""

    left = Signal()

    def __init__(self, name: str, title: str, line: str = "") -> None:
        super().__init__()
        self.setObjectName(f"{name}Screen")
        give_role(self, "screen")
        self.back = button(
            messages.BACK, f"{name}Back", self.left.emit, role="back", icon=Icon.BACK
        )
        self.title = label(title, "display", name=f"{name}Title")
        content = QWidget()
        self.body: QVBoxLayout = column(space=tokens.SPACE_16, parent=content)
        head = row()
        head.addWidget(self.back)
        head.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self.title)
        if line:
            self.body.addWidget(label(line, "muted"))
        outer = column(space=0, parent=self)
        outer.addWidget(scrolled(centred(content, tokens.FORM_WIDE_PX), f"{name}Area"))

    def card(self, title: str = "") -> tuple[QFrame, QVBoxLayout]:
        """Add a card, with an overline where it has a title."""
        frame = QFrame()
        give_role(frame, "card")
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=frame)
        if title:
            inner.addWidget(label(title, "strong"))
        self.body.addWidget(frame)
        return frame, inner
