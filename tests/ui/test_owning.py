"""Support, record, settings, handing over and the end of a sitting, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from reviewer.domain.preferences import Look
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.restoring import Found
from reviewer.ui.facade import Work
from reviewer.ui.styling import theme_of
from reviewer.ui.tokens import Theme
from reviewer.ui.widgets.batch_card_view import BatchCardView
from reviewer.ui.widgets.quiet_line import QuietLine
from reviewer.ui.words import day as words
from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import ITEMS, Harness

_Key = Qt.Key
PAGES = ("support", "record", "settings")


def home_with_a_batch(window: Harness) -> None:
    """Two items decided from context, one handed back."""
    window.review()
    for key in (_Key.Key_1, _Key.Key_1):
        window.tap(key)
        window.settle()
    window.tap(_Key.Key_H)
    window.wait(lambda seen: seen.lit == "hand_back")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.open_count == len(ITEMS) - 3 and not seen.busy)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")


def text(window: Harness, name: str) -> str:
    found = window.find(name)
    assert isinstance(found, QLabel)
    return found.text()


def work_of(window: Harness) -> Work:
    work = window.shell.sitting.work
    assert work is not None
    return work


def lines(window: Harness) -> list[str]:
    found = window.shell.home.findChildren(QuietLine)
    return [one.objectName() for one in found if one.isVisible()]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_back_by_escape_and_by_its_button(
    window: Harness, page: str
) -> None:
    """Over home and back; it takes the focus, and each control has a name."""
    window.enrol()
    for leave in ("escape", "button"):
        window.press(page)
        screen = window.at(f"{page}Screen")
        assert screen.error == ""
        assert window.find(f"{page}Back").hasFocus()
        named = window.shell.window.findChildren(QAbstractButton)
        assert all(one.accessibleName() for one in named if one.isVisible())
        if leave == "escape":
            window.tap(_Key.Key_Escape)
        else:
            window.press(f"{page}Back")
        window.at("homeScreen")


@pytest.mark.parametrize("page", PAGES)
def test_a_lock_leaves_a_page(window: Harness, page: str) -> None:
    """Ctrl+L is never dead, and nothing of the person stays on the page."""
    window.enrol()
    window.press(page)
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    fields = window.shell.window.findChildren(QLineEdit)
    assert [one.text() for one in fields if one.text()] == []
    record = window.shell.screens.__dict__.get("record")
    assert record is None or record._today.text() == ""


def test_the_record_shows_today_and_what_is_left(window: Harness) -> None:
    """Numbers of this person, who may delete the history and choose their day."""
    home_with_a_batch(window)
    window.press("record")
    window.at("recordScreen")
    assert "nothing looked at" in text(window, "recordToday")
    view = work_of(window).exposure.view()
    assert text(window, "recordLeft0") == str(view.left.severe_views)
    window.press("recordFreeGo")
    assert work_of(window).exposure.view().today.is_graphic_free
    assert text(window, "recordFree") == words.FREE_ON
    window.press("recordFreeGo")
    assert not work_of(window).exposure.view().today.is_graphic_free


def test_opting_out_of_a_tag_and_back(window: Harness) -> None:
    """At once, without a reason, and it is still so after a lock."""
    window.enrol()
    window.press("record")
    window.find("recordTag").setFocus()
    window.write("weapon")
    window.tap(_Key.Key_Return)
    assert work_of(window).exposure.opted_out == {"weapon"}
    window.settle()
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    assert work_of(window).exposure.opted_out == {"weapon"}
    window.press("record")
    window.press("recordOptIn0")
    assert work_of(window).exposure.opted_out == frozenset()


def test_settings_hold_at_once_and_after_a_lock(window: Harness) -> None:
    """Toggle instead of hold, a stronger concealing; never beyond the organisation."""
    window.enrol()
    window.press("settings")
    window.at("settingsScreen")
    window.press("settings-toggle")
    window.press("settings-strength-12")
    window.settle()
    found = work_of(window).preferences()
    assert (found.toggle, found.concealed_px) == (True, 12)
    most = window.shell.screens.settings._bounds.most_px
    offered = window.shell.window.findChildren(QWidget, f"settings-strength-{most + 8}")
    assert not offered
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    window.settle()
    window.press("settings")
    box = window.find("settings-toggle")
    assert isinstance(box, QAbstractButton)
    assert box.isChecked()


def test_a_theme_that_was_fixed_at_the_start_stays(window: Harness) -> None:
    """The demonstration and the tests say which; a setting is kept all the same."""
    window.enrol()
    window.press("settings")
    window.press("settings-look-dark")
    window.settle()
    assert work_of(window).preferences().look is Look.DARK
    assert theme_of(window.app) is Theme.LIGHT


def test_the_pin_is_offered_once(window: Harness) -> None:
    """Whoever says no is not asked again, not even after the next unlock."""
    window.enrol()
    window.bot.waitUntil(lambda: "offerPin" in lines(window))
    window.press("offerPinAnswer1")
    window.settle()
    assert lines(window) == []
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    assert lines(window) == []


def test_a_break_that_is_due_is_a_quiet_line(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks for nothing; taking it draws the curtain."""
    window.enrol()
    monkeypatch.setattr(work_of(window).exposure, "due", lambda: Due.HARD)
    window.shell.sitting.go_home()
    window.settle()
    assert "breakLine" in lines(window)
    assert text(window, "breakLineWords") == words.BREAK_HARD
    window.press("breakLineAnswer0")
    window.at("curtainScreen")


