"""Search over the stage: a line to type in, what to narrow down by, and what is found.

References and fields, never a thumbnail. The line keeps the focus; Tab says which of
the two lists the arrows move.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame

from reviewer.services.searching import NOTHING_CHOSEN, By, Chosen, Facet
from reviewer.ui import tokens
from reviewer.ui.actions import Act
from reviewer.ui.building import column, forget, label, row
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.ask_line import AskLine
from reviewer.ui.widgets.row_list import ListRow, RowList
from reviewer.ui.words import finding as words

_QUIET_MS: Final = 120
"""After the last letter; a search for each would only be thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelState:
    """Where one is in the panel: enough to come back to it."""

    query: str = ""
    chosen: Chosen = NOTHING_CHOSEN
    at: int = 0
    scroll: int = 0
    on_facets: bool = False


class SearchPanel(QFrame):
    """Shows what it is given; the desk searches."""

    asked = Signal(str, object)
    """A query and the chosen properties."""
    opened = Signal(int)
    """A row of the results."""
    closed = Signal()

    def __init__(self, *, with_facets: bool = True) -> None:
        super().__init__()
        self.setObjectName("searchPanel")
        give_role(self, "panel")
        self._chosen: Chosen = NOTHING_CHOSEN
        self._facets: list[Facet | By] = []
        self._wanted: PanelState | None = None
        self._title = label(role="heading", name="searchTitle")
        self._count = label(role="muted", name="searchCount")
        self.line = AskLine(frozenset({Act.SEARCH, Act.SIMILAR}))
        self.line.setObjectName("searchLine")
        self.facets = RowList("searchFacets", words.NARROW)
        self.facets.setFixedWidth(tokens.FACETS_PX)
        self.results = RowList("searchResults", words.RESULTS, is_tall=True)
        self._empty = label(role="muted", name="searchEmpty")
        self._lay_out()
        if not with_facets:
            self.facets.hide()
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._ask)
        self._connect()
        self._light(on_facets=False)

    def begin(self, title: str, hint: str, state: PanelState) -> None:
        """Open with a title and where one was; asks at once."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(hint)
        self._chosen = state.chosen
        self._wanted = state
        self.line.setText(state.query)
        self._light(on_facets=state.on_facets and self.facets.isVisibleTo(self))
        self._quiet.stop()
        self._ask()
        self.line.setFocus()

    def state(self) -> PanelState:
        """Return where one is."""
        if self._wanted is not None:
            return self._wanted
        return PanelState(
            query=self.line.text(),
            chosen=self._chosen,
            at=max(0, self.results.at),
            scroll=self.results.verticalScrollBar().value(),
            on_facets=self.facets.painted.is_lit,
        )

    def show_facets(self, facets: Sequence[Facet]) -> None:
        """Offer what to narrow down by, with how many items have it."""
        rows: list[Facet | By] = []
        for one in facets:
            if not rows or _by(rows[-1]) is not one.by:
                rows.append(one.by)
            rows.append(one)
        at = self.facets.at
        self._facets = rows
        self.facets.show_rows(len(rows), self._facet_row)
        self.facets.go_to(max(0, at))

    def show_results(
        self, count: int, row_at: Callable[[int], ListRow], *, empty: str
    ) -> None:
        """Show what was found; `empty` says why there is nothing."""
        self.results.show_rows(count, row_at)
        self.results.setVisible(count > 0)
        self._empty.setVisible(count == 0)
        self._empty.setText(empty)
        self._count.setText(words.found(count) if count else "")
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.results.go_to(wanted.at)
            self.results.verticalScrollBar().setValue(wanted.scroll)
        self._speak()

    def refresh(self) -> None:
        """Ask for what is shown again, and say it again: it may be less by now."""
        self.results.refresh()
        self._speak()

    def forget(self) -> None:
        """Hold no word of any item."""
        self._quiet.stop()
        self._facets = []
        self.facets.show_rows(0, _no_row)
        self.results.show_rows(0, _no_row)
        forget(self.line)
        self._quiet.stop()
        self.line.setAccessibleDescription("")

    # ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = column(space=tokens.SPACE_12, margin=tokens.SPACE_16, parent=self)
        top = row(space=tokens.SPACE_12)
        top.addWidget(self._title, 1)
        top.addWidget(self._count)
        outer.addLayout(top)
        outer.addWidget(self.line)
        lists = row(space=tokens.SPACE_16)
        lists.addWidget(self.facets)
        found = column(space=0)
        found.addWidget(self._empty)
        found.addWidget(self.results, 1)
        found.addStretch(0)
        lists.addLayout(found, 1)
        outer.addLayout(lists, 1)
        outer.addWidget(label(words.KEYS_LINE, "small"))

    def _connect(self) -> None:
        self.line.textEdited.connect(lambda _text: self._quiet.start())
        self.line.moved.connect(self._move)
        self.line.taken.connect(self._take)
        self.line.switched.connect(self._switch)
        self.line.asked.connect(lambda _act: self.closed.emit())
        self.line.abandoned.connect(self.closed)
        self.facets.clicked.connect(lambda _index: self._choose())
        self.results.clicked.connect(lambda _index: self._open())

    def _ask(self) -> None:
        self.asked.emit(self.line.text(), self._chosen)

    def _move(self, by: int) -> None:
        lit = self.facets if self.facets.painted.is_lit else self.results
        lit.move(by)
        self._speak()

    def _switch(self) -> None:
        can = self.facets.isVisibleTo(self)
        self._light(on_facets=can and not self.facets.painted.is_lit)
        self._speak()

    def _light(self, *, on_facets: bool) -> None:
        self.facets.painted.is_lit = on_facets
        self.results.painted.is_lit = not on_facets
        self.facets.refresh()
        self.results.refresh()

    def _speak(self) -> None:
        lit = self.facets if self.facets.painted.is_lit else self.results
        said = lit.spoken() or self._empty.text()
        self.line.setAccessibleDescription(f"{lit.accessibleName()}: {said}")

    def _take(self) -> None:
        if self.facets.painted.is_lit:
            self._choose()
        elif self._quiet.isActive():
            self._quiet.stop()
            self._ask()
        else:
            self._open()

    def _choose(self) -> None:
        at = self.facets.at
        one = self._facets[at] if 0 <= at < len(self._facets) else None
        if isinstance(one, Facet):
            self._chosen ^= {(one.by, one.value)}
            self.facets.refresh()
            self._ask()
            self._speak()

    def _open(self) -> None:
        if self.results.at >= 0:
            self.opened.emit(self.results.at)

    def _facet_row(self, at: int) -> ListRow:
        one = self._facets[at]
        if not isinstance(one, Facet):
            return ListRow(title=words.facet_title(one), is_heading=True)
        return ListRow(
            title=words.facet(one),
            mark=str(one.count),
            is_on=(one.by, one.value) in self._chosen,
        )


def _by(one: Facet | By) -> By:
    return one.by if isinstance(one, Facet) else one


def _no_row(_at: int) -> ListRow:
    return ListRow(title="")
