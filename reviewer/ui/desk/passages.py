"""Find words in the text on the stage, and mark passages as evidence of the decision.

A search gives places only, so it needs no look and opens nothing; the page turns to
a place, and shows it if the text is open. What is marked goes into the decision as
page and places (domain.decision.Passage). Marks stay with their item while the batch
is open, like the other fields.
"""

from __future__ import annotations

from typing import Final

from reviewer.domain.decision import PASSAGES_COUNT, Passage, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Kind
from reviewer.domain.rendition import Hit, Hits
from reviewer.errors import Code, ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services.deciding import Changed
from reviewer.ui import bindings
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.tasks import Urgency
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.find_panel import FindPanel
from reviewer.ui.widgets.text_page import Span
from reviewer.ui.words import passages as words

HITS_MOST: Final = 2_000
"""Of one search, over all its answers; a reviewer narrows it down before that."""
_COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})


class Passages(Part):
    """Ctrl+T; I and O on a text."""

    def __init__(self, context: Context) -> None:
        """Search nothing yet; say to the context what is marked."""
        super().__init__(context)
        self._panel: FindPanel | None = None
        self._marked: dict[ItemId, tuple[Passage, ...]] = {}
        self._begun: Passage | None = None
        self._hits: tuple[Hit, ...] = ()
        self._at = -1
        self._asked = 0
        self._page = context.screen.stage.reading
        self._page.filled.connect(lambda _: self._light())
        context.evidence = self.marked_here

    def handlers(self) -> Handlers:
        """Return the keys that find and mark."""
        return {
            Act.FIND_TEXT: self._find,
            Act.MARK_IN: self._begin,
            Act.MARK_OUT: self._end,
        }

    def hints(self) -> tuple[Hint, ...]:
        """Offer them on a text that is open."""
        if self._page.is_empty:
            return ()
        return (("Ctrl+T", words.FIND_HINT_KEY), ("I O", words.MARK_HINT))

    def hints_alone(self) -> tuple[Hint, ...]:
        """Return the keys of the line while it is typed in."""
        if self._panel is None or not self._panel.line.hasFocus():
            return ()
        again = bindings.current().labels(Act.FIND_TEXT)[:1]
        return words.find_keys(again)

    def shown(self, row: ItemRow) -> None:
        """Forget what was found in another item."""
        del row
        self._close()

    def event(self, event: Event) -> None:
        """Close with what covers."""
        if event in _COVERS:
            self._close()

    def changed(self, changed: Changed) -> None:
        """Drop the marks of what was decided."""
        if changed.row.standing.kind is StandingKind.DECIDED:
            self._marked.pop(changed.row.item.id, None)

    def stop(self) -> None:
        """Let go of everything."""
        self._close()
        self._marked.clear()

    def marked_here(self) -> tuple[Passage, ...]:
        """Return what is marked in the item on the stage, in order."""
        return self._marked.get(self.context.place.row.item.id, ())

    # Finding --------------------------------------------------------------------

    def _find(self) -> None:
        """Open the line, or go to the next place."""
        if self.context.place.row.item.kind is not Kind.TEXT:
            return
        if self._panel is None:
            self._panel = self._open()
        if self._hits:
            self._move(1)
        else:
            self._panel.line.setFocus()

    def _open(self) -> FindPanel:
        panel = FindPanel()
        panel.asked.connect(self._search)
        panel.moved.connect(self._move)
        panel.left.connect(self.context.screen.stage.setFocus)
        panel.line.focus_moved.connect(self.context.show_hints)
        panel.show_marked([words.place(one) for one in self.marked_here()])
        self.context.screen.right.show_panel(panel)
        return panel

    def _close(self) -> None:
        self._asked += 1
        self._hits = ()
        self._at = -1
        self._begun = None
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.clear()
            self.context.screen.right.show_panel(None)
            panel.deleteLater()

    def _search(self, query: str) -> None:
        self._asked += 1
        self._hits = ()
        self._at = -1
        self._light()
        if query:
            self._ask(query, 0, self._asked)
        else:
            self._say(searched=None)

    def _ask(self, query: str, page: int, asked: int) -> None:
        context = self.context
        item, views = context.place.row.item, context.work.viewing
        context.tasks.decode(
            lambda: views.find(item, query, first_page=page),
            urgency=Urgency.NOW,
            on_success=lambda hits: self._found(query, hits, asked, item.id),
            on_failure=lambda error: self._not_found(error, asked),
        )

    def _found(self, query: str, hits: Hits, asked: int, item_id: ItemId) -> None:
        if self.context.is_stopped:  # its child may have come after all were ended
            views = self.context.work.viewing
            self.context.tasks.end(lambda: views.release(item_id))
        if asked != self._asked or self.context.is_stopped:
            return
        is_first = not self._hits and bool(hits.hits)
        self._hits += hits.hits
        more = hits.next_page if len(self._hits) < HITS_MOST else None
        self._say(searched=more)
        if more is not None:
            self._ask(query, more, asked)
        if is_first:
            self._move(1)
        else:
            self._light()

    def _not_found(self, error: ReviewerError, asked: int) -> None:
        if asked == self._asked and error.code is not Code.CANCELLED:
            self.context.screen.right.show_error(error.code)

    def _move(self, by: int) -> None:
        """Go to another place, round and round; turn to its page."""
        if not self._hits:
            return
        self._at = (self._at + by) % len(self._hits)
        self._say(searched=None)
        self.context.looking.turn_to(self._hits[self._at].page)
        self._light()

    def _say(self, *, searched: int | None) -> None:
        if self._panel is None:
            return
        self._panel.say(
            words.found(
                self._at,
                len(self._hits),
                is_more=searched is not None,
                searched=searched or 0,
                pages=self.context.looking.info.pages_count,
            )
        )

    # Marking --------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin a passage at the sentence where one is."""
        here = self._sentence()
        if here is not None:
            self._begun = here
            self._tell(words.BEGUN)

    def _end(self) -> None:
        """End the passage that was begun, or mark, or unmark, the sentence here."""
        here = self._sentence()
        if here is None:
            return
        begun, self._begun = self._begun, None
        if begun is not None and begun.page == here.page:
            first, last = sorted((begun, here), key=lambda one: one.start)
            end = max(first.end, last.end)
            self._put(Passage(page=here.page, start=first.start, end=end))
            return
        touching = [one for one in self.marked_here() if _touch(one, here)]
        if touching:
            self._keep([one for one in self.marked_here() if one not in touching])
            self._tell(words.UNMARKED)
        else:
            self._put(here)

    def _put(self, passage: Passage) -> None:
        """Add a passage; those that it touches become one with it."""
        apart = [one for one in self.marked_here() if not _touch(one, passage)]
        joined = [one for one in self.marked_here() if _touch(one, passage)] + [passage]
        whole = Passage(
            page=passage.page,
            start=min(one.start for one in joined),
            end=max(one.end for one in joined),
        )
        if len(apart) >= PASSAGES_COUNT:
            self._tell(words.ENOUGH)
            return
        self._keep([*apart, whole])
        self._tell(words.MARKED)

    def _keep(self, passages: list[Passage]) -> None:
        ordered = tuple(sorted(passages, key=lambda one: (one.page, one.start)))
        self._marked[self.context.place.row.item.id] = ordered
        if self._panel is None and ordered:
            self._panel = self._open()
        if self._panel is not None:
            self._panel.show_marked([words.place(one) for one in ordered])

    def _tell(self, said: str) -> None:
        self.context.screen.right.say_last(said)
        self._light()

    def _sentence(self) -> Passage | None:
        """Return the sentence of the place one is at, or the first that shows."""
        if self._page.is_empty:
            if self.context.place.row.item.kind is Kind.TEXT:
                self.context.screen.right.say_last(words.NOT_OPEN)
            return None
        number = self.context.looking.page
        hit = self._here(number)
        at = self._page.first_visible() if hit is None else hit.start
        span = self._page.sentence_at(at)
        if span is None:
            return None
        return Passage(page=number, start=span[0], end=span[1])

    def _here(self, page: int) -> Hit | None:
        hit = self._hits[self._at] if 0 <= self._at < len(self._hits) else None
        return hit if hit is not None and hit.page == page else None

    def _light(self) -> None:
        """Light the page that is open; nothing where none is."""
        if self._page.is_empty:
            return
        number = self.context.looking.page
        found = [(hit.start, hit.end) for hit in self._hits if hit.page == number]
        marked = [_span(one) for one in self.marked_here() if one.page == number]
        if self._begun is not None and self._begun.page == number:
            marked.append(_span(self._begun))
        hit = self._here(number)
        at = None if hit is None else (hit.start, hit.end)
        self._page.mark(found, marked, at=at)
        if at is not None:
            self._page.show_place(at)


def _span(passage: Passage) -> Span:
    return (passage.start, passage.end)


def _touch(one: Passage, other: Passage) -> bool:
    """Return whether two passages share or adjoin characters."""
    is_apart = one.end < other.start or other.end < one.start
    return one.page == other.page and not is_apart
