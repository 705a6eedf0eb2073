"""The reveal state machine: the window asks, it answers (review-loop.md, *Reveal*).

Pure: an event and a monotonic time go in, a new value comes out. What a window has
to do is draw `state`, `pending` and `grant`, ask a decoder for clear pixels only
with `grant` in hand, throw clear pixels away when the grant changes or goes, and
send TICK once `deadline` has passed. A late TICK never shows too early: a look
begins and ends by the time that is passed in.

Invariants, held by tests/unit/safeguards/test_reveal_machine.py:

1. `grant` is there exactly while `state` is SHOWN.
2. No order of events gives a grant for a picture before its intent time is over,
   except for a second look soon after a first one.
3. No automatic event makes anything clearer than it was.
4. Esc, curtain, lock and sleep cover, from any state.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.rendition import Extent, Step
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.measures import Measures, measure
from reviewer.safeguards.values import Values


class State(enum.Enum):
    """How much of the item may be on the screen."""

    COVERED = "covered"
    """A neutral plate; no pixels, no item text."""
    CONCEALED = "concealed"
    """The concealed rendition; for a text item, one line about it."""
    SHOWN = "shown"
    """A look at `step`, over `extent`."""


class Event(enum.Enum):
    """What happens to a review screen. Auto-repeat of keys is dropped before."""

    SPACE_DOWN = "space_down"
    SPACE_UP = "space_up"
    WHOLE_DOWN = "whole_down"
    WHOLE_UP = "whole_up"
    POINTER_DOWN = "pointer_down"
    POINTER_UP = "pointer_up"
    TOGGLE = "toggle"
    """The accessible alternative to holding Space."""
    TOGGLE_WHOLE = "toggle_whole"
    """The accessible alternative to holding F."""
    OPEN_TEXT = "open_text"
    """The one action that opens or closes the body of a text item."""
    CLEARER = "clearer"
    SAFER = "safer"
    KEY = "key"
    """Any other key: renews a toggled look."""
    TICK = "tick"
    FOCUS_LOST = "focus_lost"
    FOCUS_GAINED = "focus_gained"
    HIDDEN = "hidden"
    """Hidden or minimised."""
    ESC = "esc"
    CURTAIN = "curtain"
    LOCK = "lock"
    SLEEP = "sleep"


class Source(enum.Enum):
    """What keeps a look going."""

    SPACE = "space"
    WHOLE = "whole"
    POINTER = "pointer"
    TOGGLE = "toggle"
    TEXT = "text"
    """Text that stays open until something closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One source that asks for a look; shown once its intent time is over."""

    source: Source
    extent: Extent
    ready_at: MonoMs
    shown_at: MonoMs | None = None
    until: MonoMs | None = None
    """When it ends by itself; None before it is shown, and for open text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """What may be seen of one item now. Made by `open_item`, changed by `advance`."""

    item_id: ItemId
    severity: int | None
    is_text: bool
    measures: Measures
    state: State
    step: Step
    """Of the next look, or of this one."""
    grant: Grant | None = None
    is_refused: bool = False
    """The last look was refused; `limits.may_reveal` has the reason. Say so."""
    looks: tuple[Look, ...] = ()
    spent: frozenset[Source] = frozenset()
    """Still held down, but no longer counting until they were let go."""
    looked_at: MonoMs | None = None
    """When the last look ended, if a second one may follow at once."""
    is_away: bool = False
    """Open text was covered by focus loss and comes back with the focus."""

    @property
    def extent(self) -> Extent | None:
        """Return how much is shown, None while nothing is."""
        return None if self.grant is None else self.grant.extent

    @property
    def pending(self) -> Extent | None:
        """Return which empty frame to draw while an intent time runs."""
        waiting = {look.extent for look in self.looks if look.shown_at is None}
        return next((extent for extent in _WIDEST_FIRST if extent in waiting), None)

    @property
    def deadline(self) -> MonoMs | None:
        """Return when a TICK is wanted, None if nothing is under way."""
        times = [
            look.ready_at if look.shown_at is None else look.until
            for look in self.looks
        ]
        return min((time for time in times if time is not None), default=None)

    @property
    def opens_readable(self) -> bool:
        """Return whether this is text that needs no action to be read."""
        return self.is_text and self.measures.text_opens


