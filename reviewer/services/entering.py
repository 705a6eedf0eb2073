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
from reviewer.crypto.passphrase import FLOOR, KdfParameters
from reviewer.crypto.signing import SigningKey
from reviewer.domain import times
from reviewer.domain.ids import KeyId
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import envelope as envelopes
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.invitecode import InviteCode, fingerprint_words, parse_code
from reviewer.formats.wire import Act, BeginBody, ClockTrust, Enrolment
from reviewer.network import Coordinator, CoordinatorOpener
from reviewer.ports import (
    AnchorCopies,
    Clock,
    DecoderPool,
    Entropy,
    KeyVault,
    LedgerOpener,
    Store,
    StoreOpener,
    StoreState,
    SupportCopy,
    VaultKeys,
)
from reviewer.services import policies
from reviewer.services.anchoring import Anchoring
from reviewer.services.curtaining import Curtained
from reviewer.services.exchanging import read_whole, write_whole
from reviewer.services.fetching import META_URL
from reviewer.services.journaling import UNFILLED, Journal
from reviewer.services.session import Session
from reviewer.services.submitting import STOCK_COUNT, new_seal_key, public_seal_key
from reviewer.services.trusting import META_TRUST
from reviewer.services.turning import Turning

META_ENROLMENT = "enrolment"
META_ROOT = "root_prefix"
FINGERPRINT_WORDS = 6


class ProfileState(enum.Enum):
    """What is on the disk, as far as it can be told without a passphrase."""

    EMPTY = "empty"
    BEGUN = "begun"
    """An enrolment that was cut off, or waits for its answer; no entry exists."""
    LOCKED = "locked"


