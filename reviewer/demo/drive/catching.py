"""The second moment: try to catch a clear frame after the window was told to hide it.

A whole picture is held clear; then another window takes the focus, Esc comes while
the decoders are saturated, or the profile is locked. Every frame from that event on
is kept and looked at for fine detail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from reviewer.demo.drive.frames import Frames, is_clear, taken
from reviewer.demo.hands import Hands
from reviewer.demo.tour import Check, Moment
from reviewer.errors import ReviewerError
from reviewer.ui.probe import Seen
from reviewer.ui.shell import Shell

NAME: Final = "Try to catch it"
LOAD_THREADS: Final = 4
_CONCEALED_PX: Final = 12
_Key = Qt.Key


class Catching:
    """Holds a picture clear and takes it away, three times."""

    def __init__(self, shell: Shell, hands: Hands, screens: Path) -> None:
        """Save the frames on both sides of each event into a folder."""
        self._shell = shell
        self._hands = hands
        self._screens = screens
        self._frames = 0
        self._clear = 0
        if shell.review is None:
            raise AssertionError("a batch is open")
        stage = shell.review.stage
        corner = stage.mapTo(shell.window, stage.rect().topLeft())
        self._area = QRect(corner, stage.size())

    def go(self) -> Moment:
        """Try all three; the profile is locked afterwards.

        Raises:
            StuckError: the window did not do what it should.
        """
        self._to_last()
        checks = (self._lose_focus(), self._escape(), self._lock())
        counts = {"frames": self._frames, "clear_frames": self._clear}
        return Moment(name=NAME, checks=checks, counts=counts)

    def _to_last(self) -> None:
        """Go to an item that has no copies: the last one."""
        count = self._hands.see().items_count
        self._hands.tap(*[_Key.Key_PageDown] * count)
        self._hands.wait("the picture", lambda seen: seen.painted and not seen.busy)

    # Three ways to take it away ---------------------------------------------------

    def _lose_focus(self) -> Check:
        window = self._shell.window
        other = QWidget()
        is_held = self._hold()
        frames = Frames(window, self._area, once_away=True)

        def leave() -> None:
            other.show()
            other.activateWindow()
            self._hands.wait("the other window", lambda _: not window.isActiveWindow())
            self._calm()

        frames.watch(leave)
        self._hands.save(self._screens / "2-catch-focus-lost.png")
        seen = self._hands.see()
        other.hide()
        other.deleteLater()
        self._hands.begin()
        self._hands.up(_Key.Key_F)
        return self._judge(
            "Another window took the focus while the whole picture was held",
            frames,
            holds=is_held and seen.stage in {"covered", "concealed"},
        )

    def _escape(self) -> Check:
        is_held = self._hold()
        frames = Frames(self._shell.window, self._area)

        def escape() -> None:
            self._hands.tap(_Key.Key_Escape)
            self._calm()

        with self._saturated():
            frames.watch(escape)
        self._hands.save(self._screens / "2-catch-esc.png")
        seen = self._hands.see()
        self._hands.up(_Key.Key_F)
        return self._judge(
            "Esc was pressed while every decoder was busy",
            frames,
            holds=is_held and seen.stage == "covered",
        )

    def _lock(self) -> Check:
        is_held = self._hold()
        frames = Frames(self._shell.window, self._area)

        def lock() -> None:
            self._hands.tap(_Key.Key_L, control=True)
            self._calm()

        frames.watch(lock)
        self._hands.save(self._screens / "2-catch-locked.png")
        seen = self._hands.at("unlockScreen")
        self._hands.up(_Key.Key_F)
        return self._judge(
            "The profile was locked while the whole picture was held",
            frames,
            holds=is_held and not seen.holds_clear,
        )

    # ------------------------------------------------------------------------------

    def _hold(self) -> bool:
        """Hold the whole frame clear; return whether the eye of the tour sees it."""
        hands = self._hands
        hands.wait("the picture", lambda seen: seen.painted and not seen.busy)
        if hands.see().stage == "covered":
            hands.tap(_Key.Key_Space)
        hands.down(_Key.Key_F)
        hands.wait("a look", lambda seen: seen.holds_clear and not seen.busy)
        hands.save(self._screens / "2-catch-held.png")
        return is_clear(taken(self._shell.window, self._area))

    def _calm(self) -> None:
        def is_calm(seen: Seen) -> bool:
            return not seen.holds_clear and not seen.busy

        self._hands.wait("nothing clear", is_calm)

    def _judge(self, happened: str, frames: Frames, *, holds: bool) -> Check:
        count, clear = len(frames.kept), frames.clear_count
        self._frames += count
        self._clear += clear
        found = f"no clear pixel of it in any frame from then on ({count} different)"
        if clear:
            found = f"clear pixels in {clear} of {count} frames from then on"
        return Check(said=f"{happened}: {found}.", holds=holds and not clear)

    @contextmanager
    def _saturated(self) -> Iterator[None]:
        """Keep every decoder busy with concealed pictures of other items."""
        desk = self._shell.desk
        if desk is None:
            raise AssertionError("a batch is open")
        views, shown = desk.viewing, desk.place.row.item.id
        rows = [row for row in desk.place.rows if row.item.id != shown]
        stop, begun = threading.Event(), threading.Barrier(LOAD_THREADS + 1)

        def work(first: int) -> None:
            begun.wait()
            at = first
            while not stop.is_set():
                row, at = rows[at % len(rows)], at + LOAD_THREADS
                try:
                    views.concealed(row, strength_px=_CONCEALED_PX, grey=True)
                except ReviewerError:
                    continue  # covered: its child was ended, as it should be

        with _running(work):
            begun.wait()
            try:
                yield
            finally:
                stop.set()


@contextmanager
def _running(work: Callable[[int], None]) -> Iterator[None]:
    threads = [
        threading.Thread(target=work, args=(first,)) for first in range(LOAD_THREADS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
