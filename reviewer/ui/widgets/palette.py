"""The palette: every act that works now, found by part of its name, by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.ui import tokens
from reviewer.ui.actions import Act
from reviewer.ui.building import column, forget, label
from reviewer.ui.fuzzy import rank
from reviewer.ui.keys import Stroke
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.ask_line import AskLine
from reviewer.ui.widgets.row_list import ListRow, RowList
from reviewer.ui.words import finding as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act by name."""

    name: str
    keys: tuple[str, ...]
    stroke: Stroke | Callable[[], object]
    """What it does: as if a key was pressed, or as it says itself."""


class Palette(QFrame):
    """Lies over a screen while it is open; holds nothing of any item."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self._entries: tuple[Entry, ...] = ()
        self._shown: list[Entry] = []
        self.setObjectName("palette")
        self.setAccessibleName(words.PALETTE)
        give_role(self, "card")
        self.line = AskLine(frozenset({Act.PALETTE}))
        self.line.setObjectName("paletteLine")
        self.line.setAccessibleName(words.PALETTE)
        self.line.setPlaceholderText(words.PALETTE_HINT)
        self.list = RowList("paletteList", words.PALETTE)
        self._none = label(words.PALETTE_NONE, "muted", name="paletteNone")
        outer = column(space=tokens.SPACE_8, margin=tokens.SPACE_12, parent=self)
        outer.addWidget(self.line)
        outer.addWidget(self._none)
        outer.addWidget(self.list, 1)
        self.line.textChanged.connect(self._filter)
        self.line.moved.connect(self._move)
        self.line.taken.connect(self._take)
        self.line.asked.connect(lambda _act: self.closed.emit())
        self.line.abandoned.connect(self.closed)
        self.list.clicked.connect(lambda _index: self._take())
        screen.installEventFilter(self)
        self.hide()

    def open_with(self, entries: Sequence[Entry]) -> None:
        """Open with what works now."""
        self._entries = tuple(entries)
        forget(self.line)
        self._filter("")
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the screen."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        wide = min(tokens.FORM_WIDE_PX, self._screen.width() - 2 * tokens.SPACE_24)
        top = tokens.STRIP_PX + tokens.SPACE_32
        high = min(tokens.PALETTE_PX, self._screen.height() - 2 * top)
        self.setGeometry((self._screen.width() - wide) // 2, top, wide, high)

    def _filter(self, query: str) -> None:
        ranked = [(rank(query, one.name), one) for one in self._entries]
        found = [(-score, one) for score, one in ranked if score is not None]
        if query.strip():
            found.sort(key=lambda each: each[0])
        self._shown = [one for _, one in found]
        shown = self._shown
        self.list.show_rows(
            len(shown),
            lambda at: ListRow(title=shown[at].name, keys=shown[at].keys),
        )
        self._none.setVisible(not shown)
        self._speak()

    def _move(self, by: int) -> None:
        self.list.move(by)
        self._speak()

    def _speak(self) -> None:
        self.line.setAccessibleDescription(self.list.spoken())

    def _take(self) -> None:
        if 0 <= self.list.at < len(self._shown):
            self.chosen.emit(self._shown[self.list.at].stroke)
