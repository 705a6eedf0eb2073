"""What comes late, or lies over something else, changes nothing that was not meant."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from reviewer.domain.decision import StandingKind
from reviewer.domain.item import Kind
from reviewer.errors import Code, ReviewerError, UnavailableError
from reviewer.safeguards.reveal import Event
from reviewer.services.session import Session
from reviewer.services.stacking import Stacking
from reviewer.ui.actions import Act
from reviewer.ui.desk.finding import Finding
from reviewer.ui.desk.looks import Looks
from reviewer.ui.keys import Stroke
from reviewer.ui.widgets.review_screen import ReviewScreen
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_still, fake_text
from tests.ui.flagged import EVEN, desk_of, disk_full, read_only, screen_of, stored
from tests.ui.harness import PASSPHRASE, Harness
from tests.ui.test_reveal import clear_images
from tests.ui.test_stacks import review, stacks, standings

_Key = Qt.Key


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""


@contextmanager
def vault_waits(window: Harness) -> Iterator[None]:
    """Keep every answer of the vault back, and let them all come at the end."""
    gate = threading.Event()
    window.shell.tasks.submit(gate.wait, on_success=_nothing, on_failure=_nothing)
    try:
        yield
    finally:
        gate.set()


def disk_full_for(*_given: object, **_named: object) -> NoReturn:
    raise UnavailableError(Code.DISK_FULL)


def finding(window: Harness) -> Finding:
    parts = desk_of(window).context.parts
    return next(one for one in parts if isinstance(one, Finding))


# A verdict that waits for the copies ------------------------------------------------


def test_contexts_that_cannot_be_read_leave_the_item_to_be_decided(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is told, and the next try goes as if nothing had been."""
    review(window)
    with monkeypatch.context() as broken:
        broken.setattr(Stacking, "confirm", disk_full)
        window.tap(_Key.Key_1)
        window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert desk_of(window).context.may_decide()
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")


def test_c_while_contexts_are_read_withdraws_the_verdict(window: Harness) -> None:
    """Nothing lights over an item on hold, and nothing decides it."""
    review(window)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_C)
    seen = window.settle()
    assert (seen.index, seen.lit) == (0, "minor")
    assert stored(window, 0) is StandingKind.MARKED


def test_what_is_lit_while_contexts_are_read_keeps_its_digits(window: Harness) -> None:
    """V was pressed, so the digit after it rates: it ticks no context."""
    review(window)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_V)
    assert window.settle().lit == "severity"
    assert standings(window) == "ooooooo"


def test_going_on_while_contexts_are_read_decides_nothing(window: Harness) -> None:
    """Neither there, nor here on the way back."""
    review(window)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_PageDown, _Key.Key_PageUp)
        assert desk_of(window).context.may_decide()
    assert window.settle().lit == "verdict"
    assert standings(window) == "ooooooo"


def test_the_curtain_while_contexts_are_read_loses_no_note(window: Harness) -> None:
    """The item is a draft until they are confirmed."""
    review(window)
    screen_of(window).right.note.setPlainText("worth a second look")
    with vault_waits(window):
        window.tap(_Key.Key_1)
        window.shell.draw_curtain()
    window.wait(lambda seen: seen.screen == "curtainScreen" and not seen.busy)
    window.press("curtainBack")
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("reviewScreen")
    assert screen_of(window).right.note_text() == "worth a second look"


# What lies over the stage -----------------------------------------------------------


def test_a_search_over_the_comparison_ends_it(window: Harness) -> None:
    """No key means the comparison any more once nobody sees it."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_F, control=True)
    assert window.see().lit == "verdict"
    assert not stacks(window).comparing.is_open
    assert screen_of(window).over is finding(window)._panel is not None


def test_a_comparison_over_the_search_ends_it(window: Harness) -> None:
    """And nothing that was found is held."""
    review(window)
    window.tap(_Key.Key_F, control=True)
    window.settle()
    stacks(window).compare()
    assert window.see().lit == "compare"
    assert finding(window)._panel is None
    window.tap(_Key.Key_Return)
    assert (window.see().lit, screen_of(window).over) == ("verdict", None)


def test_after_a_comparison_a_mild_text_opens_readable(window: Harness) -> None:
    """The window was here all the time."""
    same, other = (
        DrawnItem(
            data=fake_text(words),
            kind=Kind.TEXT,
            declared_type="text/plain",
            severity=1,
        )
        for words in ("The same words.", "Other words.")
    )
    window.review((same, same, other))
    window.bot.waitUntil(lambda: stacks(window).stack is not None, timeout=10_000)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Return)
    window.go_to(2)
    assert window.settle().stage == "shown"


def test_enter_leaves_the_comparison_where_nothing_can_be_written(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the strip says."""
    review(window)
    read_only(window, monkeypatch)
    window.bot.waitUntil(lambda: stacks(window).stack is not None, timeout=10_000)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Return)
    assert window.see().lit == "verdict"


@pytest.mark.parametrize("key", [_Key.Key_V, _Key.Key_H])
def test_another_group_ends_the_comparison(window: Harness, key: Qt.Key) -> None:
    """Digits and Space never mean something else behind the pictures."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(key)
    assert window.see().lit in {"severity", "hand_back"}
    assert not stacks(window).comparing.is_open
    assert screen_of(window).over is None


def test_no_look_begins_behind_what_lies_over_the_stage(window: Harness) -> None:
    """Neither by a key, nor by the button under the stage, nor by its name."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Space, control=True)
    window.tap(_Key.Key_O, control=True)
    screen_of(window).toggled.emit()
    desk_of(window).press(Stroke(act=Act.CLEARER))
    window.tap(_Key.Key_K, control=True)
    window.write("Show")
    window.tap(_Key.Key_Return)
    window.later(1_000)
    seen = window.settle()
    assert (seen.stage, seen.holds_clear) == ("concealed", False)


