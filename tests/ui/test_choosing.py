"""Who works now: the list of a shared laptop, and back to it from a locked profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from reviewer import compose
from reviewer.errors import Code, RefusedError
from reviewer.events.crashes import CrashHandler
from reviewer.events.log import NoLog
from reviewer.ports import KnownProfile
from reviewer.store.opener import DATABASE
from reviewer.ui import application, choosing
from reviewer.ui.choosing import People
from reviewer.ui.widgets.profiles_screen import ProfilesScreen
from reviewer.ui.widgets.way_tile import WayTile
from reviewer.ui.window import Window
from reviewer.ui.words import day as words
from tests.ui.harness import Harness

KNOWN = (
    KnownProfile(folder=Path("first"), alias="", is_set_up=True),
    KnownProfile(folder=Path("second"), alias="Heron", is_set_up=False),
)


def refuse(_alias: str) -> KnownProfile:
    raise RefusedError(Code.INPUT_INVALID, "alias")


def ask(
    app: QApplication,
    then: Callable[[ProfilesScreen], None],
    add: Callable[[str], KnownProfile] = refuse,
) -> Path | None:
    """Ask in a window, and answer once it is shown."""
    window = Window()
    try:
        return choosing.choose(
            app,
            People(known=KNOWN, add=add),
            window,
            on_ready=lambda screen: QTimer.singleShot(0, lambda: then(screen)),
        )
    finally:
        window.hide()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def tile(screen: ProfilesScreen, name: str) -> WayTile:
    found = screen.findChild(WayTile, name)
    assert isinstance(found, WayTile)
    return found


def test_each_profile_is_listed_by_its_word(qapp: QApplication, qtbot: QtBot) -> None:
    """The first has the focus; Enter on a tile opens its profile."""
    del qtbot
    seen: list[str] = []

    def choose_second(screen: ProfilesScreen) -> None:
        seen.extend(tile(screen, f"profile{index}").text() for index in range(2))
        tile(screen, "profile1").click()

    assert ask(qapp, choose_second) == Path("second")
    assert seen == [words.PROFILE_UNNAMED, "Heron"]


def test_closing_the_list_chooses_nobody(qapp: QApplication, qtbot: QtBot) -> None:
    """The program ends."""
    del qtbot

    def close(screen: ProfilesScreen) -> None:
        screen.window().close()

    assert ask(qapp, close) is None


def test_somebody_new_takes_a_word(qapp: QApplication, qtbot: QtBot) -> None:
    """One that is refused says so; the next is taken."""
    del qtbot
    tried: list[str] = []

    def add(alias: str) -> KnownProfile:
        tried.append(alias)
        if alias == "x":
            return refuse(alias)
        return KnownProfile(folder=Path("third"), alias=alias, is_set_up=False)

    def go(screen: ProfilesScreen) -> None:
        tile(screen, "profileNew").click()
        field = screen.findChild(QLineEdit, "profilesAlias")
        assert isinstance(field, QLineEdit)
        field.setText("x")
        field.returnPressed.emit()
        assert screen.error.isVisible()
        field.setText("Ibis")
        field.returnPressed.emit()

    assert ask(qapp, go, add) == Path("third")
    assert tried == ["x", "Ibis"]


def test_a_locked_profile_leads_to_the_others(window: Harness) -> None:
    """Only where they may be: with a folder named at the start there is no way."""
    asked: list[str] = []
    window.enrol()
    window.tap(Qt.Key.Key_L, control=True)
    window.at("unlockScreen")
    assert not window.find("unlockScreenOther").isVisible()
    window.shell.offer_others(lambda: asked.append("asked"))
    window.press("unlockScreenOther")
    assert asked == ["asked"]


def test_the_program_asks_only_where_there_is_more_than_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One profile opens at once; going to the others lists them; each has its lock."""
    monkeypatch.setattr(compose, "default_profile", lambda: tmp_path / "profile")
    opened: list[Path] = []
    codes = [application.OTHER_EXIT, 0]
    made: list[KnownProfile] = []

    def run(folder: Path, **_rest: object) -> int:
        opened.append(folder)
        return codes.pop(0)

    def who(people: People, _opened: object) -> tuple[Path, None]:
        assert [one.folder for one in people.known] == [tmp_path / "profile"]
        made.append(people.add("Heron"))
        return made[0].folder, None

    monkeypatch.setattr(compose, "window", run)
    monkeypatch.setattr(application, "ask_who", who)
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile" / DATABASE).write_bytes(b"")
    crashes = CrashHandler(NoLog())
    assert compose.shared_window(crashes=crashes, demo=lambda: 0) == 0
    assert opened == [tmp_path / "profile", made[0].folder]


def test_the_exit_that_leads_to_the_others_is_the_same_in_both_places() -> None:
    """Stated twice, so that Qt is not loaded to read it."""
    assert compose.OTHER_EXIT == application.OTHER_EXIT
