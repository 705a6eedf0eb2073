"""All events in all orders at all times: the invariants of the reveal machine."""

from __future__ import annotations

from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.safeguards.reveal import (
    Event,
    Reveal,
    Source,
    State,
    advance,
    open_item,
)
from reviewer.safeguards.values import resolve
from tests.unit.safeguards.test_values import CONFIGS

SEVERITIES = st.sampled_from([None, 0, 1, 2, 3, 4, 5])
WAITS = st.one_of(
    st.sampled_from([0, 1, 149, 150, 151, 299, 300, 301, 1_000, 4_999, 5_000]),
    st.sampled_from([9_999, 10_000, 10_001, 15_000, 19_999, 20_000, 60_000]),
    st.integers(min_value=0, max_value=70_000),
)
DOWNS: Final = {
    Event.SPACE_DOWN: Event.SPACE_UP,
    Event.WHOLE_DOWN: Event.WHOLE_UP,
    Event.POINTER_DOWN: Event.POINTER_UP,
}
UPS: Final = {up: down for down, up in DOWNS.items()}
TOGGLES: Final = frozenset({Event.TOGGLE, Event.TOGGLE_WHOLE})
QUICK: Final = frozenset({Event.SPACE_DOWN, Event.POINTER_DOWN})
COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})
LEAVES: Final = frozenset({Event.FOCUS_LOST, Event.HIDDEN})
WISHES: Final = frozenset({*DOWNS, *TOGGLES, Event.OPEN_TEXT})
RANK: Final = {State.COVERED: 0, State.CONCEALED: 1, State.SHOWN: 2}


