"""The screens that last as long as the window, and which of them is shown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from reviewer.ui import messages
from reviewer.ui.facade import Entrance
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.curtain_screen import CurtainScreen
from reviewer.ui.widgets.door_screen import DoorScreen
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.file_picker import FilePicker
from reviewer.ui.widgets.first_run_screen import FirstRunScreen
from reviewer.ui.widgets.home_screen import HomeScreen
from reviewer.ui.widgets.page import Page
from reviewer.ui.widgets.receipt_screen import ReceiptScreen
from reviewer.ui.widgets.submit_screen import SubmitScreen
from reviewer.ui.window import Window

if TYPE_CHECKING:
    from reviewer.ui.widgets.closure_screen import ClosureScreen
    from reviewer.ui.widgets.hand_over_screen import HandOverScreen
    from reviewer.ui.widgets.keys_screen import KeysScreen
    from reviewer.ui.widgets.record_screen import RecordScreen
    from reviewer.ui.widgets.settings_screen import SettingsScreen
    from reviewer.ui.widgets.support_screen import SupportScreen

PageT = TypeVar("PageT", bound=Page)


class Screens:
    """One for a window; holds no state of its own."""

    def __init__(self, entrance: Entrance, window: Window) -> None:
        """Make every screen but that of a batch, and put them into the window."""
        self.window = window
        self._pages: set[QWidget] = set()
        self._under: QWidget | None = None
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
        self.curtain = CurtainScreen()
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
    def doors(self) -> tuple[DoorScreen, CurtainScreen]:
        """Return the two screens that ask for the passphrase."""
        return (self.unlock, self.curtain)

    # Pages that lie over another screen, made when they are first asked for ---------

    @cached_property
    def support(self) -> SupportScreen:
        """Return the page of whom to talk to."""
        from reviewer.ui.widgets.support_screen import SupportScreen  # noqa: PLC0415

        return self._page(SupportScreen())

    @cached_property
    def record(self) -> RecordScreen:
        """Return the owner's record."""
        from reviewer.ui.widgets.record_screen import RecordScreen  # noqa: PLC0415

        return self._page(RecordScreen())

    @cached_property
    def settings(self) -> SettingsScreen:
        """Return the settings."""
        from reviewer.ui.widgets.settings_screen import SettingsScreen  # noqa: PLC0415

        return self._page(SettingsScreen())

    @cached_property
    def keys(self) -> KeysScreen:
        """Return the page of bindings."""
        from reviewer.ui.widgets.keys_screen import KeysScreen  # noqa: PLC0415

        return self._page(KeysScreen())

    @cached_property
    def hand_over(self) -> HandOverScreen:
        """Return the page that hands over the rest of a batch."""
        from reviewer.ui.widgets.hand_over_screen import HandOverScreen  # noqa: PLC0415

        return self._page(HandOverScreen())

    @cached_property
    def closure(self) -> ClosureScreen:
        """Return the end of a sitting."""
        from reviewer.ui.widgets.closure_screen import ClosureScreen  # noqa: PLC0415

        made = ClosureScreen()
        self.window.add(made)
        return made

    def _page(self, page: PageT) -> PageT:
        self._pages.add(page)
        page.left.connect(self.leave_page)
        self.window.add(page)
        return page

    def show_page(self, page: QWidget) -> None:
        """Lay a page over the present screen."""
        current = self.window.current()
        if current is not None and current not in self._pages:
            self._under = current
        self.show(page)

    def leave_page(self) -> None:
        """Go back to what a page lay over, if one is open."""
        if self.window.current() in self._pages and self._under is not None:
            self.show(self._under)

    @property
    def has_page(self) -> bool:
        """Return whether a page is open."""
        return self.window.current() in self._pages

    def is_behind(self, screen: QWidget) -> bool:
        """Return whether a screen is shown, or is what a page lies over."""
        return self.at(screen) or (self.has_page and self._under is screen)

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
