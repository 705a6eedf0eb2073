"""Each rule of review-loop.md, *Reveal*, as a row or a short story."""

from __future__ import annotations

import pytest

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.rendition import Extent, Step
from reviewer.safeguards import reveal as machine
from reviewer.safeguards.reveal import Event, Reveal, State, advance, open_item
from reviewer.safeguards.values import resolve

VALUES = resolve({}, {})
ITEM = ItemId("1" * 32)
OTHER = ItemId("2" * 32)
START = 1_000_000

AUTOMATIC = [Event.FOCUS_LOST, Event.HIDDEN]
COVERING = [Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP]


def opened(severity: int | None = 3, *, is_text: bool = False) -> Reveal:
    return open_item(
        ITEM, severity=severity, is_text=is_text, values=VALUES, now=MonoMs(START)
    )


def play(reveal: Reveal, *story: tuple[int, Event], may_reveal: bool = True) -> Reveal:
    """Send events at so many milliseconds after the item opened."""
    for after_ms, event in story:
        now = MonoMs(START + after_ms)
        reveal = advance(reveal, event, now=now, may_reveal=may_reveal)
    return reveal


def held(severity: int | None = 3, *, is_text: bool = False) -> Reveal:
    """Return an item whose lens is on the screen since 1 000 ms, Space down."""
    wait = 300 if severity is not None and severity >= 4 else 150
    return play(
        opened(severity, is_text=is_text),
        (1_000 - wait, Event.SPACE_DOWN),
        (1_000, Event.TICK),
    )


def test_every_event_has_an_answer() -> None:
    """A new event without a rule is a bug here, not a surprise in the window."""
    assert set(machine._ANSWERS) == set(Event)


# Opening -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "state", "step"),
    [
        (0, State.CONCEALED, Step.GREY),
        (2, State.CONCEALED, Step.GREY),
        (3, State.CONCEALED, Step.SOFTENED),
        (4, State.COVERED, Step.SOFTENED),
        (5, State.COVERED, Step.SOFTENED),
        (None, State.CONCEALED, Step.SOFTENED),
    ],
)
def test_how_an_item_opens(severity: int | None, state: State, step: Step) -> None:
    """Covered from 4, softened from 3 and unrated, clear grey up to 2."""
    reveal = opened(severity)
    assert (reveal.state, reveal.step) == (state, step)
    assert reveal.grant is None
    assert reveal.pending is None
    assert reveal.deadline is None
    assert reveal.extent is None


# Tap and hold ------------------------------------------------------------------


def test_a_tap_covers_and_uncovers() -> None:
    """Covered and concealed in turn, and nothing clear."""
    once = play(opened(), (0, Event.SPACE_DOWN), (100, Event.SPACE_UP))
    assert once.state is State.COVERED
    twice = play(once, (500, Event.SPACE_DOWN), (649, Event.SPACE_UP))
    assert twice.state is State.CONCEALED
    assert twice.grant is None


@pytest.mark.parametrize(("severity", "intent"), [(3, 150), (4, 300), (None, 150)])
def test_nothing_clear_before_the_intent_time(
    severity: int | None, intent: int
) -> None:
    """An empty lens is drawn at key-down; the grant comes when the time is over."""
    pressed = play(opened(severity), (0, Event.SPACE_DOWN))
    assert pressed.pending is Extent.LENS
    assert pressed.deadline == START + intent
    early = play(pressed, (intent - 1, Event.TICK))
    assert early.grant is None
    shown = play(early, (intent, Event.TICK))
    assert shown.state is State.SHOWN
    assert shown.grant is not None
    assert shown.grant.item_id == ITEM
    assert shown.grant.given_at == START + intent
    assert shown.extent is Extent.LENS
    assert shown.pending is None


@pytest.mark.parametrize(
    ("down", "up", "extent"),
    [
        (Event.SPACE_DOWN, Event.SPACE_UP, Extent.LENS),
        (Event.POINTER_DOWN, Event.POINTER_UP, Extent.LENS),
        (Event.WHOLE_DOWN, Event.WHOLE_UP, Extent.WHOLE),
    ],
)
def test_holding_shows_and_letting_go_conceals(
    down: Event, up: Event, extent: Extent
) -> None:
    """Space and pointer show the lens, F the whole frame."""
    shown = play(opened(), (0, down), (150, Event.TICK))
    assert shown.extent is extent
    ended = play(shown, (400, up))
    assert ended.state is State.CONCEALED
    assert ended.grant is None


