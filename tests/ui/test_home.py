"""Home, importing, submitting, receipts; online and by stick."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from reviewer.domain.ids import KeyId
from reviewer.domain.item import Priority
from reviewer.ui.widgets.batch_card_view import BatchCardView
from tests.fakes.coordinator import Fault
from tests.ui.harness import ITEMS, Harness, stills

_Key = Qt.Key


def device(window: Harness) -> KeyId:
    return next(iter(window.desk.coordinator._devices))


def test_home_says_that_nothing_is_here_yet(window: Harness) -> None:
    """An empty home tells what to do."""
    window.enrol()
    assert window.find("homeEmpty").isVisible()
    window.press("fetch")
    window.settle()
    said = window.shell.home.said
    assert said.isVisible()
    assert said.text() == "No new batch is waiting"


def test_a_batch_with_an_urgent_item_comes_first(window: Harness) -> None:
    """Before a nearer deadline, in words, until that item has its answer."""
    window.enrol()
    coordinator = window.desk.coordinator
    mild = stills(1, 1)
    first, second = stills(2, 1)
    urgent = (replace(first, priority=Priority.P1), second)
    coordinator.deal(device(window), mild, name="Wren 2", days=1)
    coordinator.deal(device(window), urgent, name="Heron 12", days=9)
    window.press("fetch")
    window.at("homeScreen")
    window.bot.waitUntil(lambda: len(first_words(window)) == 2)
    assert first_words(window) == ["P1", ""]
    window.open_batch()
    window.settle()
    desk = window.shell.desk
    assert desk is not None
    assert desk.place.row.item.priority is Priority.P1
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.bot.waitUntil(lambda: first_words(window) == ["", ""])


def first_words(window: Harness) -> list[str]:
    """Return, for each card in order, whether it says that it holds P1."""
    cards = window.shell.home.findChildren(BatchCardView)
    ordered = sorted(cards, key=lambda one: (one.y(), one.x()))
    return [
        "P1"
        if "P1" in one.accessibleName()
        and any(
            "P1" in each.text() and each.isVisible()
            for each in one.findChildren(QLabel)
        )
        else ""
        for one in ordered
        if one.isVisible()
    ]


def test_a_dead_connection_keeps_home_as_it_is(window: Harness) -> None:
    """The reason is shown, and everything can be tried again."""
    window.enrol()
    window.desk.coordinator.faults.append(Fault.DOWN)
    window.press("fetch")
    window.wait(lambda seen: seen.error == "NETWORK_DOWN" and not seen.busy)
    assert window.shell.home.fetch.isEnabled()


def test_a_lying_coordinator_stops_nothing(window: Harness) -> None:
    """A batch with a changed byte is refused by its code; the next one comes in."""
    window.enrol()
    window.desk.coordinator.deal(device(window), ITEMS[:1])
    window.desk.coordinator.faults += [None, None, Fault.LIED]
    window.press("fetch")
    window.wait(lambda seen: seen.error != "" and not seen.busy)
    window.press("fetch")
    window.bot.waitUntil(lambda: window._card() is not None)


def test_a_batch_comes_in_from_a_stick(window: Harness, tmp_path: Path) -> None:
    """Import a file: the picker remembers nothing, the card appears."""
    window.enrol()
    coordinator = window.desk.coordinator
    coordinator.deal(device(window), ITEMS[:2], name="Stick batch")
    path = tmp_path / "stick.rvbatch"
    path.write_bytes(coordinator._devices[device(window)].batches[0][1])
    window.press("importFile")
    assert window.see().screen == "filePicker"
    folder = window.find("pickFolder")
    assert isinstance(folder, QLineEdit)
    folder.setFocus()
    folder.clear()
    window.write(str(tmp_path))
    window.tap(_Key.Key_Return)
    assert window.shell.picker._list.count() == 2
    folder.clear()
    window.write(str(path))
    window.tap(_Key.Key_Return)
    window.at("homeScreen")
    window.bot.waitUntil(lambda: window._card() is not None)
    assert "Stick batch" in window.shell.home.said.text()


def test_a_file_that_is_no_batch_is_refused(window: Harness, tmp_path: Path) -> None:
    """Its code is shown; nothing was taken in."""
    window.enrol()
    path = tmp_path / "other.rvbatch"
    path.write_bytes(b"not a batch")
    errands = window.shell.sitting.errands
    assert errands is not None
    errands.import_file(path)
    window.wait(lambda seen: seen.error != "" and not seen.busy)
    assert window._card() is None


def test_importing_can_be_cancelled(window: Harness, tmp_path: Path) -> None:
    """Stopping loses nothing and says so."""
    window.enrol()
    coordinator = window.desk.coordinator
    coordinator.deal(device(window), ITEMS[:2])
    path = tmp_path / "stick.rvbatch"
    path.write_bytes(coordinator._devices[device(window)].batches[0][1])
    errands = window.shell.sitting.errands
    assert errands is not None
    errands.import_file(path)
    assert window.find("work").isVisible()
    errands._long.stop()
    window.wait(lambda seen: seen.error == "CANCELLED" and not seen.busy)
    assert not window.find("work").isVisible()
    errands.import_file(path)
    window.bot.waitUntil(lambda: window._card() is not None)


def test_submitting_counts_what_leaves_and_shows_the_receipt(
    window: Harness,
) -> None:
    """Two decisions, one handed back; then a verified receipt."""
    window.review()
    window.tap(_Key.Key_1, _Key.Key_1, _Key.Key_H, _Key.Key_Return)
    window.settle()
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    assert count(window, 0) == "2"
    assert count(window, 1) == "1"
    window.press("submitOnline")
    window.at("receiptScreen")
    window.press("receiptDone")
    window.at("homeScreen")
    assert window.shell.home._journal.text() == "signed, all sent"
    assert not window.shell.home.submit.isEnabled()


def test_a_failed_submission_keeps_everything(window: Harness) -> None:
    """The coordinator is down; the same submission goes later."""
    window.review()
    window.tap(_Key.Key_1)
    window.settle()
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    window.desk.coordinator.faults.append(Fault.DOWN)
    window.press("submitOnline")
    window.wait(lambda seen: seen.error == "NETWORK_DOWN" and not seen.busy)
    window.press("submitBack")
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    assert window.find("submitFrozen").isVisible()
    window.press("submitOnline")
    window.at("receiptScreen")


def test_a_submission_leaves_and_its_receipt_returns_by_stick(
    window: Harness, tmp_path: Path
) -> None:
    """Written, counted as not yet sent, and sent once the receipt is verified."""
    window.review()
    window.tap(_Key.Key_1)
    window.settle()
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    window.press("submitStick")
    assert window.see().screen == "filePicker"
    path = tmp_path / "out.rvsub"
    window.shell.picking.took_path(path)
    window.at("receiptScreen")
    assert path.stat().st_size > 0
    window.press("receiptDone")
    window.at("homeScreen")
    assert "not yet sent" in window.shell.home._journal.text()
    foreign = tmp_path / "no.rvreceipt"
    foreign.write_bytes(b"{}")
    window.press("takeReceipt")
    window.shell.picking.took_path(foreign)
    window.wait(lambda seen: seen.error != "" and not seen.busy)


def test_the_picker_saves_under_a_name(window: Harness, tmp_path: Path) -> None:
    """The suffix is added; only the last part of the name counts."""
    window.review()
    window.tap(_Key.Key_1)
    window.settle()
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    window.press("toSubmit")
    window.at("submitScreen")
    window.press("submitStick")
    window.shell.picker._open_folder(tmp_path)
    name = window.find("pickName")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    name.clear()
    window.write("../mine")
    window.tap(_Key.Key_Return)
    window.at("receiptScreen")
    assert (tmp_path / "mine.rvsub").exists()


def test_what_is_no_decision_is_counted_too(window: Harness) -> None:
    """On the card and on the submit screen, each by its word; no zero is named."""
    window.review(stills(1, 2, 3, 1, 2))
    for at, key in enumerate((_Key.Key_S, _Key.Key_G, _Key.Key_E)):
        window.go_to(at)
        window.tap(key)
        window.settle()
    window.go_to(3)
    window.tap(_Key.Key_C)
    window.wait(lambda seen: seen.lit == "minor" and not seen.busy)
    window.tap(_Key.Key_C)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    stand = "1 second opinion, 1 policy unclear, 1 escalated, 1 sealed"
    window.bot.waitUntil(lambda: stand in card_words(window))
    window.press("toSubmit")
    window.at("submitScreen")
    counts = [
        one.accessibleName()
        for one in window.shell.submit.findChildren(QLabel)
        if one.objectName().startswith("submitCount") and one.isVisible()
    ]
    assert "Second opinions asked for: 1" in counts
    assert "Items on which the policy is unclear: 1" in counts
    assert "Escalations to the duty officer: 1" in counts
    assert "Items sealed: a minor may be shown: 1" in counts
    assert not any("Threats" in one or "date" in one for one in counts)


def test_esc_leaves_the_picker(window: Harness) -> None:
    """Back where one came from, nothing chosen."""
    window.enrol()
    window.press("importFile")
    window.tap(_Key.Key_Escape)
    assert window.see().screen == "homeScreen"


def card_words(window: Harness) -> list[str]:
    """Return what the first card says."""
    card = window._card()
    found = [] if card is None else card.findChildren(QLabel)
    return [one.text() for one in found]


def count(window: Harness, index: int) -> str:
    """Return a number on the submit screen."""
    found = window.find(f"submitCount{index}")
    assert isinstance(found, QLabel)
    return found.text()
