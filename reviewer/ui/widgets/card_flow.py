"""Cards side by side, as many in a row as the window holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from reviewer.ui import tokens


class CardFlow(QWidget):
    """Lays its cards out again when its width changes."""

    def __init__(self, card_px: int) -> None:
        super().__init__()
        self.setObjectName("cards")
        self._card_px = card_px
        self._cards: list[QWidget] = []
        self._columns = 1
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.SPACE_16)
        self._grid.setAlignment(
            Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
        )

    def fill(self, cards: Sequence[QWidget]) -> None:
        """Show these cards; the ones before are deleted."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = list(cards)
        self._place()
        for card in self._cards:
            card.show()
        self._grid.activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change the number of columns where the width asks for it."""
        super().resizeEvent(event)
        fits = (self.width() + tokens.SPACE_16) // (self._card_px + tokens.SPACE_16)
        if max(1, fits) != self._columns:
            self._columns = max(1, fits)
            self._place()

    def _place(self) -> None:
        for index, card in enumerate(self._cards):
            self._grid.addWidget(
                card,
                index // self._columns,
                index % self._columns,
                Qt.AlignmentFlag.AlignTop,
            )
