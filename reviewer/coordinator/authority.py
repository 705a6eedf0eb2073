"""What the organisation's root key does: found a service, invite people.

The root key is in memory only while such a command runs. Enrolment needs no root:
two signatures that the service cannot make carry it (design.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.files import read_input
from reviewer.coordinator.models import InvitationRow, Meta
from reviewer.coordinator.ownkeys import OwnKeys, load_keys, make_keys
from reviewer.coordinator.state import State
from reviewer.coordinator.trusting import (
    CONFIG,
    DIRECTORY,
    POLICY,
    REVOCATIONS,
    ROOT,
    add_record,
    has_device,
    latest_version,
    newest_record,
    root_key_raw,
)
from reviewer.coordinator.wrapping import MAX_BYTES, unwrap_secret, wrap_secret
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.passphrase import FLOOR, KdfParameters
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import KeyId, Sha256Hex, UnixMs, UtcTime
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.domain.times import DAY_MS, is_utc, utc_of
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats import durable
from reviewer.formats.base64 import b64
from reviewer.formats.envelope import parse
from reviewer.formats.invitecode import make_code
from reviewer.formats.signed import decode
from reviewer.formats.trust import (
    MAX_RECORD_BYTES,
    sign_config,
    sign_directory,
    sign_invitation,
    sign_policy,
    sign_revocations,
)
from reviewer.formats.wire import (
    Directory,
    DirectoryKey,
    Invitation,
    Revocation,
    Revocations,
)

PURPOSE_ROOT: Final = "root"
KEY_DAYS: Final = 730  # life of the online key before the root must renew it
INVITATION_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation as it is handed to a person."""

    code: str
    """Secret: whoever has it can enrol once."""
    invitation_key: KeyId
    envelope: bytes
    expires: UtcTime


def make_root_file(
    path: Path,
    *,
    passphrase: str,
    entropy: Callable[[int], bytes],
    parameters: KdfParameters = FLOOR,
) -> SigningKey:
    """Make a root key and write it wrapped; never over another.

    Raises:
        RefusedError: ALREADY_ENROLLED, there is a file; PASSPHRASE_WEAK.
        UnavailableError: DISK_FULL or DISK_FAILED.
    """
    if path.exists():
        raise RefusedError(Code.ALREADY_ENROLLED, "root key")
    root = SigningKey.generate(entropy)
    durable.replace(
        path,
        wrap_secret(
            root.seed,
            passphrase=passphrase,
            purpose=PURPOSE_ROOT,
            entropy=entropy,
            parameters=parameters,
        ),
    )
    return root


def open_root_file(
    path: Path, *, passphrase: str, least: KdfParameters = FLOOR
) -> SigningKey:
    """Open the root key file.

    Raises:
        RefusedError: INPUT_MISSING, INPUT_INVALID, PASSPHRASE_WRONG.
        UnavailableError: PROFILE_DAMAGED, DISK_FAILED.
    """
    data = read_input(path, max_bytes=MAX_BYTES)
    seed = unwrap_secret(data, passphrase=passphrase, purpose=PURPOSE_ROOT, least=least)
    return SigningKey.from_seed(seed)


def found(
    state: State,
    *,
    root: SigningKey,
    config: OrgConfig,
    policies: Sequence[PolicyPack],
    key_days: int = KEY_DAYS,
) -> Sha256Hex:
    """Make the service's keys and sign directory, policies and config.

    Returns:
        The hash of the root key, to be read aloud and pinned.
    """
    issued = state.now()
    until = utc_of(UnixMs(state.clock() + key_days * DAY_MS))
    with state.database.transaction() as session:
        session.add(Meta(key=ROOT, value=root.verifying_key.raw))
        keys = make_keys(state, session)
        directory = Directory(
            organisation=config.organisation,
            version=1,
            issued=issued,
            keys=(_coordinator_key(keys, issued, until),),
        )
        _keep(session, DIRECTORY, 1, sign_directory(root, directory))
        for policy in policies:
            _keep(session, POLICY, policy.version, sign_policy(root, policy))
        _keep(session, CONFIG, config.version, sign_config(root, config))
    return sha256_hex(root.verifying_key.raw)


