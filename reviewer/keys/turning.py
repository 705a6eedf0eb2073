"""How item key and database key turn: fresh secrets beside, then in place.

A key that was destroyed must not come back with an older copy of the database. So the
key above it goes too: its halves lie in the header and in the keyring, and both are
replaced. A turn is two writes of the header. Between them the old and the fresh keys
are both there, and whatever a crash leaves under either can be read and brought on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.crypto import passphrase
from reviewer.formats.base64 import b64, unb64
from reviewer.keys.devicesecrets import DeviceSecrets
from reviewer.keys.header import Header, NextSecrets, Secrets
from reviewer.ports import Entropy, NextKeys

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16  # of SQLCipher, at the end of the database key
NAME_BYTES: Final = 16
_INFO_ITEM: Final = b"rv/item/1"
_INFO_DATABASE: Final = b"rv/db/1"
_INFO_TURNED: Final = b"rv/db/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The keys that turn, as the header and the keyring give them now."""

    item_key: bytes
    database_key: bytes
    next: NextKeys | None


def derive(
    secrets: Secrets, *, vault_id: str, vault_key: bytes, keyring: DeviceSecrets
) -> Derived:
    """Derive item key and database key, and those that are on their way.

    Raises:
        UnavailableError: KEYRING_MISSING, KEYRING_LOCKED.
        VerificationError: MALFORMED, a secret is not base64.
    """
    salt = bytes.fromhex(vault_id)

    def item_key(half: str, name: str | msgspec.UnsetType | None) -> bytes:
        if not isinstance(name, str):
            return unb64(half)
        return passphrase.hkdf(
            unb64(half) + keyring.get(name),
            salt=salt,
            info=_INFO_ITEM,
            length=KEY_BYTES,
        )

    def database_key(secret: str | msgspec.UnsetType) -> bytes:
        first = passphrase.hkdf(
            vault_key, salt=salt, info=_INFO_DATABASE, length=KEY_BYTES + SALT_BYTES
        )
        if not isinstance(secret, str):
            return first
        turned = passphrase.hkdf(
            vault_key + unb64(secret), salt=salt, info=_INFO_TURNED, length=KEY_BYTES
        )
        return turned + first[KEY_BYTES:]

    coming = secrets.next
    return Derived(
        item_key=item_key(secrets.item_key, secrets.item_secret),
        database_key=database_key(secrets.database_secret),
        next=None
        if isinstance(coming, msgspec.UnsetType)
        else NextKeys(
            item_key=item_key(coming.item_key, coming.item_secret),
            item_key_generation=coming.item_key_generation,
            database_key=database_key(coming.database_secret),
        ),
    )


def fresh_secret(keyring: DeviceSecrets, entropy: Entropy) -> str:
    """Write the keyring's half of an item key under a fresh name; return the name.

    Raises:
        UnavailableError: KEYRING_MISSING, KEYRING_LOCKED.
    """
    name = entropy(NAME_BYTES).hex()
    keyring.put(name, entropy(KEY_BYTES))
    return name


def begun(
    secrets: Secrets, *, item_secret: str | None, database: bool, entropy: Entropy
) -> Secrets:
    """Return the secrets with fresh ones beside them."""
    database_secret = b64(entropy(KEY_BYTES)) if database else secrets.database_secret
    return msgspec.structs.replace(
        secrets,
        next=NextSecrets(
            item_key=b64(entropy(KEY_BYTES)),
            item_key_generation=secrets.item_key_generation + 1,
            item_secret=item_secret,
            database_secret=database_secret,
        ),
    )


def finished(secrets: Secrets, coming: NextSecrets) -> Secrets:
    """Return the secrets with the fresh ones in place; the old ones are gone."""
    return Secrets(
        device_seed=secrets.device_seed,
        item_key=coming.item_key,
        item_key_generation=coming.item_key_generation,
        item_secret=coming.item_secret,
        database_secret=coming.database_secret,
    )


def names_of(secrets: Secrets) -> tuple[str, ...]:
    """Return the names in the keyring that these secrets need."""
    coming = secrets.next
    names = (
        secrets.item_secret,
        None if isinstance(coming, msgspec.UnsetType) else coming.item_secret,
    )
    return tuple(name for name in names if isinstance(name, str))


def named_by(header: Header) -> tuple[str, ...]:
    """Return every name in the keyring that a header tells of without a key."""
    listed = header.item_secrets
    own = header.passphrase.secret_name
    return ((own,) if own is not None else ()) + (
        () if isinstance(listed, msgspec.UnsetType) else listed
    )
