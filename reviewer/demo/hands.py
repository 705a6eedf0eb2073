"""Hands on the keyboard: send key events to the actual window, wait on its states.

Nothing here waits on time; the patience only ends a walk that is stuck, and says
where. Every control is reached by Tab, as a person without a pointer reaches it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from reviewer.errors import Code, UnavailableError
from reviewer.ui.probe import Seen, look
from reviewer.ui.shell import Shell

PATIENCE_S: Final = 120.0
STEP_MS: Final = 5
TABS_COUNT: Final = 80


class StuckError(UnavailableError):
    """The window did not come to the state that the walk waits for."""


class Hands:
    """Drives one window."""

    def __init__(self, shell: Shell, *, plate: bool) -> None:
        """With `plate`, the stage is covered by a plate before anything is saved."""
        self._shell = shell
        self._plate = plate
        self.screens: list[Path] = []
        self.keys = 0
        """Keys pressed so far; what is typed into a field is not counted."""

    def see(self) -> Seen:
        """Return the state of the window."""
        return look(self._shell)

    def wait(
        self,
        what: str,
        happened: Callable[[Seen], bool],
        *,
        patience_s: float = PATIENCE_S,
    ) -> Seen:
        """Let the window work until a state is reached.

        Raises:
            StuckError: naming what was waited for and the screen it stands on.
        """
        end = time.monotonic() + patience_s
        loop = QEventLoop()
        while not happened(seen := self.see()):
            if time.monotonic() > end:
                raise StuckError(Code.CANCELLED, f"{what} at {_where(seen)}")
            # Sleeps between events: a loop that spins takes time from the decoders.
            QTimer.singleShot(STEP_MS, loop.quit)
            loop.exec()
        return seen

    def begin(self) -> None:
        """Wait until the window is the active one: before that no key reaches it."""
        self._shell.window.activateWindow()
        self.wait("the window", lambda _seen: self._shell.window.isActiveWindow())

    def at(self, screen: str) -> Seen:
        """Wait for a screen on which nothing is under way."""
        return self.wait(screen, lambda seen: seen.screen == screen and not seen.busy)

    def tap(self, *keys: Qt.Key, control: bool = False) -> None:
        """Press and release keys, one after the other."""
        held = Qt.KeyboardModifier
        modifiers = held.ControlModifier if control else held.NoModifier
        for key in keys:
            self.keys += 1
            QTest.keyClick(self._target(), key, modifiers)

    def down(self, key: Qt.Key) -> None:
        """Press a key and keep it down."""
        self.keys += 1
        QTest.keyPress(self._target(), key)

    def up(self, key: Qt.Key) -> None:
        """Let a key go."""
        QTest.keyRelease(self._target(), key)

    def write(self, text: str) -> None:
        """Type into whatever has the focus."""
        QTest.keyClicks(self._target(), text)

    def reach(self, name: str) -> None:
        """Press Tab until the named control has the focus.

        Raises:
            StuckError: it cannot be reached by keyboard.
        """
        for _ in range(TABS_COUNT):
            QApplication.processEvents()
            focused = QApplication.focusWidget()
            if focused is not None and focused.objectName() == name:
                return
            QTest.keyClick(self._target(), Qt.Key.Key_Tab)
        raise StuckError(Code.CANCELLED, f"{name} cannot be reached by Tab")

    def press(self, name: str) -> None:
        """Reach a button and press it."""
        self.reach(name)
        self.tap(Qt.Key.Key_Space)

    def save(self, path: Path) -> None:
        """Save what the window shows now; the demonstration alone may do so."""
        app = QApplication.instance()
        if app is not None:
            app.processEvents()
        plate = self._laid_plate() if self._plate else None
        picture = self._shell.window.grab()
        if plate is not None:
            plate.deleteLater()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(path), "PNG"):
            raise UnavailableError(Code.DISK_FAILED, "screens")
        self.screens.append(path)

    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self._shell.window

    def _laid_plate(self) -> QFrame | None:
        review = self._shell.review
        if review is None or self.see().screen != "reviewScreen":
            return None
        window, stage = self._shell.window, review.stage
        plate = QFrame(window)
        plate.setAutoFillBackground(True)
        plate.setGeometry(
            stage.mapTo(window, stage.rect().topLeft()).x(),
            stage.mapTo(window, stage.rect().topLeft()).y(),
            stage.width(),
            stage.height(),
        )
        plate.show()
        plate.raise_()
        return plate


def _where(seen: Seen) -> str:
    """Return where a walk is stuck, in words of the probe."""
    at: tuple[str, ...] = (seen.screen, seen.page, seen.error)
    if seen.screen == "reviewScreen":
        at = (seen.screen, seen.stage, seen.lit, seen.error)
    return " ".join(word for word in at if word)
