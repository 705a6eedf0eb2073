"""Quiet lines of the review screen: offered once, heeded or not, never in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from reviewer.safeguards.reveal import Event
from tests.ui.harness import Harness, stills

_Key = Qt.Key


def said(window: Harness, name: str) -> str:
    """Return what a line on the review screen says; nothing where it is not there."""
    review = window.shell.review
    assert review is not None
    label = review.right.findChild(QLabel, f"{name}Words")
    return label.text() if label is not None and label.isVisible() else ""


def see(window: Harness) -> None:
    """Wait until something clear was painted."""
    desk = window.shell.desk
    assert desk is not None
    window.later(300)
    window.wait(lambda seen: seen.holds_clear and desk.looking.looks.any_view)


def look(window: Harness) -> None:
    """Hold F until something clear is shown, and let it go."""
    window.down(_Key.Key_F)
    see(window)
    window.up(_Key.Key_F)
    window.wait(lambda seen: not seen.holds_clear and not seen.busy)


def test_a_rating_is_offered_after_the_first_look_and_never_again(
    window: Harness,
) -> None:
    """It takes no focus; ignored, it stays away, also on coming back."""
    window.review(stills(None, None, 2))
    assert not said(window, "rateLine")
    before = QApplication.focusWidget()
    look(window)
    assert "rated" in said(window, "rateLine")
    assert "V" in window.find("rateLineAnswer0").accessibleName()
    assert QApplication.focusWidget() is before
    window.tap(_Key.Key_PageDown)
    assert not said(window, "rateLine")
    window.tap(_Key.Key_PageUp)
    window.settle()
    look(window)
    assert not said(window, "rateLine")
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    window.press("curtainBack")
    window.settle()


def test_a_rating_is_not_offered_where_there_is_one(window: Harness) -> None:
    """Of what is rated, by whomever, nothing is said; V heeds the offer."""
    window.review(stills(2, None))
    look(window)
    assert not said(window, "rateLine")
    window.tap(_Key.Key_PageDown)
    window.settle()
    look(window)
    assert said(window, "rateLine")
    window.tap(_Key.Key_V, _Key.Key_2)
    window.settle()
    assert not said(window, "rateLine")
    look(window)
    assert not said(window, "rateLine")


def test_the_offer_to_rate_leaves_a_note_its_focus(window: Harness) -> None:
    """Holding the pointer on the stage while a note is written."""
    window.review(stills(None))
    window.tap(_Key.Key_N)
    review = window.shell.review
    assert review is not None
    window.write("half a wo")
    desk = window.shell.desk
    assert desk is not None
    desk.looking.answer(Event.WHOLE_DOWN)
    see(window)
    desk.looking.answer(Event.WHOLE_UP)
    window.settle()
    assert said(window, "rateLine")
    assert review.right.note.hasFocus()
    window.write("rd")
    assert review.right.note_text() == "half a word"


def test_a_pause_is_offered_after_the_worst_and_goes_with_the_next_act(
    window: Harness,
) -> None:
    """One line with B; going on is declining, and nothing is lost by it."""
    window.review(stills(5, 5, 2, 2))
    window.tap(_Key.Key_PageUp)
    window.go_to(0)
    window.tap(_Key.Key_Space)
    look(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 3 and not seen.busy)
    assert "pause" in said(window, "pauseLine")
    assert "B" in window.find("pauseLineAnswer0").accessibleName()
    review = window.shell.review
    assert review is not None
    assert not review.right.isAncestorOf(
        QApplication.focusWidget() or window.shell.window
    )
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    assert not said(window, "pauseLine")


def test_b_takes_the_pause(window: Harness) -> None:
    """The curtain is drawn; nothing of the line is left behind it."""
    window.review(stills(5, 2))
    window.go_to(0)
    window.tap(_Key.Key_Space)
    look(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    assert said(window, "pauseLine")
    window.tap(_Key.Key_B)
    window.at("curtainScreen")


def test_no_pause_is_offered_after_an_item_that_was_not_opened(window: Harness) -> None:
    """Decided from context alone: there was nothing to recover from."""
    window.review(stills(5, 2))
    window.go_to(0)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    assert not said(window, "pauseLine")
