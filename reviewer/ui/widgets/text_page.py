"""One page of a text item, readable: plain text, no selection, no clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from reviewer.ui import messages, tokens
from reviewer.ui.building import column, line
from reviewer.ui.plain import visible
from reviewer.ui.styling import give_role


class TextPage(QFrame):
    """Lives inside the stage, which alone fills and empties it.

    Each paragraph takes the direction of its own first letter.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("textPage")
        give_role(self, "card")
        self._body = QPlainTextEdit()
        self._body.setObjectName("textPageBody")
        self._body.setAccessibleName(messages.BODY)
        give_role(self._body, "reading")
        self._body.setReadOnly(True)
        self._body.setUndoRedoEnabled(False)
        self._body.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._body.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body.setFrameShape(QFrame.Shape.NoFrame)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._body.document().setDefaultTextOption(option)
        self._body.document().setDocumentMargin(tokens.SPACE_24)
        self._foot = line(role="small", name="textPageFoot")
        self._foot.setContentsMargins(0, tokens.SPACE_4, 0, tokens.SPACE_8)
        inner = column(space=0, margin=tokens.LINE_PX, parent=self)
        inner.addWidget(self._body, 1)
        inner.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignHCenter)
        self._is_empty = True
        self.hide()

    def fill(self, text: str, *, page: int, pages_count: int) -> None:
        """Show one page from its top."""
        self._is_empty = False
        self._body.setPlainText(visible(text))
        self._foot.setVisible(pages_count > 1)
        self._foot.setText(messages.page(page, pages_count))
        self._body.verticalScrollBar().setValue(0)
        self.show()

    def empty(self) -> None:
        """Hold nothing any more."""
        if self._is_empty:
            return
        self._is_empty = True
        self.hide()
        self._body.clear()
        self._foot.clear()

    @property
    def is_empty(self) -> bool:
        """Return whether no text is held."""
        return self._is_empty

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines, down if positive."""
        bar = self._body.verticalScrollBar()
        bar.setValue(bar.value() + lines)
