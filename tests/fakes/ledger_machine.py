"""No path, key, clock, deletion or restore passes a cap; what is free stays free.

A model with a much simpler memory watches from outside: it knows only what was really
on the screen and when, and what the highest clock ever shown would allow.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import from_bytes, to_bytes
from reviewer.safeguards.limits import Allowed, is_opted_out
from reviewer.safeguards.restoring import Found
from reviewer.safeguards.reveal import Event, Reveal, advance, open_item
from tests.fakes.exposure import DAY, HOUR, MINUTE, Exposure, facts
from tests.fakes.sitting import Sitting

CAPS: Final = {
    "severe_views_day": 3,
    "worst_views_day": 1,
    "unrated_views_day": 3,
    "severe_seconds_day": 30,
}
CAP_MS: Final = 30_000
NIGHT_MS: Final = 6 * HOUR
DAY_LEAST_MS: Final = 16 * HOUR
CHARGED_MS: Final = 20_000
SEVERITIES: Final = st.sampled_from([None, 1, 3, 4, 4, 5, 5])
WAITS: Final = st.one_of(
    st.sampled_from([0, 150, 300, 1_000, 5_000, 20_000, MINUTE, 10 * MINUTE]),
    st.sampled_from([HOUR, NIGHT_MS, DAY_LEAST_MS, DAY]),
)
LOOKS: Final = st.sampled_from([100, 1_000, 5_000, 12_000, 20_000])
JUMPS: Final = st.sampled_from([-9 * DAY, -DAY, -HOUR, HOUR, 17 * HOUR, DAY, 9 * DAY])
TAGS: Final = st.sampled_from(["blood", "flag"])
COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})


class LedgerMachine(RuleBasedStateMachine):
    """A window without a window: it asks, records, writes, and only then shows."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.made_desk()
        self.kept: list[bytes] = []
        self.item = facts(0, 1)
        self.items_count = 0
        self.model_now = self.desk.wall
        self.begun = self.desk.wall
        self.acted = self.desk.wall
        self.nights = 0
        self.views: set[tuple[str, int, ItemId]] = set()
        self.severe_ms = {0: 0}
        self.ledger_time = self.desk.kept_now
        self.reveal: Reveal = self.opened(None)

    def made_desk(self) -> Exposure | Sitting:
        """Return the person, the machine, and what keeps the ledger."""
        raise NotImplementedError

    # The window

    def opened(self, after: Reveal | None) -> Reveal:
        return open_item(
            self.item.item_id,
            severity=self.item.severity,
            is_text=False,
            values=self.desk.values,
            now=MonoMs(self.desk.mono),
            after=after,
        )

    def may(self) -> bool:
        return isinstance(self.desk.ask(self.item), Allowed)

    def send(self, event: Event) -> None:
        before = self.reveal.grant
        self.reveal = advance(
            self.reveal, event, now=MonoMs(self.desk.mono), may_reveal=self.may()
        )
        if before is not None and self.reveal.grant is None:
            self.desk.end()
        elif before is None and self.reveal.grant is not None:
            self.begin()

    def begin(self) -> None:
        """Write it down, then show it; the model notes what is on the screen."""
        desk = self.desk
        assert self.may()
        assert not self.item.tags & desk.ledger.opted_out
        desk.begin_look(self.item)
        self.act()
        for budget in budgets(self.item):
            self.views.add((budget, self.nights, self.item.item_id))

    def pass_time(self, ms: int) -> None:
        """Let time pass, with a tick whenever one is wanted."""
        while True:
            step = min(ms, self.next_tick())
            self.desk.wait(step)
            self.model_now += step
            if self.reveal.grant is not None:
                self.was_clear(step)
                self.desk.charge()
            self.send(Event.TICK)
            ms -= step
            if not ms:
                return

    def was_clear(self, ms: int) -> None:
        """Note for the model that the item was clear for so long."""
        if gravest(self.item) in {4, 5}:
            self.severe_ms[self.nights] += ms
        self.act()

    def next_tick(self) -> int:
        """Return for how long nothing has to be asked."""
        wanted = [DAY]
        if self.reveal.deadline is not None:
            wanted.append(max(1, self.reveal.deadline - self.desk.mono))
        if self.reveal.grant is not None:
            wanted.append(CHARGED_MS)
            answer = self.desk.ask(self.item)
            if isinstance(answer, Allowed) and answer.left_ms is not None:
                wanted.append(max(1, answer.left_ms))
        return min(wanted)

    def act(self) -> None:
        """Note for the model that somebody works; a long gap is a night."""
        if self.model_now - self.acted >= NIGHT_MS:
            self.nights += 1
            self.severe_ms[self.nights] = 0
        self.acted = self.model_now

    def start_again(self, *, reboots: bool) -> Found:
        """Unlock, whatever was on the screen before."""
        desk = self.desk
        saved, self.kept = desk.ledger, self.kept[-20:]
        if reboots:
            desk.mono = 1_000
        proved = desk.mono - saved.mono if desk.mono >= saved.mono else desk.mono
        self.model_now = max(desk.wall, self.model_now + (proved if reboots else 0))
        found = desk.unlock()
        self.reveal = self.opened(None)
        return found

    # What a person does

    @initialize(severity=SEVERITIES)
    def begin_with(self, severity: int | None) -> None:
        self.change_item(severity, "flag", again=False)

    @rule(severity=SEVERITIES, tag=TAGS, again=st.booleans())
    def change_item(self, severity: int | None, tag: str, *, again: bool) -> None:
        self.items_count += not again
        if self.reveal.grant is not None:
            self.desk.end()
        self.item = facts(self.items_count % 50, severity, tags=(tag,))
        self.reveal = self.opened(self.reveal)
        assert self.reveal.grant is None

    @rule(event=st.sampled_from(list(Event)), wait=WAITS)
    def press(self, event: Event, wait: int) -> None:
        self.pass_time(wait)
        self.act()
        self.desk.key(self.item)
        self.send(event)
        if event in COVERS:
            assert self.reveal.grant is None
            assert self.desk.ledger.look is None

    @rule(
        severities=st.lists(SEVERITIES, min_size=2, max_size=6),
        ms=LOOKS,
        own=st.one_of(st.none(), st.integers(0, 5)),
    )
    def work_through(
        self, severities: list[int | None], ms: int, own: int | None
    ) -> None:
        """Look at one item after the other, as long as it is allowed."""
        for severity in severities:
            self.change_item(severity, "flag", again=False)
            if own is not None:
                self.rate(own)
            self.look(ms)

    @rule(ms=LOOKS)
    def look(self, ms: int) -> None:
        self.press(Event.WHOLE_DOWN, 0)
        self.pass_time(self.reveal.measures.intent_ms)
        self.pass_time(ms)
        self.press(Event.WHOLE_UP, 0)

    @rule(hours=st.integers(1, 5), times=st.integers(1, 6))
    def work_without_a_night(self, hours: int, times: int) -> None:
        for _ in range(times):
            self.press(Event.KEY, hours * HOUR)

    @rule(ms=WAITS)
    def rest(self, ms: int) -> None:
        self.send(Event.CURTAIN)
        self.desk.rest(0)
        self.pass_time(ms)

    @rule(own=st.integers(0, 5))
    def rate(self, own: int) -> None:
        """Correct the severity: the item opens anew."""
        if self.reveal.grant is not None:
            self.desk.end()
        self.item = Facts(
            item_id=self.item.item_id,
            signed=self.item.signed,
            own=own,
            tags=self.item.tags,
        )
        self.reveal = self.opened(self.reveal)

    @rule(tag=TAGS, wanted=st.booleans())
    def opt(self, tag: str, *, wanted: bool) -> None:
        self.desk.opt(tag, wanted=wanted)
        self.send(Event.TICK)

    # What is free, at every cap

    @rule()
    def decide(self) -> None:
        """Deciding, handing back, exporting and deleting ask nobody."""
        self.desk.finish(self.item)
        assert from_bytes(to_bytes(self.desk.ledger)) == self.desk.ledger

    @rule()
    def delete_history(self) -> None:
        self.desk.forget()

    # What else may happen

    @rule(jump=JUMPS)
    def set_the_clock(self, jump: int) -> None:
        self.desk.wall = max(0, self.desk.wall + jump)
        self.send(Event.TICK)

    @rule(jump=st.one_of(st.just(0), JUMPS), reboots=st.booleans())
    def crash(self, jump: int, *, reboots: bool) -> None:
        self.desk.wall = max(0, self.desk.wall + jump)
        assert self.start_again(reboots=reboots) is Found.WHOLE

    @rule(ms=LOOKS)
    def crash_during_a_look(self, ms: int) -> None:
        """Pull the plug before the look was noted, and turn the clock back."""
        self.press(Event.WHOLE_DOWN, 0)
        self.pass_time(self.reveal.measures.intent_ms)
        if self.reveal.grant is not None:
            ms = min(ms, self.next_tick())
            self.desk.wait(ms)
            self.model_now += ms
            self.was_clear(ms)
        self.crash(-HOUR, reboots=True)

    @rule()
    def keep_a_copy(self) -> None:
        assert self.desk.file is not None
        self.kept.append(self.desk.file)

    @rule(place=st.integers(0, 20))
    def put_a_copy_back(self, place: int) -> None:
        if self.kept:
            desk = self.desk
            copy = self.kept[place % len(self.kept)]
            is_older = copy != desk.file
            desk.file = copy
            found = self.start_again(reboots=False)
            assert found is (Found.OLDER if is_older else Found.WHOLE)

    @rule(spoilt=st.booleans(), reboots=st.booleans())
    def lose_the_file(self, *, spoilt: bool, reboots: bool) -> None:
        self.desk.file = b"{}" if spoilt else None
        found = self.start_again(reboots=reboots)
        assert found is (Found.UNREADABLE if spoilt else Found.MISSING)

    # What always holds

    @invariant()
    def no_cap_is_passed(self) -> None:
        """Between two nights, and over all nights that the clocks can have shown."""
        possible = 1 + (self.model_now - self.begun) // DAY_LEAST_MS
        for budget in ("severe", "worst", "unrated"):
            cap = CAPS[f"{budget}_views_day"]
            seen = [night for name, night, _ in self.views if name == budget]
            assert all(seen.count(night) <= cap for night in set(seen))
            items = {item for name, _, item in self.views if name == budget}
            assert len(items) <= cap * possible
        assert all(ms <= CAP_MS for ms in self.severe_ms.values())
        assert sum(self.severe_ms.values()) <= CAP_MS * possible

    @invariant()
    def clear_is_only_what_is_allowed_now(self) -> None:
        if self.reveal.grant is not None:
            assert self.may()
            assert not is_opted_out(self.desk.ledger, self.item)
            look = self.desk.ledger.look
            assert look is not None
            assert look.item_id == self.item.item_id
            assert self.desk.is_noted(self.item)

    @invariant()
    def the_ledgers_time_never_goes_back(self) -> None:
        assert self.desk.kept_now >= self.ledger_time
        self.ledger_time = self.desk.kept_now


def gravest(item: Facts) -> int | None:
    """Return what an item must count as: nothing is rated down, unrated stays so."""
    known = [one for one in (item.signed, item.own) if one is not None]
    if item.signed is None and max(known, default=0) < 4:
        return None
    return max(known)


def budgets(item: Facts) -> list[str]:
    """Return what a view of this item counts against."""
    severity = gravest(item)
    named = {
        "severe": severity in {4, 5},
        "worst": severity == 5,
        "unrated": severity is None,
    }
    return [name for name, counts in named.items() if counts]
