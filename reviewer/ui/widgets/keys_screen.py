"""The page of bindings, behind the settings."""

from __future__ import annotations

from reviewer.ui.widgets.bindings_page import BindingsPage
from reviewer.ui.widgets.page import Page
from reviewer.ui.words import keys as words


class KeysScreen(Page):
    """Every change holds at once; nothing to save."""

    def __init__(self) -> None:
        super().__init__("keys", words.TITLE)
        self.bindings = BindingsPage()
        self.body.addWidget(self.bindings)

    def start(self) -> None:
        """Begin with the list of acts."""
        self.bindings.line.setFocus()
