"""A window over real services and fake adapters, driven by key events and states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.item import Context, Kind
from reviewer.ui import application
from reviewer.ui.probe import Seen, look
from reviewer.ui.shell import Shell
from reviewer.ui.tokens import Theme
from tests.fakes.coordinator import URL, DrawnItem
from tests.fakes.decoder import fake_clip, fake_still, fake_text
from tests.fakes.desk import PASSPHRASE, Desk, make_desk

PATIENCE_MS: Final = 10_000
LONG_TEXT: Final = "Plain words of a drawn text. " * 700

ITEMS: Final = (
    DrawnItem(data=fake_still(1600, 1200), severity=2),
    DrawnItem(data=fake_still(900, 1400), severity=4),
    DrawnItem(data=fake_still(800, 800), severity=None),
    DrawnItem(
        data=fake_text("Readable at once."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=1,
    ),
    DrawnItem(
        data=fake_text(LONG_TEXT),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=3,
        context=Context(source="a board", caption="secret caption words"),
    ),
    DrawnItem(
        data=fake_clip(1280, 720, 24_000),
        kind=Kind.CLIP,
        declared_type="video/mp4",
        severity=3,
    ),
    DrawnItem(data=b"broken", severity=1),
    DrawnItem(
        data=b"?", kind=Kind.UNSUPPORTED, declared_type="application/x", severity=None
    ),
)
"""One of each: mild, severe, unrated, texts, a clip, a broken one, unsupported."""


def stills(
    *severities: int | None, tags: tuple[str, ...] = ()
) -> tuple[DrawnItem, ...]:
    """Return pictures of these severities, none like another."""
    return tuple(
        DrawnItem(
            data=fake_still(1_200, 900 + at, like=f"{at}{tags}"),
            severity=severity,
            tags=tags,
        )
        for at, severity in enumerate(severities)
    )


@dataclass(slots=True)
class Harness:
    """The window, what is behind it, and how to use it."""

    app: QApplication
    bot: QtBot
    desk: Desk
    shell: Shell

    def see(self) -> Seen:
        """Return the state of the window."""
        return look(self.shell)

    def wait(self, happened: Callable[[Seen], bool]) -> Seen:
        """Wait for a state of the window."""
        self.bot.waitUntil(lambda: happened(self.see()), timeout=PATIENCE_MS)
        return self.see()

    def settle(self) -> Seen:
        """Wait until nothing is under way."""
        return self.wait(lambda seen: not seen.busy)

    def at(self, screen: str) -> Seen:
        """Wait for a screen, settled."""
        return self.wait(lambda seen: seen.screen == screen and not seen.busy)

    def tap(
        self, *keys: Qt.Key, control: bool = False, to: QWidget | None = None
    ) -> None:
        """Press and release keys, one after the other."""
        for key in keys:
            self.down(key, control=control, to=to)
            self.up(key, control=control, to=to)

    def down(
        self,
        key: Qt.Key,
        *,
        control: bool = False,
        repeat: bool = False,
        to: QWidget | None = None,
    ) -> None:
        """Press a key."""
        self._send(QEvent.Type.KeyPress, key, control=control, repeat=repeat, to=to)

    def up(
        self, key: Qt.Key, *, control: bool = False, to: QWidget | None = None
    ) -> None:
        """Let a key go."""
        self._send(QEvent.Type.KeyRelease, key, control=control, repeat=False, to=to)

    def write(self, text: str) -> None:
        """Type into whatever has the focus."""
        for char in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char)
                self.app.sendEvent(self._focus(None), event)

    def mouse(self, widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
        """Press, move or release the left button."""
        button = Qt.MouseButton.LeftButton
        where = QPointF(widget.mapToGlobal(at.toPoint()))
        none = Qt.KeyboardModifier.NoModifier
        self.app.sendEvent(widget, QMouseEvent(kind, at, where, button, button, none))

    def find(self, name: str) -> QWidget:
        """Return the control of that name, the visible one if there are two."""
        found = self.shell.window.findChildren(QWidget, name)
        assert found, name
        return next((one for one in found if one.isVisible()), found[0])

    def press(self, name: str) -> None:
        """Give a button the focus and press Space on it."""
        self.find(name).setFocus()
        self.tap(Qt.Key.Key_Space)

    def later(self, by_ms: int) -> None:
        """Let time pass, and let the reveal notice it."""
        self.desk.later(by_ms)
        desk = self.shell.desk
        if desk is not None:
            from reviewer.safeguards.reveal import Event  # noqa: PLC0415

            desk.event_happened(Event.TICK)

    # The way to the review screen -------------------------------------------------

    def enrol(self) -> None:
        """Go from the first screen to home, by keys."""
        self.shell.begin()
        self.at("firstRunScreen")
        self.press("wayOnline")
        self.wait(lambda seen: seen.page == "enrol")
        self.write(URL)
        self.find("enrolCode").setFocus()
        self.write(self.desk.coordinator.invite())
        self.press("enrolGo")
        self.at("homeScreen")

    def review(self, drawn: Sequence[DrawnItem] = ITEMS, *, days: int = 14) -> Seen:
        """Enrol, fetch one batch, and open it."""
        self.enrol()
        device = next(iter(self.desk.coordinator._devices))
        self.desk.coordinator.deal(device, drawn, name="Heron 12", days=days)
        self.press("fetch")
        self.at("homeScreen")
        self.bot.waitUntil(lambda: self._card() is not None, timeout=PATIENCE_MS)
        self.open_batch()
        return self.wait(lambda seen: seen.painted and not seen.busy)

    def open_batch(self) -> None:
        """Open the first batch from home."""
        card = self._card()
        assert card is not None
        card.setFocus()
        self.tap(Qt.Key.Key_Return)
        self.wait(lambda seen: seen.screen == "reviewScreen")

    def go_to(self, index: int) -> Seen:
        """Go to an item by page down and page up."""
        while self.see().index < index:
            self.tap(Qt.Key.Key_PageDown)
        while self.see().index > index:
            self.tap(Qt.Key.Key_PageUp)
        return self.wait(lambda seen: seen.painted and not seen.busy)

    def grab(self, path: Path) -> None:
        """Save what the window shows now."""
        self.app.processEvents()
        assert self.shell.window.grab().toImage().save(str(path))

    def _card(self) -> QWidget | None:
        cards = self.shell.home.findChildren(QWidget)
        found = [one for one in cards if one.objectName().startswith("batch-")]
        return found[0] if found else None

    def _focus(self, to: QWidget | None) -> QWidget:
        return to or QApplication.focusWidget() or self.shell.window

    def _send(
        self,
        kind: QEvent.Type,
        key: Qt.Key,
        *,
        control: bool,
        repeat: bool,
        to: QWidget | None,
    ) -> None:
        held = Qt.KeyboardModifier
        modifiers = held.ControlModifier if control else held.NoModifier
        text = chr(key).lower() if key < 0x80 and not control else ""
        event = QKeyEvent(kind, key, modifiers, text, repeat)
        self.app.sendEvent(self._focus(to), event)


def make_harness(
    bot: QtBot, folder: Path, *, theme: Theme = Theme.LIGHT, desk: Desk | None = None
) -> Harness:
    """Build a window over a fresh desk and show it."""
    app = application.make_application()
    made = desk or make_desk(folder)
    shell = application.build(app, made.door(), made.clock, theme=theme)
    shell.window.show()
    shell.window.activateWindow()
    bot.waitUntil(shell.window.isActiveWindow, timeout=PATIENCE_MS)
    return Harness(app=app, bot=bot, desk=made, shell=shell)


__all__ = ["ITEMS", "PASSPHRASE", "Harness", "make_harness", "stills"]
