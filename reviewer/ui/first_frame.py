"""The empty window, shown before the rest of the program is loaded.

It has the title and the ground colour of the theme, and nothing on it: no text, so
no font is loaded, and no style sheet. `application` fills it. What Qt says until
then is dropped: its words are never kept, and the log is not open yet.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, qInstallMessageHandler
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from reviewer.ui import tokens
from reviewer.ui.name import APP
from reviewer.ui.tokens import PALETTES, Theme
from reviewer.ui.window import Window

PATIENCE_MS: Final = 50
"""How long a window that does not appear at once is waited for."""


def show() -> Window:
    """Show the window; `application.run` takes it over."""
    qInstallMessageHandler(lambda _kind, _context, _words: None)
    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP)
    ground = QPalette()
    ground.setColor(QPalette.ColorRole.Window, QColor(PALETTES[system_theme()].window))
    app.setPalette(ground)
    window = Window()
    window.resize(tokens.WINDOW_WIDTH_PX, tokens.WINDOW_HEIGHT_PX)
    window.show()
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, PATIENCE_MS)
    return window


def system_theme() -> Theme:
    """Return light or dark, as the system has it."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return Theme.DARK if scheme is Qt.ColorScheme.Dark else Theme.LIGHT
