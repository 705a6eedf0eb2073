"""One page of a text item, readable: plain text, no selection, no clipboard.

Places are counted in the characters of the page as it came from the decoder. What is
shown is longer where invisible characters are told, and Qt counts in UTF-16 units;
`ui.unseen` knows how one leads to the other.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit

from reviewer.ui import messages, tokens
from reviewer.ui.building import column, line
from reviewer.ui.styling import give_role, palette
from reviewer.ui.unseen import Shown, shown

Span = tuple[int, int]
"""The first character, and the one behind the last."""

_SENTENCE: Final = re.compile(
    r"[^.!?\u061f\u06d4\u0964\u3002\uff01\uff1f\n]*.?", re.DOTALL
)
_SENTENCE_CHARS: Final = 600
_NOTHING: Final = Shown("", (0,))


class TextPage(QFrame):
    """Lives inside the stage, which alone fills and empties it.

    Each paragraph takes the direction of its own first letter.
    """

    filled = Signal(int)
    """A page is shown; its number."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("textPage")
        give_role(self, "card")
        self._body = QTextEdit()  # the plain one never aligns to the right
        self._body.setAcceptRichText(False)
        self._body.setObjectName("textPageBody")
        self._body.setAccessibleName(messages.BODY)
        give_role(self._body, "reading")
        self._body.setReadOnly(True)
        self._body.setAcceptDrops(False)
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
        self._shown = _NOTHING
        self._sentences: tuple[Span, ...] = ()
        self.hide()

    def fill(self, text: str, *, page: int, pages_count: int) -> None:
        """Show one page from its top."""
        self._is_empty = False
        self._shown = shown(text)
        self._sentences = sentences(text)
        self._body.setExtraSelections([])
        self._body.setPlainText(self._shown.text)
        self._foot.setVisible(pages_count > 1)
        self._foot.setText(messages.page(page, pages_count))
        self._body.verticalScrollBar().setValue(0)
        self.show()
        self.filled.emit(page)

    def empty(self) -> None:
        """Hold nothing any more."""
        if self._is_empty:
            return
        self._is_empty = True
        self._shown = _NOTHING
        self._sentences = ()
        self.hide()
        self._body.setExtraSelections([])
        self._body.clear()
        self._foot.clear()

    @property
    def is_empty(self) -> bool:
        """Return whether no text is held."""
        return self._is_empty

    def mark(
        self, found: Sequence[Span], marked: Sequence[Span], *, at: Span | None = None
    ) -> None:
        """Light what was found, underline what was marked, and show where one is."""
        colors = palette()
        lights = [
            self._lit(span, colors.accent_soft, colors.on_accent_soft) for span in found
        ]
        if at is not None:
            lights.append(self._lit(at, colors.accent, colors.on_accent))
        lights += [self._underlined(span) for span in marked]
        self._body.setExtraSelections(lights)

    def show_place(self, span: Span) -> None:
        """Scroll until a place can be read."""
        cursor = self._cursor(span)
        cursor.setPosition(cursor.selectionStart())
        self._body.setTextCursor(cursor)
        bar = self._body.verticalScrollBar()
        below = self._body.cursorRect(cursor).center().y()
        bar.setValue(bar.value() + below - self._body.viewport().height() // 2)

    def sentence_at(self, character: int) -> Span | None:
        """Return the sentence that holds a character; None on an empty page."""
        starts = [start for start, _ in self._sentences]
        index = bisect.bisect_right(starts, character) - 1
        return self._sentences[index] if index >= 0 else None

    def first_visible(self) -> int:
        """Return the first character that can be read without scrolling."""
        margin = tokens.SPACE_24 + tokens.SPACE_4
        cursor = self._body.cursorForPosition(QPoint(margin, tokens.SPACE_4))
        found = bisect.bisect_right(self._shown.starts, cursor.position()) - 1
        return max(0, found)

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines, down if positive."""
        bar = self._body.verticalScrollBar()
        bar.setValue(bar.value() + lines * self._body.fontMetrics().lineSpacing())

    def _cursor(self, span: Span) -> QTextCursor:
        last = len(self._shown.starts) - 1
        start, end = (self._shown.starts[min(max(at, 0), last)] for at in span)
        cursor = QTextCursor(self._body.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _lit(self, span: Span, ground: str, ink: str) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setBackground(QColor(ground))
        look.setForeground(QColor(ink))
        return self._selection(span, look)

    def _underlined(self, span: Span) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(QColor(palette().accent_text))
        look.setFontUnderline(True)
        return self._selection(span, look)

    def _selection(self, span: Span, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(span)
        selection.format = look
        return selection


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences and lines of a page; a very long one in parts."""
    found: list[Span] = []
    for each in _SENTENCE.finditer(text):
        start = each.start()
        while start < each.end():
            end = min(each.end(), start + _SENTENCE_CHARS)
            piece = text[start:end]
            if piece.strip():
                first = start + len(piece) - len(piece.lstrip())
                found.append((first, start + len(piece.rstrip())))
            start = end
    return tuple(found)
