"""The curtain: a vault's keys under a PIN and a random secret, in memory alone.

While a person takes a break the vault is shut and no key lies open. With a PIN its
keys wait wrapped; without one they are forgotten, and the passphrase opens the vault
as after a lock. What is kept of a PIN is an Argon2id output, inside the vault. It is
half of the wrapping key, the other half is made anew for each curtain, so neither a
disk nor a vault that was copied opens a curtain. Three wrong tries forget the keys.

A PIN is short: whoever can copy this process's memory while it is curtained can try
all of them at leisure. The passphrase, and the full lock, are for that.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import Final

import msgspec

from reviewer.crypto import aead, passphrase
from reviewer.crypto.passphrase import KdfParameters
from reviewer.crypto.signing import SigningKey
from reviewer.domain.item import Wire
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64, unb64
from reviewer.ports import Entropy, Store, VaultKeys

META_PIN: Final = "pin"
LEAST_DIGITS: Final = 6
MOST_DIGITS: Final = 64
TRIES_COUNT: Final = 3
_SECRET_BYTES: Final = 32
_MAX_BYTES: Final = 8_192
_INFO: Final = b"rv/curtain/1"
_STEPS: Final = frozenset({-1, 0, 1})


class PinRecord(Wire, frozen=True, kw_only=True):
    """What the vault keeps of a PIN; never the PIN."""

    kdf: KdfParameters
    salt: str
    derived: str


class Pins:
    """The PIN of one unlocked profile; called on the store's thread."""

    def __init__(
        self, *, store: Store, entropy: Entropy, parameters: KdfParameters
    ) -> None:
        """Take the vault that keeps the record, and what one derivation costs."""
        self._store = store
        self._entropy = entropy
        self._parameters = parameters

    def is_set(self) -> bool:
        """Return whether a PIN was chosen."""
        return bool(self._store.meta(META_PIN))

    def is_offered(self) -> bool:
        """Return whether the person has once chosen one, or to go without."""
        return self._store.meta(META_PIN) is not None

    def choose(self, pin: str) -> None:
        """Keep what the next curtains need of a PIN.

        Raises:
            RefusedError: PIN_WEAK; READ_ONLY.
            UnavailableError: DISK_FULL, DISK_FAILED.
        """
        salt = self._entropy(passphrase.SALT_BYTES)
        record = PinRecord(
            kdf=self._parameters,
            salt=b64(salt),
            derived=b64(
                passphrase.derive(checked(pin), salt=salt, parameters=self._parameters)
            ),
        )
        self._put(canonical.encode(record))

    def forget(self) -> None:
        """Go without a PIN: the curtain asks for the passphrase again."""
        self._put(b"")

    def curtained(self, keys: VaultKeys) -> Curtained | None:
        """Wrap the keys for a curtain; None without a PIN."""
        data = self._store.meta(META_PIN)
        if not data:
            return None
        record = canonical.decode(data, PinRecord, max_bytes=_MAX_BYTES)
        return Curtained(keys, record, entropy=self._entropy)

    def _put(self, data: bytes) -> None:
        if self._store.read_only():
            raise RefusedError(Code.READ_ONLY)
        with self._store.write() as tx:
            tx.put_meta(META_PIN, data)


class Curtained:
    """The keys of a vault behind a curtain; never written anywhere."""

    def __init__(self, keys: VaultKeys, record: PinRecord, *, entropy: Entropy) -> None:
        """Wrap the keys; neither they nor the record are held afterwards."""
        self._salt = unb64(record.salt)
        self._kdf = record.kdf
        self._secret = entropy(_SECRET_BYTES)
        self._tries_left = TRIES_COUNT
        self._wrapped = aead.wrap(
            _wrapping_key(unb64(record.derived), self._secret),
            plaintext=_packed(keys),
            associated=_INFO,
            entropy=entropy,
        )

    def open(self, pin: str) -> VaultKeys:
        """Return the keys; as slow as one derivation, right or wrong.

        Raises:
            RefusedError: PIN_WRONG; PIN_SPENT with the third wrong one, and after it:
                the keys are forgotten then.
        """
        if not self._tries_left:
            raise RefusedError(Code.PIN_SPENT)
        self._tries_left -= 1  # first: a try that is cut off was one
        derived = passphrase.derive(digits(pin), salt=self._salt, parameters=self._kdf)
        try:
            packed = aead.unwrap(
                _wrapping_key(derived, self._secret),
                wrapped=self._wrapped,
                associated=_INFO,
            )
        except VerificationError as error:
            if self._tries_left:
                raise RefusedError(Code.PIN_WRONG) from error
            self.forget()
            raise RefusedError(Code.PIN_SPENT) from error
        self._tries_left = TRIES_COUNT
        return _unpacked(packed)

    def forget(self) -> None:
        """Drop what the PIN would open."""
        self._tries_left = 0
        self._secret = self._wrapped = b""


def checked(pin: str) -> str:
    """Return the digits of a PIN that may be chosen.

    Raises:
        RefusedError: PIN_WEAK: fewer than six digits, anything but digits, one digit
            alone, or a plain run such as 123456 or 987654.
    """
    found = digits(pin)
    plain = found.isascii() and found.isdigit()
    if not plain or not LEAST_DIGITS <= len(found) <= MOST_DIGITS:
        raise RefusedError(Code.PIN_WEAK)
    values = [int(each) for each in found]
    steps = {after - before for before, after in itertools.pairwise(values)}
    if len(steps) == 1 and steps <= _STEPS:
        raise RefusedError(Code.PIN_WEAK)
    return found


def digits(pin: str) -> str:
    """Return the PIN with digits of every script as 0 to 9, whatever the keyboard."""
    return "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() else each
        for each in pin.strip()
    )


def _wrapping_key(derived: bytes, secret: bytes) -> bytes:
    return passphrase.hkdf(
        derived + secret, salt=b"", info=_INFO, length=aead.KEY_BYTES
    )


def _packed(keys: VaultKeys) -> bytes:
    return msgspec.json.encode(keys, enc_hook=_encoded)


def _unpacked(data: bytes) -> VaultKeys:
    return msgspec.json.decode(data, type=VaultKeys, dec_hook=_decoded)


def _encoded(value: object) -> bytes:
    if not isinstance(value, SigningKey):
        raise NotImplementedError
    return value.seed


def _decoded(kind: type, value: object) -> object:
    if kind is not SigningKey or not isinstance(value, str):
        raise NotImplementedError
    return SigningKey.from_seed(unb64(value))