@pytest.mark.parametrize(
    ("severity", "state"), [(3, State.CONCEALED), (5, State.COVERED)]
)
def test_release_returns_to_the_opening_state(severity: int, state: State) -> None:
    """A severe item is covered again."""
    assert play(held(severity), (2_000, Event.SPACE_UP)).state is state


@pytest.mark.parametrize("up", [Event.WHOLE_UP, Event.POINTER_UP])
def test_only_space_taps(up: Event) -> None:
    """A short F or click changes nothing."""
    down = Event.WHOLE_DOWN if up is Event.WHOLE_UP else Event.POINTER_DOWN
    assert play(opened(), (0, down), (50, up)) == opened()


def test_a_hold_that_nobody_ticked_is_no_tap_and_no_look() -> None:
    """A late window shows nothing for a key that is up again."""
    late = play(opened(), (0, Event.SPACE_DOWN), (400, Event.SPACE_UP))
    assert late.state is State.CONCEALED
    assert late.looked_at is None


def test_auto_repeat_does_not_restart_the_intent_time() -> None:
    """A key-down of a key that is down is no event."""
    once = play(opened(), (0, Event.SPACE_DOWN))
    assert play(once, (100, Event.SPACE_DOWN)) == once


def test_the_wider_hold_wins_and_needs_its_own_intent() -> None:
    """Space shows the lens; F on top shows the whole frame after its own time."""
    both = play(held(), (1_500, Event.WHOLE_DOWN))
    assert both.extent is Extent.LENS
    assert both.pending is Extent.WHOLE
    whole = play(both, (1_650, Event.TICK))
    assert whole.extent is Extent.WHOLE
    lens = play(whole, (2_000, Event.WHOLE_UP))
    assert lens.extent is Extent.LENS
    assert play(lens, (2_100, Event.SPACE_UP)).state is State.CONCEALED


def test_a_hold_that_waits_outlives_the_look_before_it() -> None:
    """F is still in its intent time when Space is let go: first conceal, then show."""
    story = play(held(), (1_500, Event.WHOLE_DOWN), (1_600, Event.SPACE_UP))
    assert story.state is State.CONCEALED
    assert story.pending is Extent.WHOLE
    assert play(story, (1_650, Event.TICK)).extent is Extent.WHOLE


def test_a_tap_while_the_pointer_holds_changes_nothing() -> None:
    """The look is ended by whoever began it."""
    shown = play(opened(), (0, Event.POINTER_DOWN), (150, Event.TICK))
    tapped = play(shown, (200, Event.SPACE_DOWN), (250, Event.SPACE_UP))
    assert tapped.extent is Extent.LENS
    assert tapped.state is State.SHOWN


# Second look -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("down", "up"),
    [
        (Event.SPACE_DOWN, Event.SPACE_UP),
        (Event.POINTER_DOWN, Event.POINTER_UP),
    ],
)
def test_a_second_look_shows_at_once_and_does_not_toggle(
    down: Event, up: Event
) -> None:
    """For ten seconds after a look."""
    looked = play(held(), (2_000, Event.SPACE_UP))
    again = play(looked, (12_000, down))
    assert again.extent is Extent.LENS
    assert play(again, (12_050, up)).state is State.CONCEALED


def test_after_ten_seconds_space_is_itself_again() -> None:
    """Intent time and tap are back."""
    looked = play(held(), (2_000, Event.SPACE_UP))
    late = play(looked, (12_001, Event.SPACE_DOWN))
    assert late.grant is None
    assert play(late, (12_100, Event.SPACE_UP)).state is State.COVERED


def test_the_whole_frame_always_needs_its_intent() -> None:
    """Only Space and the pointer are quick."""
    looked = play(held(), (2_000, Event.SPACE_UP))
    assert play(looked, (2_500, Event.WHOLE_DOWN)).grant is None


@pytest.mark.parametrize("event", [*COVERING, *AUTOMATIC])
def test_covering_or_leaving_ends_the_second_look(event: Event) -> None:
    """What interrupts takes the short way back with it."""
    looked = play(held(), (2_000, Event.SPACE_UP), (2_100, event))
    assert play(looked, (2_200, Event.SPACE_DOWN)).grant is None


# Steps -------------------------------------------------------------------------


def test_the_ladder_goes_up_and_down_and_stays_on_it() -> None:
    """Softened, clear grey, colour."""
    steps = []
    reveal = opened()
    for event in [Event.CLEARER] * 3 + [Event.SAFER] * 3:
        reveal = play(reveal, (0, event))
        steps.append(reveal.step)
    assert steps == [
        Step.GREY,
        Step.COLOUR,
        Step.COLOUR,
        Step.GREY,
        Step.SOFTENED,
        Step.SOFTENED,
    ]
    assert reveal.state is State.CONCEALED


