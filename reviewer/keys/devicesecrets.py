"""Where the second half of a slot lives: what is asked of it, not who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringReport:
    """What `doctor` says about the keyring."""

    backend: str
    """Class of the backend, or `none`."""
    accepted: bool
    """It is one of the three, and it answers."""
    permitted: bool
    """The profile may be as it is: an accepted keyring, or a mode without one."""


class DeviceSecrets(Protocol):
    """Where the second half of a slot lives."""

    def available(self) -> bool:
        """Return whether secrets can be kept here now."""

    def get(self, name: str) -> bytes:
        """Return a secret; raise KEYRING_MISSING or KEYRING_LOCKED."""

    def find(self, name: str) -> bytes | None:
        """Return what is kept under a name, if anything; raise as `get` does."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret under a fresh name; raise as `get` does."""

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none."""
