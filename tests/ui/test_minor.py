"""*Minor possible* by keys: covered at once, sealed by a second C or any way out."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QWidget

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Context
from reviewer.domain.preferences import Hand, Preferences
from reviewer.errors import Code
from reviewer.services.sealing import Sealing
from reviewer.services.session import Session
from reviewer.ui import bindings
from reviewer.ui.widgets.text_section import TextSection
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import FakeSession, fake_still
from tests.ui.flagged import (
    EVEN,
    desk_of,
    disk_full,
    in_vault,
    kind_at,
    last,
    read_only,
    said_on_stage,
    screen_of,
    stored,
)
from tests.ui.harness import PASSPHRASE, Harness, stills

Key = Qt.Key


def marked(window: Harness, at: int = 0) -> None:
    """Press C once, and wait until it is journalled."""
    window.go_to(at)
    window.tap(Key.Key_C)
    window.wait(lambda seen: not seen.busy)
    assert stored(window, at) is StandingKind.MARKED


def test_c_covers_and_marks_and_a_second_c_seals(window: Harness) -> None:
    """Both are journalled, and the next item comes only after the seal."""
    window.review(EVEN)
    marked(window)
    seen = window.see()
    assert (seen.index, seen.lit, seen.holds_clear) == (0, "minor", False)
    assert "Second C seals. U takes it back." in said_on_stage(window)
    assert "Seals by itself in 10 seconds" in said_on_stage(window)
    window.tap(Key.Key_C)
    assert window.see().index == 1
    window.wait(lambda now: not now.busy)
    assert stored(window, 0) is StandingKind.SEALED
    assert "sealed" in last(window)
    assert "U takes it back" not in last(window)


def test_ten_seconds_seal(window: Harness) -> None:
    """What is left of them is said; nothing else is needed."""
    window.review(EVEN)
    marked(window)
    window.later(4_000)
    assert "in 6 seconds" in said_on_stage(window)
    window.later(6_000)
    window.wait(lambda now: now.index == 1 and not now.busy)
    assert stored(window, 0) is StandingKind.SEALED


def test_u_returns_the_item_covered(window: Harness) -> None:
    """And the clock stands still."""
    window.review(EVEN)
    marked(window)
    window.tap(Key.Key_U)
    window.wait(lambda now: not now.busy and now.painted)
    seen = window.see()
    assert (seen.index, seen.stage, seen.lit) == (0, "covered", "verdict")
    assert stored(window, 0) is StandingKind.OPEN
    window.later(60_000)
    assert stored(window, 0) is StandingKind.OPEN


def test_a_c_right_after_u_seals_nothing(window: Harness) -> None:
    """While the mark is being taken back; what cannot be undone is not done by it."""
    window.review(EVEN)
    marked(window)
    window.tap(Key.Key_U, Key.Key_C)
    window.wait(lambda now: not now.busy and now.painted)
    assert stored(window, 0) is StandingKind.OPEN
    assert window.see().lit == "verdict"
    marked(window)
    window.tap(Key.Key_C)
    window.wait(lambda now: not now.busy)
    assert stored(window, 0) is StandingKind.SEALED


@pytest.mark.parametrize(
    "key",
    [
        Key.Key_Return,
        Key.Key_Enter,
        Key.Key_1,
        Key.Key_J,
        Key.Key_PageDown,
        Key.Key_PageUp,
        Key.Key_K,
        Key.Key_H,
        Key.Key_R,
        Key.Key_V,
        Key.Key_S,
        Key.Key_E,
        Key.Key_G,
        Key.Key_T,
        Key.Key_Space,
        Key.Key_F,
        Key.Key_D,
        Key.Key_Backspace,
        Key.Key_Escape,
    ],
)
def test_no_other_key_seals_or_leaves(window: Harness, key: Key) -> None:
    """Enter never confirms a seal; J, pages and digits do nothing."""
    window.review(EVEN)
    marked(window, 1)
    window.tap(key)
    window.settle()
    seen = window.see()
    assert (seen.index, seen.lit, seen.holds_clear) == (1, "minor", False)
    assert stored(window, 1) is StandingKind.MARKED


@pytest.mark.parametrize("key", "KFGHSD")
def test_no_key_with_control_leaves(window: Harness, key: str) -> None:
    """Neither the palette, whose Enter could seal, nor search, nor the way home."""
    window.review(EVEN)
    marked(window, 1)
    window.tap(Key(ord(key)), control=True)
    window.settle()
    assert window.see().screen == "reviewScreen"
    assert screen_of(window).over is None
    assert window.see().lit == "minor"
    assert stored(window, 1) is StandingKind.MARKED


def test_no_button_leaves_but_undo(window: Harness) -> None:
    """The way home by pointer is shut; *Undo* takes the mark back, covered."""
    window.review(EVEN)
    marked(window)
    screen = screen_of(window)
    screen.top.home_wanted.emit()
    screen.right.handed_back.emit()
    screen.right.committed.emit()
    window.settle()
    assert window.see().screen == "reviewScreen"
    assert stored(window, 0) is StandingKind.MARKED
    screen.right.undone.emit()
    window.wait(lambda seen: seen.lit == "verdict" and not seen.busy)
    assert stored(window, 0) is StandingKind.OPEN
    assert window.see().stage == "covered"


@pytest.mark.parametrize("way", ["lock", "curtain", "home", "crash", "end"])
def test_whichever_way_the_batch_is_left_it_is_sealed(
    window: Harness, way: str
) -> None:
    """Lock, break, a fault of our own, the end of the window."""
    window.review(EVEN)
    marked(window)
    item_id, store = window.see().item_id, window.desk.store
    match way:
        case "lock":
            window.tap(Key.Key_L, control=True)
        case "curtain":
            window.tap(Key.Key_B)
        case "home":
            desk_of(window).left.emit()
        case "crash":
            window.shell.crashed()
        case _:
            window.shell.end()
    window.bot.waitUntil(lambda: in_vault(store, item_id) is StandingKind.SEALED)


def test_a_key_that_is_quicker_than_the_vault_seals_too(window: Harness) -> None:
    """C and the lock in one go: the mark is written, then the seal."""
    window.review(EVEN)
    item_id, store = window.see().item_id, window.desk.store
    window.tap(Key.Key_C)
    window.tap(Key.Key_L, control=True)
    window.bot.waitUntil(lambda: in_vault(store, item_id) is StandingKind.SEALED)


def test_what_a_crash_left_marked_is_sealed_when_it_is_opened_again(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock could not write; the next unlock does."""
    window.review(EVEN)
    marked(window)
    item_id, store = ItemId(window.see().item_id), window.desk.store
    with monkeypatch.context() as broken:
        broken.setattr(Sealing, "finish_marked", disk_full)
        window.tap(Key.Key_L, control=True)
        window.at("unlockScreen")
        assert in_vault(store, item_id) is StandingKind.MARKED
    window.write(PASSPHRASE)
    window.tap(Key.Key_Return)
    window.at("homeScreen")
    assert window.desk.store.item(item_id).standing.kind is StandingKind.SEALED
    window.open_batch()
    window.settle()
    window.go_to(0)
    assert window.see().lit == "sealed"


