"""Acts against helplessness by keys: one key each, whatever is covered or spent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.widgets.threat_form import ThreatSheet
from tests.ui.harness import Harness, stills

Key = Qt.Key
EVEN = stills(*[3] * 6)

FLAGS = [
    (Key.Key_S, StandingKind.SECOND_OPINION, "Second opinion asked for"),
    (Key.Key_G, StandingKind.POLICY_UNCLEAR, "Policy unclear"),
    (Key.Key_E, StandingKind.ESCALATED, "Escalated to the duty officer"),
]


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def screen_of(window: Harness) -> ReviewScreen:
    screen = window.shell.review
    assert screen is not None
    return screen


def kind_at(window: Harness, index: int) -> StandingKind:
    return desk_of(window).place.rows[index].standing.kind


def last(window: Harness) -> str:
    return screen_of(window).right._last.text()


def is_offered(window: Harness) -> bool:
    label = screen_of(window).findChild(QLabel, "submitOfferLine")
    return label is not None and label.isVisible()


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


# Minor possible -------------------------------------------------------------------


def marked(window: Harness, at: int = 0) -> None:
    """Press C once, and wait until it is journalled."""
    window.go_to(at)
    window.tap(Key.Key_C)
    window.wait(lambda seen: not seen.busy)
    assert stored(window, at) is StandingKind.MARKED


def stored(window: Harness, index: int) -> StandingKind:
    """Return how the vault has an item."""
    item_id = desk_of(window).place.rows[index].item.id
    return window.desk.store.item(item_id).standing.kind


def said_on_stage(window: Harness) -> str:
    return screen_of(window).stage.refusal_words


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


# Threat to life -------------------------------------------------------------------


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
