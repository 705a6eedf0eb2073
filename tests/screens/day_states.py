"""How to reach each state of the screens around the work."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from reviewer.domain.ids import Sha256Hex, UnixMs
from reviewer.domain.times import utc_of
from reviewer.formats.wire import Outcomes
from reviewer.ports import KnownProfile
from reviewer.services.submitting import ReceiptView
from reviewer.ui.widgets.profiles_screen import ProfilesScreen
from tests.fakes.coordinator import Fault
from tests.screens import batch
from tests.screens.state import State
from tests.ui.harness import Harness

_Key = Qt.Key
_PIN: Final = "314159"
_KNOWN: Final = (
    KnownProfile(folder=Path("first"), alias="Heron", is_set_up=True),
    KnownProfile(folder=Path("second"), alias="Ibis", is_set_up=True),
    KnownProfile(folder=Path("third"), alias="", is_set_up=False),
)


def _first_run(window: Harness) -> None:
    window.shell.begin()
    window.at("firstRunScreen")


def _enrol(window: Harness) -> None:
    _first_run(window)
    window.press("wayOnline")
    window.wait(lambda seen: seen.page == "enrol")


def _request(window: Harness) -> None:
    _first_run(window)
    window.press("wayStick")
    window.settle()


def _enrol_refused(window: Harness) -> None:
    _enrol(window)
    window.desk.coordinator.faults.append(Fault.DOWN)
    window.write("https://coordinator.example")
    window.find("enrolCode").setFocus()
    window.write(window.desk.coordinator.invite())
    window.press("enrolGo")
    window.wait(lambda seen: seen.error != "" and not seen.busy)


def _profiles(window: Harness) -> None:
    screen = ProfilesScreen(_KNOWN)
    window.shell.window.add(screen)
    window.shell.window.show_screen(screen)
    screen.start()


def _locked(window: Harness) -> None:
    window.enrol()
    window.tap(_Key.Key_L, control=True)
    window.at("unlockScreen")


def _locked_wrong(window: Harness) -> None:
    _locked(window)
    window.write("not the right words at all")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.error != "" and not seen.busy)


def _empty(window: Harness) -> None:
    window.enrol()
    window.settle()


def _loading(window: Harness) -> None:
    window.enrol()
    window.settle()
    window.shell.home.show_loading()


def _home(window: Harness) -> None:
    _fetched(window)
    window.settle()


def _fetched(window: Harness) -> None:
    window.enrol()
    device = next(iter(window.desk.coordinator._devices))
    for name, days, drawn in (
        ("Heron 12", 6, batch.ITEMS),
        ("Wren 2", 1, batch.ITEMS[:3]),
        ("Ibis 7", 21, batch.ITEMS[3:9]),
    ):
        window.desk.coordinator.deal(device, drawn, name=name, days=days)
    window.press("fetch")
    window.at("homeScreen")
    window.bot.waitUntil(lambda: window._card() is not None, timeout=10_000)


def _home_error(window: Harness) -> None:
    _home(window)
    window.desk.coordinator.faults.append(Fault.DOWN)
    window.press("fetch")
    window.wait(lambda seen: seen.error != "" and not seen.busy)


def _picker(window: Harness) -> None:
    window.enrol()
    window.press("importFile")
    window.wait(lambda seen: seen.screen == "filePicker")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Heron 12.rvbatch", "Wren 2.rvbatch"):
            (Path(folder) / name).touch()
        window.shell.picker._open_folder(Path(folder))
    field = window.find("pickFolder")
    assert isinstance(field, QLineEdit)
    field.setText("/media/stick")


def _worked(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    window.go_to(batch.UNRATED)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 10 and not seen.busy)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 9 and not seen.busy)
    window.tap(_Key.Key_H)
    window.wait(lambda seen: seen.lit == "hand_back")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 8 and not seen.busy)
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")


def _submit(window: Harness) -> None:
    _worked(window)
    window.press("toSubmit")
    window.at("submitScreen")


def _submit_error(window: Harness) -> None:
    _submit(window)
    window.desk.coordinator.faults.append(Fault.DOWN)
    window.press("submitOnline")
    window.wait(lambda seen: seen.error != "" and not seen.busy)


def _receipt(window: Harness) -> None:
    _submit(window)
    window.press("submitOnline")
    window.at("receiptScreen")


def _outcomes(window: Harness) -> None:
    _receipt(window)
    window.shell.receipt.show_receipt(
        ReceiptView(
            submission=Sha256Hex("5e" * 32),
            size=112,
            head=Sha256Hex("87e8cfbcb4e3c426" * 4),
            at=utc_of(UnixMs(window.desk.coordinator.unix_ms)),
            verified=True,
            outcomes=Outcomes(final=71, second_review=6, returned=3, corrected=1),
        )
    )


def _closure(window: Harness) -> None:
    _receipt(window)
    window.press("receiptFinish")
    window.at("closureScreen")


def _hand_over(window: Harness) -> None:
    _worked(window)
    card = window._card()
    assert card is not None
    window.press(card.objectName().replace("batch-", "handOver-"))
    window.at("handOverScreen")


def _record(window: Harness) -> None:
    _worked(window)
    work = window.shell.sitting.work
    assert work is not None
    work.exposure.opt_out("election")
    window.press("record")
    window.at("recordScreen")


def _settings(window: Harness) -> None:
    window.enrol()
    window.settle()
    window.press("settings")
    window.at("settingsScreen")


def _keys(window: Harness) -> None:
    _settings(window)
    window.shell.screens.settings.keys_wanted.emit()
    window.at("keysScreen")


def _support(window: Harness) -> None:
    window.enrol()
    window.press("support")
    window.at("supportScreen")


def _break(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    window.tap(_Key.Key_B)
    window.at("curtainScreen")


def _break_time(window: Harness) -> None:
    _break(window)
    window.desk.later(180_000)
    window.press("curtainTime")


def _curtain(window: Harness) -> None:
    _break(window)
    window.press("curtainBack")
    window.settle()


def _curtain_pin(window: Harness) -> None:
    window.enrol()
    window.press("settings")
    window.at("settingsScreen")
    window.find("pinFirst").setFocus()
    for _ in range(2):
        window.write(_PIN)
        window.tap(_Key.Key_Return)
    window.bot.waitUntil(lambda: window.shell.sitting.has_pin, timeout=10_000)
    window.settle()
    window.shell.draw_curtain()
    window.at("curtainScreen")
    window.settle()
    window.write("271828")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.error == "PIN_WRONG" and not seen.busy)


def _crashed(window: Harness) -> None:
    window.review(batch.ITEMS, days=6)
    window.shell.crashed()
    window.at("curtainScreen")


STATES: Final = (
    State("01-first-run", "The first start", _first_run),
    State("02-enrol", "Joining over the network", _enrol),
    State("03-enrol-error", "Joining, with the service out of reach", _enrol_refused),
    State("04-profiles", "Who works now, on a shared laptop", _profiles),
    State("05-locked", "Locked", _locked),
    State("06-locked-wrong", "Locked, after a wrong passphrase", _locked_wrong),
    State("07-home-empty", "Home, with nothing to do yet", _empty),
    State("08-home-loading", "Home, while the batches are read", _loading),
    State("09-home", "Home", _home),
    State("10-home-error", "Home, with the service out of reach", _home_error),
    State("11-picker", "Choosing a file", _picker),
    State("60-submit", "What will leave the machine, counted", _submit),
    State(
        "61-submit-error", "Submitting, with the service out of reach", _submit_error
    ),
    State("62-receipt", "A verified receipt", _receipt),
    State("62-receipt-outcomes", "A receipt with what became of the work", _outcomes),
    State("63-closure", "The end of a sitting", _closure),
    State("64-hand-over", "Handing over the rest of a batch", _hand_over),
    State("65-record", "The owner's record", _record),
    State("66-settings", "Settings", _settings),
    State("67-keys", "The page of keys", _keys),
    State("68-support", "Whom to talk to", _support),
    State("70-break", "A break", _break),
    State("71-break-time", "A break, with its time asked for", _break_time),
    State("72-curtain", "The curtain, with the passphrase", _curtain),
    State("73-curtain-pin", "The curtain, after a wrong PIN", _curtain_pin),
    State("74-crashed", "After a fault of the program", _crashed),
)
