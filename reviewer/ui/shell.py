"""The shell: the window's parts put together, and what each key reaches.

The parts are in `ui.day`: the door, the sitting behind it, and every way to leave.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from reviewer.ports import Clock
from reviewer.safeguards.reveal import Event
from reviewer.ui.actions import Act
from reviewer.ui.day.beside import Around
from reviewer.ui.day.door import Door
from reviewer.ui.day.finishing import Finishing
from reviewer.ui.day.leaving import Leaving
from reviewer.ui.day.naming import Naming
from reviewer.ui.day.owning import Owning
from reviewer.ui.day.picking import Picking
from reviewer.ui.day.screens import Screens
from reviewer.ui.day.sitting import Sitting
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.facade import Entrance
from reviewer.ui.key_router import KeyRouter
from reviewer.ui.keys import Stroke
from reviewer.ui.rest import Rest
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.window import Window


class Shell(QObject):
    """One for a window."""

    demo_wanted = Signal()
    given_up = Signal()
    """One fault of our own followed another; the program should end."""

    def __init__(
        self,
        entrance: Entrance,
        clock: Clock,
        tasks: Tasks,
        *,
        window: Window | None = None,
    ) -> None:
        super().__init__()
        self.tasks = tasks
        self.entrance = entrance
        self.screens = Screens(entrance, window or Window())
        self._name_screens()
        rest = Rest(clock)
        self._rest = rest
        self.picking = Picking(self.screens)
        self.sitting = Sitting(
            screens=self.screens,
            picking=self.picking,
            tasks=tasks,
            clock=clock,
            parent=self,
        )
        self.door = Door(
            entrance=entrance,
            screens=self.screens,
            picking=self.picking,
            sitting=self.sitting,
            tasks=tasks,
            parent=self,
        )
        self.leaving = Leaving(
            entrance=entrance,
            screens=self.screens,
            sitting=self.sitting,
            door=self.door,
            rest=rest,
            tasks=tasks,
            clock=clock,
            parent=self,
        )
        around = Around(
            entrance=entrance,
            screens=self.screens,
            sitting=self.sitting,
            leaving=self.leaving,
            tasks=tasks,
        )
        self.finishing = Finishing(around, self)
        self.owning = Owning(around, self)
        self.naming = Naming(self.screens, self._pressed, self)
        self._router = KeyRouter(
            window=self.window,
            press=self._pressed,
            release=self._released,
            on_input=self._on_input,
        )
        self._connect()

    # Beginning and ending -------------------------------------------------------

    def begin(self) -> None:
        """Show the first screen: set up, or unlock."""
        self.door.begin()
        self.leaving.watch()

    def end(self) -> None:
        """Lock and stop every thread; the window may be gone already."""
        self.leaving.end()
        try:
            self.sitting.put_away()
        finally:
            self.tasks.finish()

    def offer_others(self, leave: Callable[[], None]) -> None:
        """Offer the way to other profiles, from where nothing is unlocked."""
        self.unlock.offer_other()
        self.unlock.other_wanted.connect(leave)
        self.first_run.offer_other()
        self.first_run.other_wanted.connect(leave)

    def draw_curtain(self) -> None:
        """Put everything away; coming back loses nothing."""
        self.leaving.draw_curtain()

    def lock(self) -> None:
        """Put everything away and forget where the person was."""
        self.leaving.lock()

    def crashed(self) -> None:
        """Put everything away after a fault of our own, and say so."""
        self.leaving.crashed()

    def look_at_idleness(self) -> None:
        """Draw the curtain or lock after long enough without input."""
        self.leaving.look_at_idleness()

    # What the probe reads -------------------------------------------------------

    @property
    def desk(self) -> ReviewDesk | None:
        """Return the review desk while a batch is open."""
        return self.sitting.desk

    @property
    def review(self) -> ReviewScreen | None:
        """Return the review screen while a batch is open."""
        return self.sitting.review

    # ----------------------------------------------------------------------------

    def _name_screens(self) -> None:
        screens = self.screens
        self.window = screens.window
        self.first_run = screens.first_run
        self.unlock = screens.unlock
        self.curtain = screens.curtain
        self.home = screens.home
        self.submit = screens.submit
        self.receipt = screens.receipt
        self.picker = screens.picker

    def _connect(self) -> None:
        self.first_run.demo_wanted.connect(self.demo_wanted)
        self.leaving.given_up.connect(self.given_up)
        self.sitting.asked.connect(self._pressed)
        self.sitting.put_off.connect(self.naming.close)
        self.window.focus_changed.connect(self._focus_changed)
        self.window.hidden.connect(lambda: self.sitting.tell(Event.HIDDEN))

    # Keys and focus -------------------------------------------------------------

    def _on_input(self) -> None:
        self._rest.on_any_input()
        if self.desk is not None and self.screens.at(self.review):
            self.desk.on_input()

    def _pressed(self, stroke: Stroke) -> bool:
        match stroke.act:
            case Act.COVER:
                return self._cover()
            case Act.LOCK:
                self.lock()
                return True
            case Act.KEY_SHEET:
                self.window.toggle_key_sheet()
                return True
            case _:
                return self._pressed_on_review(stroke)

    def _pressed_on_review(self, stroke: Stroke) -> bool:
        desk = self.desk
        if desk is None or not self.screens.at(self.review):
            return self._pressed_around(stroke)
        if self.window.key_sheet.isVisible():
            return True
        if stroke.act is Act.CURTAIN:
            self.draw_curtain()
            return True
        return desk.press(stroke)

    def _pressed_around(self, stroke: Stroke) -> bool:
        """Open the palette on any other screen; its other keys are the controls'."""
        if stroke.act is not Act.PALETTE:
            return False
        if not self.window.key_sheet.isVisible():
            self.naming.open(is_unlocked=self.sitting.work is not None)
        return True

    def _released(self, stroke: Stroke) -> None:
        if self.desk is not None:
            self.desk.release(stroke)

    def _cover(self) -> bool:
        """Esc: cover at once, close what is open over the screen, lose no text."""
        self.sitting.tell(Event.ESC)
        if self.window.key_sheet.isVisible():
            self.window.key_sheet.hide()
        elif self.naming.is_open:
            self.naming.close()
        elif self.review is not None and self.screens.at(self.review):
            self.review.stage.setFocus()
        elif self.screens.at(self.picker):
            self.picking.leave()
        else:
            self.screens.leave_page()
        return True

    def _focus_changed(self, is_active: bool) -> None:  # noqa: FBT001 (a Qt signal)
        self.sitting.tell(Event.FOCUS_GAINED if is_active else Event.FOCUS_LOST)
