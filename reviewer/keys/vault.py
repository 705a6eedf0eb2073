"""The key vault: from a passphrase, and the keyring, to the keys of a profile.

Hierarchy (security.md 3.1): Argon2id(passphrase) and the device secret give, by
HKDF, the key that wraps the vault key; the vault key gives, by HKDF, the database
key, the anchor key, the log key and the key around device seed and item key.

The key of the exposure ledger hangs beside the vault key, not below it: it is random
and wrapped by another HKDF of the same passphrase and device secret. A recovery slot
opens the vault key alone, so it never opens a ledger (design.md 5); and a change of
passphrase wraps it anew, so that the ledger's file stays as it is.

What a turn of keys needs to write the header anew, slot and all, stays in memory from
`unlock` to `forget`: it opens no more than the keys that are in memory anyway.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from reviewer.crypto import aead, passphrase
from reviewer.crypto.signing import SigningKey
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64, unb64
from reviewer.keys import turning
from reviewer.keys.devicesecrets import DeviceSecrets
from reviewer.keys.header import (
    Header,
    HeaderFiles,
    PassphraseSlot,
    Secrets,
    associated,
)
from reviewer.keys.kdf import RELEASE, KdfPolicy, calibrate
from reviewer.keys.words import check_strength
from reviewer.ports import Clock, Entropy, VaultKeys

_KEY_BYTES: Final = 32
_VAULT_ID_BYTES: Final = 16
_MAX_SECRETS_BYTES: Final = 4_096
_INFO_KEK: Final = b"rv/kek/1"
_INFO_LEDGER: Final = b"rv/ledger/1"
_INFO_SECRETS: Final = b"rv/secrets/1"
_INFO_ANCHOR: Final = b"rv/anchor/1"
_INFO_LOG: Final = b"rv/log/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a slot opens."""

    vault_key: bytes
    ledger_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Live:
    """An opened header, and what it takes to write its successor."""

    header: Header
    material: bytes
    held: _Held


