"""Draw every screen in every state anew, in both themes and at two sizes.

`python -m tests.screens [NAME ...]` draws those whose name begins so; without a name
all are drawn and the page that lists them is written. Media are drawn by code.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.domain.rendition import SandboxLevel
from reviewer.ports import DecoderPool
from reviewer.ui import tokens
from reviewer.ui.styling import set_theme
from reviewer.ui.tokens import Theme
from tests.fakes.desk import Desk, make_desk
from tests.screens import day_states, desk_states, flag_states
from tests.screens.pictures import DrawnPool
from tests.screens.saving import save
from tests.screens.state import State
from tests.ui.conftest import close
from tests.ui.harness import PATIENCE_MS, Harness, make_harness

OUT: Final = Path("docs") / "screens"
SIZES: Final = (
    (tokens.WIDTH_NARROW_PX, tokens.WINDOW_HEIGHT_PX),
    (tokens.WIDTH_WIDE_PX, 1_080),
)
STATES: Final = tuple(
    sorted(
        (*day_states.STATES, *desk_states.STATES, *flag_states.STATES),
        key=lambda one: one.name,
    )
)


class Waiting(QtBot):
    """Waits as the tests do, without a test."""

    def __init__(self) -> None:
        """Take no request: there is none."""

    def waitUntil(  # noqa: N802 (pytest-qt names it so)
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        """Let events happen until it is so.

        Raises:
            TimeoutError: it never was.
        """
        waited = QElapsedTimer()
        waited.start()
        while not callback():
            if waited.elapsed() > timeout:
                raise TimeoutError(callback.__qualname__)
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


class DrawnDesk(Desk):
    """A desk whose pictures can be looked at."""

    def _pool(self, floor: SandboxLevel) -> DecoderPool:
        del floor
        self.pools.append(DrawnPool())
        return self.pools[-1]


def main(names: list[str]) -> int:
    """Draw the states that were named, or all; return how many failed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in STATES if not names or one.name.startswith(tuple(names))]
    failed = [one.name for one in wanted if not _drawn(one)]
    if not names and not failed:
        _forget_others()
        _write_index()
    for name in failed:
        sys.stderr.write(f"not drawn: {name}\n")
    return len(failed)


def _drawn(state: State) -> bool:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        made = make_desk(Path(folder))
        desk = DrawnDesk(
            clock=made.clock,
            coordinator=made.coordinator,
            vault=made.vault,
            stores=made.stores,
        )
        window = make_harness(Waiting(), Path(folder), desk=desk)
        try:
            state.drive(window)
            _take(window, state)
        except (AssertionError, TimeoutError) as error:
            sys.stderr.write(f"{state.name}: {error!r}\n")
            return False
        finally:
            close(window)
    sys.stderr.write(f"{state.name}: {time.monotonic() - begun:.1f} s\n")
    return True


def _take(window: Harness, state: State) -> None:
    """Keep one state in each size and theme; what is held stays held."""
    was_clear = window.see().holds_clear
    for size in SIZES:
        window.shell.window.resize(*size)
        window.app.processEvents()
        window.settle()
        if was_clear:
            window.wait(lambda seen: seen.holds_clear and not seen.busy)
        for theme in Theme:
            set_theme(window.app, theme)
            window.app.processEvents()
            save(window.shell.window.grab().toImage(), _path(state, size, theme))
        set_theme(window.app, Theme.LIGHT)


def _path(state: State, size: tuple[int, int], theme: Theme) -> Path:
    return OUT / f"{state.name}-{theme.value}-{size[0]}.png"


def _paths(state: State) -> Iterable[Path]:
    return (_path(state, size, theme) for size in SIZES for theme in Theme)


def _forget_others() -> None:
    """Delete pictures of states that are no more."""
    known = {path for state in STATES for path in _paths(state)}
    for path in OUT.glob("*.png"):
        if path not in known:
            path.unlink()


def _write_index() -> None:
    lines = [
        "# Screens",
        "",
        "Every screen in every state, drawn anew by `uv run poe screens`.",
        "The media are drawn by code; the words of the items are made up.",
        "",
        "| State | 1366 × 768 | 1920 × 1080 |",
        "|---|---|---|",
    ]
    for state in STATES:
        cells = [
            ", ".join(
                f"[{theme.value}]({_path(state, size, theme).name})" for theme in Theme
            )
            for size in SIZES
        ]
        lines.append(f"| {state.words} | {cells[0]} | {cells[1]} |")
    (OUT / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
