"""What hangs from the offline root: directory, rule books, devices (design.md 3).

`verify_trust` works through a trust bundle in this order:

1. the bundle's size and canonical form;
2. its root key, against the hash that the caller already trusts (ROOT_MISMATCH);
   with no such hash the bundle's own root is taken, which proves only that the
   bundle agrees with itself;
3. the directory, signed by the root, its version not below the one last seen;
4. revocations, signed by a coordinator key of that directory; they only take away;
5. policy packs and org configs, each signed by the root, versions rising;
6. each device: an invitation by the root, an enrolment by the invitation's key and
   by the device's own. An online coordinator can make neither.

Whether a key counts at some moment is asked later, of `VerifiedTrust`.

An invitation is signed by the root and names the public half of a one-time key,
whose seed is the invitation code. An enrolment holds the device key and its first
single-use keys, signed by the invitation key and then by the device key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPublicKey
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import unb64
from reviewer.formats.signed import decode, open_envelope
from reviewer.formats.wire import (
    Directory,
    DirectoryKey,
    Enrolment,
    Invitation,
    Revocations,
    SealKey,
    TrustBundle,
)

MAX_TRUST_BYTES: Final = 64 << 20
MAX_RECORD_BYTES: Final = 4 << 20
MAX_INVITATION_BYTES: Final = 64 << 10
MAX_ENROLMENT_BYTES: Final = 256 << 10
MAX_SEAL_KEYS_COUNT: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedInvitation:
    """An invitation that the root signed; its expiry is asked at enrolment."""

    invitation: Invitation
    key: VerifyingKey
    sha256: Sha256Hex
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedEnrolment:
    """An enrolment that invitation key and device key both signed."""

    enrolment: Enrolment
    device: VerifyingKey
    sha256: Sha256Hex
    data: bytes
    invitation: VerifiedInvitation


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorKey:
    """A coordinator key that the directory held valid when it was asked for."""

    key: VerifyingKey
    seal: SealPublicKey
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDevice:
    """A device that root and invitation vouch for."""

    key: VerifyingKey
    subject: str
    role: Role
    authorisation: Authorisation
    invitation_id: str
    enrolment_sha256: Sha256Hex
    certified: UtcTime
    """When both envelopes were signed, by the root's own bounds: a laptop's clock
    moves it within the life of its invitation only."""
    seal_keys: tuple[SealKey, ...]
    """The first single-use keys, each under its own hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedTrust:
    """A trust bundle after all six steps; made by `verify_trust` alone."""

    organisation: str
    root: VerifyingKey
    root_sha256: Sha256Hex
    """Hex SHA-256 of the raw root key; equal to its key id."""
    directory: Directory
    version: int
    policies: Mapping[Sha256Hex, PolicyPack]
    """By hash of the envelope, oldest first."""
    configs: Mapping[Sha256Hex, OrgConfig]
    """By hash of the envelope, oldest first."""
    devices: Mapping[KeyId, VerifiedDevice]
    bundle: TrustBundle
    data: bytes
    now: UtcTime | None
    """At which time keys are asked for when the caller names none."""
    _keys: Mapping[KeyId, DirectoryKey] = field(repr=False)
    _revoked_at: Mapping[KeyId, UtcTime] = field(repr=False)

    def coordinator(
        self, key_id: KeyId, *, at: UtcTime | None = None
    ) -> CoordinatorKey:
        """Return a coordinator key that is valid at a moment.

        Args:
            key_id: As an envelope claims it.
            at: The time of what it signed; without it, `now` is asked, and only
                whether the key has lapsed: a device's clock may lag.

        Raises:
            VerificationError: KEY_UNKNOWN, WRONG_ROLE, KEY_REVOKED, KEY_EXPIRED.
        """
        entry = self._coordinator_entry(key_id)
        moment = self.now if at is None else at
        if moment is not None and moment > entry.valid_until:
            raise VerificationError(Code.KEY_EXPIRED, key_id)
        if at is not None and at < entry.valid_from:
            raise VerificationError(Code.KEY_EXPIRED, key_id)
        return _coordinator_key(entry)

    def coordinator_ever(self, key_id: KeyId) -> CoordinatorKey:
        """Return a coordinator key whatever its dates; ask for them afterwards.

        For reading a signed time one has to verify first; see `coordinator`.

        Raises:
            VerificationError: KEY_UNKNOWN, WRONG_ROLE, KEY_REVOKED.
        """
        return _coordinator_key(self._coordinator_entry(key_id))

    def coordinators(self) -> tuple[CoordinatorKey, ...]:
        """Return every coordinator key that is valid at `now`, in directory order."""
        found = []
        for key_id, entry in self._keys.items():
            if entry.role is Role.COORDINATOR:
                try:
                    found.append(self.coordinator(key_id))
                except VerificationError:
                    continue
        return tuple(found)

    def device(self, key_id: KeyId) -> VerifiedDevice:
        """Return an enrolled device.

        Raises:
            VerificationError: KEY_UNKNOWN, KEY_REVOKED.
        """
        device = self.devices.get(key_id)
        if device is None:
            raise VerificationError(Code.KEY_UNKNOWN, key_id)
        self._check_revoked(key_id)
        return device

    def policy(self, sha256: Sha256Hex) -> PolicyPack:
        """Return the policy pack of that envelope hash.

        Raises:
            VerificationError: POLICY_UNKNOWN.
        """
        if sha256 not in self.policies:
            raise VerificationError(Code.POLICY_UNKNOWN, sha256)
        return self.policies[sha256]

    def config(self, sha256: Sha256Hex) -> OrgConfig:
        """Return the org config of that envelope hash.

        Raises:
            VerificationError: POLICY_UNKNOWN.
        """
        if sha256 not in self.configs:
            raise VerificationError(Code.POLICY_UNKNOWN, sha256)
        return self.configs[sha256]

    @property
    def latest_config(self) -> OrgConfig:
        """Return the org config of the highest version.

        Raises:
            VerificationError: POLICY_UNKNOWN, the bundle has none.
        """
        return self.config(self.latest_config_sha256)

    @property
    def latest_config_sha256(self) -> Sha256Hex:
        """Return the hash of the newest org config.

        Raises:
            VerificationError: POLICY_UNKNOWN, the bundle has none.
        """
        return _last(self.configs)

    @property
    def latest_policy_sha256(self) -> Sha256Hex:
        """Return the hash of the newest policy pack.

        Raises:
            VerificationError: POLICY_UNKNOWN, the bundle has none.
        """
        return _last(self.policies)

    @property
    def revoked_keys(self) -> frozenset[KeyId]:
        """Return every key that is revoked, from whatever moment on."""
        return frozenset(self._revoked_at)

    def _coordinator_entry(self, key_id: KeyId) -> DirectoryKey:
        """Return the directory's entry of a coordinator key that is not revoked."""
        entry = self._keys.get(key_id)
        if entry is None:
            raise VerificationError(Code.KEY_UNKNOWN, key_id)
        if entry.role is not Role.COORDINATOR:
            raise VerificationError(Code.WRONG_ROLE, key_id)
        self._check_revoked(key_id)
        return entry

    def _check_revoked(self, key_id: KeyId) -> None:
        """Refuse a revoked key, whatever time it claims for what it signed."""
        revoked_at = self._revoked_at.get(key_id)
        if revoked_at is not None and (self.now is None or revoked_at <= self.now):
            raise VerificationError(Code.KEY_REVOKED, key_id)


