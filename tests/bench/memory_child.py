"""A process whose peak of memory is measured; it prints bytes, and ends."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

LOOKS_COUNT: Final = 24
"""Under what a first day allows of unrated items."""
_HWM: Final = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_bytes() -> int:
    """Return the peak of resident memory since it was set back."""
    found = _HWM.search(Path("/proc/self/status").read_text(encoding="ascii"))
    if found is None:
        raise AssertionError("no peak is kept here")
    return int(found[1]) * 1024


def tell_peak() -> None:
    """Write the peak for whoever started this process."""
    sys.stdout.write(f"{peak_bytes()}\n")
    sys.stdout.flush()


def set_back() -> None:
    """Let the peak begin anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def window(_arguments: Sequence[str]) -> None:
    """Show an empty window, as anybody would."""
    application = QApplication([])
    empty = QWidget()
    empty.resize(1280, 800)
    empty.show()
    application.processEvents()
    tell_peak()


def review(arguments: Sequence[str]) -> None:
    """Unlock, open a batch, look at every item through the lens and whole."""
    from reviewer import compose  # noqa: PLC0415 (none of it in an empty window)
    from reviewer.ui import application  # noqa: PLC0415
    from tests.bench.opening import open_batch  # noqa: PLC0415

    app = application.make_application()
    shell = application.build(
        app, compose.entering(Path(arguments[0])), compose.SystemClock()
    )
    shell.window.show()
    shell.begin()
    try:
        hands = open_batch(shell)
        hands.wait("a picture", lambda seen: seen.painted and not seen.busy)
        tell_peak()
        set_back()
        for _ in range(LOOKS_COUNT):
            for key in (Qt.Key.Key_Space, Qt.Key.Key_F):
                hands.down(key)
                hands.wait("a look", lambda seen: seen.holds_clear and not seen.busy)
                hands.up(key)
                hands.wait("concealment", lambda seen: not seen.holds_clear)
            hands.tap(Qt.Key.Key_PageDown)
            hands.wait("the next", lambda seen: seen.painted and not seen.busy)
        tell_peak()
    finally:
        shell.window.hide()
        shell.end()


def imports(arguments: Sequence[str]) -> None:
    """Import batches one after the other, each with a peak of its own."""
    from reviewer import compose  # noqa: PLC0415
    from tests.bench.opening import PASSPHRASE  # noqa: PLC0415

    profile, *batches = (Path(one) for one in arguments)
    session = compose.entering(profile).unlock(PASSPHRASE)
    try:
        for batch in batches:
            set_back()
            session.import_file(batch)
            tell_peak()
    finally:
        session.lock()


def vault(arguments: Sequence[str]) -> None:
    """Ask a vault for the list of its first batch, and for one item after another."""
    from reviewer.store.opener import SqlStoreOpener  # noqa: PLC0415
    from tests.bench.vault import asked, throw_away_keys  # noqa: PLC0415

    store = SqlStoreOpener(Path(arguments[0])).open(throw_away_keys())
    try:
        set_back()
        for seconds in asked(store):
            sys.stdout.write(f"{round(seconds * 1e9)}\n")
        tell_peak()
    finally:
        store.close()


WAYS: Final[Mapping[str, Callable[[Sequence[str]], None]]] = {
    "window": window,
    "review": review,
    "import": imports,
    "vault": vault,
}

if __name__ == "__main__":
    way, *rest = sys.argv[1:]
    WAYS[way](rest)
