"""The palette on the desk: what works now, by name, and what a chosen name does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.ui import bindings
from reviewer.ui.actions import Act
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.keys import Stroke
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.palette import Entry, Palette
from reviewer.ui.words import finding as words
from reviewer.ui.words.acts import name_of

_OF_THE_SHELL: Final = (Act.CURTAIN, Act.LOCK, Act.KEY_SHEET, Act.COVER)
_BY_KEY_ONLY: Final = frozenset(
    {Act.DIGIT, Act.PALETTE, Act.HOLD_LENS, Act.HOLD_WHOLE, Act.LEFT, Act.RIGHT,
     Act.UP, Act.DOWN}
)  # fmt: skip
"""Holds and arrows mean nothing as a name; `toggle` shows for a while instead."""
_DECIDES: Final = frozenset({Act.COMMIT, Act.BACK, Act.REPEAT, Act.HAND_BACK})
_COVERS: Final = frozenset(
    {Event.ESC, Event.HIDDEN, Event.CURTAIN, Event.LOCK, Event.SLEEP}
)


class ActsByName(Part):
    """Opens by Ctrl+K on an item; needs neither a single key nor a pointer."""

    def __init__(self, context: Context) -> None:
        """Lie over the review screen while open."""
        super().__init__(context)
        self._palette = Palette(context.screen)
        self._palette.chosen.connect(self._chosen)
        self._palette.closed.connect(self._close)

    def handlers(self) -> Handlers:
        """Return the key that opens it."""
        return {Act.PALETTE: self._open}

    def hints_alone(self) -> tuple[Hint, ...]:
        """Return the keys of the list while it is open."""
        if not self._palette.isVisible():
            return ()
        close = bindings.current().labels(Act.PALETTE)[:1]
        return (*words.PALETTE_KEYS, *((key, words.CLOSES) for key in close))

    def shown(self, row: ItemRow) -> None:  # noqa: ARG002 (any other item)
        """Close: what it offers was of the item before."""
        self._close()

    def event(self, event: Event) -> None:
        """Close with whatever covers."""
        if event in _COVERS:
            self._close()

    def stop(self) -> None:
        """Close."""
        self._close()

    def _open(self) -> None:
        self._palette.open_with(tuple(self._entries()))
        self.context.show_hints()

    def _close(self) -> None:
        if self._palette.isVisible():
            had_focus = self._palette.line.hasFocus()
            self._palette.hide()
            if had_focus:
                self.context.screen.stage.setFocus()
            self.context.show_hints()

    def _chosen(self, stroke: Stroke) -> None:
        """Close first: what is chosen may want the focus."""
        self._close()
        if stroke.act is Act.HOLD_LENS:
            self.context.asked.emit(Stroke(act=Act.TOGGLE))
        else:
            self.context.asked.emit(stroke)

    def _entries(self) -> Iterator[Entry]:
        """Yield what works now: options of the lit group, then acts."""
        context, held = self.context, bindings.current()
        may = context.may_decide()
        if may:
            for option in context.lit.view(context.view()).options:
                yield Entry(
                    name=words.choose(option.label),
                    keys=(held.shown(str(option.digit)),),
                    stroke=Stroke(act=Act.DIGIT, digit=option.digit),
                )
        if context.view().can_show and context.screen.over is None:
            stroke = Stroke(act=Act.HOLD_LENS)
            keys = held.labels(Act.HOLD_LENS)
            yield Entry(name=words.TOGGLE, keys=keys, stroke=stroke)
        here = {act for part in context.parts for act in part.handlers()}
        for act in Act:
            works = act in here or act in _OF_THE_SHELL
            if not works or act in _BY_KEY_ONLY or (act in _DECIDES and not may):
                continue
            yield Entry(
                name=name_of(act), keys=held.labels(act)[:1], stroke=Stroke(act=act)
            )