def verify_trust(
    data: bytes,
    *,
    root_sha256: Sha256Hex | None,
    now: UtcTime | None,
    at_least_version: int = 0,
) -> VerifiedTrust:
    """Verify a trust bundle by the six steps above.

    Raises:
        VerificationError: ROOT_MISMATCH, VERSION_ROLLBACK, BINDING_MISMATCH,
            INVITATION_USED, and whatever the envelopes within it raise.
    """
    # 1.
    bundle = decode(data, TrustBundle, max_bytes=MAX_TRUST_BYTES)
    # 2.
    root = VerifyingKey.from_raw(unb64(bundle.root_key))
    if root_sha256 is not None and sha256_hex(root.raw) != root_sha256:
        raise VerificationError(Code.ROOT_MISMATCH, root.key_id)
    # 3.
    directory, keys = _directory(bundle, root)
    if directory.version < at_least_version:
        raise VerificationError(Code.VERSION_ROLLBACK, f"{directory.version}")
    # 4.
    revoked_at = _revocations(bundle, keys)
    # 5.
    policies = _policies(bundle, root)
    configs = _configs(bundle, root, directory.organisation)
    # 6.
    devices = _devices(bundle, root, directory.organisation)
    return VerifiedTrust(
        organisation=directory.organisation,
        root=root,
        root_sha256=Sha256Hex(root.key_id),
        directory=directory,
        version=directory.version,
        policies=MappingProxyType(policies),
        configs=MappingProxyType(configs),
        devices=MappingProxyType(devices),
        bundle=bundle,
        data=data,
        now=now,
        _keys=MappingProxyType(keys),
        _revoked_at=MappingProxyType(revoked_at),
    )


