"""The screens that last as long as the window, and which of them is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from reviewer.ui import messages
from reviewer.ui.facade import Entrance
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.door_screen import DoorScreen
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.file_picker import FilePicker
from reviewer.ui.widgets.first_run_screen import FirstRunScreen
from reviewer.ui.widgets.home_screen import HomeScreen
from reviewer.ui.widgets.receipt_screen import ReceiptScreen
from reviewer.ui.widgets.submit_screen import SubmitScreen
from reviewer.ui.window import Window


class Screens:
    """One for a window; holds no state of its own."""

    def __init__(self, entrance: Entrance, window: Window) -> None:
        """Make every screen but that of a batch, and put them into the window."""
        self.window = window
        self.first_run = FirstRunScreen(
            entrance.suggest_passphrase, demo_offered=entrance.demo_offered
        )
        self.unlock = DoorScreen(
            "unlockScreen",
            Icon.LOCK,
            messages.UNLOCK_TITLE,
            messages.UNLOCK_LINE,
            messages.UNLOCK,
        )
        self.curtain = DoorScreen(
            "curtainScreen",
            Icon.LEAF,
            messages.CURTAIN_TITLE,
            messages.CURTAIN_LINE,
            messages.CURTAIN_OPEN,
        )
        self.home = HomeScreen()
        self.submit = SubmitScreen()
        self.receipt = ReceiptScreen()
        self.picker = FilePicker()
        for screen in (
            self.first_run,
            self.unlock,
            self.curtain,
            self.home,
            self.submit,
            self.receipt,
            self.picker,
        ):
            self.window.add(screen)

    @property
    def doors(self) -> tuple[DoorScreen, DoorScreen]:
        """Return the two screens that ask for the passphrase."""
        return (self.unlock, self.curtain)

    def show(self, screen: QWidget) -> None:
        """Show a screen, at once."""
        self.window.show_screen(screen)

    def at(self, screen: QWidget | None) -> bool:
        """Return whether this screen is the one that is shown."""
        return screen is not None and self.window.current() is screen

    def error_here(self) -> ErrorPanel:
        """Return the error panel of the screen that is shown, else home's."""
        asked = (self.submit, self.curtain, self.unlock)
        return next((one.error for one in asked if self.at(one)), self.home.error)
