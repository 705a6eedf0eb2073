"""What may be seen, and for how long, in the actual window."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from reviewer.media.meter import shows_fine_pattern
from reviewer.safeguards.reveal import Event, State
from reviewer.ui.widgets.stage import Stage
from reviewer.ui.widgets.text_page import TextPage
from tests.ui.harness import LONG_TEXT, Harness

_Key = Qt.Key
MILD, SEVERE, UNRATED, READABLE, LONG, CLIP, BROKEN, UNSUPPORTED = range(8)


def test_an_item_is_concealed_from_its_first_paint(window: Harness) -> None:
    """The first picture of an item has no fine detail, and nothing clear is held."""
    seen = window.review()
    assert seen.stage == "concealed"
    assert not seen.holds_clear
    assert not fine(stage(window))


def test_a_severe_item_opens_covered(window: Harness) -> None:
    """Severity 4 shows a plate until Space is tapped."""
    window.review()
    assert window.go_to(SEVERE).stage == "covered"
    window.tap(_Key.Key_Space)
    assert window.see().stage == "concealed"
    window.tap(_Key.Key_Space)
    assert window.see().stage == "covered"


def test_an_unrated_item_opens_concealed_and_grey(window: Harness) -> None:
    """Unrated is a value of its own: twelve pixels, always grey."""
    window.review()
    assert window.go_to(UNRATED).stage == "concealed"
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking.reveal is not None
    assert desk.looking.reveal.measures.concealed_px == 12
    assert desk.looking.reveal.measures.is_grey


def test_nothing_clear_is_asked_for_before_the_intent_time(window: Harness) -> None:
    """A short touch shows an empty frame and no clear pixel."""
    window.review()
    window.down(_Key.Key_Space)
    assert window.see().pending
    window.later(149)
    window.settle()
    assert not window.see().holds_clear
    assert window.see().stage == "concealed"
    window.later(1)
    window.wait(lambda seen: seen.holds_clear)
    assert fine(stage(window))
    window.up(_Key.Key_Space)
    assert not window.see().holds_clear


def test_release_conceals_and_keeps_no_clear_picture(window: Harness) -> None:
    """After a look no image with fine detail is left anywhere in the process."""
    window.review()
    look(window)
    assert clear_images()
    window.up(_Key.Key_F)
    window.settle()
    assert not window.see().holds_clear
    assert not clear_images()
    assert not fine(stage(window))


def test_what_is_clearer_goes_before_the_safer_answer_comes(window: Harness) -> None:
    """X, with a decoder that is slow: the clearer picture is not left standing."""
    window.review()
    look(window)
    window.tap(_Key.Key_X)
    assert not window.see().holds_clear
    window.wait(lambda seen: seen.holds_clear)
    window.up(_Key.Key_F)
    window.settle()
    assert not clear_images()


def test_esc_covers_from_a_field_and_loses_no_text(window: Harness) -> None:
    """Esc works while a note is written; the note stays."""
    window.review()
    window.tap(_Key.Key_N)
    window.write("half a thought")
    window.tap(_Key.Key_Escape)
    assert window.see().stage == "covered"
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == "half a thought"
    assert not any(section.is_open for section in review.left.texts)


def test_esc_covers_what_is_shown_at_once(window: Harness) -> None:
    """No event is needed between the key and the cover."""
    window.review()
    look(window)
    window.tap(_Key.Key_Escape)
    assert window.see().stage == "covered"
    assert not window.see().holds_clear
    window.settle()
    assert not clear_images()


def test_a_key_held_over_esc_shows_nothing_again(window: Harness) -> None:
    """A stuck key is spent until it is let go."""
    window.review()
    window.down(_Key.Key_Space)
    window.later(150)
    window.tap(_Key.Key_Escape)
    window.later(10_000)
    window.settle()
    assert window.see().stage == "covered"


def test_auto_repeat_is_ignored(window: Harness) -> None:
    """A held Space is one press, however often the keyboard says it."""
    window.review()
    window.down(_Key.Key_Space)
    for _ in range(5):
        window.down(_Key.Key_Space, repeat=True)
    window.up(_Key.Key_Space)
    assert window.see().stage == "covered"


def test_focus_loss_conceals_before_the_next_paint(window: Harness) -> None:
    """When another window becomes the active one, the stage is clean at once."""
    window.review()
    look(window)
    other = Stage()
    other.show()
    other.activateWindow()
    window.bot.waitUntil(lambda: not window.shell.window.isActiveWindow())
    assert not window.see().holds_clear
    assert window.see().stage == "concealed"
    other.hide()
    other.deleteLater()
    window.shell.window.activateWindow()


def test_a_minimised_window_conceals(window: Harness) -> None:
    """A taskbar preview of a minimised window shows nothing clear."""
    window.review()
    look(window)
    window.shell.window.showMinimized()
    window.wait(lambda seen: not seen.holds_clear)
    assert window.see().stage == "concealed"


def test_the_next_item_is_concealed_whatever_is_held(window: Harness) -> None:
    """A key still down over an item change shows nothing there."""
    window.review()
    look(window)
    window.tap(_Key.Key_PageDown)
    assert not window.see().holds_clear
    window.later(5_000)
    window.settle()
    assert window.see().stage == "covered"
    assert not clear_images()


def test_an_answer_that_comes_too_late_is_dropped(window: Harness) -> None:
    """A clear picture of a look that is over never reaches the stage."""
    window.review()
    window.down(_Key.Key_F)
    window.later(150)
    window.up(_Key.Key_F)
    window.settle()
    assert not window.see().holds_clear


def test_a_look_ends_by_itself(window: Harness) -> None:
    """A stuck key ends after a minute."""
    window.review()
    look(window)
    window.later(60_000)
    assert not window.see().holds_clear


def test_the_pointer_looks_without_taking_the_focus(window: Harness) -> None:
    """Holding the pointer on the stage shows the lens; the note keeps the focus."""
    window.review()
    window.tap(_Key.Key_N)
    note = QApplication.focusWidget()
    centre = QPointF(stage(window).rect().center())
    window.mouse(stage(window), QEvent.Type.MouseButtonPress, centre)
    window.later(150)
    window.wait(lambda seen: seen.holds_clear)
    assert QApplication.focusWidget() is note
    window.mouse(stage(window), QEvent.Type.MouseMove, QPointF(100, 200))
    window.settle()
    window.mouse(stage(window), QEvent.Type.MouseButtonRelease, centre)
    assert not window.see().holds_clear


def test_the_ladder_goes_up_and_down(window: Harness) -> None:
    """D is one step clearer, X one safer; below the lowest is concealed."""
    window.review()
    assert window.see().step == "grey"
    window.tap(_Key.Key_D)
    assert window.see().step == "colour"
    window.tap(_Key.Key_X, _Key.Key_X)
    assert window.see().step == "softened"
    window.go_to(SEVERE)
    window.go_to(MILD)
    assert window.see().step == "grey"


def test_arrows_move_the_lens_and_plus_magnifies(window: Harness) -> None:
    """While the lens is up it can be led by keys."""
    window.review()
    window.down(_Key.Key_Space)
    window.later(150)
    window.wait(lambda seen: seen.holds_clear)
    before = stage(window).lens_box()
    window.tap(_Key.Key_Right, _Key.Key_Down, _Key.Key_Plus)
    after = stage(window).lens_box()
    assert after.x > before.x
    assert after.y > before.y
    assert after.width < before.width
    window.settle()
    window.up(_Key.Key_Space)


def test_the_toggle_conceals_by_itself(window: Harness) -> None:
    """The alternative to holding ends after fifteen seconds."""
    window.review()
    window.press("toggleLook")
    window.later(150)
    window.wait(lambda seen: seen.holds_clear)
    window.later(15_000)
    assert not window.see().holds_clear


def test_mild_text_is_readable_and_esc_covers_it(window: Harness) -> None:
    """Text of severity 2 or less opens by itself; Esc empties the page."""
    window.review()
    window.go_to(READABLE)
    window.wait(lambda seen: seen.holds_clear)
    assert "Readable at once" in page_text(window)
    window.tap(_Key.Key_Escape)
    assert page_text(window) == ""
    assert window.see().stage == "covered"


def test_severe_text_is_one_line_until_it_is_opened(window: Harness) -> None:
    """Above severity 2 the words are counted; holding Space reads, letting go ends."""
    window.review()
    window.go_to(LONG)
    assert window.see().stage == "concealed"
    assert page_text(window) == ""
    window.down(_Key.Key_Space)
    window.later(150)
    window.wait(lambda seen: seen.holds_clear)
    assert page_text(window) in LONG_TEXT
    window.tap(_Key.Key_Right)
    window.settle()
    window.up(_Key.Key_Space)
    assert page_text(window) == ""
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking.looks.pages == {0, 1}


def test_text_can_be_opened_and_closed_by_one_key_each(window: Harness) -> None:
    """D opens the page, X closes it."""
    window.review()
    window.go_to(LONG)
    window.tap(_Key.Key_D)
    window.wait(lambda seen: seen.holds_clear)
    window.tap(_Key.Key_X)
    assert not window.see().holds_clear


def test_item_text_is_closed_above_severity_two(window: Harness) -> None:
    """A caption is one line; opening shows it, Esc covers it."""
    window.review()
    window.go_to(LONG)
    review = window.shell.review
    assert review is not None
    caption = review.left.texts[0]
    states = [caption.is_open]
    assert caption.line.text() == "Caption, 3 words"
    window.press(caption.line.objectName())
    states.append(caption.is_open)
    window.tap(_Key.Key_Escape)
    states.append(caption.is_open)
    assert states == [False, True, False]


def test_covered_item_text_stays_covered_when_its_row_is_refreshed(
    window: Harness,
) -> None:
    """K after Esc marks the item; nothing of its mild caption comes back."""
    window.review()
    assert caption_is_open(window)
    window.tap(_Key.Key_Escape, _Key.Key_K)
    states = [caption_is_open(window)]
    window.settle()
    states.append(caption_is_open(window))
    window.tap(_Key.Key_V, _Key.Key_1)
    window.settle()
    states.append(caption_is_open(window))
    assert states == [False, False, False]
    window.tap(_Key.Key_PageDown, _Key.Key_PageUp)
    assert caption_is_open(window)
    window.tap(_Key.Key_V, _Key.Key_5)
    window.settle()
    assert not caption_is_open(window)


def test_a_late_confirmation_opens_no_item_text(window: Harness) -> None:
    """A commit confirmed after Esc, or while away, leaves the caption covered."""
    window.review()
    window.tap(_Key.Key_1, _Key.Key_PageUp, _Key.Key_Escape)
    assert window.see().committing
    window.wait(lambda seen: not seen.committing)
    assert not caption_is_open(window)
    window.tap(_Key.Key_PageDown, _Key.Key_PageUp, _Key.Key_1, _Key.Key_PageUp)
    desk = window.shell.desk
    assert desk is not None
    desk.event_happened(Event.FOCUS_LOST)
    assert window.see().committing
    window.wait(lambda seen: not seen.committing)
    assert not caption_is_open(window)
    desk.event_happened(Event.FOCUS_GAINED)
    assert caption_is_open(window)


def test_a_clip_shows_its_sheet_and_looks_by_frame(window: Harness) -> None:
    """Arrows choose a frame; holding shows it; twelve tiles are not all frames."""
    window.review()
    window.go_to(CLIP)
    window.tap(_Key.Key_Right, _Key.Key_Right, _Key.Key_Down)
    assert stage(window).tile == 6
    look(window)
    window.up(_Key.Key_F)
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking.looks.any_view
    assert desk.looking.looks.frames_count == 601


@pytest.mark.parametrize("index", [BROKEN, UNSUPPORTED])
def test_what_cannot_be_shown_says_why(window: Harness, index: int) -> None:
    """A plate with its code; Space does nothing; it can still be decided."""
    window.review()
    seen = window.go_to(index)
    assert seen.refused == "MEDIA_UNSUPPORTED"
    window.down(_Key.Key_Space)
    window.later(5_000)
    window.up(_Key.Key_Space)
    window.settle()
    assert not window.see().holds_clear
    window.tap(_Key.Key_1)
    window.wait(lambda now: now.open_count == 7 and not now.busy)


def test_a_second_of_the_whole_picture_is_a_full_view(window: Harness) -> None:
    """What was seen is counted from what was painted."""
    window.review()
    look(window)
    window.later(1_000)
    window.up(_Key.Key_F)
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking.looks.any_view
    assert desk.looking.looks.whole_clear_ms == 1_000
    window.tap(_Key.Key_PageDown, _Key.Key_PageUp)
    assert desk.looking.looks.whole_clear_ms == 1_000


def test_no_look_without_a_break_when_one_is_overdue(window: Harness) -> None:
    """After sixty active minutes the lens stays empty; deciding goes on."""
    window.review()
    for _ in range(60):
        window.desk.later(60_000)
        window.tap(_Key.Key_Plus)
    window.down(_Key.Key_Space)
    window.later(5_000)
    window.settle()
    assert not window.see().holds_clear
    window.up(_Key.Key_Space)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)


def test_the_stage_takes_nothing_clear_unless_shown(window: Harness) -> None:
    """Even a mistaken caller cannot put a picture on a covered stage."""
    window.review()
    it = stage(window)
    it.set_reveal(State.COVERED, None)
    it.show_text("words", page=0, pages_count=1)
    assert not it.holds_clear


def stage(window: Harness) -> Stage:
    """Return the stage of the open batch."""
    review = window.shell.review
    assert review is not None
    return review.stage


def look(window: Harness) -> None:
    """Hold F until something clear is shown."""
    window.down(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)


def caption_is_open(window: Harness) -> bool:
    """Return whether the caption beside the stage can be read."""
    review = window.shell.review
    assert review is not None
    return review.left.texts[0].is_open


def page_text(window: Harness) -> str:
    """Return the text on the stage."""
    page = stage(window).findChild(TextPage)
    assert isinstance(page, TextPage)
    return page._body.toPlainText()


def fine(widget: Stage) -> bool:
    """Return whether a widget shows fine detail now."""
    return has_fine(widget.grab().toImage())


def has_fine(image: QImage) -> bool:
    """Return whether an image shows the planted fine pattern."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width = plain.width()
    line = plain.bytesPerLine()
    data = bytes(plain.constBits())
    rows = (data[y * line : y * line + 3 * width] for y in range(plain.height()))
    return shows_fine_pattern(b"".join(rows), width_px=width)


def clear_images() -> list[QImage]:
    """Return every image in the process that shows fine detail."""
    gc.collect()
    images = [one for one in gc.get_objects() if isinstance(one, QImage)]
    return [one for one in images if not one.isNull() and has_fine(one)]