class HeaderVault:
    """The `KeyVault` of a profile folder. Slow calls: keep off the UI thread."""

    def __init__(
        self,
        folder: Path,
        *,
        device_secrets: DeviceSecrets,
        clock: Clock,
        entropy: Entropy,
        policy: KdfPolicy = RELEASE,
    ) -> None:
        """Look at nothing yet; only tests pass another `policy`."""
        self._folder = folder
        self._files = HeaderFiles(folder)
        self._device_secrets = device_secrets
        self._clock = clock
        self._entropy = entropy
        self._policy = policy
        self._live: _Live | None = None

    def exists(self) -> bool:
        """Return whether this profile has a header."""
        return self._files.exists()

    def keyring_mode(self) -> KeyringMode:
        """Return the mode that the newest header states; bound into its slots.

        Raises:
            UnavailableError: PROFILE_MISSING, PROFILE_DAMAGED, PROFILE_NEWER.
        """
        return self._files.load()[0].keyring

    def create(self, new_passphrase: str, *, keyring: KeyringMode) -> VaultKeys:
        """Make a vault with a fresh device key.

        REQUIRED adds a device secret in the system keyring; OPTIONAL is the mode
        without one, which org config has to permit.

        Raises:
            RefusedError: ALREADY_ENROLLED, PASSPHRASE_WEAK.
            UnavailableError: KEYRING_MISSING, KEYRING_LOCKED, DISK_FULL,
                DISK_FAILED; nothing of the vault stays behind.
        """
        if self.exists():
            raise RefusedError(Code.ALREADY_ENROLLED)
        check_strength(new_passphrase)
        self._make_folder()
        held = _Held(
            vault_key=self._entropy(_KEY_BYTES), ledger_key=self._entropy(_KEY_BYTES)
        )
        names = self._new_names(keyring)
        try:
            draft = self._draft(held, keyring=keyring, names=names)
            live = self._with_slot(draft, new_passphrase, held)
            self._files.save(live.header)
        except UnavailableError:
            self._files.remove()
            for name in names:
                self._device_secrets.delete(name)
            raise
        self._live = live
        return self._keys(live.header, held)

    def unlock(self, given_passphrase: str) -> VaultKeys:
        """Open the header, from either copy, and bring both back into step.

        Raises:
            RefusedError: PASSPHRASE_WRONG, whatever part was wrong: passphrase,
                device secret, or a changed header.
            UnavailableError: PROFILE_MISSING, PROFILE_NEWER, PROFILE_DAMAGED (absurd
                parameters among it), KEYRING_MISSING, KEYRING_LOCKED.
        """
        live = self._open(given_passphrase)
        keys = self._keys(live.header, live.held)
        self._live = live
        self._drop_names(live)
        return keys

    def begin_turn(self, *, database: bool) -> VaultKeys:
        """Write fresh keys beside the current ones, in both copies; return both.

        Raises:
            RefusedError: LOCKED, nothing is unlocked.
            UnavailableError: KEYRING_LOCKED, KEYRING_MISSING, DISK_FULL,
                DISK_FAILED; the current keys stand, alone or beside the fresh ones.
        """
        live = self._lived()
        secrets = self._secrets(live.header, live.held)
        if not isinstance(secrets.next, msgspec.UnsetType):
            return self._keys(live.header, live.held)
        name = (
            turning.fresh_secret(self._device_secrets, self._entropy)
            if live.header.keyring is KeyringMode.REQUIRED
            else None
        )
        coming = turning.begun(
            secrets, item_secret=name, database=database, entropy=self._entropy
        )
        return self._turned(live, coming, retired=())

    def finish_turn(self) -> VaultKeys:
        """Put the fresh keys in place in both copies, then forget the old ones.

        Raises:
            RefusedError: LOCKED, nothing is unlocked.
            UnavailableError: KEYRING_LOCKED, KEYRING_MISSING, DISK_FULL,
                DISK_FAILED; do it again when next unlocked.
        """
        live = self._lived()
        secrets = self._secrets(live.header, live.held)
        if isinstance(secrets.next, msgspec.UnsetType):
            return self._keys(live.header, live.held)
        after = turning.finished(secrets, secrets.next)
        old = set(turning.names_of(secrets)) - set(turning.names_of(after))
        keys = self._turned(live, after, retired=tuple(sorted(old)))
        self._drop_names(self._lived())
        return keys

    def forget(self) -> None:
        """Forget what a turn would need; nothing can turn until the next unlock."""
        self._live = None

    def change_passphrase(self, old: str, new: str) -> None:
        """Rewrap vault key and ledger key under a new salt; nothing else changes.

        Raises:
            RefusedError: PASSPHRASE_WEAK, PASSPHRASE_WRONG.
            UnavailableError: as `unlock`, and DISK_FULL, DISK_FAILED: then the old
                or the new passphrase opens.
        """
        check_strength(new)
        opened = self._open(old)
        generation = opened.header.generation + 1
        newer = msgspec.structs.replace(opened.header, generation=generation)
        live = self._with_slot(newer, new, opened.held)
        self._files.save(live.header)
        self._live = None if self._live is None else live

    def destroy(self) -> None:
        """Remove the header and its keyring entries (failed enrolment only).

        Raises:
            UnavailableError: KEYRING_LOCKED, KEYRING_MISSING, PROFILE_NEWER; the
                header is still there.
        """
        if not self.exists():
            return
        try:
            names = {
                name for one in self._files.load() for name in turning.named_by(one)
            }
        except UnavailableError as error:
            if error.code is not Code.PROFILE_DAMAGED:
                raise
            names = set()
        for name in names:
            self._device_secrets.delete(name)
        self._files.remove()
        self._live = None

    # Opening

    def _open(self, given: str) -> _Live:
        """Return the first copy that opens and what it holds."""
        refusal: UnavailableError | RefusedError = RefusedError(Code.PASSPHRASE_WRONG)
        for header in self._allowed_headers():
            try:
                live = self._opened(header, self._material(header, given))
            except VerificationError:
                continue
            except UnavailableError as error:  # the other copy may name another
                refusal = error
                continue
            if not self._files.in_step(live.header):
                self._files.save(live.header)
            return live
        raise refusal

    def _opened(self, header: Header, material: bytes) -> _Live:
        """Open a slot; one from before there was a ledger gets its key now."""
        slot, bound = header.passphrase, associated(header)
        vault_key = aead.unwrap(
            _slot_key(header, material, _INFO_KEK),
            wrapped=unb64(slot.wrapped),
            associated=bound,
        )
        if isinstance(slot.ledger, msgspec.UnsetType):
            held = _Held(vault_key=vault_key, ledger_key=self._entropy(_KEY_BYTES))
            newer = msgspec.structs.replace(header, generation=header.generation + 1)
            filled = self._filled(newer, material, held)
            return _Live(header=filled, material=material, held=held)
        ledger_key = aead.unwrap(
            _slot_key(header, material, _INFO_LEDGER),
            wrapped=unb64(slot.ledger),
            associated=bound,
        )
        held = _Held(vault_key=vault_key, ledger_key=ledger_key)
        return _Live(header=header, material=material, held=held)

    def _allowed_headers(self) -> tuple[Header, ...]:
        """Return the copies whose cost is neither below the floor nor absurd."""
        allowed = tuple(
            header
            for header in self._files.load()
            if self._policy.allows(header.passphrase.kdf)
        )
        if not allowed:
            raise UnavailableError(Code.PROFILE_DAMAGED, "kdf parameters")
        return allowed

    def _keys(self, header: Header, held: _Held) -> VaultKeys:
        secrets = self._secrets(header, held)
        try:
            derived = turning.derive(
                secrets,
                vault_id=header.vault_id,
                vault_key=held.vault_key,
                keyring=self._device_secrets,
            )
            device = SigningKey.from_seed(unb64(secrets.device_seed))
        except VerificationError as error:
            raise UnavailableError(Code.PROFILE_DAMAGED, "secrets") from error
        return VaultKeys(
            vault_id=header.vault_id,
            epoch=header.epoch,
            keyring=header.keyring,
            database_key=derived.database_key,
            anchor_key=_derived(header, held, _INFO_ANCHOR),
            item_key=derived.item_key,
            item_key_generation=secrets.item_key_generation,
            log_key=_derived(header, held, _INFO_LOG),
            ledger_key=held.ledger_key,
            device=device,
            next=derived.next,
        )

    def _secrets(self, header: Header, held: _Held) -> Secrets:
        try:
            opened = aead.unwrap(
                _derived(header, held, _INFO_SECRETS),
                wrapped=unb64(header.secrets),
                associated=_secrets_associated(header.vault_id),
            )
            return canonical.decode(opened, Secrets, max_bytes=_MAX_SECRETS_BYTES)
        except VerificationError as error:
            raise UnavailableError(Code.PROFILE_DAMAGED, "secrets") from error

    # Turning

    def _lived(self) -> _Live:
        if self._live is None:
            raise RefusedError(Code.LOCKED)
        return self._live

    def _turned(
        self, live: _Live, secrets: Secrets, *, retired: tuple[str, ...]
    ) -> VaultKeys:
        """Write both copies with other secrets, and go on from there."""
        names = turning.names_of(secrets) + retired
        newer = msgspec.structs.replace(
            live.header,
            generation=live.header.generation + 1,
            secrets=self._wrapped(live.header.vault_id, live.held, secrets),
            item_secrets=names or msgspec.UNSET,
        )
        header = self._filled(newer, live.material, live.held)
        self._files.save(header)
        self._live = _Live(header=header, material=live.material, held=live.held)
        return self._keys(header, live.held)

    def _drop_names(self, live: _Live) -> None:
        """Destroy what an earlier turn left in the keyring; it may be gone already."""
        needed = turning.names_of(self._secrets(live.header, live.held))
        listed = live.header.item_secrets
        if isinstance(listed, msgspec.UnsetType):
            return
        for name in set(listed) - set(needed):
            with contextlib.suppress(UnavailableError):
                self._device_secrets.delete(name)

    def _wrapped(self, vault_id: str, held: _Held, secrets: Secrets) -> str:
        key = passphrase.hkdf(
            held.vault_key,
            salt=bytes.fromhex(vault_id),
            info=_INFO_SECRETS,
            length=_KEY_BYTES,
        )
        wrapped = aead.wrap(
            key,
            plaintext=canonical.encode(secrets),
            associated=_secrets_associated(vault_id),
            entropy=self._entropy,
        )
        return b64(wrapped)

    # Making

    def _draft(
        self, held: _Held, *, keyring: KeyringMode, names: tuple[str, ...]
    ) -> Header:
        """Return a header whose slot is not filled yet."""
        vault_id = self._entropy(_VAULT_ID_BYTES).hex()
        secret_name, item_secret = names or (None, None)
        secrets = Secrets(
            device_seed=b64(SigningKey.generate(self._entropy).seed),
            item_key=b64(self._entropy(_KEY_BYTES)),
            item_key_generation=0,
            item_secret=item_secret,
        )
        slot = PassphraseSlot(
            kdf=calibrate(self._policy, clock=self._clock, entropy=self._entropy),
            salt="",
            secret_name=secret_name,
            wrapped="",
        )
        return Header(
            generation=0,
            vault_id=vault_id,
            epoch=0,
            keyring=keyring,
            secrets=self._wrapped(vault_id, held, secrets),
            passphrase=slot,
            item_secrets=msgspec.UNSET if item_secret is None else (item_secret,),
        )

    def _with_slot(self, header: Header, given: str, held: _Held) -> _Live:
        """Return the header with slot 0 filled anew, under a fresh salt."""
        salt = b64(self._entropy(passphrase.SALT_BYTES))
        slot = msgspec.structs.replace(header.passphrase, salt=salt)
        salted = msgspec.structs.replace(header, passphrase=slot)
        material = self._material(salted, given)
        filled = self._filled(salted, material, held)
        return _Live(header=filled, material=material, held=held)

    def _filled(self, header: Header, material: bytes, held: _Held) -> Header:
        """Return the header with both keys wrapped, each bound to the rest of it."""
        slot = msgspec.structs.replace(header.passphrase, wrapped="", ledger="")
        unfilled = msgspec.structs.replace(header, passphrase=slot)
        wrapped, ledger = (
            aead.wrap(
                _slot_key(header, material, info),
                plaintext=key,
                associated=associated(unfilled),
                entropy=self._entropy,
            )
            for info, key in (
                (_INFO_KEK, held.vault_key),
                (_INFO_LEDGER, held.ledger_key),
            )
        )
        filled = msgspec.structs.replace(slot, wrapped=b64(wrapped), ledger=b64(ledger))
        return msgspec.structs.replace(unfilled, passphrase=filled)

    def _material(self, header: Header, given: str) -> bytes:
        """Return what the keys of slot 0 are derived from."""
        slot = header.passphrase
        device_secret = (
            b""
            if slot.secret_name is None
            else self._device_secrets.get(slot.secret_name)
        )
        derived = passphrase.derive(given, salt=unb64(slot.salt), parameters=slot.kdf)
        return derived + device_secret

    def _new_names(self, keyring: KeyringMode) -> tuple[str, ...]:
        """Write both keyring halves under fresh names, where the mode asks."""
        if keyring is KeyringMode.OPTIONAL:
            return ()
        if not self._device_secrets.available():
            raise UnavailableError(Code.KEYRING_MISSING)
        first = turning.fresh_secret(self._device_secrets, self._entropy)
        try:
            second = turning.fresh_secret(self._device_secrets, self._entropy)
        except UnavailableError:
            self._device_secrets.delete(first)
            raise
        return first, second

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(Code.DISK_FAILED, f"errno {error.errno}") from error


def _slot_key(header: Header, material: bytes, info: bytes) -> bytes:
    """Return a wrapping key of slot 0, from passphrase and device secret."""
    salt = bytes.fromhex(header.vault_id)
    return passphrase.hkdf(material, salt=salt, info=info, length=_KEY_BYTES)


def _derived(header: Header, held: _Held, info: bytes) -> bytes:
    """Return a key that hangs from the vault key and never turns."""
    salt = bytes.fromhex(header.vault_id)
    return passphrase.hkdf(held.vault_key, salt=salt, info=info, length=_KEY_BYTES)


def _secrets_associated(vault_id: str) -> bytes:
    return _INFO_SECRETS + bytes.fromhex(vault_id)