_HELD: Final = frozenset({Source.SPACE, Source.WHOLE, Source.POINTER})
_QUICK: Final = frozenset({Source.SPACE, Source.POINTER})
_PICTURE_LADDER: Final = (Step.SOFTENED, Step.GREY, Step.COLOUR)
_TEXT_LADDER: Final = (Step.GREY,)
_WIDEST_FIRST: Final = (Extent.WHOLE, Extent.LENS)
_KEYS: Final = frozenset(
    {Event.KEY, Event.CLEARER, Event.SAFER, Event.SPACE_DOWN, Event.WHOLE_DOWN}
)


def open_item(
    item_id: ItemId,
    *,
    severity: int | None,
    is_text: bool,
    values: Values,
    now: MonoMs,
    after: Reveal | None = None,
) -> Reveal:
    """Return the opening state of an item: on item change, reopening, re-rating.

    `severity` is what to go by, from `measures.rating`; None is unrated. `after` is
    the item before: a key still held from there shows nothing here until it was let
    go and pressed again.
    """
    measures = measure(severity, values)
    reveal = Reveal(
        item_id=item_id,
        severity=severity,
        is_text=is_text,
        measures=measures,
        state=State.COVERED,
        step=_TEXT_LADDER[0] if is_text else measures.first_step,
        spent=frozenset() if after is None else _still_down(after),
    )
    return _settle(_to_opening(reveal, now), now, may_reveal=True)


def advance(reveal: Reveal, event: Event, *, now: MonoMs, may_reveal: bool) -> Reveal:
    """Answer one event.

    `now` is never earlier than at the event before. `may_reveal` says whether
    `limits.may_reveal` allows it: False ends a look and refuses new ones; covering,
    concealing, and text that opens readable stay as they are.
    """
    current = _expire(reveal, now)
    if event in _KEYS:
        current = _renew(current, now)
    return _settle(_ANSWERS[event](current, now), now, may_reveal=may_reveal)


def _press(reveal: Reveal, now: MonoMs, *, source: Source) -> Reveal:
    """Start the intent time of a held key or of the pointer."""
    if source in reveal.spent or _find(reveal, source) is not None:
        return reveal
    is_second = (
        source in _QUICK
        and reveal.looked_at is not None
        and now - reveal.looked_at <= reveal.measures.second_look_ms
    )
    wait_ms = 0 if is_second else reveal.measures.intent_ms
    extent = Extent.WHOLE if source is Source.WHOLE or reveal.is_text else Extent.LENS
    look = Look(source=source, extent=extent, ready_at=MonoMs(now + wait_ms))
    return replace(reveal, looks=(*reveal.looks, look), is_refused=False)


def _release(reveal: Reveal, now: MonoMs, *, source: Source) -> Reveal:
    """End what a held key began: a tap, a look, or nothing."""
    look = _find(reveal, source)
    if look is None:
        return replace(reveal, spent=reveal.spent - {source})
    is_tap = source is Source.SPACE and look.shown_at is None and now < look.ready_at
    rest = _drop(reveal, look, now)
    return _tap(rest, now) if is_tap else rest


def _tap(reveal: Reveal, now: MonoMs) -> Reveal:
    """Answer a short press of Space: covered and uncovered in turn."""
    shown = _shown(reveal)
    if shown & _HELD:
        return reveal
    if reveal.state is State.COVERED:
        if reveal.opens_readable:
            return _to_opening(reveal, now)
        return replace(reveal, state=State.CONCEALED)
    if Source.TOGGLE in shown:
        return _to_opening(_looked(reveal, now), now)
    return _cover(reveal, spent=_still_down(reveal))


def _toggle(reveal: Reveal, now: MonoMs, *, extent: Extent) -> Reveal:
    """Begin a toggled look, or end the one there is."""
    look = _find(reveal, Source.TOGGLE)
    if look is not None:
        return _drop(reveal, look, now)
    fresh = Look(
        source=Source.TOGGLE,
        extent=Extent.WHOLE if reveal.is_text else extent,
        ready_at=MonoMs(now + reveal.measures.intent_ms),
    )
    return replace(reveal, looks=(*reveal.looks, fresh), is_refused=False)


def _open_text(reveal: Reveal, now: MonoMs) -> Reveal:
    """Open or close the body of a text item; one action, so no intent time."""
    if not reveal.is_text:
        return reveal
    if _find(reveal, Source.TEXT) is not None:
        return _close(reveal, now)
    look = Look(source=Source.TEXT, extent=Extent.WHOLE, ready_at=now)
    return replace(reveal, looks=(*reveal.looks, look), is_refused=False)


