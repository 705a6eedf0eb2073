"""What goes wrong at a desk: stuck keys, stolen focus, odd pointers, input methods."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from reviewer.domain.item import Item
from reviewer.domain.rendition import WHOLE_BOX, Aim, Step
from reviewer.errors import Code, UnavailableError
from reviewer.safeguards.reveal import Event
from reviewer.ui.desk.asking import Asking
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.stage import Stage
from reviewer.ui.widgets.text_page import TextPage
from tests.fakes.entries import new_item
from tests.ui.harness import Harness, stills

_Key = Qt.Key
MILD, SEVERE, UNRATED, READABLE = range(4)


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def stage_of(window: Harness) -> Stage:
    review = window.shell.review
    assert review is not None
    return review.stage


def note_of(window: Harness) -> QPlainTextEdit:
    review = window.shell.review
    assert review is not None
    return review.right.note


def look(window: Harness, key: Qt.Key = _Key.Key_F) -> None:
    """Hold a key until something clear is shown."""
    window.down(key)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)


def press_pointer(window: Harness, at: QPointF) -> None:
    """Hold the pointer on the stage until something clear is shown."""
    window.mouse(stage_of(window), QEvent.Type.MouseButtonPress, at)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)


@pytest.mark.parametrize(
    ("index", "ends_ms"), [(MILD, 60_000), (SEVERE, 20_000), (UNRATED, 20_000)]
)
def test_a_stuck_key_ends(window: Harness, index: int, ends_ms: int) -> None:
    """After twenty or sixty seconds; pressing on shows nothing again."""
    window.review()
    window.go_to(index)
    look(window)
    window.later(ends_ms - 1)
    assert window.see().holds_clear
    window.later(1)
    assert not window.see().holds_clear
    window.down(_Key.Key_F, repeat=True)
    window.later(5_000)
    window.settle()
    assert not window.see().holds_clear
    window.up(_Key.Key_F)


def test_two_reveals_at_once_end_with_the_last(window: Harness) -> None:
    """Space, F and the pointer together: the whole frame, then the lens, then none."""
    window.review()
    centre = QPointF(stage_of(window).rect().center())
    look(window, _Key.Key_Space)
    look(window, _Key.Key_F)
    press_pointer(window, centre)
    reveal = desk_of(window).looking.reveal
    assert reveal is not None
    assert reveal.extent is not None
    assert reveal.extent.name == "WHOLE"
    window.up(_Key.Key_F)
    window.wait(lambda seen: seen.holds_clear)
    window.up(_Key.Key_Space)
    assert window.see().stage == "shown"
    window.mouse(stage_of(window), QEvent.Type.MouseButtonRelease, centre)
    assert not window.see().holds_clear
    assert window.see().stage == "concealed"


def test_esc_ends_two_reveals_at_once(window: Harness) -> None:
    """Neither the key nor the pointer that is still down shows anything again."""
    window.review()
    look(window, _Key.Key_Space)
    press_pointer(window, QPointF(stage_of(window).rect().center()))
    window.tap(_Key.Key_Escape)
    window.later(5_000)
    window.settle()
    assert window.see().stage == "covered"
    assert not window.see().holds_clear


def test_stolen_focus_conceals_and_costs_no_key(window: Harness) -> None:
    """A key that was let go elsewhere is not held for ever here."""
    window.review()
    look(window)
    desk_of(window).event_happened(Event.FOCUS_LOST)
    assert not window.see().holds_clear
    window.later(5_000)
    assert not window.see().holds_clear
    desk_of(window).event_happened(Event.FOCUS_GAINED)
    look(window)
    window.up(_Key.Key_F)


def test_an_answer_that_comes_while_away_opens_nothing(window: Harness) -> None:
    """Undone while another program has the focus: its text opens on coming back."""
    window.review()
    window.go_to(READABLE)
    window.tap(_Key.Key_1)
    window.settle()
    window.tap(_Key.Key_U)
    desk_of(window).event_happened(Event.FOCUS_LOST)
    window.wait(lambda seen: seen.index == READABLE and not seen.busy)
    assert page_text(window) == ""
    desk_of(window).event_happened(Event.FOCUS_GAINED)
    window.wait(lambda seen: seen.holds_clear)


def test_a_severity_that_comes_after_esc_opens_no_text(window: Harness) -> None:
    """The answer of the vault reopens the item as it was: covered."""
    window.review()
    window.go_to(READABLE)
    window.wait(lambda seen: seen.holds_clear)
    window.tap(_Key.Key_V, _Key.Key_0, _Key.Key_Escape)
    window.settle()
    assert desk_of(window).place.row.own_severity == 0
    assert page_text(window) == ""
    assert window.see().stage == "covered"
    window.tap(_Key.Key_Space)
    window.wait(lambda seen: seen.holds_clear)


def test_the_lens_stays_on_the_picture(window: Harness) -> None:
    """Dragged off the stage, by pointer and by arrows, it stops at the edge."""
    window.review(stills(2))
    stage = stage_of(window)
    press_pointer(window, QPointF(stage.rect().center()))
    for far in ((-200, -20), (stage.width() + 200, 20), (20, stage.height() + 30)):
        window.mouse(stage, QEvent.Type.MouseMove, QPointF(*far))
        assert QRectF(stage.view()).contains(stage._lens_frame())
        box = stage.lens_box()
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= 1.000_001
        assert box.y + box.height <= 1.000_001
    for key in (_Key.Key_Left, _Key.Key_Up, _Key.Key_Right, _Key.Key_Down):
        for _ in range(60):
            window.tap(key)
        assert QRectF(stage.view()).contains(stage._lens_frame())
    window.settle()
    centre = QPointF(stage.rect().center())
    window.mouse(stage, QEvent.Type.MouseButtonRelease, centre)
    assert not window.see().holds_clear


def test_the_lens_is_drawn_from_full_resolution(window: Harness) -> None:
    """Four times: a fourth of the width, at as many pixels as before."""
    window.review(stills(2))
    look(window, _Key.Key_Space)
    stage = stage_of(window)
    before, size = stage.lens_box(), stage.lens_size()
    for _ in range(9):
        window.tap(_Key.Key_Plus)
    after = stage.lens_box()
    assert after.width == pytest.approx(before.width / 4)
    assert stage.lens_size() == size
    for _ in range(9):
        window.tap(_Key.Key_Minus)
    assert stage.lens_box().width == pytest.approx(before.width)
    window.settle()
    window.up(_Key.Key_Space)


def test_a_pointer_that_leaves_the_window_ends_its_look(window: Harness) -> None:
    """Held or not: outside nothing is looked at, and coming back shows nothing."""
    window.review(stills(2))
    stage = stage_of(window)
    centre = QPointF(stage.rect().center())
    press_pointer(window, centre)
    window.mouse(stage, QEvent.Type.MouseMove, QPointF(-5_000, 10))
    assert not window.see().holds_clear
    window.mouse(stage, QEvent.Type.MouseMove, centre)
    window.later(5_000)
    window.settle()
    assert not window.see().holds_clear
    window.mouse(stage, QEvent.Type.MouseButtonRelease, centre)
    press_pointer(window, centre)
    window.mouse(stage, QEvent.Type.MouseButtonRelease, centre)


def test_no_key_decides_while_an_input_method_composes(window: Harness) -> None:
    """Digits and Enter belong to the word that is being written; Esc keeps it."""
    window.review(stills(3, 3, 3))
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    assert window.see().lit == "ready"
    window.tap(_Key.Key_N)
    window.write("so ")
    note = note_of(window)
    window.app.sendEvent(note, QInputMethodEvent("half", []))
    window.tap(_Key.Key_Return, control=True)
    window.tap(_Key.Key_1, to=stage_of(window))
    window.settle()
    assert window.see().open_count == 3
    assert window.see().lit == "ready"
    window.tap(_Key.Key_Escape)
    assert window.see().stage == "covered"
    assert note.toPlainText() == "so half"
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)


@pytest.mark.parametrize("key", [_Key.Key_K, _Key.Key_U])
def test_what_fails_after_leaving_is_told(
    window: Harness, monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    """Keeping and undoing that fail once home is shown are explained there."""
    window.review(stills(3, 3, 3))
    window.tap(_Key.Key_1)
    window.settle()
    gate = threading.Event()

    def full() -> None:
        gate.wait()
        raise UnavailableError(Code.DISK_FULL)

    monkeypatch.setattr(window.desk.store, "write", full)
    window.tap(key)
    window.tap(_Key.Key_H, control=True)
    assert window.see().screen == "homeScreen"
    gate.set()
    window.wait(lambda seen: seen.error == "DISK_FULL")
    monkeypatch.undo()
    window.settle()


def test_what_was_not_kept_does_not_look_kept(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed K takes its mark back."""
    window.review()
    window.settle()

    def full() -> None:
        raise UnavailableError(Code.DISK_FULL)

    monkeypatch.setattr(window.desk.store, "write", full)
    window.tap(_Key.Key_K)
    assert desk_of(window).place.row.standing.keep
    window.wait(lambda seen: seen.error == "DISK_FULL")
    assert not desk_of(window).place.row.standing.keep
    monkeypatch.undo()


