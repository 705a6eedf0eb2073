"""The palette around the work: what the present screen can do, by name.

It offers what a pointer could press there, and nothing else; so it needs no list of
its own, and a screen that is added has it too. On the review screen it is
`desk.palette` that opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from reviewer.ui import bindings
from reviewer.ui.actions import Act
from reviewer.ui.day.screens import Screens
from reviewer.ui.keys import Stroke
from reviewer.ui.widgets.batch_card_view import BatchCardView
from reviewer.ui.widgets.palette import Entry, Palette
from reviewer.ui.words import finding as words
from reviewer.ui.words.acts import name_of


class Naming(QObject):
    """One for a window; holds a palette only while it is open."""

    def __init__(
        self, screens: Screens, press: Callable[[Stroke], bool], parent: QObject
    ) -> None:
        """Hand what belongs to the whole window to `press`."""
        super().__init__(parent)
        self._screens = screens
        self._press = press
        self._palette: Palette | None = None
        self._before: QWidget | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it lies over a screen that is shown."""
        return self._palette is not None and self._palette.isVisible()

    def open(self, *, is_unlocked: bool) -> None:
        """Lie over the present screen."""
        self.close()
        screen = self._screens.window.current()
        if screen is None:
            return
        self._before = QApplication.focusWidget()
        palette = self._palette = Palette(screen)
        palette.chosen.connect(self._chosen)
        palette.closed.connect(self.close)
        palette.open_with(tuple(_entries(screen, is_unlocked=is_unlocked)))

    def close(self) -> None:
        """Go away; the focus goes back to where it was."""
        palette, self._palette = self._palette, None
        before, self._before = self._before, None
        if palette is None:
            return
        had_focus = palette.line.hasFocus()
        palette.blockSignals(True)
        if had_focus and before is not None and before.isVisible():
            before.setFocus()
        palette.hide()
        palette.deleteLater()

    def _chosen(self, act: Stroke | Callable[[], None]) -> None:
        """Close first: what is chosen may show another screen."""
        self.close()
        if isinstance(act, Stroke):
            self._press(act)
        else:
            act()


def _entries(screen: QWidget, *, is_unlocked: bool) -> Iterator[Entry]:
    """Yield what can be pressed on a screen, then what works everywhere."""
    for card in screen.findChildren(BatchCardView):
        if card.isVisible():
            name = words.open_batch(card.accessibleName())
            yield Entry(name=name, keys=(), stroke=card.opened.emit)
    for button in screen.findChildren(QAbstractButton):
        name = button.accessibleName() or button.text()
        if name and button.isVisible() and button.isEnabled():
            yield Entry(name=name, keys=(), stroke=button.click)
    held = bindings.current()
    for act in (Act.LOCK, Act.KEY_SHEET) if is_unlocked else (Act.KEY_SHEET,):
        keys = held.labels(act)[:1]
        yield Entry(name=name_of(act), keys=keys, stroke=Stroke(act=act))
