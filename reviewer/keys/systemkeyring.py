"""The system keyring, by exactly three classes (security.md 5, keyring 25.7).

`keyring.get_keyring()` is never asked: a variable or a file can make it load any
class. The accepted class of this system is made here, its properties from the
environment are cleared, and anything else (null, fail, chainer, plain text) is
refused. A secret is written once under a fresh name and never overwritten: macOS
deletes before it adds.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from keyring.backend import KeyringBackend
from keyring.backends.macOS import Keyring as MacKeyring
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from keyring.backends.Windows import WinVaultKeyring
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, UnavailableError
from reviewer.keys.devicesecrets import KeyringReport

if sys.platform == "linux":
    from jeepney.wrappers import (  # type: ignore[import-untyped]
        DBusErrorResponse,
    )
    from secretstorage.exceptions import (
        LockedException,
        PromptDismissedException,
        SecretStorageException,
    )

    _LOCKED: tuple[type[Exception], ...] = (
        KeyringLocked,
        LockedException,
        PromptDismissedException,
    )
    _FAILED: tuple[type[Exception], ...] = (
        KeyringError,
        SecretStorageException,
        DBusErrorResponse,
        RuntimeError,
        OSError,
    )
else:
    _LOCKED = (KeyringLocked,)
    _FAILED = (KeyringError, RuntimeError, OSError)

ACCEPTED: Final = (WinVaultKeyring, MacKeyring, SecretServiceKeyring)
SERVICE: Final = "reviewer.vault"
SECRET_BYTES: Final = 32
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{1,1200}")  # base64 without padding
_BY_SYSTEM: Final[dict[str, Callable[[], KeyringBackend]]] = {
    "win32": WinVaultKeyring,
    "darwin": MacKeyring,
    "linux": SecretServiceKeyring,
}


class SystemKeyring:
    """Device secrets in the keyring of this system."""

    def __init__(self, backend: KeyringBackend | None) -> None:
        """Keep the backend only if its exact class is one of the three."""
        self.name: Final = _class_name(backend)
        self._backend = backend if type(backend) in ACCEPTED else None

    def available(self) -> bool:
        """Return whether an accepted backend answers."""
        if self._backend is None:
            return False
        try:
            return bool(self._backend.priority)
        except _FAILED:
            return False

    def get(self, name: str) -> bytes:
        """Return the device secret of that name.

        Raises:
            UnavailableError: KEYRING_MISSING, no accepted backend or no such
                secret; KEYRING_LOCKED, the person did not unlock it.
        """
        secret = self.find(name)
        if secret is None:
            raise UnavailableError(Code.KEYRING_MISSING, "secret")
        if len(secret) != SECRET_BYTES:
            raise UnavailableError(Code.KEYRING_MISSING, "secret form")
        return secret

    def find(self, name: str) -> bytes | None:
        """Return what is kept under a name, or None.

        Raises:
            UnavailableError: KEYRING_MISSING, also where what is kept is not ours;
                KEYRING_LOCKED.
        """
        with _translated():
            text = self._accepted().get_password(SERVICE, name)
        if text is None:
            return None
        if _TEXT.fullmatch(text) is None or len(text) % 4 == 1:
            raise UnavailableError(Code.KEYRING_MISSING, "secret form")
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    def put(self, name: str, secret: bytes) -> None:
        """Write a secret under a name that was never used, and read it back.

        Raises:
            UnavailableError: KEYRING_MISSING, KEYRING_LOCKED.
        """
        text = base64.urlsafe_b64encode(secret).decode("ascii").rstrip("=")
        with _translated():
            backend = self._accepted()
            if backend.get_password(SERVICE, name) is not None:
                raise UnavailableError(Code.KEYRING_MISSING, "name in use")
            backend.set_password(SERVICE, name, text)
        if self.find(name) != secret:
            raise UnavailableError(Code.KEYRING_MISSING, "read back")

    def delete(self, name: str) -> None:
        """Remove the secret of that name, if the backend has it.

        Raises:
            UnavailableError: KEYRING_MISSING, KEYRING_LOCKED.
        """
        with _translated():
            try:
                self._accepted().delete_password(SERVICE, name)
            except PasswordDeleteError:
                return

    def report(self, mode: KeyringMode) -> KeyringReport:
        """Say what there is and whether a profile of that mode may use it."""
        accepted = self.available()
        return KeyringReport(
            backend=self.name,
            accepted=accepted,
            permitted=accepted or mode is KeyringMode.OPTIONAL,
        )

    def _accepted(self) -> KeyringBackend:
        if self._backend is None:
            raise UnavailableError(Code.KEYRING_MISSING, self.name)
        return self._backend


def system_keyring() -> SystemKeyring:
    """Make the one accepted backend of this operating system."""
    return SystemKeyring(_system_backend())


def _system_backend() -> KeyringBackend | None:
    make = _BY_SYSTEM.get(sys.platform)
    if make is None:
        return None
    backend = make()
    vars(backend).clear()  # what KEYRING_PROPERTY_* set
    if isinstance(backend, WinVaultKeyring):
        backend.persist = "local machine"  # the default roams
    if isinstance(backend, MacKeyring):
        backend.keychain = None  # what KEYCHAIN_PATH set
    return backend


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _LOCKED as error:
        raise UnavailableError(Code.KEYRING_LOCKED) from error
    except _FAILED as error:
        raise UnavailableError(Code.KEYRING_MISSING, type(error).__name__) from error


def _class_name(backend: KeyringBackend | None) -> str:
    if backend is None:
        return "none"
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
