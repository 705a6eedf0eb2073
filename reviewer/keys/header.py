"""The header of a profile: canonical JSON in two copies, never a database.

It holds who the profile is (vault id, epoch, keyring mode), the device key and the
item key wrapped under the vault key, and the slots that open the vault key. The
whole header except the slot ciphertexts is the associated data of every slot, so
no field can be changed without the passphrase (security.md 3.1).

Slots 1 (recovery by the organisation) and 2 (hardware token) are reserved.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from reviewer.crypto import aead
from reviewer.crypto.passphrase import SALT_BYTES, KdfParameters
from reviewer.domain.item import Wire
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, ReviewerError, UnavailableError, VerificationError
from reviewer.formats import canonical, durable
from reviewer.formats.base64 import unb64

FORMAT_HEADER: Final = "rv-header"
VERSION: Final = 1
MAX_HEADER_BYTES: Final = 64 * 1024
_WRAPPED_BYTES: Final = aead.KEY_BYTES + aead.OVERHEAD_BYTES
_HEX_128: Final = re.compile(r"[0-9a-f]{32}")


class PassphraseSlot(Wire, frozen=True, kw_only=True):
    """Slot 0: Argon2id of the passphrase, with the device secret where there is one."""

    kdf: KdfParameters
    salt: str
    secret_name: str | None
    """User name of the device secret in the keyring; null without a keyring."""
    wrapped: str
    """The vault key."""
    ledger: str | msgspec.UnsetType = msgspec.UNSET
    """The key of the exposure ledger, wrapped by the same passphrase and device secret
    but not by the vault key: whoever recovers a vault cannot open it (design.md 5).
    Absent in a header from before there was a ledger; the next unlock adds it."""


class Header(Wire, frozen=True, kw_only=True):
    """Everything that is known before the passphrase, and what it opens."""

    format: str = FORMAT_HEADER
    version: int = VERSION
    generation: int
    """Rises with each rewrite; the higher of two copies is the newer."""
    vault_id: str
    epoch: int
    keyring: KeyringMode
    secrets: str
    """`Secrets` wrapped under the vault key."""
    passphrase: PassphraseSlot
    item_secrets: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """User names of secrets in the keyring that item keys need, or needed until a
    moment ago; absent without a keyring, and in a header from before there were any."""
    recovery: None = None
    token: None = None


class NextSecrets(Wire, frozen=True, kw_only=True):
    """The keys that take over when a turn is finished."""

    item_key: str
    item_key_generation: int
    item_secret: str | None
    database_secret: str | msgspec.UnsetType = msgspec.UNSET


class Secrets(Wire, frozen=True, kw_only=True):
    """What the vault key opens; the device key must outlive a broken database."""

    device_seed: str
    item_key: str
    """Half of the key that wraps identities; all of it without `item_secret`."""
    item_key_generation: int
    item_secret: str | msgspec.UnsetType | None = msgspec.UNSET
    """User name of the other half, in the keyring: a header put back opens nothing
    that was sealed or shredded since."""
    database_secret: str | msgspec.UnsetType = msgspec.UNSET
    """Makes the database key together with the vault key; absent until it turned."""
    next: NextSecrets | msgspec.UnsetType = msgspec.UNSET


class _Version(msgspec.Struct):
    """The two fields that every version of the header has."""

    format: str
    version: int


def associated(header: Header) -> bytes:
    """Return the header without slot ciphertexts: what each slot is bound to."""
    slot = emptied(header.passphrase)
    return canonical.encode(msgspec.structs.replace(header, passphrase=slot))


def emptied(slot: PassphraseSlot) -> PassphraseSlot:
    """Return the slot without its ciphertexts; it still says which there are."""
    has_ledger = slot.ledger is not msgspec.UNSET
    return msgspec.structs.replace(
        slot, wrapped="", ledger="" if has_ledger else msgspec.UNSET
    )


def parse(data: bytes) -> Header:
    """Read a header; nothing in it is believed before a slot has opened.

    Raises:
        UnavailableError: PROFILE_NEWER, another version wrote it; PROFILE_DAMAGED.
    """
    _check_version(data)
    try:
        header = canonical.decode(data, Header, max_bytes=MAX_HEADER_BYTES)
        _check_fields(header)
    except VerificationError as error:
        raise UnavailableError(Code.PROFILE_DAMAGED, "header form") from error
    return header


class HeaderFiles:
    """The two copies of the header in the profile's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: Final = (folder / "header", folder / "header.bak")

    def exists(self) -> bool:
        """Return whether there is at least one copy."""
        return any(path.exists() for path in self._paths)

    def load(self) -> tuple[Header, ...]:
        """Return the readable copies that differ, newest first; at least one.

        A copy that cannot be read is passed over as long as the other can.

        Raises:
            UnavailableError: PROFILE_MISSING, no copy; PROFILE_NEWER, a copy was
                written by a later version; PROFILE_DAMAGED, none can be read.
        """
        found: list[Header] = []
        failures: list[ReviewerError] = []
        for path in self._paths:
            try:
                header = parse(_read(path))
            except UnavailableError as error:
                failures.append(error)
            else:
                found += [header] if header not in found else []
        if any(error.code is Code.PROFILE_NEWER for error in failures):
            raise UnavailableError(Code.PROFILE_NEWER)
        if not found:
            raise _worst(failures)
        return tuple(sorted(found, key=lambda header: -header.generation))

    def save(self, header: Header) -> None:
        """Replace both copies, one after the other, each durably.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED; one copy still opens.
        """
        data = canonical.encode(header)
        for path in self._paths:
            durable.replace(path, data)

    def in_step(self, header: Header) -> bool:
        """Return whether both copies are exactly this header."""
        data = canonical.encode(header)
        return all(path.exists() and path.read_bytes() == data for path in self._paths)

    def remove(self) -> None:
        """Delete both copies."""
        for path in self._paths:
            path.unlink(missing_ok=True)
        durable.fsync_folder(self._folder)


