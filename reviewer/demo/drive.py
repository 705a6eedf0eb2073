"""Walk the actual window from first run to lock, by keys, as a reviewer would.

First run, unlock, home, conceal, reveal, decide, undo, decide, hand back, submit,
receipt, lock. A screenshot of each screen; what could not be shown, by item.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QWidget

from reviewer.demo.hands import Hands
from reviewer.demo.scene import Invitation
from reviewer.errors import ReviewerError
from reviewer.events.crashes import CrashHandler
from reviewer.ports import Clock
from reviewer.ui import application
from reviewer.ui.facade import Entrance
from reviewer.ui.probe import Seen
from reviewer.ui.shell import Shell
from reviewer.ui.tokens import Theme

LOOKS_COUNT: Final = 3
"""Items that the walk reveals; the others are decided from context."""

_Key = Qt.Key


@dataclass(slots=True)
class Walked:
    """What the walk saw."""

    refused: dict[str, str] = field(default_factory=dict)
    """Code by item id."""
    revealed: int = 0
    finished: bool = False


def walk_window(
    entrance: Entrance,
    *,
    clock: Clock,
    invitation: Invitation,
    passphrase: str,
    deal: Callable[[], object],
    screens: Path,
    plate: bool,
    crashes: CrashHandler | None = None,
    theme: Theme = Theme.LIGHT,
) -> Walk:
    """Open the window, walk it to the end, close it.

    Raises:
        StuckError: the window did not do what it should.
    """
    walks: list[Walk] = []
    failures: list[Exception] = []

    def go(shell: Shell) -> None:
        walk = Walk(
            shell,
            invitation=invitation,
            passphrase=passphrase,
            deal=deal,
            screens=screens,
            plate=plate,
        )
        walks.append(walk)
        try:
            walk.go()
        except (ReviewerError, AssertionError) as error:
            failures.append(error)
        shell.window.close()
        QCoreApplication.quit()

    application.run(
        entrance,
        clock=clock,
        crashes=crashes,
        theme=theme,
        on_ready=lambda shell: QTimer.singleShot(0, lambda: go(shell)),
    )
    if failures:
        raise failures[0]
    return walks[0]


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
        self._undone = False
        self._handed_back = False
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
        self._review()
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
        hands = self._hands
        self._lock("04-unlock")
        hands.reach("unlockScreenPassphrase")
        hands.write(self._passphrase)
        hands.tap(_Key.Key_Return)
        hands.at("homeScreen")

    def _fetch(self) -> None:
        hands = self._hands
        self._deal()
        hands.press("fetch")
        hands.wait("a batch", lambda seen: not seen.busy and self._card() is not None)
        self._save("05-home")
        card = self._card()
        if card is not None:
            hands.reach(card.objectName())
        hands.tap(_Key.Key_Return)
        hands.at("reviewScreen")

    def _review(self) -> None:
        hands = self._hands
        seen = self._ready()
        while seen.open_count:
            if not seen.refused and not self._has("06-concealed"):
                self._save("06-concealed")
            if seen.refused:
                self.walked.refused[seen.item_id] = seen.refused
            elif self.walked.revealed < LOOKS_COUNT and seen.stage == "concealed":
                self._look(seen)
            self._conclude(seen)
            left = seen.open_count - 1
            seen = self._settled(left)
            if not self._undone:
                seen = self._undo(left)
        hands.wait("the journal", lambda now: not now.committing and not now.busy)

    def _ready(self) -> Seen:
        return self._hands.wait(
            "the picture", lambda seen: seen.painted and not seen.busy
        )

    def _look(self, seen: Seen) -> None:
        """Hold the lens until something is shown, then let go."""
        hands = self._hands
        hands.down(_Key.Key_Space)
        now = hands.wait(
            "a look",
            lambda now: bool(now.refused) or (now.holds_clear and not now.busy),
        )
        if now.refused:
            self.walked.refused[seen.item_id] = now.refused
        elif self.walked.revealed == 0:
            self._save("07-revealed")
        hands.up(_Key.Key_Space)
        hands.wait("concealment", lambda now: not now.holds_clear)
        self.walked.revealed += 1

    def _conclude(self, seen: Seen) -> None:
        """Remove, hand back, or keep: each way is walked at least once."""
        hands = self._hands
        if seen.refused and self._undone and not self._handed_back:
            self._hand_back()
        elif self.walked.revealed == LOOKS_COUNT and not self._has("08-deciding"):
            self._remove()
        elif seen.open_count == 1 and not self._handed_back:
            self._hand_back()
        else:
            hands.tap(_Key.Key_1)

    def _has(self, name: str) -> bool:
        return any(path.stem == name for path in self.screens)

    def _remove(self) -> None:
        """Six keys: verdict, ground, close, purpose, reason, commit."""
        hands = self._hands
        hands.tap(_Key.Key_2, _Key.Key_1)
        self._save("08-deciding")
        hands.tap(_Key.Key_Return, _Key.Key_0, _Key.Key_1)
        hands.tap(_Key.Key_Return)

    def _hand_back(self) -> None:
        hands = self._hands
        hands.tap(_Key.Key_H)
        hands.wait("the reasons", lambda seen: seen.lit == "hand_back")
        hands.tap(_Key.Key_Return)
        self._handed_back = True

    def _undo(self, left: int) -> Seen:
        """Take the first decision back, see it return, and decide again."""
        hands = self._hands
        hands.tap(_Key.Key_U)
        hands.wait("undo", lambda seen: seen.open_count == left + 1 and not seen.busy)
        self._undone = True
        return self._ready()

    def _settled(self, left: int) -> Seen:
        seen = self._hands.wait(
            "the commit",
            lambda now: now.open_count == left and not now.committing and not now.busy,
        )
        return self._ready() if seen.open_count else seen

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

    def _card(self) -> QWidget | None:
        for widget in self._shell.home.findChildren(QWidget):
            if widget.objectName().startswith("batch-"):
                return widget
        return None
