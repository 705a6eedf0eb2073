"""Watch what is on the screen: every frame from one event on, looked at afterwards.

A frame is taken once all of it is painted: before the next event that is no paint,
before a widget is painted again, and at the end. The media are drawn by code and
carry the planted fine pattern (`media.meter`), which only clear pixels show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.media.meter import shows_fine_pattern

_OFFSCREEN: Final = "offscreen"
_AWAY: Final = frozenset({QEvent.Type.ActivationChange, QEvent.Type.WindowDeactivate})


def taken(window: QWidget, area: QRect) -> QImage:
    """Return what is on the screen now, in an area of a window.

    Offscreen it is what was flushed there. Elsewhere the system may refuse that, so
    it is what the window would paint now.
    """
    if _is_offscreen():
        frame = QGuiApplication.primaryScreen().grabWindow(window.winId())
        if not frame.isNull():
            return frame.copy(area).toImage()
    return window.grab(area).toImage()


def is_clear(frame: QImage) -> bool:
    """Return whether a frame shows fine detail of a drawn picture."""
    plain = frame.convertToFormat(QImage.Format.Format_RGB888)
    width, line = plain.width(), plain.bytesPerLine()
    data = bytes(plain.constBits())
    rows = (data[y * line : y * line + 3 * width] for y in range(plain.height()))
    return shows_fine_pattern(b"".join(rows), width_px=width)


def _is_offscreen() -> bool:
    return QGuiApplication.platformName() == _OFFSCREEN


class Frames(QObject):
    """Keeps the different frames of a window while it is watched."""

    def __init__(
        self, window: QWidget, area: QRect, *, once_away: bool = False
    ) -> None:
        """Begin now, or when the window stops being the active one.

        Args:
            window: The window.
            area: Where media stand in it: words elsewhere have fine strokes too.
            once_away: Leave out what was painted before it lost the focus.
        """
        super().__init__()
        self._window = window
        self._area = area
        self._is_begun = not once_away
        self._painted: set[QObject] = set()
        """Since the last frame; painted twice, a widget stands in the next one."""
        self._is_taking = False
        self.kept: list[QImage] = []

    def watch(self, act: Callable[[], object]) -> None:
        """Keep every frame until `act` is done, the one after it included."""
        app = QApplication.instance()
        if app is None:
            return
        app.installEventFilter(self)
        try:
            act()
            self._take()
        finally:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take a frame once a paint is over; never stop an event."""
        if self._is_taking:
            return False
        kind = event.type()
        if not self._is_begun and watched is self._window and kind in _AWAY:
            self._is_begun = True
        is_paint = kind is QEvent.Type.Paint
        is_over = not is_paint or (_is_offscreen() and watched in self._painted)
        if self._painted and is_over:
            self._painted.clear()
            self._take()
        if is_paint and self._is_begun:
            self._painted.add(watched)
        return False

    @property
    def clear_count(self) -> int:
        """Return in how many of them anything was clear."""
        return sum(is_clear(frame) for frame in self.kept)

    def _take(self) -> None:
        self._is_taking = True
        try:
            frame = taken(self._window, self._area)
            if not self.kept or frame != self.kept[-1]:
                self.kept.append(frame)
        finally:
            self._is_taking = False
