"""Enrol a laptop, online or by two files, and unlock a profile.

One profile is one person on one machine with one device key. Until the answer to
an enrolment has been verified, the profile opens to nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.signing import SigningKey
from reviewer.domain import times
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.invitecode import InviteCode, fingerprint_words, parse_code
from reviewer.formats.wire import Act, BeginBody, ClockTrust, Enrolment
from reviewer.ports import (
    Clock,
    Coordinator,
    CoordinatorOpener,
    DecoderPool,
    Entropy,
    KeyVault,
    Store,
    StoreOpener,
    VaultKeys,
)
from reviewer.services.exchanging import read_whole, write_whole
from reviewer.services.journaling import UNFILLED, Journal
from reviewer.services.session import (
    META_ENROLMENT,
    META_TRUST,
    META_URL,
    Session,
)
from reviewer.services.submitting import STOCK_COUNT, new_seal_key, public_seal_key

META_ROOT = "root_prefix"
FINGERPRINT_WORDS = 6


_WITHOUT_LEAVE = (KeyringMode.OPTIONAL, KeyringMode.REQUIRED)


class ProfileState(enum.Enum):
    """What is on the disk, as far as it can be told without a passphrase."""

    EMPTY = "empty"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolRequested:
    """A request file was written; its fingerprint is read aloud to the issuer."""

    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passphrases:
    """Words to choose from, and whether a passphrase is strong enough."""

    suggest: Callable[[], str]
    words: Sequence[str]


class Entering:
    """The door of one profile; called on the store's thread."""

    def __init__(
        self,
        *,
        vault: KeyVault,
        stores: StoreOpener,
        pools: Callable[[SandboxLevel], DecoderPool],
        opener: CoordinatorOpener,
        clock: Clock,
        entropy: Entropy,
        passphrases: Passphrases,
        app_version: str,
        demo_offered: bool,
        claim: Callable[[], None],
        release: Callable[[], None],
    ) -> None:
        """Take the adapters.

        `claim` takes the profile for this process or raises PROFILE_IN_USE, and
        `release` gives it up; both may be called again.
        """
        self._vault = vault
        self._stores = stores
        self._pools = pools
        self._opener = opener
        self._clock = clock
        self._entropy = entropy
        self._passphrases = passphrases
        self._app_version = app_version
        self.demo_offered = demo_offered
        self._claim = claim
        self._release = release

    def state(self) -> ProfileState:
        """Return whether there is a profile here."""
        return ProfileState.LOCKED if self._vault.exists() else ProfileState.EMPTY

    def keyring_mode(self) -> KeyringMode:
        """Return how the passphrase is backed, as bound into the header."""
        return self._vault.keyring_mode()

    def suggest_passphrase(self) -> str:
        """Return fresh words of at least 75 bits."""
        return self._passphrases.suggest()

    def enrol_online(self, url: str, code: str, passphrase: str) -> Session:
        """Join over the network with an invitation code.

        Raises:
            VerificationError: INVITATION_INVALID, INVITATION_USED, ROOT_MISMATCH.
            UnavailableError: the coordinator or the keyring cannot be reached.
            RefusedError: PASSPHRASE_WEAK, ALREADY_ENROLLED.
        """
        invite = parse_code(code)
        client = self._opener(url)
        trusted = self._checked_root(client.trust(), invite)
        key = SigningKey.from_seed(invite.seed)
        # Asked for early: a used or lapsed invitation costs no key derivation.
        invited = trusts.verify_invitation(
            client.invitation(key.key_id), root=trusted.root
        )
        if invited.invitation.expires < times.utc_of(self._clock.unix_ms()):
            raise VerificationError(Code.INVITATION_INVALID, "expired")
        keys, store = self._create(passphrase, trusted.latest_config.keyring)
        try:
            answer = _posted(client, self._enrolment(store, keys, key))
            self._accept(store, keys, answer, invite.root_prefix, url=url)
        except BaseException:
            self._abandon(store)
            raise
        return self._session(store, keys)

    def enrol_request(
        self, code: str, passphrase: str, to: Path, *, trust: bytes | None = None
    ) -> EnrolRequested:
        """Write a request file for an issuer who cannot be reached by network.

        The file holds the signed enrolment; the code's root hash is kept, so that
        only that organisation's answer is accepted. Without the organisation's
        trust bundle its keyring rule is unknown, and the stricter one holds.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED, or the keyring.
            RefusedError: PASSPHRASE_WEAK, ALREADY_ENROLLED, INPUT_INVALID.
        """
        invite = parse_code(code)
        key = SigningKey.from_seed(invite.seed)
        mode = KeyringMode.REQUIRED
        if trust is not None:
            mode = self._checked_root(trust, invite).latest_config.keyring
        keys, store = self._create(passphrase, mode)
        try:
            enrolment = self._enrolment(store, keys, key)
            with store.write() as tx:
                tx.put_meta(META_ROOT, invite.root_prefix)
            write_whole(to, enrolment)
        except BaseException:
            self._abandon(store)
            raise
        store.close()
        self._release()
        return EnrolRequested(fingerprint=self._fingerprint(enrolment))

    def enrol_accept(self, file: Path, passphrase: str) -> Session:
        """Take the issuer's answer; the profile is enrolled afterwards.

        Raises:
            VerificationError: not an answer to this profile's request.
            RefusedError: PASSPHRASE_WRONG, NOT_ENROLLED, ALREADY_ENROLLED.
        """
        keys, store = self._open(passphrase)
        try:
            prefix = _awaited_root(store)
            answer = read_whole(file, max_bytes=trusts.MAX_TRUST_BYTES)
            self._accept(store, keys, answer, prefix, url=None)
        except BaseException:
            self._leave(store)
            raise
        return self._session(store, keys)

    def unlock(self, passphrase: str) -> Session:
        """Open the profile.

        Raises:
            RefusedError: PASSPHRASE_WRONG; NOT_ENROLLED while an answer is awaited,
                and where an enrolment was cut off: that one is removed, so that it
                can be repeated.
            UnavailableError: PROFILE_IN_USE, KEYRING_LOCKED, DATABASE_DAMAGED.
        """
        keys, store = self._open(passphrase)
        if _is_cut_off(store):
            self._abandon(store)
            raise RefusedError(Code.NOT_ENROLLED, "cut off")
        return self._session(store, keys)

    # ---------------------------------------------------------------------------

    def _session(self, store: Store, keys: VaultKeys) -> Session:
        try:
            session = Session(
                store=store,
                keys=keys,
                pools=self._pools,
                opener=self._opener,
                clock=self._clock,
                entropy=self._entropy,
                app_version=self._app_version,
                on_lock=self._release,
            )
            session.sweep()
        except BaseException:
            self._leave(store)
            raise
        return session

    def _checked_root(self, data: bytes, invite: InviteCode) -> trusts.VerifiedTrust:
        trusted = trusts.verify_trust(
            data, root_sha256=None, now=times.utc_of(self._clock.unix_ms())
        )
        if not bytes.fromhex(trusted.root_sha256).startswith(invite.root_prefix):
            raise VerificationError(Code.ROOT_MISMATCH)
        return trusted

    def _open(self, passphrase: str) -> tuple[VaultKeys, Store]:
        if not self._vault.exists():
            raise UnavailableError(Code.PROFILE_MISSING)
        self._claim()
        try:
            keys = self._vault.unlock(passphrase)
            return keys, self._stores.open(keys)
        except ReviewerError:
            self._release()
            raise

    def _create(self, passphrase: str, mode: KeyringMode) -> tuple[VaultKeys, Store]:
        if self._vault.exists():
            raise RefusedError(Code.ALREADY_ENROLLED)
        self._claim()
        try:
            keys = self._vault.create(passphrase, keyring=mode)
            try:
                return keys, self._stores.create(keys)
            except ReviewerError:
                self._vault.destroy()
                raise
        except ReviewerError:
            self._release()
            raise

    def _leave(self, store: Store) -> None:
        store.close()
        self._release()

    def _abandon(self, store: Store) -> None:
        store.close()
        self._stores.destroy()
        self._vault.destroy()
        self._release()

    def _enrolment(
        self, store: Store, keys: VaultKeys, invitation_key: SigningKey
    ) -> bytes:
        stock = [new_seal_key() for _ in range(STOCK_COUNT)]
        envelope = trusts.sign_enrolment(
            Enrolment(
                invitation=invitation_key.key_id,
                device_key=b64(keys.device.verifying_key.raw),
                seal_keys=tuple(public_seal_key(row) for row in stock),
                requested=times.utc_of(self._clock.unix_ms()),
            ),
            invitation_key=invitation_key,
            device_key=keys.device,
        )
        with store.write() as tx:
            tx.put_seal_keys(stock)
            tx.put_meta(META_ENROLMENT, envelope)
        return envelope

    def _accept(
        self,
        store: Store,
        keys: VaultKeys,
        answer: bytes,
        root_prefix: bytes,
        *,
        url: str | None,
    ) -> None:
        trusted = trusts.verify_trust(answer, root_sha256=None, now=None)
        if not bytes.fromhex(trusted.root_sha256).startswith(root_prefix):
            raise VerificationError(Code.ROOT_MISMATCH)
        device = trusted.device(keys.device.key_id)
        mode = self._vault.keyring_mode()
        if (mode, trusted.latest_config.keyring) == _WITHOUT_LEAVE:
            raise UnavailableError(Code.KEYRING_MISSING, "the organisation wants one")
        mine = store.meta(META_ENROLMENT)
        if mine is None or device.enrolment_sha256 != sha256_hex(mine):
            raise VerificationError(Code.INVITATION_INVALID, "another enrolment")
        with store.write() as tx:
            tx.put_meta(META_TRUST, answer)
            if url is not None:
                tx.put_meta(META_URL, url.encode())
            tx.raise_signed_time(trusted.directory.issued)
            Journal(
                store=store, keys=keys, clock=self._clock, entropy=self._entropy
            ).writer(tx, actor=device.subject).append(
                Act.BEGIN,
                BeginBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    enrolment_sha256=device.enrolment_sha256,
                    app_version=self._app_version,
                ),
            )

    def _fingerprint(self, enrolment: bytes) -> str:
        return fingerprint_words(
            enrolment, count=FINGERPRINT_WORDS, words=self._passphrases.words
        )


def _posted(client: Coordinator, enrolment: bytes) -> bytes:
    """Post an enrolment; once more if the answer was lost.

    The same bytes are answered alike, and a second invitation would be needed for
    others.
    """
    try:
        return client.enrol(enrolment)
    except UnavailableError as error:
        if error.code is not Code.NETWORK_DOWN:
            raise
        return client.enrol(enrolment)


def _awaited_root(store: Store) -> bytes:
    """Return the start of the root's hash that the answer has to hang from."""
    prefix = store.meta(META_ROOT)
    if prefix is None or store.meta(META_TRUST) is not None:
        raise RefusedError(Code.ALREADY_ENROLLED)
    return prefix


def _is_cut_off(store: Store) -> bool:
    """Return whether an enrolment ended between its first file and its answer."""
    waits = store.meta(META_ROOT) is not None or store.meta(META_TRUST) is not None
    return not (waits or store.read_only() or store.head().size)