def sign_invitation(root: SigningKey, value: Invitation) -> bytes:
    """Return the invitation's envelope bytes."""
    return envelope.sign(
        canonical.encode(value), payload_type=envelope.TYPE_INVITATION, keys=[root]
    )


def verify_invitation(
    envelope_bytes: bytes, *, root: VerifyingKey
) -> VerifiedInvitation:
    """Accept an invitation that `root` signed for a reviewer or a supervisor.

    Raises:
        VerificationError: INVITATION_INVALID for a role that no invitation gives,
            and whatever the envelope raises.
    """
    invitation = open_envelope(
        envelope_bytes,
        Invitation,
        payload_type=envelope.TYPE_INVITATION,
        key=root,
        max_bytes=MAX_INVITATION_BYTES,
    )
    if invitation.role is Role.COORDINATOR:
        raise VerificationError(Code.INVITATION_INVALID, "role")
    return VerifiedInvitation(
        invitation=invitation,
        key=VerifyingKey.from_raw(unb64(invitation.invitation_key)),
        sha256=sha256_hex(envelope_bytes),
        data=envelope_bytes,
    )


def sign_enrolment(
    value: Enrolment, *, invitation_key: SigningKey, device_key: SigningKey
) -> bytes:
    """Return the enrolment's envelope bytes, signed by both keys in that order."""
    return envelope.sign(
        canonical.encode(value),
        payload_type=envelope.TYPE_ENROLMENT,
        keys=[invitation_key, device_key],
    )


def verify_enrolment(
    envelope_bytes: bytes, *, invitation: VerifiedInvitation
) -> VerifiedEnrolment:
    """Accept an enrolment made with that invitation.

    1. Canonical form.
    2. The invitation key's signature, before the payload is parsed.
    3. The payload's form; it names this invitation, before its expiry.
    4. Both signatures, the second by the device key that the payload holds.
    5. Each single-use key stands under its own hash, none twice.

    Raises:
        VerificationError: INVITATION_INVALID, another invitation or too late;
            BINDING_MISMATCH, a single-use key under another's id; and whatever
            the envelope raises.
    """
    # 1.
    signed = envelope.parse(envelope_bytes, max_bytes=MAX_ENROLMENT_BYTES)
    # 2.
    if len(signed.key_ids) != 2 or signed.key_ids[0] != invitation.key.key_id:
        raise VerificationError(Code.INVITATION_INVALID, "signer")
    message = envelope.pae(signed.payload_type, signed.untrusted_payload)
    invitation.key.verify(signed.signatures[0], message)
    # 3.
    enrolment = decode(
        signed.untrusted_payload, Enrolment, max_bytes=MAX_ENROLMENT_BYTES
    )
    if enrolment.invitation != invitation.key.key_id:
        raise VerificationError(Code.INVITATION_INVALID, "invitation key")
    if enrolment.requested > invitation.invitation.expires:
        raise VerificationError(Code.INVITATION_INVALID, "expired")
    # 4.
    key = VerifyingKey.from_raw(unb64(enrolment.device_key))
    envelope.verify(
        signed, payload_type=envelope.TYPE_ENROLMENT, keys=[invitation.key, key]
    )
    # 5.
    check_seal_keys(enrolment.seal_keys)
    return VerifiedEnrolment(
        enrolment=enrolment,
        device=key,
        sha256=sha256_hex(envelope_bytes),
        data=envelope_bytes,
        invitation=invitation,
    )


