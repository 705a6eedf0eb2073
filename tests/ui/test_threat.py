"""The threat-to-life form by keys: covered, kept, recorded, written as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.services.flagging import ThreatForm
from reviewer.ui.widgets.threat_form import ThreatSheet
from tests.ui.flagged import (
    EVEN,
    desk_of,
    disk_full,
    is_offered,
    kind_at,
    last,
    screen_of,
    stored,
)
from tests.ui.harness import ITEMS, PASSPHRASE, Harness, stills

Key = Qt.Key


def sheet_of(window: Harness) -> ThreatSheet:
    found = screen_of(window).findChild(ThreatSheet)
    assert found is not None
    return found


def fill_form(window: Harness, *lines: str) -> None:
    """Open the form and write into its lines, going on by Tab."""
    window.tap(Key.Key_T)
    assert window.see().lit == "threat"
    for at, line in enumerate(lines):
        if at:
            window.tap(Key.Key_Tab)
        window.write(line)


def test_a_threat_is_recorded_and_its_file_written(
    window: Harness, tmp_path: Path
) -> None:
    """Five lines by Tab, Ctrl+Enter, a place for the file; then the next item."""
    window.review(EVEN)
    item = desk_of(window).place.row.item
    fill_form(window, "A car bomb", "The market", "Main square", "", "Within the hour")
    sheet = sheet_of(window)
    assert sheet.form().how_soon == "Within the hour"
    assert item.ref in sheet._ref.text()
    assert sheet._officer.text()
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    name = window.find("pickName")
    assert isinstance(name, QLineEdit)
    assert name.text().startswith("threat-")
    window.shell.picker._open_folder(tmp_path)
    window.press("pickSave")
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    assert kind_at(window, 0) is StandingKind.THREAT_TO_LIFE
    text = (tmp_path / name.text()).read_text("utf-8")
    assert "What: A car bomb" in text
    assert "When: (not known)" in text
    assert item.ref in text
    assert "Written: threat-" in last(window)
    assert is_offered(window)


def test_leaving_without_the_file_says_how_to_write_it_later(
    window: Harness, tmp_path: Path
) -> None:
    """It is recorded; T on the item offers the file again, byte for byte."""
    window.review(EVEN)
    fill_form(window, "A plan")
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    window.tap(Key.Key_Escape)
    seen = window.at("reviewScreen")
    assert seen.index == 0
    assert "T on it offers the file" in last(window)
    window.tap(Key.Key_T)
    assert not sheet_of(window)._asked.isVisible()
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    window.shell.picker._open_folder(tmp_path)
    window.press("pickSave")
    window.at("reviewScreen")
    window.wait(lambda now: not now.busy)
    written = list(tmp_path.glob("threat*.txt"))
    assert len(written) == 1
    item_id = ItemId(window.see().item_id)
    work = window.shell.sitting.work
    assert work is not None
    assert written[0].read_bytes() == work.flagging.threat_file(item_id).data


def test_an_empty_form_records_nothing(window: Harness) -> None:
    """It says so, and stays open."""
    window.review(EVEN)
    fill_form(window, "   ")
    window.tap(Key.Key_Return, control=True)
    window.wait(lambda seen: seen.error == "THREAT_EMPTY")
    assert window.see().lit == "threat"
    assert stored(window, 0) is StandingKind.OPEN


def test_esc_covers_and_loses_no_word(window: Harness) -> None:
    """The form closes; T opens it with what was written."""
    window.review(EVEN)
    fill_form(window, "Half a sent")
    window.tap(Key.Key_Escape)
    seen = window.see()
    assert (seen.stage, seen.lit) == ("covered", "verdict")
    assert screen_of(window).over is None
    assert "T opens the form again" in last(window)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "Half a sent"


def test_only_the_form_and_nothing_of_the_item_is_in_it(window: Harness) -> None:
    """The reference to say, the number to call; no word of the item."""
    window.review(ITEMS)
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear and not seen.busy)
    window.tap(Key.Key_T)
    assert not window.see().holds_clear
    assert window.see().stage == "covered"
    sheet = sheet_of(window)
    assert sheet.form() == ThreatForm()
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert desk_of(window).place.row.item.ref in said
    assert window.desk.coordinator._config.duty_officer in said
    assert "Readable" not in said


def test_a_word_that_is_being_composed_is_kept_by_esc(window: Harness) -> None:
    """And Ctrl+Enter belongs to the input method while it composes."""
    window.review(EVEN)
    fill_form(window, "at ")
    field = window.find("threat-what")
    window.app.sendEvent(field, QInputMethodEvent("dawn", []))
    window.tap(Key.Key_Return, control=True)
    window.settle()
    assert window.see().screen == "reviewScreen"
    assert stored(window, 0) is StandingKind.OPEN
    window.tap(Key.Key_Escape)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "at dawn"


def test_the_curtain_keeps_what_was_typed_and_the_lock_forgets_it(
    window: Harness,
) -> None:
    """As it is with a draft and a note."""
    window.review(EVEN)
    fill_form(window, "Half a sent")
    window.shell.draw_curtain()
    window.at("curtainScreen")
    window.write(PASSPHRASE)
    window.tap(Key.Key_Return)
    window.at("reviewScreen")
    window.go_to(0)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "Half a sent"
    window.tap(Key.Key_L, control=True)
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(Key.Key_Return)
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    window.go_to(0)
    window.tap(Key.Key_T)
    assert sheet_of(window).form() == ThreatForm()


def test_a_decision_in_between_loses_no_word(window: Harness) -> None:
    """What was typed was not sent with it, so it stays with the item."""
    window.review(EVEN)
    fill_form(window, "Half a sent")
    window.tap(Key.Key_Escape, Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    window.tap(Key.Key_T)
    assert sheet_of(window).form() == ThreatForm()
    window.tap(Key.Key_Escape)
    window.go_to(0)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "Half a sent"


def test_deciding_and_looking_keys_are_dead_beside_the_form(window: Harness) -> None:
    """Whatever has the focus; the sheet of keys opens and closes over it."""
    window.review(EVEN)
    fill_form(window, "words")
    screen_of(window).stage.setFocus()
    keys = (Key.Key_1, Key.Key_Return, Key.Key_S, Key.Key_E, Key.Key_H, Key.Key_V)
    window.tap(*keys, Key.Key_Space, Key.Key_D, Key.Key_D)
    window.settle()
    seen = window.see()
    assert (seen.index, seen.lit, seen.stage) == (0, "threat", "covered")
    window.tap(Key.Key_T)
    assert sheet_of(window).has_focus()
    window.tap(Key.Key_F1)
    assert window.shell.window.key_sheet.isVisible()
    window.tap(Key.Key_F1, Key.Key_F6)
    assert screen_of(window).over is sheet_of(window)
    window.tap(Key.Key_PageDown)
    assert window.see().index == 1
    assert screen_of(window).over is None


def test_search_over_the_form_loses_no_word(window: Harness) -> None:
    """One thing lies over the stage at a time."""
    window.review(EVEN)
    fill_form(window, "words")
    window.tap(Key.Key_F, control=True)
    assert screen_of(window).over is not sheet_of(window)
    assert window.see().lit == "verdict"
    window.tap(Key.Key_Escape, Key.Key_T)
    assert sheet_of(window).form().what == "words"


def test_c_from_within_the_form(window: Harness) -> None:
    """It covers and marks as ever; the words come back with U."""
    window.review(EVEN)
    fill_form(window, "words")
    sheet_of(window).go.setFocus()
    window.tap(Key.Key_C)
    window.settle()
    assert screen_of(window).over is None
    assert stored(window, 0) is StandingKind.MARKED
    window.tap(Key.Key_U)
    window.wait(lambda seen: seen.lit == "verdict" and not seen.busy)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "words"


def test_a_line_that_is_too_long_is_named_and_not_cut(window: Harness) -> None:
    """Nothing is recorded, nothing lost."""
    window.review(EVEN)
    fill_form(window, "x" * 300)
    window.tap(Key.Key_Return, control=True)
    window.settle()
    assert "20 characters too many" in sheet_of(window)._long.text()
    assert sheet_of(window).form().what == "x" * 300
    assert stored(window, 0) is StandingKind.OPEN


def test_a_disk_that_fails_loses_no_word(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form stays open, and records once the disk is there again."""
    window.review(EVEN)
    fill_form(window, "A plan")
    with monkeypatch.context() as broken:
        broken.setattr(window.desk.store, "write", disk_full)
        window.tap(Key.Key_Return, control=True)
        window.wait(lambda seen: seen.error == "DISK_FULL" and not seen.busy)
    assert sheet_of(window).form().what == "A plan"
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    assert stored(window, 0) is StandingKind.THREAT_TO_LIFE


