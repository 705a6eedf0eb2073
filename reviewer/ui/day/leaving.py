"""Leaving: curtain, lock, a fault of our own, and a window that nobody is at.

Each puts away every picture, text, key and open file. The curtain alone remembers
which batch was open and what was half written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.errors import ReviewerError
from reviewer.ports import Clock
from reviewer.safeguards.breaks import Presence
from reviewer.safeguards.reveal import Event
from reviewer.ui import messages
from reviewer.ui.day.door import Door
from reviewer.ui.day.screens import Screens
from reviewer.ui.day.sitting import Sitting
from reviewer.ui.facade import Entrance, Work
from reviewer.ui.rest import Rest
from reviewer.ui.tasks import Tasks
from reviewer.ui.words import day as words

CRASHES_COUNT: Final = 5
"""Faults of our own in one run after which the window is closed."""

IDLE_LOOK_MS: Final = 15_000
"""How often idleness is looked at; the limits themselves are safeguards."""


class Leaving(QObject):
    """One for a window."""

    given_up = Signal()
    """One fault of our own followed another; the program should end."""

    def __init__(
        self,
        *,
        entrance: Entrance,
        screens: Screens,
        sitting: Sitting,
        door: Door,
        rest: Rest,
        tasks: Tasks,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._entrance = entrance
        self._tasks = tasks
        self._clock = clock
        self._screens = screens
        self._sitting = sitting
        self._door = door
        self._rest = rest
        self._crashes = 0
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOOK_MS)
        self._idle.timeout.connect(self.look_at_idleness)
        screens.home.lock_wanted.connect(self.lock)
        door.resuming.connect(self.look_at_idleness)
        door.spent.connect(self.lock)

    def watch(self) -> None:
        """Begin to look at idleness."""
        self._idle.start()

    def end(self) -> None:
        """Look no more."""
        self._idle.stop()

    def draw_curtain(self) -> None:
        """Put everything away; the passphrase brings the same batch back."""
        sitting = self._sitting
        if sitting.work is None:
            return
        sitting.keep_place()
        sitting.keep_fields()
        has_pin, length_ms = sitting.has_pin, self._begin_break(sitting.work)
        sitting.tell(Event.CURTAIN)
        sitting.put_away(curtained=True)
        self._show_curtain()
        curtain = self._screens.curtain
        curtain.ask(pin=has_pin)
        curtain.rest(self._words_of_time(length_ms))

    def _begin_break(self, work: Work) -> int:
        """Note a break; return how long it has to be. No fault here keeps it off."""
        with contextlib.suppress(ReviewerError):
            work.exposure.begin_break()
            return work.exposure.break_left_ms() or 0
        return 0

    def _words_of_time(self, length_ms: int) -> Callable[[], str]:
        clock, begun = self._clock, self._clock.mono_ms()
        return lambda: words.break_time(clock.mono_ms() - begun, length_ms)

    def lock(self) -> None:
        """Put everything away and forget where the person was."""
        sitting = self._sitting
        sitting.locks += 1
        sitting.forget()
        self._forget_curtain()
        if self._screens.is_behind(self._screens.curtain):
            sitting.return_to = None
            self._door.show_unlock()
        if sitting.work is None:
            return
        sitting.return_to = None
        sitting.tell(Event.LOCK)
        sitting.put_away()
        self._door.show_unlock()

    def crashed(self) -> None:
        """Put everything away after a fault of our own, and say so."""
        sitting, curtain = self._sitting, self._screens.curtain
        was_curtained = self._screens.is_behind(curtain)
        self._screens.show(curtain)  # first: whatever else fails now
        self._crashes += 1
        sitting.locks += 1
        if self._crashes > CRASHES_COUNT:
            self.given_up.emit()
            return
        was_open = sitting.work is not None
        try:
            sitting.keep_fields()
        finally:
            self._curtain_after_crash(was_open=was_open or was_curtained)

    def look_at_idleness(self) -> None:
        """Draw the curtain or lock after long enough without input."""
        if self._rest.has_slept():
            self.lock()
            return
        match self._rest.presence(self._sitting.values):
            case Presence.CURTAIN:
                self.draw_curtain()
            case Presence.LOCK:
                self.lock()
            case Presence.HERE:
                pass

    # ----------------------------------------------------------------------------

    def _curtain_after_crash(self, *, was_open: bool) -> None:
        try:
            self._sitting.put_away()
            self._forget_curtain()
            self._sitting.return_to = None  # there, it might happen again
            if was_open:
                self._show_curtain()
            else:
                self._door.begin()
        finally:
            for door in self._screens.doors:
                door.say(messages.CRASHED)
            self._screens.first_run.say(messages.CRASHED)

    def _show_curtain(self) -> None:
        curtain = self._screens.curtain
        self._screens.show(curtain)
        support = self._entrance.support_lines()
        curtain.start(keyring=None, support=support, may_accept=False)
        curtain.show_door()

    def _forget_curtain(self) -> None:
        self._tasks.submit(
            self._entrance.forget_curtain, on_success=_nothing, on_failure=_nothing
        )


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""
