"""Choosing a profile before any is opened, in the window that will show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from reviewer.errors import ReviewerError
from reviewer.ports import KnownProfile
from reviewer.ui import tokens
from reviewer.ui.ending import ended_by_signals
from reviewer.ui.first_frame import system_theme
from reviewer.ui.styling import set_scale, set_theme
from reviewer.ui.widgets.profiles_screen import ProfilesScreen
from reviewer.ui.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The profiles of this laptop, and how one more is added."""

    known: tuple[KnownProfile, ...]
    add: Callable[[str], KnownProfile]


@dataclass(slots=True)
class Choice:
    """What was chosen: nothing, until somebody does."""

    folder: Path | None = None


def choose(
    app: QApplication,
    people: People,
    window: Window,
    *,
    on_ready: Callable[[ProfilesScreen], None] | None = None,
) -> Path | None:
    """Ask who works now; return the folder, or None where the window was closed."""
    _begin(app)
    screen, choice = ProfilesScreen(people.known), Choice()

    def leave() -> None:
        app.exit(0)  # not quit: that would close the window, which is still wanted

    def take(one: KnownProfile) -> None:
        choice.folder = one.folder
        leave()

    def add(alias: str) -> None:
        try:
            take(people.add(alias))
        except ReviewerError as error:
            screen.show_error(error.code)

    screen.chosen.connect(take)
    screen.added.connect(add)
    window.add(screen)
    window.show_screen(screen)
    window.closed.connect(leave)
    window.show()
    screen.start()
    if on_ready is not None:
        on_ready(screen)
    try:
        with ended_by_signals(app):
            app.exec()
    finally:
        window.closed.disconnect(leave)
        window.drop(screen)
        # Of a window that was closed: it would close the next one.
        QCoreApplication.removePostedEvents(app, QEvent.Type.Quit.value)
    return choice.folder


def _begin(app: QApplication) -> None:
    """Look as for nobody: what a person has set holds no more."""
    set_scale(app, 100)
    set_theme(app, system_theme())


def fresh_window() -> Window:
    """Return a window to ask in, where none is open."""
    window = Window()
    window.resize(tokens.WINDOW_WIDTH_PX, tokens.WINDOW_HEIGHT_PX)
    return window
