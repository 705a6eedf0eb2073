"""Start the window: Qt without image plugins, fonts, theme, one event loop.

No image reader of Qt ever sees a byte of an item; the plugins that could are taken
away, and what is left is asserted at every start (security.md 3.7).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from reviewer.errors import Code, UnavailableError
from reviewer.events.crashes import CrashHandler
from reviewer.events.log import NoLog
from reviewer.ports import Clock
from reviewer.ui import messages, tokens
from reviewer.ui.choosing import People, choose, fresh_window
from reviewer.ui.day.desktop import Desktop
from reviewer.ui.ending import ended_by_signals
from reviewer.ui.facade import Entrance
from reviewer.ui.first_frame import system_theme
from reviewer.ui.fonts import install_fonts
from reviewer.ui.qt_messages import qt_messages_to
from reviewer.ui.shell import Shell
from reviewer.ui.styling import set_scale, set_theme
from reviewer.ui.tasks import Tasks
from reviewer.ui.theming import follow_system
from reviewer.ui.tokens import Theme
from reviewer.ui.widgets.notice import Notice
from reviewer.ui.window import Window

DEMO_EXIT: Final = 64
"""What `run` returns when the person asked for the demonstration."""

OTHER_EXIT: Final = 65
"""What `run` returns when another profile of this laptop is wanted."""

DESKTOP_MS: Final = 1_000
"""After the window is shown."""

SWITCH_S: Final = 0.001
"""How long a thread of Python keeps others waiting; 5 ms, the usual, can be felt."""

CRASH_EXIT: Final = 1
"""What `run` returns when one fault followed another; as any program that fails."""

BUILT_IN_FORMATS: Final = frozenset({"bmp", "pbm", "pgm", "png", "ppm", "xbm", "xpm"})
"""What QtGui itself can read; nothing of ours ever asks it to."""


def make_application() -> QApplication:
    """Return the Qt application, without image plugins, in the bundled fonts.

    Raises:
        UnavailableError: SYSTEM_LIBRARY_MISSING: Qt would read more than it may.
    """
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    sys.setswitchinterval(SWITCH_S)
    app.setStyle("Fusion")
    app.setApplicationName(messages.APP)
    app.setQuitOnLastWindowClosed(True)
    drop_image_plugins()
    install_fonts(app)
    return app


def drop_image_plugins() -> None:
    """Take every plugin path away, once the platform is up, and check the effect.

    Raises:
        UnavailableError: SYSTEM_LIBRARY_MISSING, naming a format too many.
    """
    QCoreApplication.setLibraryPaths([])
    found = {
        bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()
    }
    extra = sorted(found - BUILT_IN_FORMATS)
    if extra:
        raise UnavailableError(Code.SYSTEM_LIBRARY_MISSING, f"readers {extra[0]}")


def build(
    app: QApplication,
    entrance: Entrance,
    clock: Clock,
    *,
    theme: Theme | None = None,
    opened: Window | None = None,
) -> Shell:
    """Return the shell with its window, not shown yet.

    Args:
        app: From `make_application`.
        entrance: The door of the profile.
        clock: Time for intent, breaks and idleness.
        theme: Light or dark; None follows the system.
        opened: The empty window, if it is on the screen already.
    """
    set_scale(app, 100)  # of nobody yet
    set_theme(app, theme or system_theme())
    if theme is None:
        follow_system(app)
    shell = Shell(entrance, clock, Tasks(), window=opened)
    if opened is None:
        shell.window.resize(tokens.WINDOW_WIDTH_PX, tokens.WINDOW_HEIGHT_PX)
    return shell


def run(
    entrance: Entrance,
    *,
    clock: Clock,
    crashes: CrashHandler | None = None,
    theme: Theme | None = None,
    on_ready: Callable[[Shell], None] | None = None,
    opened: Window | None = None,
    shared: bool = False,
) -> int:
    """Show the window until it is closed; return the exit code.

    Args:
        entrance: The door of the profile, built by `compose`.
        clock: Time for intent, breaks and idleness.
        crashes: Curtains the window at a fault of our own; its log takes what Qt says.
        theme: Light or dark; None follows the system.
        on_ready: Told once the window is shown; the demonstration drives it then.
        opened: The empty window, if it is on the screen already.
        shared: Other people may have a profile here; offer the way to them.

    Raises:
        UnavailableError: SYSTEM_LIBRARY_MISSING.
    """
    handler = crashes or CrashHandler(NoLog())
    with qt_messages_to(handler.log):
        app = make_application()
        shell = build(app, entrance, clock, theme=theme, opened=opened)
        shell.demo_wanted.connect(lambda: app.exit(DEMO_EXIT))
        shell.given_up.connect(lambda: app.exit(CRASH_EXIT))
        if shared:
            shell.offer_others(lambda: app.exit(OTHER_EXIT))
        with _curtained(shell, handler):
            shell.window.closed.connect(app.quit)
            shell.window.show()
            shell.begin()
            _hear_desktop(shell)
            if on_ready is not None:
                on_ready(shell)
            try:
                with ended_by_signals(app):
                    return app.exec() if shell.window.isVisible() else 0
            finally:
                shell.window.hide()
                shell.end()
                if shared:
                    _drop(shell)


def ask_who(people: People, opened: Window | None = None) -> tuple[Path, Window] | None:
    """Ask which profile to open; None where the window was closed.

    Raises:
        UnavailableError: SYSTEM_LIBRARY_MISSING.
    """
    app = make_application()
    window = opened or fresh_window()
    folder = choose(app, people, window)
    return None if folder is None else (folder, window)


def tell(code: Code) -> None:
    """Say in a window of its own why the program does not start; return once read."""
    app = make_application()
    set_theme(app, system_theme())
    notice = Notice(code)
    notice.show()
    app.exec()
    notice.deleteLater()


def _hear_desktop(shell: Shell) -> None:
    """Lock with the desktop; the bus is loaded once the window is there to be used."""
    desktop = Desktop(shell)
    desktop.locked.connect(shell.lock)
    later = QTimer(desktop)
    later.setSingleShot(True)
    later.timeout.connect(desktop.watch)
    later.start(DESKTOP_MS)


def _drop(shell: Shell) -> None:
    """Delete a window that another may follow."""
    shell.window.deleteLater()
    shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextlib.contextmanager
def _curtained(shell: Shell, crashes: CrashHandler) -> Iterator[None]:
    """Have each fault, in whatever thread, curtain the window on Qt's own."""
    curtain = shell.tasks.relay(lambda _: shell.crashed())
    crashes.on_crash(lambda: curtain(None))
    try:
        yield
    finally:
        crashes.on_crash(None)