def test_no_child_is_opened_by_a_look_once_the_batch_was_left(
    window: Harness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a look has queued is dropped; what was being opened is ended again."""
    window.review()
    views = desk_of(window).viewing
    began, gate = threading.Semaphore(0), threading.Event()
    released: list[str] = []

    def prepare(_item: Item, _aim: Aim) -> None:
        began.release()
        gate.wait()

    monkeypatch.setattr(views, "prepare", prepare)
    monkeypatch.setattr(views, "release", released.append)
    tasks = Tasks()
    asking = Asking(views, tasks, took=lambda *_: None, failed=lambda *_: None)
    items = [new_item(each) for each in range(1, 4)]
    aim = Aim(step=Step.GREY, box=WHOLE_BOX, width_px=10, height_px=10)
    for item in items:
        asking.prepare(item, aim)
    for _ in range(2):
        began.acquire()
    asking.stop()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    tasks.finish()
    assert not began.acquire(blocking=False)
    assert sorted(released) == sorted(item.id for item in items[:2])


@pytest.mark.parametrize(("index", "ends_ms"), [(MILD, 15_000), (SEVERE, 5_000)])
def test_a_toggled_look_is_renewed_and_ends(
    window: Harness, index: int, ends_ms: int
) -> None:
    """Ctrl+Space shows without holding; keys renew it, sixty seconds at most."""
    window.review()
    window.go_to(index)
    if index == SEVERE:
        window.tap(_Key.Key_Space)
    window.tap(_Key.Key_Space, control=True)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    spent = 0
    while spent + ends_ms - 1 < 60_000:
        window.later(ends_ms - 1)
        spent += ends_ms - 1
        window.tap(_Key.Key_Plus)
        assert window.see().holds_clear
    window.later(ends_ms)
    assert not window.see().holds_clear


def test_space_can_be_set_to_toggle(window: Harness) -> None:
    """For who cannot hold a key: a press shows for a while, another conceals."""
    window.review()
    work = window.shell.sitting.work
    assert work is not None
    context = desk_of(window).context
    context.preferences = type(context.preferences)(toggle=True)
    window.tap(_Key.Key_Space)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    window.tap(_Key.Key_Space)
    assert not window.see().holds_clear
    assert window.see().stage == "concealed"
    window.tap(_Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    window.later(15_000)
    assert not window.see().holds_clear


def page_text(window: Harness) -> str:
    """Return the text on the stage."""
    page = stage_of(window).findChild(TextPage)
    assert isinstance(page, TextPage)
    return page._body.toPlainText()