UNREAD = "words that nobody should read"
TALKATIVE = DrawnItem(
    data=fake_still(1200, 900),
    severity=2,
    transcript=f"{UNREAD} 1",
    text=f"{UNREAD} 2",
    context=Context(source="a board", caption=f"{UNREAD} 3"),
)


def look_at_all_of_it(window: Harness) -> None:
    """Open a batch on an item whose texts are open, and hold F until it is clear."""
    window.review((TALKATIVE, *stills(3, 3)))
    window.down(Key.Key_F)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)
    assert UNREAD in everything_said(window)


def test_nothing_of_it_can_be_reached_after_c(window: Harness) -> None:
    """No clear pixel, no concealed one, no word, no decoder, in window or behind."""
    look_at_all_of_it(window)
    window.tap(Key.Key_C)
    stage = screen_of(window).stage
    assert not stage.holds_clear
    assert stage._concealed is None
    assert UNREAD not in everything_said(window)
    desk = desk_of(window)
    assert desk.context.prefetch._held == {}
    window.settle()
    window.up(Key.Key_F)
    window.app.processEvents()
    window.later(1_000)
    window.settle()
    assert not stage.holds_clear
    assert not stage.is_painted or stage._is_withheld
    assert desk.context.prefetch._held == {}
    assert all(UNREAD not in str(row.item) for row in desk.place.rows)
    assert not desk.context.opened.rows
    work = window.shell.sitting.work
    assert isinstance(work, Session)
    viewing = work.viewing
    assert ItemId(window.see().item_id) not in viewing._open
    refused = viewing.concealed(desk.place.row, strength_px=12, grey=True).refused
    assert refused is Code.ITEM_SEALED


