"""A program that fails in a named way, with content in the message and in locals.

It runs under the handler of a release. The content is made from two halves, so that
it stands in no source file. The last line of standard output says what the window
showed afterwards.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QTimer, qWarning
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from reviewer import __main__, compose, starting
from reviewer.errors import ReviewerError
from reviewer.events.crashes import CrashHandler
from reviewer.events.files import LogFiles
from reviewer.ui import application
from reviewer.ui.facade import Work
from reviewer.ui.probe import look
from reviewer.ui.shell import Shell
from tests.fakes.coordinator import URL
from tests.fakes.desk import PASSPHRASE, make_desk

MARKER = f"heron-{0x71F0:x}-marker"
LOOKS_MS = 20


def boom() -> NoReturn:
    """Fail with content in the message, the arguments and a local."""
    caption = f"a caption with {MARKER}"
    raise ValueError(caption, {"path": f"/media/{MARKER}.png"})


class Painter(QWidget):
    """A widget whose override fails."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt calls it so)
        boom()


class Dying:
    """Fails where nobody can catch it."""

    def __del__(self) -> None:
        """Fail while the object is thrown away."""
        boom()


def in_slot(_: Shell) -> None:
    QTimer.singleShot(0, boom)


def in_paint(shell: Shell) -> None:
    painter = Painter(shell.home)
    painter.resize(40, 40)
    painter.show()


def in_database_task(shell: Shell) -> None:
    shell.tasks.submit(boom, on_success=_nothing, on_failure=_nothing)


def in_thread(_: Shell) -> None:
    thread = threading.Thread(target=boom, name=MARKER)
    thread.start()
    thread.join()


def in_del(_: Shell) -> None:
    Dying()
    gc.collect()


def in_curtain(shell: Shell) -> None:
    """Fail once, and once more while everything is put away."""
    leave = shell.sitting.leave_review

    def once() -> None:
        shell.sitting.leave_review = leave  # type: ignore[method-assign]
        boom()

    shell.sitting.leave_review = once  # type: ignore[method-assign]
    QTimer.singleShot(0, boom)


def again_and_again(shell: Shell) -> None:
    """Fail until the window gives up."""
    timer = QTimer(shell)
    timer.timeout.connect(boom)
    timer.start(0)


def libraries_and_qt(_: Shell) -> None:
    """Not a fault: what libraries and Qt would say."""
    logging.getLogger("PIL.Image").error("opening %s", MARKER)
    logging.getLogger("uvicorn.access").critical(MARKER)
    warnings.warn(MARKER, stacklevel=1)
    qWarning(MARKER)
    qWarning(MARKER)


WAYS: dict[str, Callable[[Shell], None]] = {
    way.__name__: way
    for way in (
        in_slot,
        in_paint,
        in_database_task,
        in_thread,
        in_del,
        in_curtain,
        again_and_again,
        libraries_and_qt,
    )
}


def in_window(way: str, profile: Path) -> int:
    """Fail in an open window of an enrolled profile; return its exit code."""
    desk = make_desk(profile / "desk")
    crashes = CrashHandler(LogFiles(profile, now=desk.clock.unix_ms))
    door = compose.watched(desk.door(), crashes)
    code = desk.coordinator.invite()

    def enrolled(shell: Shell) -> None:
        def fail(work: Work) -> None:
            shell.sitting.entered(work)
            WAYS[way](shell)

        shell.tasks.submit(
            lambda: door.enrol_online(URL, code, PASSPHRASE),
            on_success=fail,
            on_failure=_failed,
        )
        _report_when(shell, way)

    return starting._guarded(
        lambda: application.run(
            door, clock=desk.clock, crashes=crashes, on_ready=enrolled
        ),
        crashes,
        as_json=False,
    )


def _report_when(shell: Shell, way: str) -> None:
    """Say what is shown once the fault was dealt with, then close the window."""
    timer = QTimer(shell)

    def report() -> None:
        seen = look(shell)
        calm = way == "libraries_and_qt" and seen.screen == "homeScreen"
        curtained = seen.screen == "curtainScreen" and shell.curtain.error.isVisible()
        if (curtained or calm) and not seen.busy:
            timer.stop()
            words = shell.curtain.error.accessibleName()
            sys.stdout.write(json.dumps({"screen": seen.screen, "words": words}))
            sys.stdout.write("\n")
            QApplication.exit(0)

    timer.timeout.connect(report)
    if way != "again_and_again":
        timer.start(LOOKS_MS)


def in_main(profile: Path, *, development: bool) -> int:
    """Fail in a command, below the entry point of the release."""
    profile.mkdir(parents=True)
    setattr(compose, "entering", lambda _profile: boom())  # noqa: B010 (no type fits)
    return __main__.main(["--profile", str(profile), "list"], development=development)


def _nothing(_: object) -> None:
    """Do nothing."""


def _failed(error: ReviewerError) -> None:
    sys.stdout.write(f"{error.code}\n")
    QApplication.exit(9)


if __name__ == "__main__":
    chosen, where = sys.argv[1], Path(sys.argv[2])
    if chosen in {"in_main", "in_development"}:
        sys.exit(in_main(where, development=chosen == "in_development"))
    sys.exit(in_window(chosen, where))