def test_a_step_during_a_look_changes_the_grant() -> None:
    """The next rendition is asked for under a new grant."""
    clearer = play(held(), (1_500, Event.CLEARER))
    assert clearer.grant is not None
    assert clearer.grant.step is Step.GREY
    assert clearer.grant.given_at == START + 1_500
    same = play(clearer, (1_600, Event.TICK))
    assert same.grant is clearer.grant


def test_safer_than_softened_is_concealed() -> None:
    """X at the foot of the ladder ends the look; the key must be pressed anew."""
    safer = play(held(), (1_500, Event.SAFER))
    assert safer.state is State.CONCEALED
    assert play(safer, (1_600, Event.SPACE_DOWN)).pending is None
    freed = play(safer, (1_700, Event.SPACE_UP), (1_800, Event.SPACE_DOWN))
    assert freed.pending is Extent.LENS


def test_the_step_is_reset_with_the_item() -> None:
    """The next item begins where its severity says."""
    clear = play(held(), (1_500, Event.CLEARER), (1_600, Event.CLEARER))
    following = open_item(
        OTHER,
        severity=3,
        is_text=False,
        values=VALUES,
        now=MonoMs(START + 2_000),
        after=clear,
    )
    assert following.step is Step.SOFTENED


# What ends a look by itself ----------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "limit"), [(0, 60_000), (3, 60_000), (4, 20_000), (None, 20_000)]
)
def test_a_stuck_key_ends(severity: int | None, limit: int) -> None:
    """After 20 s from severity 4 and unrated, after 60 s else."""
    shown = held(severity)
    assert shown.deadline == START + 1_000 + limit
    still = play(shown, (1_000 + limit - 1, Event.TICK))
    assert still.state is State.SHOWN
    ended = play(still, (1_000 + limit, Event.TICK))
    assert ended.state is opened(severity).state
    assert ended.grant is None
    assert ended.deadline is None


def test_a_stuck_key_shows_nothing_more_until_it_was_let_go() -> None:
    """Its repeats are not a new wish, and its release is no tap."""
    ended = play(held(), (61_000, Event.TICK), (61_010, Event.SPACE_DOWN))
    assert ended.pending is None
    released = play(ended, (61_100, Event.SPACE_UP))
    assert released.state is State.CONCEALED
    again = play(released, (61_200, Event.SPACE_DOWN))
    assert again.grant is None
    assert again.pending is Extent.LENS


def test_a_late_event_finds_the_look_over() -> None:
    """Whatever arrives after the end first conceals."""
    late = play(held(), (70_000, Event.CLEARER))
    assert late.state is State.CONCEALED
    assert late.step is Step.GREY


@pytest.mark.parametrize("event", AUTOMATIC)
@pytest.mark.parametrize(
    ("severity", "state"), [(1, State.CONCEALED), (5, State.COVERED)]
)
def test_leaving_conceals(event: Event, severity: int, state: State) -> None:
    """Focus loss and a hidden window return to the opening state."""
    left = play(held(severity), (1_500, event))
    assert left.state is state
    assert left.grant is None


@pytest.mark.parametrize("event", AUTOMATIC)
def test_leaving_never_uncovers(event: Event) -> None:
    """What Esc covered stays covered, though the item opened concealed."""
    assert play(opened(), (0, Event.ESC), (10, event)).state is State.COVERED


@pytest.mark.parametrize("event", AUTOMATIC)
def test_leaving_ends_an_intent_too(event: Event) -> None:
    """A key let go elsewhere is not missed here."""
    left = play(opened(), (0, Event.SPACE_DOWN), (50, event), (150, Event.TICK))
    assert left.grant is None
    assert left.pending is None
    assert play(left, (500, Event.SPACE_DOWN)).pending is Extent.LENS


@pytest.mark.parametrize("event", COVERING)
@pytest.mark.parametrize("severity", [0, 3, 5, None])
def test_esc_curtain_lock_and_sleep_cover(event: Event, severity: int | None) -> None:
    """From a look, from an intent, from concealed."""
    for before in (
        held(severity),
        play(opened(severity), (0, Event.SPACE_DOWN)),
        opened(severity),
    ):
        covered = play(before, (1_500, event))
        assert covered.state is State.COVERED
        assert covered.grant is None
        assert covered.pending is None
        assert covered.deadline is None


