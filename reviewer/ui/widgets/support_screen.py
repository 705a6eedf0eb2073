"""Whom to talk to, and a leaflet; readable at any time, without unlocking."""

from __future__ import annotations

from reviewer.ui.building import label
from reviewer.ui.plain import one_line
from reviewer.ui.widgets.page import Page
from reviewer.ui.words import day as words


class SupportScreen(Page):
    """The organisation's card above, words that hold everywhere below."""

    def __init__(self) -> None:
        super().__init__("support", words.SUPPORT, words.SUPPORT_LINE)
        _, card = self.card()
        self._lines = label(role="heading", name="supportLines")
        card.addWidget(self._lines)
        _, leaflet = self.card(words.LEAFLET)
        for line in words.LEAFLET_LINES:
            leaflet.addWidget(label(line))

    def start(self, lines: tuple[str, ...]) -> None:
        """Show the organisation's lines."""
        said = "\n".join(one_line(each) for each in lines)
        self._lines.setText(said or words.SUPPORT_NONE)
        self.back.setFocus()
