"""Curtain, lock and sleep leave nothing; coming back loses nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import Harness

_Key = Qt.Key
MINUTE_MS = 60_000


def come_back(window: Harness) -> None:
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)


def texts(window: Harness) -> str:
    """Return every text that any widget of the window holds."""
    root = window.shell.window
    labels = [one.text() for one in root.findChildren(QLabel)]
    pages = [one.toPlainText() for one in root.findChildren(QPlainTextEdit)]
    return "\n".join((*labels, *pages))


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
    assert window.find("curtainScreenSupport").isVisible()
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    assert window.find("unlockScreenSupport").isVisible()
