"""Deciding by keys: few of them, confirmed, and never lost."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.decision import Basis, StandingKind
from reviewer.errors import Code, UnavailableError
from reviewer.ports import ItemRow
from reviewer.ui.desk.desk import ReviewDesk
from tests.ui.harness import Harness, stills

_Key = Qt.Key
EVEN = stills(*[3] * 8)
"""Of one severity, so that what is offered next is what comes next."""


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def row_at(window: Harness, index: int) -> ItemRow:
    return desk_of(window).place.rows[index]


def test_keeping_takes_one_key(window: Harness) -> None:
    """A verdict that completes commits on its digit and names itself."""
    window.review(EVEN)
    window.tap(_Key.Key_1)
    assert window.see().index == 1
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)
    assert row_at(window, 0).standing.kind is StandingKind.DECIDED
    review = window.shell.review
    assert review is not None
    assert "Not violating" in review.right._last.text()
    assert "signed, 1 not yet sent" in window.see().journal


def test_removing_takes_six_keys(window: Harness) -> None:
    """Verdict, ground, Enter, purpose, reason, Enter."""
    window.review()
    window.tap(_Key.Key_2)
    assert window.see().lit == "grounds"
    window.tap(_Key.Key_1, _Key.Key_Return)
    assert window.see().lit == "purpose"
    window.tap(_Key.Key_0)
    assert window.see().lit == "reason"
    window.tap(_Key.Key_1)
    assert window.see().lit == "ready"
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)
    decision = row_at(window, 0).standing.decision
    assert decision is not None
    assert decision.basis is Basis.CONTEXT_ONLY


def test_the_next_item_is_there_before_the_commit_is_confirmed(
    window: Harness,
) -> None:
    """The counter rises later; the item on the stage is already the next one."""
    window.review(EVEN)
    window.tap(_Key.Key_1)
    seen = window.see()
    assert seen.committing
    assert seen.index == 1
    assert seen.painted
    assert seen.journal == "signed, all sent"
    window.wait(lambda now: not now.committing)


def test_a_failed_commit_brings_the_item_back_with_its_fields(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk loses neither the draft nor the note."""
    window.review(EVEN)
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    window.tap(_Key.Key_N)
    window.write("why")

    def full() -> None:
        raise UnavailableError(Code.DISK_FULL)

    monkeypatch.setattr(window.desk.store, "write", full)
    window.tap(_Key.Key_Return, control=True)
    assert window.see().index == 1
    window.wait(lambda now: now.error == "DISK_FULL")
    assert window.see().index == 0
    assert window.see().lit == "ready"
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == "why"
    monkeypatch.undo()
    window.tap(_Key.Key_Return, control=True)
    window.wait(lambda now: now.open_count == 7 and not now.busy)
    decision = row_at(window, 0).standing.decision
    assert decision is not None
    assert decision.note_commitment