def invite(
    state: State,
    *,
    root: SigningKey,
    organisation: str,
    subject: str,
    role: Role,
    authorisation: Authorisation,
    days: int = INVITATION_DAYS,
) -> Invited:
    """Sign an invitation and keep it; its code is told once and not kept.

    Raises:
        RefusedError: INPUT_INVALID, a field is empty or the times are wrong.
        VerificationError: ROOT_MISMATCH, another organisation's root key.
    """
    if role is Role.COORDINATOR or not subject or not 0 < days <= KEY_DAYS:
        raise RefusedError(Code.INPUT_INVALID, "invitation")
    if not is_utc(authorisation.expires) or authorisation.expires <= state.now():
        raise RefusedError(Code.INPUT_INVALID, "authorisation expires")
    one_time = SigningKey.generate(state.entropy)
    invitation = Invitation(
        invitation_id=state.entropy(16).hex(),
        organisation=organisation,
        subject=subject,
        role=role,
        authorisation=authorisation,
        invitation_key=b64(one_time.verifying_key.raw),
        issued=state.now(),
        expires=utc_of(UnixMs(state.clock() + days * DAY_MS)),
    )
    envelope = sign_invitation(root, invitation)
    with state.database.transaction() as session:
        if root_key_raw(session) != root.verifying_key.raw:
            raise VerificationError(Code.ROOT_MISMATCH, "root key file")
        session.add(
            InvitationRow(
                invitation_key=one_time.key_id,
                sha256=sha256_hex(envelope),
                subject=subject,
                expires=invitation.expires,
                envelope=envelope,
                device=None,
            )
        )
    return Invited(
        code=make_code(one_time.seed, root.verifying_key.raw),
        invitation_key=one_time.key_id,
        envelope=envelope,
        expires=invitation.expires,
    )


def revoke(state: State, key_id: KeyId) -> None:
    """Sign that a key counts no more, with the online key; it may only take away.

    Raises:
        VerificationError: KEY_UNKNOWN, there is no such device.
    """
    with state.database.transaction() as session:
        if not has_device(session, key_id):
            raise VerificationError(Code.KEY_UNKNOWN, key_id)
        last = newest_record(session, REVOCATIONS)
        revoked = () if last is None else _revoked(last)
        if any(one.key_id == key_id for one in revoked):
            return
        value = Revocations(
            version=latest_version(session, REVOCATIONS) + 1,
            issued=state.now(),
            revoked=(*revoked, Revocation(key_id=key_id, revoked_at=state.now())),
        )
        envelope = sign_revocations(load_keys(state, session).online, value)
        _keep(session, REVOCATIONS, value.version, envelope)


def invitation_of(state: State, invitation_key: KeyId) -> bytes:
    """Return the invitation made for a key.

    Raises:
        VerificationError: INVITATION_INVALID, there is none.
    """
    with state.database.transaction() as session:
        query = select(InvitationRow.envelope)
        found_one = session.scalar(
            query.where(InvitationRow.invitation_key == invitation_key)
        )
    if found_one is None:
        raise VerificationError(Code.INVITATION_INVALID, "unknown")
    return found_one


def _coordinator_key(keys: OwnKeys, issued: UtcTime, until: UtcTime) -> DirectoryKey:
    return DirectoryKey(
        key_id=keys.online.key_id,
        public_key=b64(keys.online.verifying_key.raw),
        role=Role.COORDINATOR,
        subject="coordinator",
        valid_from=issued,
        valid_until=until,
        seal_key=b64(keys.seal.public.raw),
    )


def _revoked(envelope: bytes) -> tuple[Revocation, ...]:
    payload = parse(envelope, max_bytes=MAX_RECORD_BYTES).untrusted_payload
    return decode(payload, Revocations, max_bytes=MAX_RECORD_BYTES).revoked


def _keep(session: Session, kind: str, version: int, envelope: bytes) -> None:
    add_record(session, kind=kind, version=version, envelope=envelope)
