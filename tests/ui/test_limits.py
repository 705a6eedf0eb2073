"""Caps, breaks, blocks and opt-outs, as the window keeps them."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.item import Kind
from reviewer.errors import Code, UnavailableError
from reviewer.safeguards.limits import Reason, Refused
from reviewer.services.exposing import Exposing
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.words import limits as words
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import FakeSession, fake_clip, fake_still, fake_text
from tests.ui.harness import Harness, stills

_Key = Qt.Key
STILL = fake_still(1200, 900)
STRONG = stills(3, 3, 3)
MINUTE_MS = 60_000


def exposure_of(window: Harness) -> Exposing:
    """Return the ledger at work."""
    desk = window.shell.desk
    assert desk is not None
    exposure = desk.context.exposure
    assert isinstance(exposure, Exposing)
    return exposure


def screen_of(window: Harness) -> ReviewScreen:
    review = window.shell.review
    assert review is not None
    return review


def try_to_look(window: Harness) -> None:
    """Hold F for longer than any intent time."""
    window.down(_Key.Key_F)
    window.later(300)
    window.settle()
    window.later(1_000)
    window.settle()


def look(window: Harness) -> None:
    """Hold F until something clear is shown."""
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_says_why_when_and_what_still_works(
    window: Harness, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    """Nothing clear is shown; stage and ladder say so; deciding goes on."""
    window.review(STRONG)
    exposure = exposure_of(window)
    until = exposure.now() + 90 * MINUTE_MS
    refused = Refused(reason=reason, words_key=f"limit_{reason.value}", until=until)
    monkeypatch.setattr(exposure, "may_reveal", lambda _row: refused)
    try_to_look(window)
    assert not window.see().holds_clear
    screen = screen_of(window)
    said = screen.stage.refusal_words
    assert words.STILL in said
    assert "in about 90 minutes" in said
    assert screen.ladder.accessibleName() == words.BY_KEY[refused.words_key].short
    window.up(_Key.Key_F)
    window.tap(_Key.Key_K, _Key.Key_1)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    window.tap(_Key.Key_H, _Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)


def test_a_refusal_without_a_time_says_what_helps() -> None:
    """No reason is without words, and none promises a time that is not known."""
    for reason in Reason:
        refused = Refused(reason=reason, words_key=f"limit_{reason.value}", until=None)
        said = words.refusal(refused, now=0)
        assert "in about" not in " ".join(said.lines)
        assert said.lines[-1] == words.STILL
    assert words.from_now(1) == "in about a minute"
    assert words.from_now(30 * 60 * MINUTE_MS) == "in about 30 hours"
    assert words.from_now(72 * 60 * MINUTE_MS) == "in about 3 days"


def test_a_look_is_on_the_disk_before_anything_clear_is_asked_for(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the ledger is being written the lens stays empty."""
    window.review(STRONG)
    window.settle()
    exposure = exposure_of(window)
    gate, asked = threading.Event(), threading.Event()
    save = exposure.save

    def slow() -> None:
        asked.set()
        gate.wait()
        save()

    monkeypatch.setattr(exposure, "save", slow)
    window.down(_Key.Key_F)
    window.later(300)
    window.bot.waitUntil(asked.is_set)
    assert window.see().stage == "shown"
    assert not window.see().holds_clear
    gate.set()
    window.wait(lambda seen: seen.holds_clear)
    window.up(_Key.Key_F)