def check_seal_keys(keys: tuple[SealKey, ...]) -> None:
    """Refuse a stock in which an id is not the hash of its key, or stands twice.

    Raises:
        VerificationError: BINDING_MISMATCH, MALFORMED, TOO_LARGE.
    """
    if len(keys) > MAX_SEAL_KEYS_COUNT:
        raise VerificationError(Code.TOO_LARGE, "seal keys")
    for key in keys:
        if SealPublicKey.from_raw(unb64(key.public_key)).key_id != key.key_id:
            raise VerificationError(Code.BINDING_MISMATCH, key.key_id)
    if len({key.key_id for key in keys}) != len(keys):
        raise VerificationError(Code.BINDING_MISMATCH, "seal keys")


def sign_directory(root: SigningKey, value: Directory) -> bytes:
    """Return the directory's envelope bytes."""
    return _sign(root, value, payload_type=envelope.TYPE_DIRECTORY)


def sign_policy(root: SigningKey, value: PolicyPack) -> bytes:
    """Return a policy pack's envelope bytes; their hash names the pack."""
    return _sign(root, value, payload_type=envelope.TYPE_POLICY)


def sign_config(root: SigningKey, value: OrgConfig) -> bytes:
    """Return an org config's envelope bytes; their hash names the config."""
    return _sign(root, value, payload_type=envelope.TYPE_CONFIG)


def sign_revocations(coordinator: SigningKey, value: Revocations) -> bytes:
    """Return the revocations' envelope bytes, signed by an online coordinator."""
    return _sign(coordinator, value, payload_type=envelope.TYPE_REVOCATIONS)


def encode_bundle(bundle: TrustBundle) -> bytes:
    """Return the canonical bytes of a bundle: the contents of `trust.json`."""
    return canonical.encode(bundle)


def _sign(key: SigningKey, value: object, *, payload_type: str) -> bytes:
    return envelope.sign(canonical.encode(value), payload_type=payload_type, keys=[key])


def _directory(
    bundle: TrustBundle, root: VerifyingKey
) -> tuple[Directory, dict[KeyId, DirectoryKey]]:
    """Step 3, and that each entry's id is the hash of its key."""
    directory = open_envelope(
        unb64(bundle.directory),
        Directory,
        payload_type=envelope.TYPE_DIRECTORY,
        key=root,
        max_bytes=MAX_RECORD_BYTES,
    )
    keys = {entry.key_id: entry for entry in directory.keys}
    for key_id, entry in keys.items():
        if VerifyingKey.from_raw(unb64(entry.public_key)).key_id != key_id:
            raise VerificationError(Code.BINDING_MISMATCH, key_id)
        if entry.seal_key is not None:
            SealPublicKey.from_raw(unb64(entry.seal_key))
    if len(keys) != len(directory.keys):
        raise VerificationError(Code.BINDING_MISMATCH, "directory keys")
    return directory, keys


def _revocations(
    bundle: TrustBundle, keys: Mapping[KeyId, DirectoryKey]
) -> dict[KeyId, UtcTime]:
    """Step 4: the earlier of what the directory and the revocations say."""
    revoked_at = {
        key_id: entry.revoked_at
        for key_id, entry in keys.items()
        if entry.revoked_at is not None
    }
    if bundle.revocations is None:
        return revoked_at
    data = unb64(bundle.revocations)
    signer = envelope.parse(data, max_bytes=MAX_RECORD_BYTES).key_ids[0]
    entry = keys.get(signer)
    if entry is None:
        raise VerificationError(Code.KEY_UNKNOWN, signer)
    if entry.role is not Role.COORDINATOR:
        raise VerificationError(Code.WRONG_ROLE, signer)
    value = open_envelope(
        data,
        Revocations,
        payload_type=envelope.TYPE_REVOCATIONS,
        key=VerifyingKey.from_raw(unb64(entry.public_key)),
        max_bytes=MAX_RECORD_BYTES,
    )
    for one in value.revoked:
        earlier = revoked_at.get(one.key_id, one.revoked_at)
        revoked_at[one.key_id] = min(earlier, one.revoked_at)
    return revoked_at