def test_a_file_that_cannot_be_written_is_told(window: Harness, tmp_path: Path) -> None:
    """It stays recorded, and T offers the file again."""
    window.review(EVEN)
    fill_form(window, "A plan")
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    window.shell.picker._folder = tmp_path / "gone"
    window.press("pickSave")
    window.wait(lambda seen: seen.error == "DISK_FAILED" and not seen.busy)
    assert "T on it offers the file" in last(window)


def test_a_threat_needs_no_look_at_caps_or_opt_outs(window: Harness) -> None:
    """On an item that is not even shown concealed, the form opens all the same."""
    window.review(stills(*[3] * 3, tags=("blood",)))
    desk_of(window).context.exposure.opt_out("blood")
    window.go_to(1)
    fill_form(window, "A plan")
    window.tap(Key.Key_Return, control=True)
    window.at("filePicker")
    assert stored(window, 1) is StandingKind.THREAT_TO_LIFE
    window.tap(Key.Key_Escape)
    window.at("reviewScreen")
    window.tap(Key.Key_U)
    window.wait(lambda seen: not seen.busy and not is_offered(window))
    assert stored(window, 1) is StandingKind.OPEN


@pytest.mark.parametrize("key", [Key.Key_H, Key.Key_S])
def test_the_way_home_loses_no_word(window: Harness, key: Key) -> None:
    """Home and the submit screen are left again; the words wait with their item."""
    window.review(EVEN)
    fill_form(window, "Half a sent")
    window.tap(key, control=True)
    window.wait(lambda seen: seen.screen != "reviewScreen" and not seen.busy)
    if window.see().screen == "submitScreen":
        window.press("submitBack")
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    window.go_to(0)
    window.tap(Key.Key_T)
    assert sheet_of(window).form().what == "Half a sent"