def test_u_gives_the_words_back_closed(window: Harness) -> None:
    """What was taken out of the window comes from the vault again."""
    look_at_all_of_it(window)
    window.tap(Key.Key_C)
    window.up(Key.Key_F)
    window.settle()
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.stage == "covered" and not seen.busy)
    assert UNREAD in str(desk_of(window).place.row.item)
    assert not any(one.is_open for one in screen_of(window).left.texts)


def everything_said(window: Harness) -> str:
    """Return every word that any widget holds, for the eye or for a screen reader."""
    said: list[str] = []
    for widget in window.shell.window.findChildren(QWidget):
        said += [widget.accessibleName(), widget.accessibleDescription()]
        for read in ("text", "toPlainText"):
            if hasattr(widget, read):
                said.append(str(getattr(widget, read)()))
        if isinstance(widget, TextSection):
            said.append(widget._text)
    return "\n".join(said)


def test_a_sealed_item_is_neither_shown_nor_decided_nor_undone(
    window: Harness,
) -> None:
    """A plain plate stands in its place for good."""
    window.review(EVEN)
    marked(window)
    window.tap(Key.Key_C)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    window.go_to(0)
    seen = window.see()
    assert (seen.lit, seen.stage) == ("sealed", "")
    assert "A minor may be shown" in said_on_stage(window)
    window.tap(Key.Key_1, Key.Key_Return, Key.Key_Space, Key.Key_F, Key.Key_S)
    window.wait(lambda now: now.error == "ITEM_SEALED" and not now.busy)
    window.tap(Key.Key_C, Key.Key_T)
    window.settle()
    assert screen_of(window).over is None
    window.tap(Key.Key_U)
    window.wait(lambda now: now.error == "NOTHING_TO_UNDO" and not now.busy)
    assert stored(window, 0) is StandingKind.SEALED


def test_exact_copies_go_along_and_are_not_shown_meanwhile(window: Harness) -> None:
    """What has the same bytes is put away with it, and sealed with it."""
    same = DrawnItem(data=fake_still(800, 800), severity=3)
    window.review((same, same, *stills(3, 3)))
    marked(window)
    desk = desk_of(window)
    assert desk.context.is_withheld(desk.place.rows[1])
    assert not desk.context.is_withheld(desk.place.rows[2])
    window.tap(Key.Key_C)
    assert window.see().index == 2
    window.wait(lambda seen: not seen.busy)
    assert stored(window, 1) is StandingKind.SEALED
    assert kind_at(window, 1) is StandingKind.SEALED