class RevealMachine(RuleBasedStateMachine):
    """Watches the machine from outside, with a much simpler memory of its own.

    The memory holds since when each wish has been standing: a key that went down, a
    toggle that was asked for. A grant without a wish old enough is a failure.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000
        self.wishes: dict[Event, int] = {}
        self.down: set[Event] = set()
        self.look_ended: int | None = None
        self.may_reveal = True
        self.items_count = 0
        self.values = resolve({}, {})
        self.reveal: Reveal

    @initialize(organisation=CONFIGS, severity=SEVERITIES, is_text=st.booleans())
    def begin(
        self, organisation: dict[str, int], severity: int | None, *, is_text: bool
    ) -> None:
        self.values = resolve(organisation, {})
        self.reveal = self.fresh(severity, is_text=is_text, after=None)

    def fresh(
        self, severity: int | None, *, is_text: bool, after: Reveal | None
    ) -> Reveal:
        self.items_count += 1
        self.wishes.clear()
        self.look_ended = None
        return open_item(
            ItemId(f"{self.items_count:032x}"),
            severity=severity,
            is_text=is_text,
            values=self.values,
            now=MonoMs(self.now),
            after=after,
        )

    @rule(severity=SEVERITIES, is_text=st.booleans())
    def change_item(self, severity: int | None, *, is_text: bool) -> None:
        self.reveal = self.fresh(severity, is_text=is_text, after=self.reveal)
        readable = is_text and severity is not None and severity <= 2
        assert (self.reveal.grant is not None) is readable
        covered = severity is not None and severity >= 4
        expected = State.COVERED if covered else State.CONCEALED
        assert self.reveal.state is (State.SHOWN if readable else expected)

    @rule(allowed=st.booleans())
    def take_or_end_a_break(self, *, allowed: bool) -> None:
        self.may_reveal = allowed

    @rule(wait_ms=WAITS, event=st.sampled_from(list(Event)))
    def something_happens(self, wait_ms: int, event: Event) -> None:
        self.now += wait_ms
        self.send(event)

    @rule(down=st.sampled_from(list(DOWNS)), later_ms=WAITS)
    def a_look_is_taken_and_another_key_goes_down(
        self, down: Event, later_ms: int
    ) -> None:
        self.send(Event.SPACE_DOWN)
        self.the_tick_comes_in_time()
        self.send(Event.SPACE_UP)
        self.now += later_ms
        self.send(down)

    @rule()
    def the_tick_comes_in_time(self) -> None:
        deadline = self.reveal.deadline
        if deadline is not None:
            self.now = max(self.now, deadline)
            self.send(Event.TICK)

    def send(self, event: Event) -> None:
        before = self.reveal
        is_over = self.forget_if_over(before)
        self.remember_before(event)
        self.reveal = advance(
            before, event, now=MonoMs(self.now), may_reveal=self.may_reveal
        )
        self.check_begun(before, event)
        self.check_concealed(before, event)
        self.remember_after(before, event, is_over=is_over)

    def remember_before(self, event: Event) -> None:
        if event in DOWNS:
            if event not in self.down:
                self.wishes[event] = self.now
            self.down.add(event)
        elif event in TOGGLES:
            for toggle in TOGGLES:
                self.wishes.setdefault(toggle, self.now)
        elif event in UPS:
            self.wishes.pop(UPS[event], None)
            self.down.discard(UPS[event])

    def remember_after(self, before: Reveal, event: Event, *, is_over: bool) -> None:
        if event in COVERS | LEAVES:
            self.wishes.clear()
            self.look_ended = None
            if event is not Event.ESC:
                self.down.clear()
        elif self.was_cut_short(before, event):
            self.wishes.clear()
            self.look_ended = None
        elif before.grant and not self.reveal.grant and not is_over:
            self.look_ended = self.now
        if not self.reveal.looks:
            for toggle in TOGGLES:
                self.wishes.pop(toggle, None)

    def forget_if_over(self, before: Reveal) -> bool:
        """Drop every wish when a look had outlasted its time before this event."""
        over = {
            look.source
            for look in before.looks
            if look.until is not None and look.until <= self.now
        }
        if over:
            self.wishes.clear()
            self.look_ended = self.now if over == {Source.TOGGLE} else None
        return bool(over)

    def was_cut_short(self, before: Reveal, event: Event) -> bool:
        """Return whether a break, or X below the lowest step, ended everything."""
        is_lowest = before.step is self.reveal.step
        is_by_hand = event is Event.SAFER and is_lowest and not self.reveal.looks
        return is_by_hand or self.reveal.is_refused

    def check_begun(self, before: Reveal, event: Event) -> None:
        """No grant for a picture without a wish that stood for the intent time."""
        grant = self.reveal.grant
        if grant is None or before.grant is not None or self.reveal.is_text:
            return
        intent_ms = self.reveal.measures.intent_ms
        stood = [self.now - since for since in self.wishes.values()]
        is_second = (
            event in QUICK
            and self.look_ended is not None
            and self.now - self.look_ended <= self.values.second_look_ms
        )
        assert is_second or max(stood, default=-1) >= intent_ms
        assert grant.given_at == self.now

    def check_concealed(self, before: Reveal, event: Event) -> None:
        """Every automatic trigger conceals, and none makes anything clearer."""
        after = self.reveal
        if event in COVERS:
            assert after.state is State.COVERED
        if event in LEAVES:
            assert after.grant is None
        if event in COVERS | LEAVES:
            assert RANK[after.state] <= RANK[before.state]
            assert after.pending is None
        if before.looks == () and event not in WISHES | set(UPS):
            is_return = before.is_away and event is Event.FOCUS_GAINED
            assert is_return or RANK[after.state] <= RANK[before.state]

    @invariant()
    def a_grant_is_there_exactly_while_something_is_shown(self) -> None:
        shown = self.reveal.state is State.SHOWN
        assert (self.reveal.grant is not None) is shown
        assert (self.reveal.extent is not None) is shown
        if self.reveal.grant is not None:
            assert self.reveal.grant.item_id == self.reveal.item_id
            assert self.reveal.grant.step is self.reveal.step

    @invariant()
    def nothing_outlives_its_time(self) -> None:
        deadline = self.reveal.deadline
        assert deadline is None or deadline > self.now
        limit = max(
            self.reveal.measures.hold_end_ms, self.reveal.measures.toggle_total_ms
        )
        for look in self.reveal.looks:
            assert look.until is None or look.until <= self.now + limit
        pictures = self.reveal.grant is not None and not self.reveal.is_text
        assert not pictures or deadline is not None

    @invariant()
    def an_overdue_break_shows_readable_text_at_most(self) -> None:
        frozen = advance(
            self.reveal, Event.TICK, now=MonoMs(self.now), may_reveal=False
        )
        assert frozen.grant is None or frozen.opens_readable

    @invariant()
    def esc_always_covers(self) -> None:
        covered = advance(
            self.reveal,
            Event.ESC,
            now=MonoMs(self.now),
            may_reveal=self.may_reveal,
        )
        assert covered.state is State.COVERED
        assert covered.grant is None


TestReveal = RevealMachine.TestCase
TestReveal.settings = settings(max_examples=100, stateful_step_count=40)
