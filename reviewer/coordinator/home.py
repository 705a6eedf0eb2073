"""The service's folder, and the key that everything in it hangs from.

header        the service key, wrapped by the passphrase
root.key      the organisation's root key, wrapped; to be moved off this machine
service.db    the encrypted database (unless it is on PostgreSQL)
media/        sealed media, one file a pack, as dealt
batches/      batches, one file each, as fetched
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.coordinator.db import DATABASE_KEY_BYTES
from reviewer.coordinator.files import make_folder, read_input
from reviewer.coordinator.wrapping import MAX_BYTES, unwrap_secret, wrap_secret
from reviewer.crypto import aead
from reviewer.crypto.passphrase import FLOOR, KdfParameters, hkdf
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.formats import durable

PURPOSE_SERVICE: Final = "coordinator"
_SERVICE_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where everything of one service lies."""

    folder: Path

    @property
    def header(self) -> Path:
        """Return the path of the wrapped service key."""
        return self.folder / "header"

    @property
    def root_key(self) -> Path:
        """Return where `init` puts the root key unless told otherwise."""
        return self.folder / "root.key"

    @property
    def database(self) -> Path:
        """Return the path of the encrypted database."""
        return self.folder / "service.db"

    @property
    def database_url(self) -> Path:
        """Return the path of the PostgreSQL URL, without a secret, if it has one."""
        return self.folder / "database"

    @property
    def media(self) -> Path:
        """Return the folder of sealed media."""
        return self.folder / "media"

    @property
    def batches(self) -> Path:
        """Return the folder of dealt batches."""
        return self.folder / "batches"

    def exists(self) -> bool:
        """Return whether a service was made here."""
        return self.header.is_file()


class ServiceKey:
    """The key under which the service keeps its own secrets."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def database_key(self) -> bytes:
        """Return SQLCipher's raw key and salt."""
        return hkdf(self._key, salt=b"", info=b"db", length=DATABASE_KEY_BYTES)

    def wrap(self, plaintext: bytes, *, purpose: str) -> bytes:
        """Wrap a secret for the database; `purpose` names the row it is for."""
        return aead.wrap(
            self._wrapping(), plaintext=plaintext, associated=purpose.encode()
        )

    def unwrap(self, wrapped: bytes, *, purpose: str) -> bytes:
        """Open a secret of the database; raise VerificationError UNSEAL_FAILED."""
        return aead.unwrap(
            self._wrapping(), wrapped=wrapped, associated=purpose.encode()
        )

    def _wrapping(self) -> bytes:
        return hkdf(self._key, salt=b"", info=b"wrap", length=32)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHome:
    """A folder that is being made; it exists once its header is written."""

    home: Home
    key: ServiceKey
    header: bytes

    def finish(self) -> None:
        """Write the header, as the last act of founding a service.

        Raises:
            UnavailableError: DISK_FULL or DISK_FAILED.
        """
        durable.replace(self.home.header, self.header)


def create_home(
    folder: Path,
    *,
    passphrase: str,
    entropy: Callable[[int], bytes],
    parameters: KdfParameters = FLOOR,
) -> NewHome:
    """Make the folder and its key; what an unfinished attempt left is replaced.

    Raises:
        RefusedError: ALREADY_ENROLLED, there is a service; PASSPHRASE_WEAK.
        UnavailableError: DISK_FULL or DISK_FAILED.
    """
    home = Home(folder=folder)
    if home.exists():
        raise RefusedError(Code.ALREADY_ENROLLED, "coordinator")
    key = entropy(_SERVICE_KEY_BYTES)
    header = wrap_secret(
        key,
        passphrase=passphrase,
        purpose=PURPOSE_SERVICE,
        entropy=entropy,
        parameters=parameters,
    )
    for path in (home.folder, home.media, home.batches):
        make_folder(path)
    home.database.unlink(missing_ok=True)
    home.database_url.unlink(missing_ok=True)
    return NewHome(home=home, key=ServiceKey(key), header=header)


def open_home(
    folder: Path, *, passphrase: str, least: KdfParameters = FLOOR
) -> tuple[Home, ServiceKey]:
    """Open the folder's key.

    Raises:
        RefusedError: PASSPHRASE_WRONG.
        UnavailableError: PROFILE_MISSING, PROFILE_DAMAGED, DISK_FAILED.
    """
    home = Home(folder=folder)
    if not home.exists():
        raise UnavailableError(Code.PROFILE_MISSING, "coordinator")
    data = read_input(home.header, max_bytes=MAX_BYTES)
    key = unwrap_secret(
        data, passphrase=passphrase, purpose=PURPOSE_SERVICE, least=least
    )
    return home, ServiceKey(key)