def test_letting_go_after_esc_does_not_uncover() -> None:
    """The release belongs to the look that Esc ended."""
    covered = play(held(), (1_500, Event.ESC), (1_600, Event.SPACE_UP))
    assert covered.state is State.COVERED
    tapped = play(covered, (1_700, Event.SPACE_DOWN), (1_750, Event.SPACE_UP))
    assert tapped.state is State.CONCEALED


def test_a_key_still_down_after_esc_shows_nothing() -> None:
    """Its repeats are no new wish; only a new press is."""
    covered = play(held(), (1_500, Event.ESC), (1_600, Event.SPACE_DOWN))
    assert covered.pending is None
    assert play(covered, (5_000, Event.TICK)).state is State.COVERED


def test_a_key_held_over_an_item_change_shows_nothing_there() -> None:
    """The next item needs a new press, and the old release is no tap on it."""
    following = open_item(
        OTHER,
        severity=1,
        is_text=False,
        values=VALUES,
        now=MonoMs(START + 2_000),
        after=held(),
    )
    assert following.state is State.CONCEALED
    story = play(following, (2_100, Event.SPACE_DOWN), (3_000, Event.TICK))
    assert story.grant is None
    assert play(story, (3_100, Event.SPACE_UP)).state is State.CONCEALED


# The accessible alternative ----------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "intent", "lasts"), [(3, 150, 15_000), (5, 300, 5_000)]
)
def test_a_toggled_look_ends_by_itself(severity: int, intent: int, lasts: int) -> None:
    """Five seconds from severity 4, fifteen else."""
    shown = play(opened(severity), (0, Event.TOGGLE), (intent, Event.TICK))
    assert shown.extent is Extent.LENS
    assert shown.deadline == START + intent + lasts
    ended = play(shown, (intent + lasts, Event.TICK))
    assert ended.state is opened(severity).state


def test_any_key_renews_a_toggled_look_for_sixty_seconds_at_most() -> None:
    """Renewed by D like by any other key; the total does not move."""
    shown = play(opened(), (0, Event.TOGGLE_WHOLE), (150, Event.TICK))
    assert shown.extent is Extent.WHOLE
    for second in range(10, 60, 10):
        shown = play(shown, (second * 1_000, Event.KEY))
    assert shown.state is State.SHOWN
    assert shown.deadline == START + 150 + 60_000
    assert play(shown, (60_150, Event.CLEARER)).state is State.CONCEALED


def test_a_key_before_the_toggle_shows_renews_nothing() -> None:
    """There is nothing yet to renew."""
    pending = play(opened(), (0, Event.TOGGLE))
    assert play(pending, (50, Event.KEY)) == pending


def test_toggling_again_conceals_or_cancels() -> None:
    """The same act both ways."""
    pending = play(opened(), (0, Event.TOGGLE), (50, Event.TOGGLE))
    assert pending == opened()
    shown = play(opened(), (0, Event.TOGGLE), (150, Event.TICK), (900, Event.TOGGLE))
    assert shown.state is State.CONCEALED


def test_a_tap_ends_a_toggled_look() -> None:
    """Space is the shortest way back."""
    shown = play(opened(), (0, Event.TOGGLE), (150, Event.TICK))
    ended = play(shown, (900, Event.SPACE_DOWN), (950, Event.SPACE_UP))
    assert ended.state is State.CONCEALED


def test_letting_go_ends_a_toggled_look_as_well() -> None:
    """Release returns to the opening state, whatever else was on."""
    shown = play(opened(), (0, Event.TOGGLE), (150, Event.TICK))
    both = play(shown, (900, Event.SPACE_DOWN), (1_100, Event.TICK))
    assert play(both, (1_200, Event.SPACE_UP)).state is State.CONCEALED


def test_a_toggle_off_leaves_a_held_key_its_look() -> None:
    """The key is still down."""
    both = play(held(), (1_100, Event.TOGGLE_WHOLE), (1_300, Event.TICK))
    assert both.extent is Extent.WHOLE
    assert play(both, (1_400, Event.TOGGLE)).extent is Extent.LENS


# Breaks ------------------------------------------------------------------------


def test_an_overdue_break_refuses_a_look_and_says_so() -> None:
    """The intent time runs out into nothing; covering still works."""
    story = ((0, Event.SPACE_DOWN), (150, Event.TICK))
    refused = play(opened(), *story, may_reveal=False)
    assert refused.state is State.CONCEALED
    assert refused.is_refused
    up = play(refused, (200, Event.SPACE_UP), may_reveal=False)
    assert up.state is State.CONCEALED
    tapped = play(up, (300, Event.SPACE_DOWN), (350, Event.SPACE_UP), may_reveal=False)
    assert tapped.state is State.COVERED
    assert not tapped.is_refused


