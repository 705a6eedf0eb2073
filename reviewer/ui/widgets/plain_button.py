"""A button whose line icon follows the theme."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton

from reviewer.ui import tokens
from reviewer.ui.icons import Icon, make_icon
from reviewer.ui.styling import ROLE, palette

_REDRAWN_ON: Final = frozenset({QEvent.Type.StyleChange, QEvent.Type.Polish})


class PlainButton(QPushButton):
    """A push button with an optional icon in the colour of its text."""

    def __init__(self, text: str, icon: Icon | None = None) -> None:
        super().__init__(text)
        self._line_icon = icon
        self.setIconSize(QSize(tokens.ICON_PX, tokens.ICON_PX))

    def change_icon(self, icon: Icon | None) -> None:
        """Show another icon."""
        if icon is self._line_icon:
            return
        self._line_icon = icon
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon again when the theme changes."""
        super().changeEvent(event)
        if event.type() in _REDRAWN_ON:
            self._draw_icon()

    def event(self, event: QEvent) -> bool:
        """Draw the icon once the role is known."""
        if event.type() == QEvent.Type.Polish:
            self._draw_icon()
        return super().event(event)

    def _draw_icon(self) -> None:
        if self._line_icon is None:
            return
        colors = palette()
        shade = {
            "primary": colors.on_accent,
            "quiet": colors.muted,
            "back": colors.muted,
            "link": colors.accent_text,
        }.get(str(self.property(ROLE) or ""), colors.text)
        self.setIcon(make_icon(self._line_icon, shade, muted=colors.disabled))
