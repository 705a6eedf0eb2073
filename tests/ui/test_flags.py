"""Acts against helplessness by keys: one key each, whatever is covered or spent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent

from reviewer.domain.decision import StandingKind
from reviewer.errors import Code
from reviewer.safeguards.limits import Reason, Refused
from reviewer.ui.explanations import explain
from tests.ui.flagged import (
    EVEN,
    desk_of,
    is_offered,
    kind_at,
    last,
    read_only,
    screen_of,
    stored,
)
from tests.ui.harness import Harness, stills

Key = Qt.Key
FLAGS = [
    (Key.Key_S, StandingKind.SECOND_OPINION, "Second opinion asked for"),
    (Key.Key_G, StandingKind.POLICY_UNCLEAR, "Policy unclear"),
    (Key.Key_E, StandingKind.ESCALATED, "Escalated to the duty officer"),
]


@pytest.mark.parametrize(("key", "kind", "words"), FLAGS)
def test_one_key_flags_and_the_next_item_comes(
    window: Harness, key: Key, kind: StandingKind, words: str
) -> None:
    """Without a look or a reason; the line names the act and offers U."""
    window.review(EVEN)
    window.tap(key)
    assert window.see().index == 1
    window.wait(lambda seen: not seen.busy)
    assert kind_at(window, 0) is kind
    assert words in last(window)
    assert "U takes it back" in last(window)
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert kind_at(window, 0) is StandingKind.OPEN


@pytest.mark.parametrize(("key", "offers"), [(Key.Key_S, True), (Key.Key_E, True)])
def test_it_leaves_with_the_next_submission_or_now(
    window: Harness, key: Key, *, offers: bool
) -> None:
    """A key and a button lead to the submit screen; another act ends the offer."""
    window.review(EVEN)
    window.tap(key)
    window.wait(lambda seen: not seen.busy)
    assert is_offered(window) is offers
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.index == 2 and not seen.busy)
    assert not is_offered(window)
    window.tap(key)
    window.wait(lambda seen: not seen.busy)
    window.press("submitNow")
    window.at("submitScreen")


def test_a_key_leads_to_the_submit_screen(window: Harness) -> None:
    """From a text field too."""
    window.review(EVEN)
    window.tap(Key.Key_G)
    window.wait(lambda seen: not seen.busy)
    assert not is_offered(window)
    window.tap(Key.Key_N)
    window.tap(Key.Key_S, control=True)
    window.at("submitScreen")


def test_a_note_goes_along(window: Harness) -> None:
    """Nobody asks for it; one that is written is committed to."""
    window.review(EVEN)
    window.tap(Key.Key_N)
    window.write("unsure of the emblem")
    window.tap(Key.Key_Escape, Key.Key_S)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    seq = desk_of(window).place.rows[0].standing.seq
    assert seq is not None
    openings = window.desk.store.openings(seq, seq)
    assert [one.text for one in openings] == ["unsure of the emblem"]
    assert screen_of(window).right.note_text() == ""


@pytest.mark.parametrize(("key", "kind"), [(key, kind) for key, kind, _ in FLAGS])
def test_caps_and_opt_outs_stand_in_the_way_of_no_flag(
    window: Harness, monkeypatch: pytest.MonkeyPatch, key: Key, kind: StandingKind
) -> None:
    """Neither a spent cap nor an opt-out asks for anything first."""
    window.review(stills(*[3] * 4, tags=("blood",)))
    exposure = desk_of(window).context.exposure
    refused = Refused(
        reason=Reason.SEVERE_VIEWS, words_key="limit_severe_views", until=None
    )
    monkeypatch.setattr(exposure, "may_reveal", lambda _row: refused)
    window.tap(key)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    assert kind_at(window, 0) is kind
    exposure.opt_out("blood")
    window.go_to(2)
    assert screen_of(window).stage.is_painted
    window.tap(key)
    window.wait(lambda seen: not seen.busy)
    assert kind_at(window, 2) is kind


@pytest.mark.parametrize("key", [key for key, _, _ in FLAGS])
def test_a_read_only_profile_says_so(
    window: Harness, monkeypatch: pytest.MonkeyPatch, key: Key
) -> None:
    """Nothing is recorded, and the error says why."""
    window.review(EVEN)
    read_only(window, monkeypatch)
    window.tap(key)
    window.wait(lambda seen: seen.error == "READ_ONLY")
    window.tap(Key.Key_T)
    assert screen_of(window).over is None
    assert stored(window, 0) is StandingKind.OPEN


def test_no_flag_while_an_input_method_composes(window: Harness) -> None:
    """The key belongs to the word."""
    window.review(EVEN)
    window.tap(Key.Key_N)
    note = screen_of(window).right.note
    window.app.sendEvent(note, QInputMethodEvent("half", []))
    window.tap(Key.Key_S, Key.Key_E, to=screen_of(window).stage)
    window.settle()
    assert window.see().index == 0
    assert stored(window, 0) is StandingKind.OPEN


# Corrections after sending ----------------------------------------------------------


def send_all(window: Harness) -> None:
    """Submit what there is, verify the receipt, and open the batch again."""
    window.tap(Key.Key_S, control=True)
    window.at("submitScreen")
    window.press("submitOnline")
    window.at("receiptScreen")
    window.press("receiptDone")
    window.at("homeScreen")
    window.open_batch()
    window.settle()


def test_deciding_again_after_sending_is_a_correction(window: Harness) -> None:
    """It says so before and after, goes through, and is taken back like any other."""
    window.review(EVEN)
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    send_all(window)
    window.go_to(0)
    right = screen_of(window).right
    assert right._standing.text().endswith("Deciding again sends a correction")
    window.tap(Key.Key_4, Key.Key_Return)
    window.wait(lambda seen: "1 not yet sent" in seen.journal and not seen.busy)
    standing = desk_of(window).place.rows[0].standing
    assert standing.decision is not None
    assert standing.decision.verdict == "NOT_OUR_REMIT"
    assert "a correction of what was sent" in last(window)
    assert "U takes it back" in last(window)
    window.tap(Key.Key_U)
    window.wait(lambda seen: "2 not yet sent" in seen.journal and not seen.busy)
    standing = desk_of(window).place.rows[0].standing
    assert standing.decision is not None
    assert standing.decision.verdict == "NOT_VIOLATING"
    assert standing.sent


def test_undo_of_what_was_sent_says_what_to_do_instead(window: Harness) -> None:
    """Why not, and that deciding again replaces it."""
    window.review(EVEN)
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    send_all(window)
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.error == "ALREADY_SENT")
    said = explain(Code.ALREADY_SENT)
    assert "cannot be undone" in said.happened
    assert "Decide the item again" in said.todo


def test_an_escalation_after_sending_stands_beside_the_decision(
    window: Harness,
) -> None:
    """The decision that was sent goes on standing, and the screen says so."""
    window.review(EVEN)
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    send_all(window)
    window.go_to(0)
    window.tap(Key.Key_E)
    window.wait(lambda seen: "not yet sent" in seen.journal and not seen.busy)
    standing = desk_of(window).place.rows[0].standing
    assert standing.kind is StandingKind.ESCALATED
    assert standing.decision is not None
    window.go_to(0)
    said = screen_of(window).right._standing.text()
    assert "Escalated to the duty officer, not yet sent" in said
    assert "Not violating stands" in said