def _check_version(data: bytes) -> None:
    if len(data) > MAX_HEADER_BYTES:
        raise UnavailableError(Code.PROFILE_DAMAGED, "header size")
    try:
        found = msgspec.json.decode(data, type=_Version, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnavailableError(Code.PROFILE_DAMAGED, "header form") from error
    if found.format == FORMAT_HEADER and found.version > VERSION:
        raise UnavailableError(Code.PROFILE_NEWER, f"version {found.version}")
    if found.format != FORMAT_HEADER or found.version != VERSION:
        raise UnavailableError(Code.PROFILE_DAMAGED, "header format")


def _check_fields(header: Header) -> None:
    """Check what the types do not say; a slot must fit the keyring mode."""
    slot = header.passphrase
    unb64(header.secrets)
    named = slot.secret_name is not None
    if (
        len(unb64(slot.salt)) != SALT_BYTES
        or len(unb64(slot.wrapped)) != _WRAPPED_BYTES
        or (slot.ledger and len(unb64(slot.ledger)) != _WRAPPED_BYTES)
        or named is not (header.keyring is KeyringMode.REQUIRED)
        or _HEX_128.fullmatch(header.vault_id) is None
        or header.generation < 0
        or header.epoch < 0
    ):
        raise VerificationError(Code.MALFORMED, "header fields")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_HEADER_BYTES + 1)
    except FileNotFoundError as error:
        raise UnavailableError(Code.PROFILE_MISSING) from error
    except OSError as error:
        raise UnavailableError(Code.DISK_FAILED, f"errno {error.errno}") from error


def _worst(failures: list[ReviewerError]) -> ReviewerError:
    """Return the failure that says most: damage before absence."""
    present = [error for error in failures if error.code is not Code.PROFILE_MISSING]
    return (present or failures)[0]