def _climb(reveal: Reveal, now: MonoMs, *, by: int) -> Reveal:
    """Go one step clearer or safer; below the lowest step is concealed."""
    ladder = _TEXT_LADDER if reveal.is_text else _PICTURE_LADDER
    place = ladder.index(reveal.step) + by
    if place < 0:
        return _close(reveal, now)
    return replace(reveal, step=ladder[min(place, len(ladder) - 1)])


def _close(reveal: Reveal, now: MonoMs) -> Reveal:
    """End every look by hand; keys still held no longer count."""
    spent = _still_down(reveal)
    if reveal.opens_readable:
        return _cover(reveal, spent=spent)
    return _conceal(reveal, now, spent=spent)


def _leave(reveal: Reveal, now: MonoMs) -> Reveal:
    """Conceal for focus loss or a hidden window; nothing gets clearer by it.

    Keys that are down may be let go unseen, so none stays spent. Readable text is
    covered (review-loop.md, *Words*) and comes back with the focus.
    """
    if reveal.opens_readable:
        returns = reveal.is_away or reveal.state is State.SHOWN
        return replace(_cover(reveal, spent=frozenset()), is_away=returns)
    return _conceal(reveal, now, spent=frozenset())


def _return(reveal: Reveal, now: MonoMs) -> Reveal:
    """Give readable text back that was covered only because the focus was away."""
    return _to_opening(reveal, now) if reveal.is_away else reveal


def _panic(reveal: Reveal, _now: MonoMs) -> Reveal:
    """Cover for Esc: the window still sees keys let go, so they stay spent."""
    return _cover(reveal, spent=_still_down(reveal))


def _shut(reveal: Reveal, _now: MonoMs) -> Reveal:
    """Cover for curtain, lock and sleep: keys may be let go unseen."""
    return _cover(reveal, spent=frozenset())


def _stay(reveal: Reveal, _now: MonoMs) -> Reveal:
    """Change nothing by the event itself."""
    return reveal


def _expire(reveal: Reveal, now: MonoMs) -> Reveal:
    """End the look whose time is up, whatever else the event says."""
    over = {
        look.source
        for look in reveal.looks
        if look.until is not None and look.until <= now
    }
    if not over:
        return reveal
    if over & _HELD:
        return _conceal(reveal, now, spent=_still_down(reveal))
    spent = _still_down(reveal)
    return replace(_conceal(reveal, now, spent=spent), looked_at=now)


def _renew(reveal: Reveal, now: MonoMs) -> Reveal:
    """Let a toggled look last longer, up to its total."""
    look = _find(reveal, Source.TOGGLE)
    if look is None or look.shown_at is None:
        return reveal
    renewed = replace(look, until=_until(reveal, look.source, look.shown_at, now))
    others = _without(reveal, Source.TOGGLE)
    return replace(reveal, looks=(*others, renewed))


def _settle(reveal: Reveal, now: MonoMs, *, may_reveal: bool) -> Reveal:
    """Show the looks that are due, refuse them, or leave the state as it is."""
    due = [look for look in reveal.looks if look.ready_at <= now]
    if not due:
        return replace(reveal, grant=None)
    is_free = reveal.opens_readable and all(look.source is Source.TEXT for look in due)
    if not (may_reveal or is_free):
        refused = _conceal(reveal, now, spent=_still_down(reveal))
        return _settle(replace(refused, is_refused=True), now, may_reveal=may_reveal)
    looks = tuple(_show(reveal, look, now) for look in reveal.looks)
    shown = [look.extent for look in looks if look.shown_at is not None]
    extent = next(extent for extent in _WIDEST_FIRST if extent in shown)
    return replace(
        reveal, looks=looks, state=State.SHOWN, grant=_grant(reveal, extent, now)
    )


def _show(reveal: Reveal, look: Look, now: MonoMs) -> Look:
    """Mark a due look as shown from now on."""
    if look.shown_at is not None or look.ready_at > now:
        return look
    return replace(look, shown_at=now, until=_until(reveal, look.source, now, now))


def _until(
    reveal: Reveal, source: Source, shown_at: MonoMs, now: MonoMs
) -> MonoMs | None:
    """Return when a look that is shown ends by itself."""
    if source is Source.TEXT:
        return None
    if source is Source.TOGGLE:
        last = shown_at + reveal.measures.toggle_total_ms
        return MonoMs(min(now + reveal.measures.toggle_ms, last))
    return MonoMs(shown_at + reveal.measures.hold_end_ms)


