"""Light or dark: as the system has it, until the person chooses one."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QApplication

from reviewer.domain.preferences import Look
from reviewer.ui.first_frame import system_theme
from reviewer.ui.styling import set_scale, set_theme, theme_of
from reviewer.ui.tokens import Theme

_FOLLOWS: Final = "reviewer_follows"
_CHOSEN: Final = {Look.LIGHT: Theme.LIGHT, Look.DARK: Theme.DARK}


def follow_system(app: QApplication) -> None:
    """Go by the system from now on, as long as nothing else is chosen."""
    app.setProperty(_FOLLOWS, True)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow(app))


def choose(app: QApplication, look: Look) -> None:
    """Take the person's choice; a window whose theme is fixed keeps it."""
    if app.property(_FOLLOWS) is None:
        return
    app.setProperty(_FOLLOWS, look is Look.SYSTEM)
    theme = _CHOSEN.get(look, system_theme())
    if theme is not theme_of(app):
        set_theme(app, theme)


def grow(app: QApplication, percent: int) -> None:
    """Give all text the size that the person has chosen, in percent."""
    set_scale(app, percent)


def _follow(app: QApplication) -> None:
    if app.property(_FOLLOWS):
        set_theme(app, system_theme())