def test_a_refused_look_does_not_uncover() -> None:
    """Covered by hand, refused, still covered."""
    covered = play(opened(), (0, Event.ESC))
    story = ((10, Event.SPACE_DOWN), (200, Event.TICK))
    assert play(covered, *story, may_reveal=False).state is State.COVERED


def test_a_break_that_falls_due_ends_the_look() -> None:
    """The next event conceals."""
    ended = play(held(), (2_000, Event.TICK), may_reveal=False)
    assert ended.state is State.CONCEALED
    assert ended.is_refused


# Text items --------------------------------------------------------------------


@pytest.mark.parametrize("severity", [0, 2])
def test_mild_text_opens_readable(severity: int) -> None:
    """Also while a break is overdue: it is paperwork."""
    reveal = opened(severity, is_text=True)
    assert reveal.state is State.SHOWN
    assert reveal.extent is Extent.WHOLE
    assert reveal.deadline is None
    stays = play(reveal, (5_000, Event.TICK), may_reveal=False)
    assert stays.state is State.SHOWN
    assert not stays.is_refused


@pytest.mark.parametrize(
    ("severity", "state"),
    [(3, State.CONCEALED), (5, State.COVERED), (None, State.CONCEALED)],
)
def test_other_text_is_opened_by_one_action(severity: int | None, state: State) -> None:
    """It stays open until it is closed, and holding Space works as everywhere."""
    reveal = opened(severity, is_text=True)
    assert reveal.state is state
    text = play(reveal, (0, Event.OPEN_TEXT))
    assert text.extent is Extent.WHOLE
    assert play(text, (600_000, Event.TICK)).state is State.SHOWN
    assert play(text, (100, Event.OPEN_TEXT)).state is state
    assert play(reveal, (0, Event.OPEN_TEXT), may_reveal=False).grant is None
    assert held(severity, is_text=True).extent is Extent.WHOLE


def test_letting_go_of_space_leaves_opened_text_open() -> None:
    """The hold added nothing."""
    text = play(opened(3, is_text=True), (0, Event.OPEN_TEXT))
    both = play(text, (100, Event.SPACE_DOWN), (300, Event.TICK), (400, Event.SPACE_UP))
    assert both.state is State.SHOWN


@pytest.mark.parametrize("severity", [1, 3])
def test_a_tap_covers_text(severity: int) -> None:
    """One short Space and the text is gone; another gives back how it opens."""
    text = opened(severity, is_text=True)
    if severity == 3:
        text = play(text, (0, Event.OPEN_TEXT))
    covered = play(text, (100, Event.SPACE_DOWN), (150, Event.SPACE_UP))
    assert covered.state is State.COVERED
    back = play(covered, (300, Event.SPACE_DOWN), (350, Event.SPACE_UP))
    assert back.state is opened(severity, is_text=True).state


def test_readable_text_is_covered_by_leaving_and_comes_back_with_the_focus() -> None:
    """But not when Esc had covered it."""
    text = opened(1, is_text=True)
    left = play(text, (100, Event.HIDDEN), (110, Event.FOCUS_LOST))
    assert left.state is State.COVERED
    assert left.grant is None
    assert play(left, (900, Event.FOCUS_GAINED)).state is State.SHOWN
    panic = play(text, (100, Event.ESC), (110, Event.FOCUS_LOST))
    assert play(panic, (900, Event.FOCUS_GAINED)).state is State.COVERED
    assert play(opened(), (0, Event.FOCUS_GAINED)) == opened()


def test_text_has_one_step() -> None:
    """D does nothing to text; X closes it, readable or opened."""
    text = opened(1, is_text=True)
    assert play(text, (10, Event.CLEARER)).step is Step.GREY
    assert play(text, (10, Event.SAFER)).state is State.COVERED
    severe = play(opened(4, is_text=True), (0, Event.OPEN_TEXT))
    assert play(severe, (10, Event.SAFER)).state is State.COVERED


def test_toggling_text_shows_the_page() -> None:
    """A lens on text makes no sense."""
    text = play(opened(3, is_text=True), (0, Event.TOGGLE), (150, Event.TICK))
    assert text.extent is Extent.WHOLE


def test_the_text_action_does_nothing_to_a_picture() -> None:
    """There is no short way round the intent time."""
    assert play(opened(), (0, Event.OPEN_TEXT)) == opened()
