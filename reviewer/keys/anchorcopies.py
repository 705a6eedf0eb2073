"""Copies of the anchor as secrets of the system keyring.

A keyring may ask the person something, or hang. Writing a copy must not hold up a
lock or a receipt: it runs beside, and whoever waits gives up after a moment. What
arrives later is found at the next unlock.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Final, Protocol

from reviewer.errors import UnavailableError

PATIENCE_S: Final = 2.0
MAX_COPY_BYTES: Final = 900  # 2 560 bytes of UTF-16 in Windows, as base64


class Secrets(Protocol):
    """What the copies need of a keyring."""

    def find(self, name: str) -> bytes | None:
        """Return a secret, or None; raise KEYRING_MISSING or KEYRING_LOCKED."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret under a fresh name; raise as `find` does."""

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none."""


class KeyringCopies:
    """The `AnchorCopies` of the system keyring."""

    def __init__(self, secrets: Secrets, *, patience_s: float = PATIENCE_S) -> None:
        """Ask nothing yet; only tests pass another patience."""
        self._secrets = secrets
        self._patience_s = patience_s

    def read(self, vault_id: str, number: int, /) -> bytes | None:
        """Return the copy of that number, if there is one and it can be read."""
        try:
            return self._secrets.find(_name(vault_id, number))
        except UnavailableError:
            return None

    def write(self, vault_id: str, number: int, data: bytes, /) -> bool:
        """Keep a copy; False where it is not sure, or would take more than a moment."""
        if len(data) > MAX_COPY_BYTES:
            raise AssertionError("a copy fits into every keyring")
        done = threading.Event()

        name = _name(vault_id, number)

        def put() -> None:
            with contextlib.suppress(UnavailableError):
                if self._secrets.find(name) is None:
                    self._secrets.put(name, data)
                    done.set()

        writer = threading.Thread(target=put, name="keyring", daemon=True)
        writer.start()
        writer.join(self._patience_s)
        return done.is_set()

    def drop(self, vault_id: str, number: int, /) -> None:
        """Forget a copy; nothing happens where there is none."""
        with contextlib.suppress(UnavailableError):
            self._secrets.delete(_name(vault_id, number))


def _name(vault_id: str, number: int) -> str:
    return f"{vault_id}.anchor.{number}"