def _policies(bundle: TrustBundle, root: VerifyingKey) -> dict[Sha256Hex, PolicyPack]:
    """Step 5 for policy packs: within one name, versions rise."""
    found: dict[Sha256Hex, PolicyPack] = {}
    newest: dict[str, int] = {}
    for data in map(unb64, bundle.policies):
        pack = open_envelope(
            data,
            PolicyPack,
            payload_type=envelope.TYPE_POLICY,
            key=root,
            max_bytes=MAX_RECORD_BYTES,
        )
        if pack.version <= newest.get(pack.name, -1):
            raise VerificationError(Code.VERSION_ROLLBACK, f"policy {pack.version}")
        newest[pack.name] = pack.version
        found[sha256_hex(data)] = pack
    return found


def _configs(
    bundle: TrustBundle, root: VerifyingKey, organisation: str
) -> dict[Sha256Hex, OrgConfig]:
    """Step 5 for org configs: this organisation's, versions rise."""
    found: dict[Sha256Hex, OrgConfig] = {}
    newest = -1
    for data in map(unb64, bundle.configs):
        config = open_envelope(
            data,
            OrgConfig,
            payload_type=envelope.TYPE_CONFIG,
            key=root,
            max_bytes=MAX_RECORD_BYTES,
        )
        if config.organisation != organisation:
            raise VerificationError(Code.BINDING_MISMATCH, "config organisation")
        if config.version <= newest:
            raise VerificationError(Code.VERSION_ROLLBACK, f"config {config.version}")
        newest = config.version
        found[sha256_hex(data)] = config
    return found


def _devices(
    bundle: TrustBundle, root: VerifyingKey, organisation: str
) -> dict[KeyId, VerifiedDevice]:
    """Step 6: each invitation at most once, each device at most once."""
    found: dict[KeyId, VerifiedDevice] = {}
    invitations: set[str] = set()
    for device in bundle.devices:
        invitation = verify_invitation(unb64(device.invitation), root=root)
        if invitation.invitation.organisation != organisation:
            raise VerificationError(Code.BINDING_MISMATCH, "invitation organisation")
        made = _device(verify_enrolment(unb64(device.enrolment), invitation=invitation))
        if made.invitation_id in invitations or made.key.key_id in found:
            raise VerificationError(Code.INVITATION_USED, made.key.key_id)
        invitations.add(made.invitation_id)
        found[made.key.key_id] = made
    return found


def _device(enrolment: VerifiedEnrolment) -> VerifiedDevice:
    """Gather what the two envelopes of a device say."""
    invitation = enrolment.invitation.invitation
    return VerifiedDevice(
        key=enrolment.device,
        subject=invitation.subject,
        role=invitation.role,
        authorisation=invitation.authorisation,
        invitation_id=invitation.invitation_id,
        enrolment_sha256=enrolment.sha256,
        certified=min(
            max(invitation.issued, enrolment.enrolment.requested), invitation.expires
        ),
        seal_keys=enrolment.enrolment.seal_keys,
    )


def _coordinator_key(entry: DirectoryKey) -> CoordinatorKey:
    """Load the two keys of a coordinator's entry."""
    if entry.seal_key is None:
        raise VerificationError(Code.WRONG_ROLE, entry.key_id)
    return CoordinatorKey(
        key=VerifyingKey.from_raw(unb64(entry.public_key)),
        seal=SealPublicKey.from_raw(unb64(entry.seal_key)),
        subject=entry.subject,
    )


def _last(records: Mapping[Sha256Hex, object]) -> Sha256Hex:
    """Return the newest of a bundle's records."""
    if not records:
        raise VerificationError(Code.POLICY_UNKNOWN, "none")
    return next(reversed(list(records)))
