"""Curtain, lock and sleep leave nothing; coming back loses nothing."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTextEdit

from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, RefusedError
from reviewer.services.session import Session
from reviewer.ui.shell import Shell
from reviewer.ui.tasks import Tasks
from reviewer.ui.words import day as words
from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import ITEMS, Harness

_Key = Qt.Key
MINUTE_MS = 60_000
PIN = "314159"


def come_back(window: Harness) -> None:
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)


def texts(window: Harness) -> str:
    """Return every text that any widget of the window holds."""
    root = window.shell.window
    labels = [one.text() for one in root.findChildren(QLabel)]
    fields = [one.toPlainText() for one in root.findChildren(QPlainTextEdit)]
    pages = [one.toPlainText() for one in root.findChildren(QTextEdit)]
    return "\n".join((*labels, *fields, *pages))


def test_the_curtain_puts_everything_away(window: Harness) -> None:
    """No picture, text, child or open database behind it."""
    window.review()
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear and not seen.busy)
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    window.bot.waitUntil(lambda: window.shell.review is None)
    assert window.shell.sitting.work is None
    window.app.processEvents()
    assert "Readable at once" not in texts(window)
    assert "a caption" not in texts(window)


def test_coming_back_lands_on_the_same_item_with_what_was_half_written(
    window: Harness,
) -> None:
    """The note and the draft are there; nothing is shown."""
    window.review()
    window.go_to(2)
    window.bot.waitUntil(lambda: window.shell.desk.place.row.opened)  # type: ignore[union-attr]
    window.tap(_Key.Key_2, _Key.Key_N)
    window.write("half")
    window.tap(_Key.Key_Escape, _Key.Key_B)
    window.at("curtainScreen")
    come_back(window)
    window.at("reviewScreen")
    assert window.see().index == 2
    assert window.see().lit == "grounds"
    assert window.see().stage == "concealed"
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == "half"


def test_lock_works_from_a_field_and_forgets_the_place(window: Harness) -> None:
    """Ctrl+L is never dead; the next one who unlocks is at home."""
    window.review()
    window.tap(_Key.Key_N)
    window.write("half")
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    assert "half" not in texts(window)
    come_back(window)
    window.at("homeScreen")


def test_the_curtain_falls_after_five_idle_minutes_and_the_lock_after_sixty(
    window: Harness,
) -> None:
    """Nobody there: first put away, then locked."""
    window.review()
    window.desk.later(5 * MINUTE_MS - 1)
    window.shell.look_at_idleness()
    assert window.see().screen == "reviewScreen"
    window.desk.later(1)
    window.shell.look_at_idleness()
    window.at("curtainScreen")
    window.desk.later(55 * MINUTE_MS)
    window.shell.look_at_idleness()
    window.at("unlockScreen")
    come_back(window)
    window.at("homeScreen")


def test_input_anywhere_keeps_the_curtain_up(window: Harness) -> None:
    """A key a minute is somebody there."""
    window.review()
    for _ in range(7):
        window.desk.later(MINUTE_MS)
        window.tap(_Key.Key_Plus)
        window.shell.look_at_idleness()
    assert window.see().screen == "reviewScreen"


def test_a_machine_that_slept_wakes_up_locked(window: Harness) -> None:
    """The wall clock ran on while the other stood still."""
    window.review()
    clock = window.desk.clock
    clock.set_unix_ms(clock.unix_ms() + 10 * MINUTE_MS)
    window.shell.look_at_idleness()
    window.at("unlockScreen")


def test_a_break_of_ten_minutes_lets_one_look_again(window: Harness) -> None:
    """Minutes before the curtain do not count after it."""
    window.review()
    window.desk.later(5 * DAY_MS)  # past the ramp of the first days
    for _ in range(60):
        window.desk.later(MINUTE_MS)
        window.tap(_Key.Key_Plus)
    review = window.shell.review
    assert review is not None
    assert review.top._rest.text() == "A break comes before the next look"
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    window.desk.later(10 * MINUTE_MS)
    come_back(window)
    window.at("reviewScreen")
    window.tap(_Key.Key_Plus)
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    window.up(_Key.Key_F)


def test_the_support_card_is_reachable_from_both(window: Harness) -> None:
    """Lines of the organisation, without unlocking."""
    window.review()
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    window.press("curtainSupport")
    window.at("supportScreen")
    assert support_lines(window)
    window.tap(_Key.Key_Escape)
    window.at("curtainScreen")
    window.press("curtainSupport")
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    assert window.find("unlockScreenSupport").isVisible()
    window.press("unlockScreenMore")
    window.at("supportScreen")


def test_on_a_cold_start_the_support_card_is_there(
    window: Harness, tmp_path: Path
) -> None:
    """A program that was just started shows it before any passphrase."""
    window.enrol()
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    fresh = Shell(window.desk.door(), window.desk.clock, Tasks())
    fresh.begin()
    try:
        assert fresh.unlock._support.text() == "\n".join(window.desk.card.lines)
        assert window.desk.card.lines
    finally:
        fresh.end()
        fresh.window.deleteLater()
        fresh.deleteLater()


def test_before_enrolment_there_is_a_leaflet(window: Harness) -> None:
    """No organisation yet: the words that hold everywhere."""
    window.shell.begin()
    window.press("firstRunSupport")
    window.at("supportScreen")
    assert support_lines(window) == words.SUPPORT_NONE
    window.press("supportBack")
    window.at("firstRunScreen")


def support_lines(window: Harness) -> str:
    found = window.find("supportLines")
    assert isinstance(found, QLabel)
    return found.text()


# The PIN ------------------------------------------------------------------------


def choose_pin(window: Harness, pin: str = PIN) -> None:
    """From home, by keys."""
    window.press("settings")
    window.at("settingsScreen")
    window.find("pinFirst").setFocus()
    window.write(pin)
    window.tap(_Key.Key_Return)
    window.write(pin)
    window.tap(_Key.Key_Return)
    window.bot.waitUntil(lambda: window.shell.sitting.has_pin)
    window.settle()
    window.tap(_Key.Key_Escape)
    window.at("homeScreen")


def behind_the_curtain(window: Harness) -> None:
    """A profile with a PIN, a batch open, a break."""
    window.enrol()
    choose_pin(window)
    device = next(iter(window.desk.coordinator._devices))
    window.desk.coordinator.deal(device, ITEMS, name="Heron 12")
    window.press("fetch")
    window.at("homeScreen")
    window.bot.waitUntil(lambda: window._card() is not None)
    window.open_batch()
    window.wait(lambda seen: seen.painted and not seen.busy)
    window.tap(_Key.Key_B)
    window.at("curtainScreen")


def test_the_pin_brings_the_batch_back(window: Harness) -> None:
    """Its first digit is typed on the plain page."""
    behind_the_curtain(window)
    assert window.shell.curtain.is_resting
    assert window.shell.curtain.asks_pin
    window.write(PIN)
    window.tap(_Key.Key_Return)
    window.at("reviewScreen")


def test_three_wrong_pins_lock_fully(window: Harness) -> None:
    """Then the passphrase opens, and lands at home."""
    behind_the_curtain(window)
    for wrong in ("271828", "161803"):
        window.write(wrong)
        window.tap(_Key.Key_Return)
        window.wait(lambda seen: seen.error == "PIN_WRONG" and not seen.busy)
    window.write("141421")
    window.tap(_Key.Key_Return)
    window.at("unlockScreen")
    assert window.see().error == "PIN_SPENT"
    come_back(window)
    window.at("homeScreen")


def test_the_passphrase_opens_a_curtain_too(window: Harness) -> None:
    """For whoever forgot the PIN."""
    behind_the_curtain(window)
    window.press("curtainBack")
    window.press("curtainScreenSwitch")
    come_back(window)
    window.at("reviewScreen")


@pytest.mark.parametrize("way", ["lock", "sixty", "slept"])
def test_a_full_lock_takes_the_pin_away(window: Harness, way: str) -> None:
    """Ctrl+L, 60 minutes, a machine that slept: only the passphrase opens."""
    behind_the_curtain(window)
    clock = window.desk.clock
    if way == "lock":
        window.tap(_Key.Key_L, control=True)
    elif way == "sixty":
        window.desk.later(60 * MINUTE_MS)
        window.shell.look_at_idleness()
    else:
        clock.set_unix_ms(clock.unix_ms() + 10 * MINUTE_MS)
        window.write(PIN)  # before anybody looked at the clock
        window.tap(_Key.Key_Return)
    window.at("unlockScreen")
    assert not window.shell.unlock.asks_pin
    with pytest.raises(RefusedError):
        window.shell.entrance.resume(PIN)


def test_behind_the_curtain_no_session_is_reachable(window: Harness) -> None:
    """What held the keys is gone as far as Python can tell."""
    behind_the_curtain(window)
    window.app.processEvents()
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Session)]
    assert held == []


def test_a_weak_pin_is_refused(window: Harness) -> None:
    """It says why, and there is none."""
    window.enrol()
    window.press("settings")
    window.find("pinFirst").setFocus()
    window.write("123456")
    window.tap(_Key.Key_Return)
    window.write("123456")
    window.tap(_Key.Key_Return)
    form = window.shell.screens.settings.pin
    window.bot.waitUntil(lambda: form.error.code is Code.PIN_WEAK)
    assert not window.shell.sitting.has_pin


def test_the_time_of_a_break_is_hidden_until_asked_for(window: Harness) -> None:
    """No clock, and no picture, on the plain page."""
    window.review()
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    time = window.find("curtainTimeWords")
    assert not time.isVisible()
    window.desk.later(3 * MINUTE_MS)
    window.press("curtainTime")
    assert isinstance(time, QLabel)
    assert time.text() == "3 of 10 minutes"
    window.press("curtainTime")
    assert not time.isVisible()


def test_a_commit_that_succeeds_behind_the_curtain_leaves_no_draft(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item is decided when one comes back, and its old fields are gone."""
    window.review()
    work = window.shell.sitting.work
    assert work is not None
    gate, decide = threading.Event(), work.decide

    def slow(*args: object, **fields: object) -> object:
        gate.wait()
        return decide(*args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "decide", slow)
    item_id = window.see().item_id
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.committing)
    window.tap(_Key.Key_B)
    gate.set()
    window.at("curtainScreen")
    assert item_id not in window.shell.sitting.fields
    come_back(window)
    window.at("reviewScreen")
    window.go_to(0)
    assert window.see().item_id == item_id
    assert window.see().lit == "verdict"


@pytest.mark.parametrize("is_curtain", [True, False])
def test_no_key_waits_for_the_collector(window: Harness, *, is_curtain: bool) -> None:
    """Behind a curtain nobody does anything that would make it run."""
    window.review()
    gc.collect()
    gc.disable()
    try:
        if is_curtain:
            window.shell.draw_curtain()
        else:
            window.shell.lock()
        window.bot.waitUntil(lambda: not sessions())
    finally:
        gc.enable()


def sessions() -> list[Session]:
    """Return the sessions that are still in memory, with their keys."""
    return [one for one in gc.get_objects() if isinstance(one, Session)]