def test_a_mark_that_cannot_be_written_covers_all_the_same(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is held then; C tries again, and the item stays covered."""
    window.review(EVEN)
    with monkeypatch.context() as broken:
        broken.setattr(window.desk.store, "write", disk_full)
        window.tap(Key.Key_C)
        window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert "not recorded" in said_on_stage(window)
    window.tap(Key.Key_U)
    window.settle()
    assert "not recorded" in said_on_stage(window)
    window.tap(Key.Key_PageDown, Key.Key_PageUp)
    window.settle()
    assert "not recorded" in said_on_stage(window)
    window.tap(Key.Key_C)
    window.settle()
    assert stored(window, 0) is StandingKind.MARKED
    window.later(10_000)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    assert stored(window, 0) is StandingKind.SEALED


def test_a_seal_that_cannot_be_written_comes_back_covered(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is marked; the person may go on, C tries again, and U takes it back."""
    window.review(EVEN)
    marked(window)
    with monkeypatch.context() as broken:
        broken.setattr(window.desk.store, "write", disk_full)
        window.tap(Key.Key_C)
        window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert window.see().index == 0
    assert "could not be sealed yet" in said_on_stage(window)
    window.tap(Key.Key_PageDown)
    assert window.see().index == 1
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert window.see().stage == "covered"
    assert stored(window, 0) is StandingKind.OPEN


def test_a_read_only_profile_covers_and_says_that_nothing_is_recorded(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Covering needs no vault."""
    window.review(EVEN)
    read_only(window, monkeypatch)
    window.tap(Key.Key_C)
    window.wait(lambda seen: seen.error == "READ_ONLY" and not seen.busy)
    assert "not recorded" in said_on_stage(window)
    assert stored(window, 0) is StandingKind.OPEN
    window.tap(Key.Key_J)
    assert window.see().index == 1


def test_a_text_in_the_middle_of_a_word_is_kept_by_c(window: Harness) -> None:
    """The note comes back with U."""
    window.review(EVEN)
    window.tap(Key.Key_N)
    window.write("seen at ")
    note = screen_of(window).right.note
    window.app.sendEvent(note, QInputMethodEvent("dawn", []))
    screen_of(window).stage.setFocus()
    window.tap(Key.Key_C)
    window.settle()
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.lit == "verdict" and not seen.busy)
    assert screen_of(window).right.note_text() == "seen at dawn"


def test_what_could_not_be_sealed_on_leaving_is_told_and_stays_away(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home says so; in the batch it and its copies stay covered, and C tries again."""
    same = DrawnItem(data=fake_still(800, 800), severity=3)
    window.review((same, same, *stills(3, 3)))
    marked(window)
    with monkeypatch.context() as broken:
        broken.setattr(window.desk.store, "write", disk_full)
        desk_of(window).left.emit()
        window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert window.see().screen == "homeScreen"
    window.open_batch()
    window.settle()
    window.go_to(0)
    assert "could not be sealed yet" in said_on_stage(window)
    window.go_to(1)
    assert "same content" in said_on_stage(window)
    window.go_to(0)
    window.tap(Key.Key_C)
    window.wait(lambda seen: seen.index == 2 and not seen.busy)
    assert stored(window, 0) is stored(window, 1) is StandingKind.SEALED


def test_it_can_be_marked_by_name(window: Harness) -> None:
    """The palette marks, needs no single key, and cannot seal by its Enter."""
    window.review(EVEN)
    window.tap(Key.Key_K, control=True)
    window.write("minor")
    window.tap(Key.Key_Return)
    window.settle()
    assert stored(window, 0) is StandingKind.MARKED
    window.tap(Key.Key_K, control=True)
    window.tap(Key.Key_Return)
    window.settle()
    assert stored(window, 0) is StandingKind.MARKED


def test_the_words_name_the_keys_that_hold(window: Harness) -> None:
    """Who has bound C elsewhere reads that key."""
    window.review(EVEN)
    bindings.use(bindings.resolved(Preferences(hand=Hand.RIGHT)))
    window.tap(Key.Key_F8)
    window.settle()
    assert "Second F8 seals. U takes it back." in said_on_stage(window)
    window.tap(Key.Key_C)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    assert stored(window, 0) is StandingKind.SEALED


def test_an_answer_that_comes_after_c_is_dropped(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decoder that was slow shows nothing of it, and is ended."""
    window.review(EVEN)
    gate, asked = threading.Event(), threading.Event()
    clear = FakeSession.clear

    def slow(*given: object, **named: object) -> object:
        asked.set()
        gate.wait()
        return clear(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeSession, "clear", slow)
    window.down(Key.Key_F)
    window.later(300)
    window.bot.waitUntil(asked.is_set)
    window.tap(Key.Key_C)
    gate.set()
    window.settle()
    assert not window.see().holds_clear
    assert screen_of(window).stage._concealed is None
    assert stored(window, 0) is StandingKind.MARKED
    window.up(Key.Key_F)
