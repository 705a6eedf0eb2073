"""From item to item, from zone to zone, and back home."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.ui.actions import Act
from reviewer.ui.building import first_focusable
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part


class Moving(Part):
    """Page keys, J, F6 and the way home."""

    def __init__(self, context: Context) -> None:
        """Offer home and the submit screen by pointer too."""
        super().__init__(context)
        context.screen.top.home_wanted.connect(context.left)
        context.screen.right.finished.connect(context.submit_wanted)

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
        """Show what comes after an act: the next open item, or the same one."""
        place = self.context.place
        wanted = place.next_open()
        self.context.show(place.index if wanted is None else wanted)

    def _step(self, by: int) -> None:
        wanted = self.context.place.index + by
        if 0 <= wanted < len(self.context.place.rows):
            self.context.show(wanted)

    def _next_open(self) -> None:
        wanted = self.context.place.next_open()
        if wanted is not None and wanted != self.context.place.index:
            self.context.show(wanted)

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