def _grant(reveal: Reveal, extent: Extent, now: MonoMs) -> Grant:
    """Return the leave for this look; the same one as long as nothing changed."""
    held = reveal.grant
    if held is not None and (held.step, held.extent) == (reveal.step, extent):
        return held
    return Grant(item_id=reveal.item_id, step=reveal.step, extent=extent, given_at=now)


def _drop(reveal: Reveal, look: Look, now: MonoMs) -> Reveal:
    """Take one look away; the last one that is held, or open text, keeps the rest."""
    rest = replace(reveal, looks=_without(reveal, look.source))
    if look.shown_at is None or _shown(rest) - {Source.TOGGLE}:
        return rest
    waiting = tuple(other for other in rest.looks if other.shown_at is None)
    return replace(_to_opening(_looked(rest, now), now), looks=waiting)


def _conceal(reveal: Reveal, now: MonoMs, *, spent: frozenset[Source]) -> Reveal:
    """End every look by itself: to the opening state, but never out of a safer one."""
    ended = replace(reveal, looked_at=None, spent=spent)
    if reveal.state is State.SHOWN:
        return _to_opening(ended, now)
    return replace(ended, looks=())


def _to_opening(reveal: Reveal, now: MonoMs) -> Reveal:
    """Return to how the item opens."""
    covered = reveal.measures.opens_covered
    text = Look(source=Source.TEXT, extent=Extent.WHOLE, ready_at=now)
    return replace(
        reveal,
        state=State.COVERED if covered else State.CONCEALED,
        grant=None,
        looks=(text,) if reveal.opens_readable else (),
        is_away=False,
    )


def _cover(reveal: Reveal, *, spent: frozenset[Source]) -> Reveal:
    """Cover at once, and forget that a look was under way or just over."""
    return replace(
        reveal,
        state=State.COVERED,
        grant=None,
        looks=(),
        spent=spent,
        looked_at=None,
        is_away=False,
    )


def _looked(reveal: Reveal, now: MonoMs) -> Reveal:
    """Note that a look just ended by hand: a second one may follow at once."""
    return replace(reveal, looked_at=now)


def _find(reveal: Reveal, source: Source) -> Look | None:
    """Return the look of a source."""
    return next((look for look in reveal.looks if look.source is source), None)


def _without(reveal: Reveal, source: Source) -> tuple[Look, ...]:
    """Return all looks but that of a source."""
    return tuple(look for look in reveal.looks if look.source is not source)


def _shown(reveal: Reveal) -> frozenset[Source]:
    """Return the sources whose look is on the screen."""
    return frozenset(look.source for look in reveal.looks if look.shown_at is not None)


def _still_down(reveal: Reveal) -> frozenset[Source]:
    """Return the keys that are down, counting or spent."""
    return reveal.spent | ({look.source for look in reveal.looks} & _HELD)


_ANSWERS: Final[Mapping[Event, Callable[[Reveal, MonoMs], Reveal]]] = MappingProxyType(
    {
        Event.SPACE_DOWN: partial(_press, source=Source.SPACE),
        Event.SPACE_UP: partial(_release, source=Source.SPACE),
        Event.WHOLE_DOWN: partial(_press, source=Source.WHOLE),
        Event.WHOLE_UP: partial(_release, source=Source.WHOLE),
        Event.POINTER_DOWN: partial(_press, source=Source.POINTER),
        Event.POINTER_UP: partial(_release, source=Source.POINTER),
        Event.TOGGLE: partial(_toggle, extent=Extent.LENS),
        Event.TOGGLE_WHOLE: partial(_toggle, extent=Extent.WHOLE),
        Event.OPEN_TEXT: _open_text,
        Event.CLEARER: partial(_climb, by=1),
        Event.SAFER: partial(_climb, by=-1),
        Event.KEY: _stay,
        Event.TICK: _stay,
        Event.FOCUS_LOST: _leave,
        Event.FOCUS_GAINED: _return,
        Event.HIDDEN: _leave,
        Event.ESC: _panic,
        Event.CURTAIN: _shut,
        Event.LOCK: _shut,
        Event.SLEEP: _shut,
    }
)
"""What each event does; a test holds that none is missing."""
