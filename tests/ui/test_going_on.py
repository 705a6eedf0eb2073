"""An enrolment that was cut off has a way on, and a way out, in the window."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from reviewer.services.entering import ProfileState
from reviewer.ui import messages
from tests.fakes.coordinator import URL, Fault
from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import Harness

WORDS = "blue lamp winter stone river"


def enrol(window: Harness, code: str, *, own: str = "") -> None:
    """Fill in the form and press its button."""
    window.press("wayOnline")
    window.wait(lambda seen: seen.page == "enrol")
    fields = {"enrolAddress": URL, "enrolCode": code}
    if own:
        window.press("passphraseSwitch")
        fields |= {"passphraseOwn": own, "passphraseAgain": own}
    for name, text in fields.items():
        edit = window.find(name)
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        edit.clear()
        window.write(text)
    window.press("enrolGo")


def cut_off(window: Harness) -> str:
    """Enrol, and lose the answer; the window is at the form."""
    window.shell.begin()
    code = window.desk.coordinator.invite()
    lost = Fault.LOST_REPLY
    window.desk.coordinator.faults = [None, None, lost, lost]
    enrol(window, code)
    window.wait(lambda seen: seen.error == "NETWORK_DOWN" and not seen.busy)
    assert window.desk.door().state() is ProfileState.BEGUN
    window.desk.coordinator.faults = []
    return code


def restart(window: Harness) -> None:
    """Begin as after a restart of the program."""
    window.shell.begin()
    window.at("unlockScreen")


def test_the_same_form_sends_again(window: Harness) -> None:
    """Nothing has to be typed anew while the form is open."""
    cut_off(window)
    window.press("enrolGo")
    window.at("homeScreen")
    assert len(window.desk.coordinator._devices) == 1


def test_after_a_restart_the_first_screen_is_offered(window: Harness) -> None:
    """Told what is the matter; the same code and passphrase go on."""
    code = cut_off(window)
    restart(window)
    assert window.shell.unlock.error.accessibleName() == messages.ENROL_BEGUN
    window.press("unlockScreenGoOn")
    window.at("firstRunScreen")
    notice = window.shell.first_run.notice
    assert notice.accessibleName() == messages.ENROL_BEGUN_LINE
    enrol(window, code, own=PASSPHRASE)
    window.at("homeScreen")
    assert len(window.desk.coordinator._devices) == 1


def test_a_lost_passphrase_is_no_dead_end(window: Harness) -> None:
    """Starting over asks once, forgets, and the next code works."""
    code = cut_off(window)
    restart(window)
    window.press("unlockScreenGoOn")
    enrol(window, code, own=WORDS)
    window.wait(lambda seen: seen.error == "PASSPHRASE_WRONG" and not seen.busy)
    window.press("enrolBack")
    window.wait(lambda seen: seen.page == "ways")
    window.press("wayAgain")
    assert window.desk.door().state() is ProfileState.BEGUN
    assert window.shell.first_run.notice.accessibleName() == messages.START_OVER_SURE
    window.press("wayAgain")
    window.at("firstRunScreen")
    assert window.desk.door().state() is ProfileState.EMPTY
    assert not window.find("wayAgain").isVisible()
    assert not window.shell.first_run.notice.isVisible()
    enrol(window, window.desk.coordinator.invite(), own=WORDS)
    window.at("homeScreen")


def test_an_enrolled_profile_is_not_offered_a_way_out(window: Harness) -> None:
    """Once there is an entry, only the passphrase opens."""
    window.enrol()
    window.press("lock")
    window.at("unlockScreen")
    assert not window.find("unlockScreenGoOn").isVisible()
    assert not window.shell.unlock.error.isVisible()