def test_a_look_that_cannot_be_written_down_is_not_shown(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk conceals and says so; deciding is tried as ever."""
    window.review(STRONG)
    window.settle()
    exposure = exposure_of(window)

    def full() -> None:
        raise UnavailableError(Code.DISK_FULL)

    monkeypatch.setattr(exposure, "save", full)
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.error == "DISK_FULL")
    assert not window.see().holds_clear
    window.up(_Key.Key_F)
    monkeypatch.undo()
    look(window)
    window.up(_Key.Key_F)


def test_a_key_let_go_in_the_intent_time_costs_nothing(window: Harness) -> None:
    """No view is counted; a look counts one, and a second look none."""
    window.review(STRONG)
    exposure = exposure_of(window)
    window.down(_Key.Key_F)
    window.later(100)
    window.settle()
    window.up(_Key.Key_F)
    assert sum(exposure.view().today.tally.views) == 0
    for _ in range(2):
        look(window)
        window.up(_Key.Key_F)
    assert sum(exposure.view().today.tally.views) == 1


def test_clear_time_is_charged_and_esc_is_counted(window: Harness) -> None:
    """Seconds on the screen are in the ledger; so is that everything was covered."""
    window.review(stills(4, 4))
    exposure = exposure_of(window)
    look(window)
    window.later(5_000)
    window.tap(_Key.Key_Escape)
    today = exposure.view().today
    assert today.tally.clear_ms[4] >= 5_000
    assert today.tally.covers_count == 1
    window.up(_Key.Key_F)


def test_the_seconds_of_a_day_end_a_look(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look lasts no longer than what is left of the budget."""
    from reviewer.safeguards.limits import Allowed  # noqa: PLC0415

    window.review(stills(4, 4))
    exposure = exposure_of(window)
    refused = Refused(
        reason=Reason.SEVERE_SECONDS, words_key="limit_severe_seconds", until=None
    )
    answers = [Allowed(left_ms=2_000)]
    monkeypatch.setattr(
        exposure, "may_reveal", lambda _row: answers[0] if answers else refused
    )
    look(window)
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking._timer.remainingTime() <= 2_000
    answers.clear()
    window.later(2_000)
    assert not window.see().holds_clear
    assert window.see().stage == "covered"
    window.up(_Key.Key_F)


def test_nothing_of_an_opted_out_item_is_opened(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No child is asked, not even ahead; it is decided or handed back from context."""
    window.review(stills(3))
    asked = rendered(monkeypatch)
    exposure_of(window).opt_out("blood")
    open_another(window, (*stills(3), *stills(1, 1, tags=("blood",))))
    window.go_to(1)
    desk, screen = window.shell.desk, screen_of(window)
    assert desk is not None
    ids = {row.item.id for row in desk.place.rows[1:]}
    assert words.BY_KEY["limit_opted_out"].short == screen.ladder.accessibleName()
    assert words.STILL in screen.stage.refusal_words
    assert not any(section.is_open for section in screen.left.texts)
    try_to_look(window)
    window.up(_Key.Key_F)
    window.tap(_Key.Key_Space, _Key.Key_D)
    window.settle()
    assert not window.see().holds_clear
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    window.go_to(2)
    window.tap(_Key.Key_H, _Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    assert asked
    assert not asked & ids


def rendered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the items that a decoder is asked to draw from here on."""
    asked: set[str] = set()

    def noted(name: str) -> None:
        ask = getattr(FakeSession, name)

        def wrapped(session: FakeSession, *args: object, **named: object) -> object:
            asked.add(session._item_id)
            return ask(session, *args, **named)

        monkeypatch.setattr(FakeSession, name, wrapped)

    for name in ("prepare", "concealed", "storyboard", "clear", "text"):
        noted(name)
    return asked


def open_another(window: Harness, drawn: tuple[DrawnItem, ...]) -> None:
    """Go home, fetch a second batch, and open it."""
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    device = next(iter(window.desk.coordinator._devices))
    window.desk.coordinator.deal(device, drawn, name="Wren 2")
    window.press("fetch")
    window.settle()
    cards = window.shell.home.findChildren(QWidget)
    named = [one for one in cards if one.objectName().startswith("batch-")]
    card = next(one for one in named if "Wren 2" in one.accessibleName())
    card.setFocus()
    window.tap(_Key.Key_Return)
    window.wait(
        lambda seen: seen.screen == "reviewScreen" and seen.items_count == len(drawn)
    )


def test_what_is_least_severe_is_offered_and_said(window: Harness) -> None:
    """At the edge of a day with severe items only, the screen says so."""
    window.review(stills(5, 5, 4))
    window.tap(_Key.Key_J)
    assert window.see().index == 2
    assert screen_of(window).top._offer.text() == words.LEAST_SEVERE
    window.tap(_Key.Key_PageUp)
    assert screen_of(window).top._offer.text() == ""


def test_with_only_opted_out_items_left_the_rest_can_be_handed_over(
    window: Harness,
) -> None:
    """Auto-advance offers none of them; one button leads to handing over."""
    window.review((*stills(3), *stills(1, 1, tags=("blood",))))
    exposure_of(window).opt_out("blood")
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    assert window.see().index == 0
    assert screen_of(window).top._offer.text() == words.NOTHING_LEFT
    window.press("handOverRest")
    window.wait(lambda seen: seen.screen != "reviewScreen" and not seen.busy)


def test_unsuited_items_are_passed_over_but_open_by_hand(window: Harness) -> None:
    """At the edge of a day the severe one is not offered; page down opens it."""
    window.review(stills(3, 4, 3))
    window.tap(_Key.Key_J)
    assert window.see().index == 2
    window.go_to(1)
    assert window.see().stage == "covered"
    look(window)
    window.up(_Key.Key_F)


def test_mild_text_stays_readable_at_every_cap(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text that opens readable is no look."""
    text = DrawnItem(
        data=fake_text("Readable."), kind=Kind.TEXT, declared_type="text/plain",
        severity=1,
    )  # fmt: skip
    window.review((DrawnItem(data=STILL, severity=3), text))
    exposure = exposure_of(window)
    refused = Refused(reason=Reason.DAY, words_key="limit_day", until=None)
    monkeypatch.setattr(exposure, "may_reveal", lambda _row: refused)
    window.go_to(1)
    window.wait(lambda seen: seen.holds_clear)
    assert sum(exposure.view().today.tally.views) == 0


def test_a_sheet_can_be_left_below_severity_three_only(window: Harness) -> None:
    """Of a mild clip one frame can be shown, concealed; of others the sheet stays."""
    clip = fake_clip(1280, 720, 12_000)
    drawn = [
        DrawnItem(data=clip, kind=Kind.CLIP, declared_type="video/mp4", severity=each)
        for each in (2, 3, None)
    ]
    window.review(drawn)
    shown: list[bool] = []
    for index in range(3):
        window.go_to(index)
        window.tap(_Key.Key_P, control=True)
        shown.append(screen_of(window).stage.shows_sheet)
    assert shown == [False, True, True]
    assert not window.see().holds_clear


def test_the_ring_follows_the_ledger(window: Harness) -> None:
    """Active minutes are the ledger's; they survive leaving the batch."""
    window.review(STRONG)
    for _ in range(50):
        window.desk.later(MINUTE_MS)
        window.tap(_Key.Key_Plus)
    minutes = exposure_of(window).minutes()
    ring = screen_of(window).top.ring
    assert ring.accessibleName().startswith(f"{minutes} of ")
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    assert exposure_of(window).minutes() >= minutes
