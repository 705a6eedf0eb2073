"""What the tour keeps of the screen: it would see a clear frame, were there one."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reviewer.demo.drive.frames import Frames, is_clear, taken
from reviewer.media.meter import STRIPE_DARK, STRIPE_LIGHT, STRIPE_PX

SIDE_PX = 240


class Striped(QWidget):
    """Paints the planted pattern while it is clear, else an even tone."""

    is_clear = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one or the other."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _grey(STRIPE_LIGHT))
        for x in range(0, self.width() if self.is_clear else 0, 2 * STRIPE_PX):
            painter.fillRect(x, 0, STRIPE_PX, self.height(), _grey(STRIPE_DARK))
        painter.end()

    def turn(self, *, clear: bool) -> None:
        """Paint it so at once."""
        self.is_clear = clear
        self.repaint()


def _grey(tone: int) -> QColor:
    return QColor(tone, tone, tone)


def shown(qtbot: QtBot) -> Striped:
    """Return a window that shows nothing clear."""
    window = Striped()
    window.resize(SIDE_PX, SIDE_PX)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_clear_is_told_from_even(qtbot: QtBot) -> None:
    """What is on the screen is looked at, and only the area that was asked for."""
    window = shown(qtbot)
    assert not is_clear(taken(window, window.rect()))
    window.turn(clear=True)
    frame = taken(window, window.rect().adjusted(0, 0, -40, 0))
    assert frame.width() == SIDE_PX - 40
    assert is_clear(frame)


def test_a_single_clear_frame_is_caught(qtbot: QtBot) -> None:
    """Painted and painted over at once, with no event between the two."""
    window = shown(qtbot)
    frames = Frames(window, window.rect())

    def flash() -> None:
        window.turn(clear=True)
        window.turn(clear=False)

    frames.watch(flash)
    assert frames.clear_count == 1


def test_what_was_painted_before_is_not_meant(qtbot: QtBot) -> None:
    """From the loss of the focus on: the frame that was clear before it is left out."""
    window = shown(qtbot)
    frames = Frames(window, window.rect(), once_away=True)

    def leave() -> None:
        window.turn(clear=True)
        window.turn(clear=False)
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
        window.turn(clear=False)

    frames.watch(leave)
    assert frames.kept
    assert not frames.clear_count


def test_a_clear_frame_after_the_focus_was_lost_is_caught(qtbot: QtBot) -> None:
    """The control of the one above."""
    window = shown(qtbot)
    frames = Frames(window, window.rect(), once_away=True)

    def leave() -> None:
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
        window.turn(clear=True)

    frames.watch(leave)
    assert frames.clear_count == 1