@pytest.mark.parametrize("found", [Found.MISSING, Found.OLDER, Found.UNREADABLE])
def test_a_lost_record_is_told(
    window: Harness, monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    """What it costs is said once, and answered."""
    window.enrol()
    monkeypatch.setattr(work_of(window).exposure, "found", found)
    window.shell.sitting.go_home()
    window.settle()
    assert text(window, "foundLineWords").startswith(words.FOUND[found])
    window.press("foundLineAnswer0")
    window.shell.sitting.go_home()
    window.settle()
    assert "foundLine" not in lines(window)


def test_handing_over_the_rest(window: Harness) -> None:
    """One optional line, one button; what was decided stays."""
    home_with_a_batch(window)
    card = window._card()
    assert isinstance(card, BatchCardView)
    window.press(card.objectName().replace("batch-", "handOver-"))
    window.at("handOverScreen")
    assert text(window, "handOverTitle") == "Hand over 5 items"
    window.write("nothing in a language I read")
    window.tap(_Key.Key_Return)
    window.tap(_Key.Key_Space)
    window.at("homeScreen")
    home = work_of(window).home()
    assert home.batches[0].counts.open == 0
    assert home.batches[0].counts.decided == 2
    assert home.batches[0].counts.handed_over == 5
    assert text(window, "homeSaid").startswith("5 items handed over")


def test_quiet_lines_take_no_focus(window: Harness) -> None:
    """They come while one is elsewhere; no press of a pointer leaves them with it."""
    window.enrol()
    window.settle()
    window.find("importFile").setFocus()
    window.shell.owning._show_lines()
    lines = [
        one for one in window.shell.home.findChildren(QuietLine) if one.isVisible()
    ]
    assert lines
    assert window.find("importFile").hasFocus()
    for line in lines:
        for button in line.findChildren(QAbstractButton):
            assert button.focusPolicy() is Qt.FocusPolicy.TabFocus


def test_the_end_of_a_sitting(window: Harness) -> None:
    """What was done, that it waits or is received, and a lock; no pace, no rating."""
    home_with_a_batch(window)
    window.press("finish")
    window.at("closureScreen")
    assert text(window, "closureDone") == "3 items, 2 without opening any."
    assert text(window, "closureSent").endswith("not yet sent.")
    window.press("closureBack")
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    window.press("submitOnline")
    window.at("receiptScreen")
    window.press("receiptFinish")
    window.at("closureScreen")
    assert text(window, "closureSent") == words.CLOSED_RECEIVED
    assert text(window, "closureSupport") == "\n".join(window.desk.card.lines)
    assert window.find("closureLock").hasFocus()
    assert "clinician" in text(window, "closureLeaflet")
    window.tap(_Key.Key_Tab)
    assert window.find("closureMore").hasFocus()
    window.tap(_Key.Key_Return)
    window.at("supportScreen")
    window.tap(_Key.Key_Escape)
    window.at("closureScreen")
    window.press("closureLock")
    window.at("unlockScreen")


def test_what_is_due_comes_first(window: Harness) -> None:
    """The nearest deadline first; a batch that is done comes last."""
    window.enrol()
    device = next(iter(window.desk.coordinator._devices))
    for name, days in (("Late", 20), ("Soon", 1), ("Later", 30)):
        window.desk.coordinator.deal(device, ITEMS[:1], name=name, days=days)
    window.press("fetch")
    window.at("homeScreen")
    window.bot.waitUntil(lambda: len(cards(window)) == 3)
    spoken = [card.accessibleName().split(",")[0] for card in cards(window)]
    assert spoken == ["Soon", "Late", "Later"]


def cards(window: Harness) -> list[BatchCardView]:
    found = window.shell.home.findChildren(BatchCardView)
    return sorted(found, key=lambda card: (card.y(), card.x()))
