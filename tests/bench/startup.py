"""The installed program's first window, against an empty PySide6 window.

Both start as processes of their own on an X server of their own; the clock runs from
the start of the process to the moment when the server maps its window. Not run, with
no row, where nothing is built (`poe deb`) or there is no X server.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from tests.bench.rows import Row, at_most, in_turns

ROUNDS: Final = 7
GOAL: Final = 1.5  # design.md 9
WAIT_S: Final = 60.0
INSTALLED: Final = Path("build/linux/trees/reviewer/reviewer").absolute()
_SUBSTRUCTURE_NOTIFY: Final = 1 << 19
_MAP_NOTIFY: Final = 19
_EVENT_BYTES: Final = 192
_EMPTY: Final = """\
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.resize(960, 720)
window.show()
application.exec()
"""


def rows(folder: Path) -> tuple[Row, ...]:
    """Return the one row, or none where it cannot be measured."""
    if shutil.which("Xvfb") is None or not INSTALLED.is_file():
        sys.stderr.write("first window, installed: not run (poe deb, Xvfb)\n")
        return ()
    profile = folder / "profile"
    ours = (str(INSTALLED), "--profile", str(profile))
    empty = (sys.executable, "-I", "-c", _EMPTY)
    with _server() as display, _Ear(display) as ear:
        for warm in (ours, empty):
            ear.first_window(warm, display)
        pairs = in_turns(
            lambda: ear.first_window(ours, display),
            lambda: ear.first_window(empty, display),
            rounds=ROUNDS,
        )
    return (at_most("first window, installed program", pairs, goal=GOAL),)


class _Ear:
    """Hears from an X server when a window is shown."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        mask = ctypes.c_long(_SUBSTRUCTURE_NOTIFY)
        self._x.XSelectInput(self._display, root, mask)
        self._x.XFlush(self._display)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._x.XCloseDisplay(self._display)

    def first_window(self, command: Sequence[str], display: str) -> float:
        """Start a program, return the seconds until its window is mapped, end it."""
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        start = time.perf_counter()
        with subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                self._hear_map()
                return time.perf_counter() - start
            finally:
                process.terminate()
                process.wait()
                self._forget()

    def _hear_map(self) -> None:
        event = ctypes.create_string_buffer(_EVENT_BYTES)
        number = self._x.XConnectionNumber(self._display)
        while True:
            while self._x.XPending(self._display):
                self._x.XNextEvent(self._display, event)
                if int.from_bytes(event.raw[:4], sys.byteorder) == _MAP_NOTIFY:
                    return
            if not select.select([number], [], [], WAIT_S)[0]:
                raise TimeoutError("no window was shown")

    def _forget(self) -> None:
        event = ctypes.create_string_buffer(_EVENT_BYTES)
        self._x.XSync(self._display, 0)
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, event)


@contextmanager
def _server() -> Iterator[str]:
    """Run an X server on a number that it chooses; yield its name."""
    ours, theirs = os.pipe()
    with subprocess.Popen(
        (
            shutil.which("Xvfb") or "Xvfb",
            "-displayfd",
            str(theirs),
            "-screen",
            "0",
            "1280x800x24",
        ),
        pass_fds=(theirs,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(theirs)
        try:
            with os.fdopen(ours) as answer:
                yield f":{answer.readline().strip()}"
        finally:
            server.terminate()
