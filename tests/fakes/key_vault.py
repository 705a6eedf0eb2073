"""A key vault in memory, device secrets in memory, and the cheap KDF of tests."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from reviewer.crypto.passphrase import CEILING, KdfParameters, normalise
from reviewer.crypto.signing import SigningKey
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.keys.kdf import KdfPolicy
from reviewer.keys.words import check_strength
from reviewer.ports import Entropy, NextKeys, VaultKeys

CHEAP_POLICY: Final = KdfPolicy(
    floor=KdfParameters(memory_kib=64, passes=1, lanes=1),
    ceiling=CEILING,
    memory_steps_kib=(64,),
)


def vault_keys(
    entropy: Entropy = os.urandom, *, keyring: KeyringMode = KeyringMode.OPTIONAL
) -> VaultKeys:
    """Return the keys of a profile that has no header."""
    return VaultKeys(
        vault_id=entropy(16).hex(),
        epoch=0,
        keyring=keyring,
        database_key=entropy(48),
        anchor_key=entropy(32),
        item_key=entropy(32),
        log_key=entropy(32),
        ledger_key=entropy(32),
        device=SigningKey.generate(entropy),
    )


class MemoryKeyVault:
    """A `KeyVault` whose header is two attributes; derives nothing."""

    def __init__(
        self, *, entropy: Entropy = os.urandom, keyring_accepted: bool = True
    ) -> None:
        self._entropy = entropy
        self._keyring_accepted = keyring_accepted
        self._passphrase = ""
        self._keys: VaultKeys | None = None
        self._is_live = False

    def exists(self) -> bool:
        return self._keys is not None

    def keyring_mode(self) -> KeyringMode:
        return self._made().keyring

    def create(self, passphrase: str, *, keyring: KeyringMode) -> VaultKeys:
        if self.exists():
            raise RefusedError(Code.ALREADY_ENROLLED)
        check_strength(passphrase)
        if keyring is KeyringMode.REQUIRED and not self._keyring_accepted:
            raise UnavailableError(Code.KEYRING_MISSING)
        self._passphrase = normalise(passphrase)
        self._keys = vault_keys(self._entropy, keyring=keyring)
        self._is_live = True
        return self._keys

    def unlock(self, passphrase: str) -> VaultKeys:
        keys = self._made()
        if normalise(passphrase) != self._passphrase:
            raise RefusedError(Code.PASSPHRASE_WRONG)
        self._is_live = True
        return keys

    def change_passphrase(self, old: str, new: str) -> None:
        check_strength(new)
        self.unlock(old)
        self._passphrase = normalise(new)

    def begin_turn(self, *, database: bool) -> VaultKeys:
        keys = self._lived()
        if keys.next is None:
            fresh = NextKeys(
                item_key=self._entropy(32),
                item_key_generation=keys.item_key_generation + 1,
                database_key=self._entropy(32) + keys.database_key[32:]
                if database
                else keys.database_key,
            )
            self._keys = replace(keys, next=fresh)
        return self._lived()

    def finish_turn(self) -> VaultKeys:
        keys = self._lived()
        if keys.next is not None:
            self._keys = replace(
                keys,
                item_key=keys.next.item_key,
                item_key_generation=keys.next.item_key_generation,
                database_key=keys.next.database_key,
                next=None,
            )
        return self._lived()

    def forget(self) -> None:
        self._is_live = False

    def destroy(self) -> None:
        self._keys = None
        self._passphrase = ""
        self._is_live = False

    def _lived(self) -> VaultKeys:
        if not self._is_live:
            raise RefusedError(Code.LOCKED)
        return self._made()

    def _made(self) -> VaultKeys:
        if self._keys is None:
            raise UnavailableError(Code.PROFILE_MISSING)
        return self._keys


class MemorySecrets:
    """A `DeviceSecrets` that can be locked, emptied, or not there at all."""

    def __init__(self, *, accepted: bool = True) -> None:
        self.accepted = accepted
        self.locked = False
        self.kept: dict[str, bytes] = {}

    def available(self) -> bool:
        return self.accepted

    def get(self, name: str) -> bytes:
        self._check()
        if name not in self.kept:
            raise UnavailableError(Code.KEYRING_MISSING, "secret")
        return self.kept[name]

    def find(self, name: str) -> bytes | None:
        self._check()
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self._check()
        if name in self.kept:
            raise AssertionError("a secret is never overwritten")
        self.kept[name] = secret

    def delete(self, name: str) -> None:
        self._check()
        self.kept.pop(name, None)

    def _check(self) -> None:
        if not self.accepted:
            raise UnavailableError(Code.KEYRING_MISSING)
        if self.locked:
            raise UnavailableError(Code.KEYRING_LOCKED)


class MemoryCopies:
    """An `AnchorCopies` that can be unable to write, or to read."""

    def __init__(self) -> None:
        self.is_writable = True
        self.is_readable = True
        self.kept: dict[tuple[str, int], bytes] = {}

    def read(self, vault_id: str, number: int, /) -> bytes | None:
        return self.kept.get((vault_id, number)) if self.is_readable else None

    def write(self, vault_id: str, number: int, data: bytes, /) -> bool:
        if not self.is_writable or (vault_id, number) in self.kept:
            return False
        self.kept[vault_id, number] = data
        return True

    def drop(self, vault_id: str, number: int, /) -> None:
        self.kept.pop((vault_id, number), None)

    def numbers(self) -> list[int]:
        """Return the numbers that are kept, in order."""
        return sorted(number for _, number in self.kept)
