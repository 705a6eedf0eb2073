"""The desktop locks its session, or the machine is about to sleep: lock fully.

On Linux both are told on D-Bus. Where there is no bus, idleness and the clock that
ran on alone are what is left (`rest`). Whoever else can send such a signal to this
person's bus can lock the window, and nothing more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One signal of a bus."""

    on_system: bool
    interface: str
    name: str
    slot: str


_TOLD: Final = (
    _Told(
        on_system=False,
        interface="org.freedesktop.ScreenSaver",
        name="ActiveChanged",
        slot="_changed(bool)",
    ),
    _Told(
        on_system=False,
        interface="org.gnome.ScreenSaver",
        name="ActiveChanged",
        slot="_changed(bool)",
    ),
    _Told(
        on_system=True,
        interface="org.freedesktop.login1.Manager",
        name="PrepareForSleep",
        slot="_changed(bool)",
    ),
    _Told(
        on_system=True,
        interface="org.freedesktop.login1.Session",
        name="Lock",
        slot="_locked()",
    ),
)


class Desktop(QObject):
    """Listens, once it was asked to; the bus is loaded only then."""

    locked = Signal()

    def watch(self) -> int:
        """Begin to listen; return how many of the signals can be heard."""
        if sys.platform != "linux":
            return 0
        try:
            from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 (slow)
        except ImportError:
            return 0
        buses = {True: QDBusConnection.systemBus(), False: QDBusConnection.sessionBus()}
        heard = 0
        for one in _TOLD:
            bus = buses[one.on_system]
            # The stub asks for bytes, and bytes are refused when it runs.
            heard += bus.isConnected() and bus.connect(
                "",
                "",
                one.interface,
                one.name,
                self,
                SLOT(one.slot),  # type: ignore[call-overload]
            )
        return heard

    @Slot(bool)
    def _changed(self, is_on: bool) -> None:  # noqa: FBT001 (a signal of the bus)
        if is_on:
            self.locked.emit()

    @Slot()
    def _locked(self) -> None:
        self.locked.emit()
