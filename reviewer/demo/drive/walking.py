"""Walk the actual window from first run to lock, by keys, as a reviewer would.

First run, unlock, home, the review (`reviewing`), submit, receipt, lock. A
screenshot of each screen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QWidget

from reviewer.demo.drive.reviewing import Review, Walked
from reviewer.demo.hands import Hands
from reviewer.demo.scene import Invitation
from reviewer.errors import ReviewerError
from reviewer.events.crashes import CrashHandler
from reviewer.ports import Clock
from reviewer.ui import application
from reviewer.ui.facade import Entrance
from reviewer.ui.shell import Shell
from reviewer.ui.tokens import Theme

_Key = Qt.Key

Go = Callable[[Shell], object]
"""Drives a window that has just been shown."""


def _nothing() -> None:
    """Let no time pass."""


def walk_window(
    entrance: Entrance,
    *,
    clock: Clock,
    invitation: Invitation,
    passphrase: str,
    deal: Callable[[], object],
    screens: Path,
    plate: bool,
    rest: Callable[[], object] = _nothing,
    crashes: CrashHandler | None = None,
    theme: Theme = Theme.LIGHT,
) -> Walk:
    """Open the window, walk it to the end, close it.

    Args:
        entrance: The door of an empty profile.
        clock: Of the window.
        invitation: What the organisation gave.
        passphrase: Of the profile that is made.
        deal: Deals a batch; called once the person is enrolled.
        screens: The folder for screenshots.
        plate: Whether the stage is covered by a plate on each of them.
        rest: Called while the curtain is drawn for the break.
        crashes: As `application.run` takes it.
        theme: Light or dark.

    Raises:
        StuckError: the window did not do what it should.
    """
    walks: list[Walk] = []

    def go(shell: Shell) -> None:
        walk = Walk(
            shell,
            invitation=invitation,
            passphrase=passphrase,
            deal=deal,
            screens=screens,
            plate=plate,
        )
        walk.rest = rest
        walks.append(walk)
        walk.go()

    in_window(entrance, go, clock=clock, crashes=crashes, theme=theme)
    return walks[0]


def in_window(
    entrance: Entrance,
    go: Go,
    *,
    clock: Clock,
    crashes: CrashHandler | None = None,
    theme: Theme = Theme.LIGHT,
) -> None:
    """Open the window, drive it, close it.

    Raises:
        StuckError: the window did not do what it should.
    """
    failures: list[Exception] = []

    def drive(shell: Shell) -> None:
        try:
            go(shell)
        except (ReviewerError, AssertionError) as error:
            failures.append(error)
        shell.window.close()
        QCoreApplication.quit()

    application.run(
        entrance,
        clock=clock,
        crashes=crashes,
        theme=theme,
        on_ready=lambda shell: QTimer.singleShot(0, lambda: drive(shell)),
    )
    if failures:
        raise failures[0]


class Walk:
    """One walk through one window."""

    def __init__(
        self,
        shell: Shell,
        *,
        invitation: Invitation,
        passphrase: str,
        deal: Callable[[], object],
        screens: Path,
        plate: bool,
    ) -> None:
        """Take the window, what the organisation gave, and where screens go."""
        self._shell = shell
        self._hands = Hands(shell, plate=plate)
        self._invitation = invitation
        self._passphrase = passphrase
        self._deal = deal
        self._screens = screens
        self.rest: Callable[[], object] = _nothing
        self.walked = Walked()

    @property
    def screens(self) -> list[Path]:
        """Return the screenshots taken so far."""
        return self._hands.screens

    def go(self) -> Walked:
        """Walk to the end.

        Raises:
            StuckError: the window did not do what it should.
        """
        self._enrol()
        self._lock_and_unlock()
        self._fetch()
        review = Review(self._hands, self.walked, self._screens)
        review.go(take_a_break=self._break)
        self._submit()
        self._lock("11-locked")
        self.walked.finished = True
        return self.walked

    # ---------------------------------------------------------------------------

    def _enrol(self) -> None:
        hands = self._hands
        hands.begin()
        hands.at("firstRunScreen")
        self._save("01-first-run")
        hands.press("wayOnline")
        hands.wait("the form", lambda seen: seen.page == "enrol")
        hands.reach("enrolAddress")
        hands.write(self._invitation.url)
        hands.reach("enrolCode")
        hands.write(self._invitation.code)
        self._save("02-enrol")
        hands.press("passphraseSwitch")
        hands.reach("passphraseOwn")
        hands.write(self._passphrase)
        hands.reach("passphraseAgain")
        hands.write(self._passphrase)
        hands.press("enrolGo")
        hands.at("homeScreen")
        self._save("03-home-empty")

    def _lock_and_unlock(self) -> None:
        self._lock("04-unlock")
        unlock(self._hands, "unlockScreen", self._passphrase)
        self._hands.at("homeScreen")

    def _break(self) -> None:
        """Draw the curtain, rest, and come back to the same item."""
        hands = self._hands
        hands.tap(_Key.Key_B)
        hands.at("curtainScreen")
        self._save("08-break")
        self.rest()
        hands.press("curtainBack")
        unlock(hands, "curtainScreen", self._passphrase)
        hands.at("reviewScreen")

    def _fetch(self) -> None:
        hands = self._hands
        self._deal()
        hands.press("fetch")
        hands.wait("a batch", lambda seen: not seen.busy and bool(card(self._shell)))
        self._save("05-home")
        hands.reach(card(self._shell))
        hands.tap(_Key.Key_Return)
        hands.at("reviewScreen")

    def _submit(self) -> None:
        hands = self._hands
        self._save("08-finished")
        hands.press("finishedSubmit")
        hands.at("submitScreen")
        self._save("09-submit")
        hands.press("submitOnline")
        hands.at("receiptScreen")
        self._save("10-receipt")
        hands.tap(_Key.Key_Return)
        hands.at("homeScreen")

    def _lock(self, name: str) -> None:
        self._hands.tap(_Key.Key_L, control=True)
        self._hands.at("unlockScreen")
        self._save(name)

    def _save(self, name: str) -> None:
        self._hands.save(self._screens / f"{name}.png")


def unlock(hands: Hands, screen: str, passphrase: str) -> None:
    """Type the passphrase on the screen that asks for it; what follows is awaited."""
    hands.at(screen)
    hands.reach(f"{screen}Passphrase")
    hands.write(passphrase)
    hands.tap(_Key.Key_Return)


def open_batch(shell: Shell, hands: Hands, passphrase: str) -> None:
    """Unlock and open the first batch, where it was left."""
    unlock(hands, "unlockScreen", passphrase)
    hands.at("homeScreen")
    hands.wait("a batch", lambda seen: not seen.busy and bool(card(shell)))
    hands.reach(card(shell))
    hands.tap(_Key.Key_Return)
    hands.at("reviewScreen")


def card(shell: Shell) -> str:
    """Return the name of the first batch on home, empty if there is none."""
    for widget in shell.home.findChildren(QWidget):
        if widget.objectName().startswith("batch-"):
            return widget.objectName()
    return ""
