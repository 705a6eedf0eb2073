"""One page of a text item, readable: plain text, no selection, no clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy

from reviewer.ui import tokens
from reviewer.ui.building import column, label, line, scrolled
from reviewer.ui.plain import direction_of, visible
from reviewer.ui.styling import give_role


class TextPage(QFrame):
    """Lives inside the stage, which alone fills and empties it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("textPage")
        give_role(self, "card")
        self._body: QLabel = label(name="textPageBody")
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._body.setMargin(tokens.SPACE_24)
        self._body.setAccessibleName("Text")
        give_role(self._body, "reading")
        self._area: QScrollArea = scrolled(self._body, "textPageArea")
        self._foot = line(role="small", name="textPageFoot")
        inner = column(space=0, margin=tokens.LINE_PX, parent=self)
        inner.addWidget(self._area, 1)
        inner.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignHCenter)
        self._foot.setContentsMargins(0, tokens.SPACE_4, 0, tokens.SPACE_8)
        self._body.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )
        self.hide()

    def fill(self, text: str, *, page: int, pages_count: int) -> None:
        """Show one page from its top."""
        self._body.setLayoutDirection(direction_of(text))
        self._body.setText(visible(text))
        more = pages_count > 1
        self._foot.setVisible(more)
        if more:
            self._foot.setText(f"Page {page + 1} of {pages_count}   ← →")
        self._area.verticalScrollBar().setValue(0)
        self.show()

    def empty(self) -> None:
        """Hold nothing any more."""
        self.hide()
        self._body.clear()
        self._foot.clear()

    @property
    def is_empty(self) -> bool:
        """Return whether no text is held."""
        return not self._body.text()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines, down if positive."""
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + lines * self._body.fontMetrics().lineSpacing())
