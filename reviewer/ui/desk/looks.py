"""The keys that show and cover: holds, steps of the ladder, lens, item texts."""

from __future__ import annotations

from functools import partial
from typing import Final

from reviewer.safeguards.limits import Allowed
from reviewer.safeguards.reveal import Event
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.widgets.bottom_strip import Hint

_TEXT_EVENTS: Final = frozenset(
    {Event.ESC, Event.FOCUS_LOST, Event.FOCUS_GAINED, Event.HIDDEN, Event.CURTAIN,
     Event.LOCK, Event.SLEEP}
)  # fmt: skip

LOOKING: Final = frozenset(
    {Act.HOLD_LENS, Act.HOLD_WHOLE, Act.TOGGLE, Act.TOGGLE_WHOLE}
)
"""Acts that are events of the reveal themselves; every other key only renews."""


class Looks(Part):
    """Hands keys to the reveal of the item, and to the texts beside it."""

    def __init__(self, context: Context) -> None:
        """Let the button under the stage and the text lines do what keys do."""
        super().__init__(context)
        context.screen.toggled.connect(partial(self._toggle, Event.TOGGLE))
        context.screen.left.text_asked.connect(self._open_text)

    def handlers(self) -> Handlers:
        """Return the keys of the ladder and of the lens."""
        looking = self.context.looking
        return {
            Act.HOLD_LENS: partial(self._press, Event.SPACE_DOWN, Event.TOGGLE),
            Act.HOLD_WHOLE: partial(self._press, Event.WHOLE_DOWN, Event.TOGGLE_WHOLE),
            Act.TOGGLE: partial(self._toggle, Event.TOGGLE),
            Act.TOGGLE_WHOLE: partial(self._toggle, Event.TOGGLE_WHOLE),
            Act.ONE_FRAME: looking.skip_sheet,
            Act.CLEARER: self._climb,
            Act.SAFER: partial(looking.climb, Event.SAFER),
            Act.LEFT: partial(looking.move, -1, 0),
            Act.RIGHT: partial(looking.move, 1, 0),
            Act.UP: partial(looking.move, 0, -1),
            Act.DOWN: partial(looking.move, 0, 1),
            Act.LARGER: partial(looking.magnify, 1),
            Act.SMALLER: partial(looking.magnify, -1),
        }

    def releases(self) -> Handlers:
        """Return what ends with the keys that are held."""
        looking = self.context.looking
        return {
            Act.HOLD_LENS: partial(looking.answer, Event.SPACE_UP),
            Act.HOLD_WHOLE: partial(looking.answer, Event.WHOLE_UP),
        }

    def hints(self) -> tuple[Hint, ...]:
        """Return the key that leaves the sheet of a clip, where it may be left."""
        return (("Ctrl+P", "one frame"),) if self.context.looking.may_skip_sheet else ()

    def event(self, event: Event) -> None:
        """Cover and return the texts beside the stage."""
        if event in _TEXT_EVENTS:
            self.context.screen.left.answer(event, may_reveal=self._may_reveal())
        if event is Event.ESC:
            self.context.exposure.covered()
            self.context.noting.keep()

    @property
    def _is_behind(self) -> bool:
        """Return whether something lies over the stage: no look begins unseen."""
        return self.context.screen.over is not None

    def _toggle(self, event: Event) -> None:
        if not self._is_behind:
            self.context.looking.toggle(event)

    def _climb(self) -> None:
        if not self._is_behind:
            self.context.looking.climb(Event.CLEARER)

    def _press(self, held: Event, toggled: Event) -> None:
        """Begin a look: held, or for a while where the person has set it so."""
        if self._is_behind:
            return
        if self.context.preferences.toggle:
            self.context.looking.toggle(toggled)
        else:
            self.context.looking.answer(held)

    def _open_text(self, at: int) -> None:
        self.context.screen.left.texts[at].answer(
            Event.OPEN_TEXT, may_reveal=self._may_reveal()
        )

    def _may_reveal(self) -> bool:
        answer = self.context.exposure.may_reveal(self.context.place.row)
        return isinstance(answer, Allowed)
