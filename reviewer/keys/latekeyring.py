"""The system keyring, loaded when it is first asked: a window is shown without it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from reviewer.domain.orgconfig import KeyringMode
from reviewer.keys.devicesecrets import KeyringReport

if TYPE_CHECKING:
    from reviewer.keys.systemkeyring import SystemKeyring  # slow: that is the point


class LateKeyring:
    """`DeviceSecrets` of this system; everything raises as `SystemKeyring` does."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lock = threading.Lock()
        self._made: SystemKeyring | None = None

    def available(self) -> bool:
        """Return whether an accepted backend answers."""
        return self._keyring().available()

    def get(self, name: str) -> bytes:
        """Return the device secret of that name."""
        return self._keyring().get(name)

    def find(self, name: str) -> bytes | None:
        """Return what is kept under a name, or None."""
        return self._keyring().find(name)

    def put(self, name: str, secret: bytes) -> None:
        """Write a secret under a name that was never used, and read it back."""
        self._keyring().put(name, secret)

    def delete(self, name: str) -> None:
        """Remove the secret of that name, if there is one."""
        self._keyring().delete(name)

    def report(self, mode: KeyringMode) -> KeyringReport:
        """Say what there is and whether a profile of that mode may use it."""
        return self._keyring().report(mode)

    def _keyring(self) -> SystemKeyring:
        with self._lock:
            if self._made is None:
                from reviewer.keys import systemkeyring  # noqa: PLC0415

                self._made = systemkeyring.system_keyring()
            return self._made
