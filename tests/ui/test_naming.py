"""All acts by name around the work: on home, before submitting, at a break, after."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from reviewer.ui.widgets.palette import Palette
from tests.ui.harness import PASSPHRASE, Harness, stills

_Key = Qt.Key


def names(window: Harness) -> list[str]:
    """Open the palette and return what it offers."""
    window.tap(_Key.Key_K, control=True)
    found = window.find("palette")
    assert isinstance(found, Palette)
    assert found.isVisible()
    rows = (found.list.rows.row_at(at) for at in range(found.list.rows.rowCount()))
    return [row.title for row in rows if row is not None]


def run(window: Harness, words: str) -> None:
    """Open the palette, type part of a name and press Enter."""
    window.tap(_Key.Key_K, control=True)
    window.write(words)
    window.tap(_Key.Key_Return)


def test_a_day_by_names_alone(window: Harness) -> None:
    """Home, a batch, submit, receipt, the end: each act is found by its name."""
    window.review(stills(1, 2))
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    run(window, "settings")
    window.at("settingsScreen")
    run(window, "back")
    window.at("homeScreen")
    run(window, "open: heron")
    window.wait(lambda seen: seen.screen == "reviewScreen" and seen.painted)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    run(window, "submit")
    window.at("submitScreen")
    run(window, "a little")
    run(window, "submit now")
    window.at("receiptScreen")
    run(window, "finish here")
    window.at("closureScreen")
    run(window, "lock")
    window.at("unlockScreen")


def test_esc_closes_it_and_the_focus_returns(window: Harness) -> None:
    """Nothing is chosen; what is disabled is not offered."""
    window.enrol()
    window.settle()
    window.find("importFile").setFocus()
    found = names(window)
    assert "Import a file" in found
    assert "Submit" not in found
    window.tap(_Key.Key_Escape)
    assert window.see().screen == "homeScreen"
    assert QApplication.focusWidget() is window.find("importFile")
    assert not window.shell.naming.is_open


def test_behind_a_break_it_offers_what_is_there(window: Harness) -> None:
    """Coming back and support; no lock button of what is put away, no batch."""
    window.review(stills(1))
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    found = names(window)
    assert "Come back" in found
    assert not any(each.startswith("Open:") for each in found)
    window.tap(_Key.Key_Escape)
    run(window, "someone to talk to")
    window.at("supportScreen")


def test_a_lock_takes_it_away(window: Harness) -> None:
    """Nothing of it lies over home after the next unlock."""
    window.enrol()
    window.settle()
    names(window)
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    assert not window.shell.naming.is_open
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    assert not any(one.isVisible() for one in window.shell.home.findChildren(Palette))
