"""The key vault: from a passphrase, and the keyring, to the keys of a profile.

Hierarchy (security.md 3.1): Argon2id(passphrase) and the device secret give, by
HKDF, the key that wraps the vault key; the vault key gives, by HKDF, the database
key, the anchor key, the log key and the key around device seed and item key.

The key of the exposure ledger hangs beside the vault key, not below it: it is random
and wrapped by another HKDF of the same passphrase and device secret. A recovery slot
opens the vault key alone, so it never opens a ledger (design.md 5); and a change of
passphrase wraps it anew, so that the ledger's file stays as it is.
"""

from __future__ import annotations

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
from reviewer.keys.header import (
    Header,
    HeaderFiles,
    PassphraseSlot,
    Secrets,
    associated,
)
from reviewer.keys.kdf import RELEASE, KdfPolicy, calibrate
from reviewer.keys.systemkeyring import DeviceSecrets
from reviewer.keys.words import check_strength
from reviewer.ports import Clock, Entropy, VaultKeys

_KEY_BYTES: Final = 32
_VAULT_ID_BYTES: Final = 16
_DATABASE_KEY_BYTES: Final = 48  # SQLCipher raw key and salt
_MAX_SECRETS_BYTES: Final = 4_096
_INFO_KEK: Final = b"rv/kek/1"
_INFO_LEDGER: Final = b"rv/ledger/1"
_INFO_SECRETS: Final = b"rv/secrets/1"
_INFO_DATABASE: Final = b"rv/db/1"
_INFO_ANCHOR: Final = b"rv/anchor/1"
_INFO_LOG: Final = b"rv/log/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a slot opens."""

    vault_key: bytes
    ledger_key: bytes


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
        secret_name = self._new_device_secret(keyring)
        draft = self._draft(held.vault_key, keyring=keyring, secret_name=secret_name)
        try:
            header = self._with_slot(draft, new_passphrase, held)
            self._files.save(header)
        except UnavailableError:
            self._files.remove()
            if secret_name is not None:
                self._device_secrets.delete(secret_name)
            raise
        return self._keys(header, held)

    def unlock(self, given_passphrase: str) -> VaultKeys:
        """Open the header, from either copy, and bring both back into step.

        Raises:
            RefusedError: PASSPHRASE_WRONG, whatever part was wrong: passphrase,
                device secret, or a changed header.
            UnavailableError: PROFILE_MISSING, PROFILE_NEWER, PROFILE_DAMAGED (absurd
                parameters among it), KEYRING_MISSING, KEYRING_LOCKED.
        """
        header, held = self._open(given_passphrase)
        return self._keys(header, held)

    def change_passphrase(self, old: str, new: str) -> None:
        """Rewrap vault key and ledger key under a new salt; nothing else changes.

        Raises:
            RefusedError: PASSPHRASE_WEAK, PASSPHRASE_WRONG.
            UnavailableError: as `unlock`, and DISK_FULL, DISK_FAILED: then the old
                or the new passphrase opens.
        """
        check_strength(new)
        header, held = self._open(old)
        newer = msgspec.structs.replace(header, generation=header.generation + 1)
        self._files.save(self._with_slot(newer, new, held))

    def destroy(self) -> None:
        """Remove the header and its keyring entries (failed enrolment only).

        Raises:
            UnavailableError: KEYRING_LOCKED, KEYRING_MISSING, PROFILE_NEWER; the
                header is still there.
        """
        if not self.exists():
            return
        try:
            names = {one.passphrase.secret_name for one in self._files.load()}
        except UnavailableError as error:
            if error.code is not Code.PROFILE_DAMAGED:
                raise
            names = set()
        for name in names - {None}:
            self._device_secrets.delete(str(name))
        self._files.remove()

    # Opening

    def _open(self, given: str) -> tuple[Header, _Held]:
        """Return the first copy that opens and what it holds."""
        refusal: UnavailableError | RefusedError = RefusedError(Code.PASSPHRASE_WRONG)
        for header in self._allowed_headers():
            try:
                whole, held = self._opened(header, self._material(header, given))
            except VerificationError:
                continue
            except UnavailableError as error:  # the other copy may name another
                refusal = error
                continue
            if not self._files.in_step(whole):
                self._files.save(whole)
            return whole, held
        raise refusal

    def _opened(self, header: Header, material: bytes) -> tuple[Header, _Held]:
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
            return self._filled(newer, material, held), held
        ledger_key = aead.unwrap(
            _slot_key(header, material, _INFO_LEDGER),
            wrapped=unb64(slot.ledger),
            associated=bound,
        )
        return header, _Held(vault_key=vault_key, ledger_key=ledger_key)

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
        def derived(info: bytes, length: int = _KEY_BYTES) -> bytes:
            salt = bytes.fromhex(header.vault_id)
            return passphrase.hkdf(held.vault_key, salt=salt, info=info, length=length)

        try:
            opened = aead.unwrap(
                derived(_INFO_SECRETS),
                wrapped=unb64(header.secrets),
                associated=_secrets_associated(header.vault_id),
            )
            secrets = canonical.decode(opened, Secrets, max_bytes=_MAX_SECRETS_BYTES)
        except VerificationError as error:
            raise UnavailableError(Code.PROFILE_DAMAGED, "secrets") from error
        return VaultKeys(
            vault_id=header.vault_id,
            epoch=header.epoch,
            keyring=header.keyring,
            database_key=derived(_INFO_DATABASE, _DATABASE_KEY_BYTES),
            anchor_key=derived(_INFO_ANCHOR),
            item_key=unb64(secrets.item_key),
            item_key_generation=secrets.item_key_generation,
            log_key=derived(_INFO_LOG),
            ledger_key=held.ledger_key,
            device=SigningKey.from_seed(unb64(secrets.device_seed)),
        )

    # Making

    def _draft(
        self, vault_key: bytes, *, keyring: KeyringMode, secret_name: str | None
    ) -> Header:
        """Return a header whose slot is not filled yet."""
        vault_id = self._entropy(_VAULT_ID_BYTES).hex()
        secrets = Secrets(
            device_seed=b64(SigningKey.generate(self._entropy).seed),
            item_key=b64(self._entropy(_KEY_BYTES)),
            item_key_generation=0,
        )
        wrapped = aead.wrap(
            passphrase.hkdf(
                vault_key,
                salt=bytes.fromhex(vault_id),
                info=_INFO_SECRETS,
                length=_KEY_BYTES,
            ),
            plaintext=canonical.encode(secrets),
            associated=_secrets_associated(vault_id),
            entropy=self._entropy,
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
            secrets=b64(wrapped),
            passphrase=slot,
        )

    def _with_slot(self, header: Header, given: str, held: _Held) -> Header:
        """Return the header with slot 0 filled anew, under a fresh salt."""
        salt = b64(self._entropy(passphrase.SALT_BYTES))
        slot = msgspec.structs.replace(header.passphrase, salt=salt)
        salted = msgspec.structs.replace(header, passphrase=slot)
        return self._filled(salted, self._material(salted, given), held)

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

    def _new_device_secret(self, keyring: KeyringMode) -> str | None:
        """Write a fresh device secret under a fresh name, where the mode asks."""
        if keyring is KeyringMode.OPTIONAL:
            return None
        if not self._device_secrets.available():
            raise UnavailableError(Code.KEYRING_MISSING)
        name = self._entropy(_VAULT_ID_BYTES).hex()
        self._device_secrets.put(name, self._entropy(_KEY_BYTES))
        return name

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(Code.DISK_FAILED, f"errno {error.errno}") from error


def _slot_key(header: Header, material: bytes, info: bytes) -> bytes:
    """Return a wrapping key of slot 0, from passphrase and device secret."""
    salt = bytes.fromhex(header.vault_id)
    return passphrase.hkdf(material, salt=salt, info=info, length=_KEY_BYTES)


def _secrets_associated(vault_id: str) -> bytes:
    return _INFO_SECRETS + bytes.fromhex(vault_id)
