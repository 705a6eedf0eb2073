"""What the desk offers quietly: to rate an unrated item, to pause after the worst.

One line at a time above the note. It takes no focus and asks nothing; whoever does
not heed it loses nothing, and it is not said again (review-loop.md, *Reveal*).
"""

from __future__ import annotations

from collections.abc import Callable

from reviewer.domain.ids import ItemId
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.facts import facts_of
from reviewer.safeguards.reveal import Event, State
from reviewer.services.deciding import Changed
from reviewer.ui import bindings
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Part
from reviewer.ui.keys import Stroke
from reviewer.ui.widgets.quiet_line import QuietLine
from reviewer.ui.words import quiet as words

_KEEPS_PAUSE = frozenset({Event.FOCUS_LOST, Event.FOCUS_GAINED, Event.TICK, Event.KEY})


class Quietly(Part):
    """Both offers of the review screen."""

    def __init__(self, context: Context) -> None:
        """Offer nothing yet."""
        super().__init__(context)
        self._offered = context.offered
        self._line: QuietLine | None = None
        self._is_pause = False
        self._before: ItemRow | None = None
        context.looking.changed.connect(self._looked)
        right = context.screen.right
        for acted in (right.chosen, right.committed, right.handed_back, right.undone):
            acted.connect(self._acted)

    def shown(self, row: ItemRow) -> None:
        """Offer a pause where the item before was the worst and is done with."""
        before, self._before = self._before, row
        if before is not None and before.item.id == row.item.id:
            return
        self._drop()
        looks = self.context.looking.looks
        if _is_look(looks):
            self._offered.add(row.item.id)
        if before is not None and self._was_worst(before):
            self._offer_pause()

    def acted(self, act: Act) -> None:
        """Say nothing of a pause once the person goes on, nor of what is heeded."""
        if act is Act.SEVERITY:
            self._drop()
        self._acted()

    def event(self, event: Event) -> None:
        """Cover: a pause was declined by going on, or is being taken."""
        if event not in _KEEPS_PAUSE:
            self._acted()

    def changed(self, changed: Changed) -> None:
        """Offer no rating of what is done with."""
        if changed.row.item.id == self.context.place.row.item.id:
            self._drop_rating()

    def stop(self) -> None:
        """Offer nothing of an item that is left."""
        self._drop()

    # ----------------------------------------------------------------------------

    def _looked(self) -> None:
        """Offer to rate once a look at an unrated item is over."""
        reveal, row = self.context.looking.reveal, self.context.place.row
        if reveal is None or reveal.state is State.SHOWN or self.context.is_stopped:
            return
        item_id = row.item.id
        if item_id in self._offered or not _is_unrated(row):
            return
        if self.context.is_held or not self.context.may_decide():
            return
        if _is_look(self.context.looking.looks):
            self._offer_rating(item_id)

    def _offer_rating(self, item_id: ItemId) -> None:
        self._offered.add(item_id)
        answer = words.rate(bindings.current().labels(Act.SEVERITY))
        self._show(
            QuietLine(
                "rateLine", words.RATE_LINE, ((answer, self._asking(Act.SEVERITY)),)
            )
        )

    def _was_worst(self, row: ItemRow) -> bool:
        """Return whether an item of severity 5 is being recorded."""
        is_worst = facts_of(row.item, own=row.own_severity).is_worst
        return is_worst and row.item.id in self.context.place.pending

    def _offer_pause(self) -> None:
        minutes = self.context.exposure.offers().pause_minutes
        if minutes is None:
            return
        take = words.with_key(words.TAKE_BREAK, bindings.current().labels(Act.CURTAIN))
        self._show(
            QuietLine(
                "pauseLine", words.pause(minutes), ((take, self._asking(Act.CURTAIN)),)
            )
        )
        self._is_pause = True

    def _asking(self, act: Act) -> Callable[[], None]:
        return lambda: self.context.asked.emit(Stroke(act=act))

    def _acted(self) -> None:
        if self._is_pause:
            self._drop()

    def _drop_rating(self) -> None:
        if not self._is_pause:
            self._drop()

    def _show(self, line: QuietLine) -> None:
        self._drop()
        self._line = line
        self.context.screen.right.show_quiet(line)

    def _drop(self) -> None:
        line, self._line = self._line, None
        self._is_pause = False
        if line is not None:
            self.context.screen.right.show_quiet(None)
            line.deleteLater()


def _is_unrated(row: ItemRow) -> bool:
    facts = facts_of(row.item, own=row.own_severity)
    return facts.signed is None and facts.own is None


def _is_look(looks: Looks) -> bool:
    return looks.any_view or bool(looks.pages) or bool(looks.frames)