def test_contexts_that_were_left_do_not_come_back(window: Harness) -> None:
    """H leads away from them; a comparison does not light them again."""
    review(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_H, _Key.Key_H)
    assert window.see().lit == "verdict"
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Return)
    assert window.see().lit == "verdict"


# An item on hold --------------------------------------------------------------------


def test_an_undo_that_comes_late_leads_from_no_item_on_hold(window: Harness) -> None:
    """It is taken back all the same; ten seconds seal what C was pressed on."""
    window.review(EVEN)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    with vault_waits(window):
        window.tap(_Key.Key_U, _Key.Key_C)
    seen = window.settle()
    assert (seen.index, seen.lit) == (1, "minor")
    assert stored(window, 0) is StandingKind.OPEN
    window.later(10_000)
    window.settle()
    assert stored(window, 1) is StandingKind.SEALED


def test_a_commit_that_fails_late_leads_from_no_item_on_hold(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is told, and the item can be decided later."""
    window.review(EVEN)
    work = window.shell.sitting.work
    assert isinstance(work, Session)
    monkeypatch.setattr(work, "decide", disk_full_for)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_C)
    seen = window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert (seen.index, seen.lit) == (1, "minor")
    window.later(10_000)
    window.settle()
    assert stored(window, 1) is StandingKind.SEALED


# Words that are being written -------------------------------------------------------


def test_a_commit_that_fails_takes_nobody_from_a_note(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed stays with its item; the one that failed is open again."""
    window.review(EVEN)
    work = window.shell.sitting.work
    assert isinstance(work, Session)
    monkeypatch.setattr(work, "decide", disk_full_for)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_N)
        window.write("of the second ")
    seen = window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    window.write("one")
    assert (seen.index, seen.open_count) == (1, 6)
    assert screen_of(window).right.note_text() == "of the second one"
    screen_of(window).stage.setFocus()
    window.tap(_Key.Key_PageUp)
    assert screen_of(window).right.note_text() == ""


def test_a_commit_that_fails_turns_no_letter_into_a_key(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes of a threat goes on writing of it."""
    window.review(EVEN)
    work = window.shell.sitting.work
    assert isinstance(work, Session)
    monkeypatch.setattr(work, "decide", disk_full_for)
    with vault_waits(window):
        window.tap(_Key.Key_1, _Key.Key_T)
        window.write("se")
    window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    window.write("es")
    seen = window.settle()
    assert (seen.index, seen.lit, seen.open_count) == (1, "threat", 6)


def test_ctrl_z_in_a_note_brings_back_no_words_of_another_item(window: Harness) -> None:
    """Written, deleted, and gone on from: they are nobody's."""
    window.review(EVEN)
    note = screen_of(window).right.note
    note.setFocus()
    window.write("x")
    note.textCursor().deletePreviousChar()
    assert note.document().isUndoAvailable()
    screen_of(window).stage.setFocus()
    window.go_to(1)
    assert not note.document().isUndoAvailable()


def test_another_item_ends_a_palette_that_was_opened_on_this_one(
    window: Harness,
) -> None:
    """What it offers to choose would be chosen for the wrong one."""
    window.review(EVEN)
    window.tap(_Key.Key_K, control=True)
    assert window.find("palette").isVisible()
    desk_of(window).context.show(1)
    assert not window.find("palette").isVisible()


def test_a_search_says_no_text_while_the_window_is_away(window: Harness) -> None:
    """Neither to the eye nor to a screen reader."""
    mild = DrawnItem(data=fake_still(640, 480), severity=1, text="a quokka in the sun")
    window.review((mild, *EVEN))
    window.tap(_Key.Key_F, control=True)
    window.write("quokka")
    panel = finding(window)._panel
    assert panel is not None
    window.bot.waitUntil(lambda: panel.results.rows.rowCount() == 1, timeout=10_000)
    assert "in the sun" in panel.line.accessibleDescription()
    window.shell.sitting.tell(Event.FOCUS_LOST)
    assert "in the sun" not in panel.line.accessibleDescription()
    window.shell.sitting.tell(Event.FOCUS_GAINED)
    assert "in the sun" in panel.line.accessibleDescription()


# The way out ------------------------------------------------------------------------


def test_what_is_confirmed_after_one_left_counts_at_the_end(window: Harness) -> None:
    """Whoever decides the last item and goes home at once has decided it."""
    window.review(EVEN)
    with vault_waits(window):
        window.tap(_Key.Key_1)
        window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    done = window.shell.sitting.done
    assert (done.count, done.unopened) == (1, 1)


def test_a_part_that_fails_as_the_batch_is_left_keeps_nothing_clear(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of the parts fails, and the stage is empty all the same."""

    def faulty(_part: Looks) -> NoReturn:
        raise ZeroDivisionError

    window.review(EVEN)
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    assert clear_images()
    monkeypatch.setattr(Looks, "stop", faulty)
    with pytest.raises(ZeroDivisionError):
        window.shell.crashed()
    window.up(_Key.Key_F)
    assert window.see().screen == "curtainScreen"
    assert window.shell.review is None
    assert not clear_images()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.shell.window.findChildren(ReviewScreen)