_STATES = {
    StoreState.NONE: ProfileState.EMPTY,
    StoreState.EMPTY: ProfileState.BEGUN,
    StoreState.BEGUN: ProfileState.LOCKED,
}
_WITHOUT_LEAVE = (KeyringMode.OPTIONAL, KeyringMode.REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolRequested:
    """A request file was written; its fingerprint is read aloud to the issuer."""

    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """An open vault that waits for the answer to its enrolment."""

    keys: VaultKeys
    store: Store
    enrolment: bytes
    is_new: bool
    """Made by this very call: nobody can have seen it before."""

    @property
    def is_answered(self) -> bool:
        """Say whether the program was ended after the answer, before it was shown."""
        return self.store.meta(META_TRUST) is not None


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
        copies: AnchorCopies,
        ledgers: LedgerOpener,
        pools: Callable[[SandboxLevel], DecoderPool],
        opener: CoordinatorOpener,
        clock: Clock,
        entropy: Entropy,
        passphrases: Passphrases,
        app_version: str,
        demo_offered: bool,
        claim: Callable[[], None],
        release: Callable[[], None],
        card: SupportCopy,
        pin_cost: KdfParameters = FLOOR,
    ) -> None:
        """Take the adapters.

        `claim` takes the profile for this process or raises PROFILE_IN_USE, and
        `release` gives it up; both may be called again.
        """
        self._card = card
        self._pin_cost = pin_cost
        self._curtained: Curtained | None = None
        self._vault = vault
        self._stores = stores
        self._copies = copies
        self._ledgers = ledgers
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
        """Return whether there is a profile here, and whether it was ever used.

        A header without a database was never used: the program was ended between
        the two, and the next enrolment clears it away.
        """
        if not self._vault.exists():
            return ProfileState.EMPTY
        return _STATES[self._stores.state()]

    def keyring_mode(self) -> KeyringMode:
        """Return how the passphrase is backed, as bound into the header."""
        return self._vault.keyring_mode()

    def suggest_passphrase(self) -> str:
        """Return fresh words of at least 75 bits."""
        return self._passphrases.suggest()

    def enrol_online(self, url: str, code: str, passphrase: str) -> Session:
        """Join over the network with an invitation code.

        An enrolment that was cut off goes on: the same code and passphrase send the
        same bytes again, which the service answers alike. Nothing that could be in
        use at the service is thrown away, single-use keys least of all.

        Raises:
            VerificationError: INVITATION_INVALID, INVITATION_USED, ROOT_MISMATCH.
            UnavailableError: the coordinator or the keyring cannot be reached.
            RefusedError: PASSPHRASE_WEAK, ALREADY_ENROLLED; PASSPHRASE_WRONG where
                one was begun with another passphrase.
        """
        invite = parse_code(code)
        client = self._opener(url)
        trusted = self._checked_root(client.trust(), invite)
        key = SigningKey.from_seed(invite.seed)
        begun = self._resumed(passphrase, invite)
        if begun is None:
            # Asked for early: a used or lapsed invitation costs no key derivation.
            self._check_invitation(client.invitation(key.key_id), trusted)
            begun = self._begin(passphrase, invite, trusted.latest_config.keyring)
        if begun.is_answered:
            return self._session(begun.store, begun.keys)
        try:
            answer = _posted(client, begun.enrolment)
        except VerificationError:
            self._give_up(begun)
            raise
        except BaseException:
            self._leave(begun.store)
            raise
        return self._accepted(begun, answer, invite.root_prefix, url=url)

    def enrol_request(
        self, code: str, passphrase: str, to: Path, *, trust: bytes | None = None
    ) -> EnrolRequested:
        """Write a request file for an issuer who cannot be reached by network.

        The file holds the signed enrolment; the code's root hash is kept, so that
        only that organisation's answer is accepted. Without the organisation's
        trust bundle its keyring rule is unknown, and the stricter one holds. The
        same code and passphrase write the same file again.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED, or the keyring.
            RefusedError: PASSPHRASE_WEAK, ALREADY_ENROLLED, INPUT_INVALID;
                PASSPHRASE_WRONG where one was begun with another passphrase.
        """
        invite = parse_code(code)
        mode = KeyringMode.REQUIRED
        if trust is not None:
            mode = self._checked_root(trust, invite).latest_config.keyring
        begun = self._resumed(passphrase, invite)
        if begun is None:
            begun = self._begin(passphrase, invite, mode)
        if begun.is_answered:
            self._leave(begun.store)
            raise RefusedError(Code.ALREADY_ENROLLED)
        try:
            write_whole(to, begun.enrolment)
        except BaseException:
            self._give_up(begun)
            raise
        self._leave(begun.store)
        return EnrolRequested(fingerprint=self._fingerprint(begun.enrolment))

    def enrol_accept(self, file: Path, passphrase: str) -> Session:
        """Take the issuer's answer; the profile is enrolled afterwards.

        Raises:
            VerificationError: not an answer to this profile's request.
            RefusedError: PASSPHRASE_WRONG, NOT_ENROLLED, ALREADY_ENROLLED.
        """
        keys, store = self._open(passphrase)
        try:
            prefix, enrolment = _awaited(store)
            answer = read_whole(file, max_bytes=trusts.MAX_TRUST_BYTES)
        except BaseException:
            self._leave(store)
            raise
        begun = _Begun(keys=keys, store=store, enrolment=enrolment, is_new=False)
        return self._accepted(begun, answer, prefix, url=None)

    def unlock(self, passphrase: str) -> Session:
        """Open the profile.

        Raises:
            RefusedError: PASSPHRASE_WRONG; NOT_ENROLLED while an enrolment is not
                finished: it stays as it is, to go on with or to start over.
            UnavailableError: PROFILE_IN_USE, KEYRING_LOCKED, DATABASE_DAMAGED.
        """
        keys, store = self._open(passphrase)
        return self._session(store, keys)

    def resume(self, pin: str) -> Session:
        """Open the profile again after a curtain.

        Raises:
            RefusedError: PIN_WRONG; PIN_SPENT with the third wrong one, and where no
                keys wait under a PIN: the passphrase opens.
            UnavailableError: PROFILE_IN_USE, DATABASE_DAMAGED; the PIN still opens.
        """
        curtained = self._curtained
        if curtained is None:
            raise RefusedError(Code.PIN_SPENT)
        self._claim()
        try:
            keys = curtained.open(pin)
            store = self._stores.open(keys)
        except ReviewerError:
            self._release()
            raise
        return self._session(store, keys)

    def forget_curtain(self) -> None:
        """Lock fully: what a PIN would open is forgotten."""
        if self._curtained is not None:
            self._curtained.forget()
        self._curtained = None

    def support_lines(self) -> tuple[str, ...]:
        """Return whom to talk to, as it was at the last unlock; may be called anywhere.

        The copy lies in the clear, so that it can be read before any unlock; each
        unlock compares it with the signed one and puts that in its place.
        """
        return self._card.read()

    def start_over(self) -> None:
        """Forget an enrolment that was never finished; no passphrase is asked for.

        Raises:
            RefusedError: ALREADY_ENROLLED, there are entries, or signs of some.
            UnavailableError: PROFILE_IN_USE, the keyring, DISK_FAILED.
        """
        self._claim()
        try:
            if self.state() is ProfileState.LOCKED:
                raise RefusedError(Code.ALREADY_ENROLLED)
            self._stores.destroy()
            self._vault.destroy()
        finally:
            self._release()

    # ---------------------------------------------------------------------------

    def _session(self, store: Store, keys: VaultKeys) -> Session:
        anchoring = Anchoring(store=store, keys=keys, copies=self._copies)
        turning = Turning(
            vault=self._vault, store=store, keys=keys, keep_anchor=anchoring.keep
        )
        try:
            anchoring.check()
            turning.settle()
            session = Session(
                store=store,
                keys=turning.keys,
                turning=turning,
                anchoring=anchoring,
                ledger=self._ledgers(keys),
                pools=self._pools,
                opener=self._opener,
                clock=self._clock,
                entropy=self._entropy,
                app_version=self._app_version,
                pin_cost=self._pin_cost,
                on_lock=self._left,
            )
            session.sweep()
        except BaseException:
            self._leave(store)
            raise
        self.forget_curtain()
        self._card.write(session.config().support.lines)
        return session

    def _left(self, curtained: Curtained | None) -> None:
        self._curtained = curtained
        self._release()

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

    def _resumed(self, passphrase: str, invite: InviteCode) -> _Begun | None:
        """Return the enrolment that was begun here with the same code, if any.

        One that was begun with another code is forgotten: the person was given a
        new code, and nothing was ever entered under the old one.
        """
        if self.state() is not ProfileState.BEGUN:
            return None
        keys, store = self._open(passphrase)
        enrolment = store.meta(META_ENROLMENT)
        if enrolment is not None and _invitation_of(enrolment) == invite.key.key_id:
            return _Begun(keys=keys, store=store, enrolment=enrolment, is_new=False)
        if store.head().size or store.read_only():
            self._leave(store)
            raise RefusedError(Code.ALREADY_ENROLLED)
        self._abandon(store)
        return None

    def _begin(self, passphrase: str, invite: InviteCode, mode: KeyringMode) -> _Begun:
        """Make a vault, and in it an enrolment that can be sent more than once."""
        keys, store = self._create(passphrase, mode)
        try:
            enrolment = self._enrolment(store, keys, invite)
        except BaseException:
            self._abandon(store)
            raise
        return _Begun(keys=keys, store=store, enrolment=enrolment, is_new=True)

    def _give_up(self, begun: _Begun) -> None:
        """Forget an enrolment that was refused for good, unless it is an older one."""
        if begun.is_new:
            self._abandon(begun.store)
        else:
            self._leave(begun.store)

    def _create(self, passphrase: str, mode: KeyringMode) -> tuple[VaultKeys, Store]:
        self._claim()
        try:
            if self.state() is not ProfileState.EMPTY:
                raise RefusedError(Code.ALREADY_ENROLLED)
            self._vault.destroy()  # a header that never got its database
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

    def _enrolment(self, store: Store, keys: VaultKeys, invite: InviteCode) -> bytes:
        """Sign an enrolment, and keep it with its single-use keys before it is sent."""
        stock = [new_seal_key() for _ in range(STOCK_COUNT)]
        envelope = trusts.sign_enrolment(
            Enrolment(
                invitation=invite.key.key_id,
                device_key=b64(keys.device.verifying_key.raw),
                seal_keys=tuple(public_seal_key(row) for row in stock),
                requested=times.utc_of(self._clock.unix_ms()),
            ),
            invitation_key=invite.key,
            device_key=keys.device,
        )
        with store.write() as tx:
            tx.put_seal_keys(stock)
            tx.put_meta(META_ENROLMENT, envelope)
            tx.put_meta(META_ROOT, invite.root_prefix)
        return envelope

    def _accepted(
        self, begun: _Begun, answer: bytes, root_prefix: bytes, *, url: str | None
    ) -> Session:
        """Take the answer; what is false about it leaves the enrolment as it was."""
        try:
            self._accept(begun.store, begun.keys, answer, root_prefix, url=url)
        except BaseException:
            self._leave(begun.store)
            raise
        return self._session(begun.store, begun.keys)

    def _check_invitation(self, data: bytes, trusted: trusts.VerifiedTrust) -> None:
        invited = trusts.verify_invitation(data, root=trusted.root)
        if invited.invitation.expires < times.utc_of(self._clock.unix_ms()):
            raise VerificationError(Code.INVITATION_INVALID, "expired")

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
        policies.check_config(trusted.latest_config)
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


def _awaited(store: Store) -> tuple[bytes, bytes]:
    """Return the start of the root's hash that the answer hangs from, and the request.

    Raises:
        RefusedError: ALREADY_ENROLLED, or NOT_ENROLLED where no request was made.
    """
    prefix, enrolment = store.meta(META_ROOT), store.meta(META_ENROLMENT)
    if store.meta(META_TRUST) is not None:
        raise RefusedError(Code.ALREADY_ENROLLED)
    if prefix is None or enrolment is None:
        raise RefusedError(Code.NOT_ENROLLED)
    return prefix, enrolment


def _invitation_of(enrolment: bytes) -> KeyId | None:
    """Return the invitation that one of our own enrolments answers."""
    try:
        signed = envelopes.parse(enrolment, max_bytes=trusts.MAX_ENROLMENT_BYTES)
    except VerificationError:
        return None
    return signed.key_ids[0]