@pytest.mark.parametrize("where", ["submitScreen", "homeScreen"])
def test_a_commit_that_fails_after_leaving_is_told_and_loses_nothing(
    window: Harness, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The screen that is there says so; the fields wait in their batch."""
    fail_after_leaving(window, monkeypatch, where)
    window.wait(lambda now: now.error == "DISK_FULL" and not now.busy)
    assert window.see().screen == where
    if where == "submitScreen":
        window.press("submitBack")
        window.at("homeScreen")
    window.open_batch()
    window.settle()
    window.go_to(0)
    assert window.see().lit == "ready"
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == "why"
    window.tap(_Key.Key_Return)
    window.wait(lambda now: now.open_count == 7 and not now.busy)


def test_a_lock_forgets_the_fields_of_a_failed_commit(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure that comes after the lock is told, and nothing of it is kept."""
    fail_after_leaving(window, monkeypatch, "homeScreen")
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    assert window.see().error == "DISK_FULL"
    assert window.shell.sitting.unsaved == {}


def fail_after_leaving(
    window: Harness, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Decide the first item on a full disk and leave before the vault answers."""
    window.review()
    window.settle()
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    window.tap(_Key.Key_N)
    window.write("why")
    gate = threading.Event()

    def full() -> None:
        gate.wait()
        monkeypatch.undo()
        raise UnavailableError(Code.DISK_FULL)

    monkeypatch.setattr(window.desk.store, "write", full)
    window.tap(_Key.Key_Return, control=True)
    assert window.see().committing
    desk = desk_of(window)
    (desk.submit_wanted if where == "submitScreen" else desk.left).emit()
    assert window.see().screen == where
    gate.set()


def test_an_item_on_its_way_cannot_be_decided_twice(window: Harness) -> None:
    """Deciding keys are dead on an item whose commit is not confirmed."""
    window.review(EVEN)
    window.tap(_Key.Key_1, _Key.Key_PageUp, _Key.Key_2)
    assert window.see().lit == "verdict"
    window.settle()
    assert window.see().open_count == 7


def test_undo_returns_the_item_as_it_opens(window: Harness) -> None:
    """U takes the last act back and shows its item."""
    window.review()
    window.tap(_Key.Key_1, _Key.Key_U)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert row_at(window, 0).standing.kind is StandingKind.OPEN
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)
    window.tap(_Key.Key_Z, control=True)
    window.wait(lambda seen: seen.open_count == 8 and not seen.busy)
    window.tap(_Key.Key_U)
    window.wait(lambda seen: seen.error == "NOTHING_TO_UNDO")


def test_handing_back_takes_a_reason_or_none(window: Harness) -> None:
    """H then Enter, or H then a digit; H again changes one's mind."""
    window.review(EVEN)
    window.tap(_Key.Key_H, _Key.Key_H)
    assert window.see().lit == "verdict"
    window.tap(_Key.Key_H, _Key.Key_Return)
    window.tap(_Key.Key_H, _Key.Key_1)
    window.wait(lambda seen: seen.open_count == 6 and not seen.busy)
    assert row_at(window, 0).standing.kind is StandingKind.HANDED_BACK
    assert row_at(window, 1).standing.kind is StandingKind.HANDED_BACK


def test_digits_go_into_a_note_while_it_is_written(window: Harness) -> None:
    """Deciding keys are dead in text fields."""
    window.review()
    window.tap(_Key.Key_N, _Key.Key_1)
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == "1"
    assert window.see().index == 0


def test_notes_and_drafts_wait_where_they_were_left(window: Harness) -> None:
    """Going to another item and back loses nothing."""
    window.review()
    window.tap(_Key.Key_2, _Key.Key_N)
    window.write("thought")
    window.tap(_Key.Key_Escape, _Key.Key_PageDown)
    review = window.shell.review
    assert review is not None
    assert review.right.note_text() == ""
    assert window.see().lit == "verdict"
    window.tap(_Key.Key_PageUp)
    assert review.right.note_text() == "thought"
    assert window.see().lit == "grounds"


def test_backspace_goes_one_group_back(window: Harness) -> None:
    """A wrong digit is one key to mend."""
    window.review()
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0)
    for lit in ("purpose", "grounds", "verdict"):
        window.tap(_Key.Key_Backspace)
        assert window.see().lit == lit


def test_repeat_fills_and_does_not_commit(window: Harness) -> None:
    """R takes the last fields over; Enter is still to come."""
    window.review(EVEN)
    window.tap(_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)
    window.tap(_Key.Key_Return, _Key.Key_R)
    assert window.see().lit == "ready"
    assert window.see().index == 1
    window.settle()
    assert window.see().open_count == 7


def test_severity_is_corrected_and_the_item_opens_accordingly(
    window: Harness,
) -> None:
    """V and a digit; a severe item is covered from then on."""
    window.review()
    window.tap(_Key.Key_V, _Key.Key_5)
    window.wait(lambda seen: seen.stage == "covered" and not seen.busy)
    assert row_at(window, 0).own_severity == 5
    assert row_at(window, 0).item.severity == 2


def test_keeping_for_later_is_remembered_and_comes_last(window: Harness) -> None:
    """K marks; J goes past what is kept until nothing else is open."""
    window.review(EVEN)
    window.tap(_Key.Key_PageDown, _Key.Key_K, _Key.Key_PageUp, _Key.Key_J)
    assert window.see().index == 2
    window.settle()
    assert row_at(window, 1).standing.keep
    for _ in range(6):
        window.tap(_Key.Key_1)
    window.settle()
    window.go_to(0)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    window.tap(_Key.Key_J)
    assert window.see().index == 1


def test_reopening_lands_on_the_same_item_as_it_opens(window: Harness) -> None:
    """Home and back: the place is kept, and nothing is shown."""
    window.review()
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear and not seen.busy)
    window.bot.waitUntil(lambda: row_at(window, 3).opened)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    assert window.see().index == 3


def test_a_decided_item_can_be_decided_again(window: Harness) -> None:
    """A later decision supersedes; the standing says what holds."""
    window.review(EVEN)
    window.tap(_Key.Key_1)
    window.settle()
    window.tap(_Key.Key_PageUp)
    review = window.shell.review
    assert review is not None
    assert review.right._standing.text().startswith("Not violating")
    window.tap(_Key.Key_4)
    window.tap(_Key.Key_Return)
    window.settle()
    decision = row_at(window, 0).standing.decision
    assert decision is not None
    assert decision.verdict == "NOT_OUR_REMIT"


def test_a_digit_without_an_option_changes_nothing(window: Harness) -> None:
    """9 is no verdict of this pack."""
    window.review()
    window.tap(_Key.Key_9, _Key.Key_Return, _Key.Key_Backspace)
    window.settle()
    assert window.see().index == 0
    assert window.see().open_count == 8


def test_a_read_only_profile_takes_no_decision(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rolled-back vault can be read; the keys that decide are dead."""
    window.review()
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    monkeypatch.setattr(window.desk.store, "read_only", lambda: True)
    window.open_batch()
    window.settle()
    window.tap(_Key.Key_1, _Key.Key_H)
    window.settle()
    assert window.see().open_count == 8
    assert window.see().lit == "verdict"
    assert window.see().journal == "Open for reading only"
