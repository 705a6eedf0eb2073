"""From item to item, from zone to zone, and back home."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.safeguards.ordering import Because
from reviewer.ui.actions import Act
from reviewer.ui.building import first_focusable
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.offering import Offered
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.words import limits


class Moving(Part):
    """Page keys, J, F6 and the way home."""

    def __init__(self, context: Context) -> None:
        """Offer home and the submit screen by pointer too."""
        super().__init__(context)
        right = context.screen.right
        context.screen.top.home_wanted.connect(lambda: self._leave(context.left))
        right.finished.connect(lambda: self._leave(context.submit_wanted))
        right.hand_over_wanted.connect(lambda: self._leave(context.hand_over_wanted))

    def handlers(self) -> Handlers:
        """Return the keys that move."""
        return {
            Act.NEXT: lambda: self._step(1),
            Act.PREVIOUS: lambda: self._step(-1),
            Act.NEXT_UNDECIDED: self._next_open,
            Act.NEXT_ZONE: self._next_zone,
            Act.HOME: self.context.left.emit,
        }

    def go_on(self) -> None:
        """Show what comes after an act: what is offered, or the same item.

        An item that is on hold stays, whatever was answered late.
        """
        if self.context.is_held:
            return
        offered = self.context.offering.next()
        index = self.context.place.index
        self.context.show(index if offered.index is None else offered.index)
        self._say(offered)

    def _leave(self, way: SignalInstance) -> None:
        """Leave the batch by pointer, unless the item is on hold."""
        if not self.context.is_held:
            way.emit()

    def _step(self, by: int) -> None:
        wanted = self.context.place.index + by
        if 0 <= wanted < len(self.context.place.rows):
            self.context.show(wanted)

    def _next_open(self) -> None:
        here = self.context.place.index
        offered = self.context.offering.next(without=[here])
        if offered.index is not None:
            self.context.show(offered.index)
        self._say(offered)

    def _say(self, offered: Offered) -> None:
        """Say why this is offered, where it is not what suits."""
        left = self.context.place.open_count()
        words = {
            Because.LEAST_SEVERE: limits.LEAST_SEVERE,
            Because.NOTHING_LEFT: limits.NOTHING_LEFT if left else "",
        }.get(offered.because, limits.KEPT_LEFT if offered.is_kept else "")
        self.context.screen.top.show_offer(words)
        nothing_left = offered.because is Because.NOTHING_LEFT and left > 0
        self.context.screen.right.show_rest_left(shown=nothing_left)

    def _next_zone(self) -> None:
        """Give the focus to the stage, the left zone, the right zone, in turn."""
        screen = self.context.screen
        zones: tuple[QWidget, ...] = (screen.stage, screen.left, screen.right)
        focus = QApplication.focusWidget()
        at = next(
            (
                index
                for index, zone in enumerate(zones)
                if focus is not None and (zone is focus or zone.isAncestorOf(focus))
            ),
            0,
        )
        for step in range(1, len(zones) + 1):
            zone = zones[(at + step) % len(zones)]
            found = first_focusable(zone)
            if found is not None:
                found.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
