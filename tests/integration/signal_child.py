"""A window in a process of its own, to be sent a signal; says when it is ready."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from reviewer.ui import application
from reviewer.ui.facade import Work
from reviewer.ui.shell import Shell
from reviewer.ui.tokens import Theme
from tests.fakes.coordinator import URL
from tests.fakes.desk import PASSPHRASE, make_desk


def main() -> int:
    """Show an unlocked profile until a signal comes; say whether it was locked."""
    desk = make_desk(Path(sys.argv[1]))
    door = desk.door()
    code = desk.coordinator.invite()

    def ready(shell: Shell) -> None:
        shell.tasks.submit(
            lambda: door.enrol_online(URL, code, PASSPHRASE),
            on_success=lambda work: _opened(shell, work),
            on_failure=_failed,
        )

    done = application.run(door, clock=desk.clock, theme=Theme.LIGHT, on_ready=ready)
    state = "held" if desk.claim.is_held() else "locked"
    sys.stdout.write(f"{state}, ended {done}\n")
    return done


def _opened(shell: Shell, work: Work) -> None:
    shell.sitting.entered(work)
    QTimer.singleShot(0, _say_ready)


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _failed(error: Exception) -> None:
    raise error


if __name__ == "__main__":
    sys.exit(main())
