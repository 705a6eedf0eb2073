"""Search and similar items on the desk; one key returns to where one was.

Returning brings back the item that was on the stage and, over it, the list as it was:
query, filter, selection and scroll.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from reviewer.domain.ids import ItemId
from reviewer.safeguards.reveal import Event
from reviewer.services.searching import Chosen, Facet, Hit
from reviewer.services.stacking import CopyView, StackView, group
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.fuzzy import rank
from reviewer.ui.plain import one_line
from reviewer.ui.tasks import Urgency
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.row_list import ListRow
from reviewer.ui.widgets.search_panel import PanelState, SearchPanel
from reviewer.ui.words import finding as words

_COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})
_LEAVES: Final = frozenset({Event.FOCUS_LOST, Event.HIDDEN})
_DEPTH: Final = 32
"""How far back one can return."""

_Found = tuple[tuple[Facet, ...] | None, tuple[Hit, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Was:
    """Where one was before a hit was opened."""

    item_id: ItemId
    """On the stage."""
    subject: ItemId | None
    """Of a list of similar items; None where it was a search."""
    panel: PanelState


class Finding(Part):
    """Ctrl+F, Ctrl+G and the way back."""

    def __init__(self, context: Context) -> None:
        """Open nothing yet."""
        super().__init__(context)
        self._panel: SearchPanel | None = None
        self._subject: ItemId | None = None
        self._was: list[_Was] = []
        self._kept = PanelState()
        self._asked = 0
        self._hits: Sequence[Hit] = ()
        self._copies: tuple[CopyView, ...] | None = None
        self._is_away = False
        context.screen.over_taken.connect(self._taken)

    def handlers(self) -> Handlers:
        """Return the keys that find, and the one that returns."""
        return {
            Act.SEARCH: self._open_search,
            Act.SIMILAR: self._open_similar,
            Act.RETURN: self._return,
        }

    def hints(self) -> tuple[Hint, ...]:
        """Offer the way back while there is one."""
        return (("Ctrl+Backspace", words.BACK_HINT),) if self._was else ()

    def hints_alone(self) -> tuple[Hint, ...]:
        """Return the keys of the panel while it is open."""
        if self._panel is None:
            return ()
        return words.SEARCH_KEYS if self._subject is None else words.SIMILAR_KEYS

    def event(self, event: Event) -> None:
        """Close with what covers; show no text while the window is away."""
        if event in _COVERS:
            self._close()
        elif event in _LEAVES or event is Event.FOCUS_GAINED:
            self._is_away = event in _LEAVES
            if self._panel is not None:
                self._panel.refresh()

    def stop(self) -> None:
        """Hold nothing."""
        self._close()
        self._was.clear()
        self._kept = PanelState()

    # Opening and closing --------------------------------------------------------

    def _open_search(self) -> None:
        self._open(None, self._kept)

    def _open_similar(self) -> None:
        self._open(self.context.place.row.item.id, PanelState())

    def _open(self, subject: ItemId | None, state: PanelState) -> None:
        self._close()
        context = self.context
        # What was clear is concealed before something lies over it.
        context.looking.answer(Event.HIDDEN)
        context.looking.answer(Event.FOCUS_GAINED)
        panel = SearchPanel(with_facets=subject is None)
        self._panel, self._subject = panel, subject
        panel.asked.connect(self._search if subject is None else self._filter)
        panel.opened.connect(self._open_hit)
        panel.closed.connect(self._close)
        context.screen.show_over(panel)
        if subject is None:
            panel.begin(words.SEARCH, words.SEARCH_HINT, state)
        else:
            ref = self._ref(subject)
            panel.begin(words.similar_to(ref), words.SIMILAR_HINT, state)
        context.show_hints()

    def _close(self) -> None:
        panel, self._panel = self._panel, None
        if panel is None:
            return
        if self._subject is None:
            self._kept = panel.state()
        self._asked += 1
        self._hits, self._copies = (), None
        panel.blockSignals(True)
        if panel.line.hasFocus():
            self.context.screen.stage.setFocus()
        panel.forget()
        if self.context.screen.over is panel:
            self.context.screen.show_over(None)
        panel.deleteLater()
        self.context.show_hints()

    def _taken(self, before: QWidget) -> None:
        """Close where something else lies over the stage now."""
        if before is self._panel:
            self._close()

    # Search ---------------------------------------------------------------------

    def _search(self, query: str, chosen: Chosen) -> None:
        context, panel = self.context, self._panel
        if panel is None:
            return
        self._asked += 1
        asked, is_first = self._asked, not panel.facets.rows.rowCount()
        searching, batch_id = context.work.searching, context.batch_id
        out = context.work.exposure.opted_out
        is_empty = not query.strip() and not chosen

        def task() -> _Found:
            facets = searching.facets(batch_id, opted_out=out) if is_first else None
            if is_empty:
                return facets, ()
            return facets, searching.search(batch_id, query, chosen, opted_out=out)

        def done(found: _Found) -> None:
            if asked == self._asked:
                self._found(found, is_empty=is_empty)

        context.submit(task, done)

    def _found(self, found: _Found, *, is_empty: bool) -> None:
        panel, (facets, hits) = self._panel, found
        if panel is None:
            return
        if facets is not None:
            panel.show_facets(facets)
        self._hits = hits
        empty = words.SEARCH_EMPTY if is_empty else words.SEARCH_NONE
        panel.show_results(len(hits), self._hit_row, empty=empty)

    def _hit_row(self, at: int) -> ListRow:
        hit = self._hits[at]
        snippet = "" if self._is_away or hit.snippet is None else hit.snippet
        parts = (words.fields(hit.fields), one_line(snippet, limit=120))
        return ListRow(
            title=one_line(hit.ref, limit=40),
            detail=" · ".join(part for part in parts if part),
            mark=self._standing(hit.item_id),
        )

    # Similar items --------------------------------------------------------------

    def _filter(self, query: str, _chosen: Chosen) -> None:
        if self._copies is None:
            self._group(query)
        else:
            self._show_copies(query)

    def _group(self, query: str) -> None:
        """Read on the database thread, compare on another, ask on the first."""
        context, panel, subject = self.context, self._panel, self._subject
        if panel is None or subject is None:
            return
        self._asked += 1
        asked, stacking = self._asked, context.work.stacking
        panel.show_results(0, _no_row, empty=words.GROUPING)

        def is_late() -> bool:
            return asked != self._asked

        def answered(view: StackView | None) -> None:
            if not is_late():
                self._copies = () if view is None else view.copies
                self._show_copies(query)

        def ask() -> None:
            context.submit(lambda: stacking.of(subject), answered)

        if stacking.is_grouped(context.batch_id):
            ask()
            return
        context.submit(
            lambda: stacking.load(context.batch_id),
            lambda ungrouped: context.tasks.decode(
                lambda: stacking.take(group(ungrouped)),
                urgency=Urgency.BACKGROUND,
                on_success=lambda _none: None if is_late() else ask(),
                on_failure=lambda error: context.failed(subject, error.code),
            ),
        )

    def _show_copies(self, query: str) -> None:
        panel, subject = self._panel, self._subject
        if panel is None or subject is None:
            return
        copies = self._copies or ()
        hits = [
            (copy, Hit(item_id=copy.row.item.id, ref=copy.row.item.ref, fields=()))
            for copy in copies
            if not query.strip() or rank(query, copy.row.item.ref) is not None
        ]
        self._hits = [hit for _, hit in hits]
        panel.show_results(
            len(hits), _copy_row(hits, self._standing), empty=words.SIMILAR_NONE
        )

    # There and back -------------------------------------------------------------

    def _open_hit(self, at: int) -> None:
        context, panel = self.context, self._panel
        if panel is None or not 0 <= at < len(self._hits):
            return
        wanted = context.place.index_of(self._hits[at].item_id)
        if wanted is None:
            return
        was = _Was(
            item_id=context.place.row.item.id,
            subject=self._subject,
            panel=panel.state(),
        )
        self._was = [*self._was, was][-_DEPTH:]
        self._close()
        context.show(wanted)

    def _return(self) -> None:
        if not self._was:
            return
        was = self._was.pop()
        at = self.context.place.index_of(was.item_id)
        if at is not None:
            self.context.show(at)
        self._open(was.subject, was.panel)

    def _standing(self, item_id: ItemId) -> str:
        place = self.context.place
        at = place.index_of(item_id)
        if at is None:
            return ""
        standing = place.rows[at].standing
        return words.standing(standing.kind, keep=standing.keep)

    def _ref(self, item_id: ItemId) -> str:
        at = self.context.place.index_of(item_id)
        return "" if at is None else self.context.place.rows[at].item.ref


def _copy_row(
    hits: Sequence[tuple[CopyView, Hit]], standing: Callable[[ItemId], str]
) -> Callable[[int], ListRow]:
    def row_at(at: int) -> ListRow:
        copy, hit = hits[at]
        source = copy.row.item.context.source
        like = words.likeness(copy.likeness, copy.distance_bits)
        parts = (like, "" if source is None else one_line(source, limit=60))
        return ListRow(
            title=one_line(hit.ref, limit=40),
            detail=" · ".join(part for part in parts if part),
            mark=standing(hit.item_id),
        )

    return row_at


def _no_row(_at: int) -> ListRow:
    return ListRow(title="")
