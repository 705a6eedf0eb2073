"""First run, unlock, and what they say when something is wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from reviewer.services.entering import ProfileState
from reviewer.ui.facade import Work
from tests.fakes.coordinator import URL, Fault
from tests.fakes.desk import PASSPHRASE
from tests.ui.harness import PATIENCE_MS, Harness

_Key = Qt.Key


def fill(window: Harness, **fields: str) -> None:
    """Write into fields by name."""
    for name, text in fields.items():
        edit = window.find(name)
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        edit.clear()
        window.write(text)


def to_form(window: Harness, way: str, page: str) -> None:
    window.shell.begin()
    window.press(way)
    window.wait(lambda seen: seen.page == page)


def test_an_empty_form_says_what_is_missing(window: Harness) -> None:
    """Nothing is asked of anybody before the form is filled."""
    to_form(window, "wayOnline", "enrol")
    window.press("enrolGo")
    assert window.see().error == "INPUT_MISSING"
    assert window.desk.coordinator.calls == []


def test_a_wrong_code_keeps_every_field(window: Harness) -> None:
    """The form stays as it was filled, with the reason."""
    to_form(window, "wayOnline", "enrol")
    fill(window, enrolAddress=URL, enrolCode="not a code")
    window.press("enrolGo")
    window.wait(lambda seen: seen.error != "" and not seen.busy)
    code = window.find("enrolCode")
    assert isinstance(code, QLineEdit)
    assert code.text() == "not a code"
    assert window.shell.first_run.online.go.isEnabled()


def test_a_coordinator_that_is_down_leaves_nothing_behind(window: Harness) -> None:
    """The same code works once the coordinator is back."""
    window.desk.coordinator.faults.append(Fault.DOWN)
    to_form(window, "wayOnline", "enrol")
    fill(window, enrolAddress=URL, enrolCode=window.desk.coordinator.invite())
    window.press("enrolGo")
    window.wait(lambda seen: seen.error == "NETWORK_DOWN" and not seen.busy)
    assert window.desk.door().state() is ProfileState.EMPTY
    window.press("enrolGo")
    window.at("homeScreen")


def test_two_passphrases_that_differ_are_told(window: Harness) -> None:
    """An own passphrase is typed twice."""
    to_form(window, "wayOnline", "enrol")
    fill(window, enrolAddress=URL, enrolCode="x")
    window.press("passphraseSwitch")
    fill(window, passphraseOwn="one two three", passphraseAgain="one two four")
    window.press("enrolGo")
    assert window.shell.first_run.online.error.isVisible()
    assert window.shell.first_run.online.error.code is None


def test_typed_passphrases_are_hidden_until_asked(window: Harness) -> None:
    """The eye shows them, and hides them again."""
    to_form(window, "wayOnline", "enrol")
    window.press("passphraseSwitch")
    edit = window.find("passphraseOwn")
    assert isinstance(edit, QLineEdit)
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    window.press("passphraseOwnShow")
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    window.press("passphraseOwnShow")
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_a_request_file_is_made_and_its_words_are_shown(
    window: Harness, tmp_path: Path
) -> None:
    """Six words to read aloud; afterwards the profile waits for its answer."""
    to_form(window, "wayRequest", "request")
    path = tmp_path / "request.rvrequest"
    fill(window, requestCode=window.desk.coordinator.invite(), requestPath=str(path))
    window.press("requestGo")
    window.wait(lambda seen: seen.page == "requestMade" and not seen.busy)
    assert path.stat().st_size > 0
    words = window.shell.first_run._words.text()
    assert len(words.replace("-", " ").split()) == 6
    window.press("requestDone")
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.error == "NOT_ENROLLED" and not seen.busy)


def test_a_foreign_answer_is_refused(window: Harness, tmp_path: Path) -> None:
    """A file that is no answer says so; the passphrase field is asked for first."""
    to_form(window, "wayAccept", "accept")
    window.press("acceptGo")
    assert window.see().error == "INPUT_MISSING"
    path = tmp_path / "answer"
    path.write_bytes(b"{}")
    fill(window, acceptPath=str(path), acceptPassphrase=PASSPHRASE)
    window.press("acceptGo")
    window.wait(lambda seen: seen.error not in {"", "INPUT_MISSING"})
    window.settle()
    window.press("acceptBack")
    assert window.see().page == "ways"


def test_a_wrong_passphrase_is_told_and_forgotten(window: Harness) -> None:
    """The field is empty again; the right one opens."""
    window.enrol()
    window.press("lock")
    window.at("unlockScreen")
    window.write("certainly not this")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.error == "PASSPHRASE_WRONG" and not seen.busy)
    assert window.shell.unlock.secret.text() == ""
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")


@pytest.mark.parametrize("has_opened", [False, True])
def test_a_lock_while_it_opens_keeps_it_shut(
    window: Harness, monkeypatch: pytest.MonkeyPatch, *, has_opened: bool
) -> None:
    """Ctrl+L before the key is derived, or before its answer has arrived."""
    window.enrol()
    window.press("lock")
    window.at("unlockScreen")
    gate, opened = threading.Event(), threading.Event()
    entrance = window.shell.entrance
    unlock = entrance.unlock

    def slow(passphrase: str) -> Work:
        if not has_opened:
            gate.wait()
        work = unlock(passphrase)
        opened.set()
        return work

    with monkeypatch.context() as patch:
        patch.setattr(entrance, "unlock", slow)
        window.write(PASSPHRASE)
        window.tap(_Key.Key_Return)
        if has_opened:
            assert opened.wait(PATIENCE_MS / 1000)
        window.tap(_Key.Key_L, control=True)
        gate.set()
        window.at("unlockScreen")
    assert window.shell.sitting.work is None
    assert not window.desk.claim.is_held()
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.at("homeScreen")


def test_a_profile_in_use_is_told(window: Harness) -> None:
    """A second window says that the first one is open."""
    window.enrol()
    window.press("lock")
    window.at("unlockScreen")
    window.desk.claim.taken_by_other = True
    window.write(PASSPHRASE)
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.error == "PROFILE_IN_USE" and not seen.busy)


def test_the_demonstration_is_hidden_where_it_is_not_installed(
    window: Harness,
) -> None:
    """First run offers three ways without it."""
    window.shell.begin()
    with pytest.raises(AssertionError):
        window.find("wayDemo")


def test_no_secret_stays_in_a_field_after_entering(window: Harness) -> None:
    """Code, words and passphrases are gone once they have done their work."""
    window.enrol()
    fields = window.shell.window.findChildren(QLineEdit)
    assert [one.text() for one in fields if one.text()] == []
    box = window.shell.first_run.online.passphrase
    assert box._offer.text() == ""
