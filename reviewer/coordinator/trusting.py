"""The trust bundle as this service has it: a root key and what hangs from it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviewer.coordinator.models import DeviceRow, InvitationRow, Meta, Record
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, UnavailableError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64
from reviewer.formats.trust import VerifiedTrust, verify_trust
from reviewer.formats.wire import EnrolledDevice, TrustBundle

ROOT: Final = "root_key"
DIRECTORY: Final = "directory"
POLICY: Final = "policy"
CONFIG: Final = "config"
REVOCATIONS: Final = "revocations"
_KEPT_COUNT: Final = 4  # bundles held verified; the newest is the one asked for


class TrustCache:
    """Verified bundles by the hash of their bytes: verifying costs by device."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Sha256Hex, VerifiedTrust] = OrderedDict()

    def verified(self, data: bytes) -> VerifiedTrust:
        """Verify a bundle of our own, or return what that gave before.

        Validity in time is not part of it: each use asks for its own moment.

        Raises:
            VerificationError: our own records are false.
        """
        name = sha256_hex(data)
        trust = self._kept.get(name)
        if trust is None:
            trust = verify_trust(data, root_sha256=None, now=None)
            self._kept[name] = trust
            if len(self._kept) > _KEPT_COUNT:
                self._kept.popitem(last=False)
        return trust


def root_key_raw(session: Session) -> bytes:
    """Return the organisation's root key, 32 bytes.

    Raises:
        UnavailableError: PROFILE_MISSING, the service was never initialised.
    """
    row = session.get(Meta, ROOT)
    if row is None:
        raise UnavailableError(Code.PROFILE_MISSING, "coordinator root")
    return row.value


def add_record(session: Session, *, kind: str, version: int, envelope: bytes) -> None:
    """Keep a signed record; an identical one is kept once."""
    name = sha256_hex(envelope)
    known = session.scalar(select(Record.number).where(Record.sha256 == name))
    if known is None:
        session.add(Record(kind=kind, sha256=name, version=version, envelope=envelope))


def latest_version(session: Session, kind: str) -> int:
    """Return the highest version of a kind, 0 when there is none."""
    query = select(func.max(Record.version)).where(Record.kind == kind)
    return session.scalar(query) or 0


def newest_record(session: Session, kind: str) -> bytes | None:
    """Return the newest record of a kind."""
    query = select(Record.envelope).where(Record.kind == kind)
    return session.scalar(query.order_by(Record.number.desc()).limit(1))


def has_device(session: Session, device: KeyId) -> bool:
    """Return whether a device is enrolled here."""
    query = select(DeviceRow.number).where(DeviceRow.device == device)
    return session.scalar(query) is not None


def bundle(session: Session) -> bytes:
    """Return the whole trust bundle, for whoever verifies submissions.

    Raises:
        UnavailableError: PROFILE_MISSING, the service was never initialised.
    """
    return _bundle(session, _devices(session))


def bundle_for(session: Session, device: KeyId | None) -> bytes:
    """Return the bundle with one device or none: nobody learns of the others.

    Raises:
        UnavailableError: PROFILE_MISSING, the service was never initialised.
    """
    return _bundle(session, () if device is None else _devices(session, device))


def _bundle(session: Session, devices: tuple[EnrolledDevice, ...]) -> bytes:
    """Return canonical bytes of `TrustBundle`.

    Raises:
        UnavailableError: PROFILE_MISSING, the service was never initialised.
    """
    directory = newest_record(session, DIRECTORY)
    if directory is None:
        raise UnavailableError(Code.PROFILE_MISSING, "coordinator directory")
    return canonical.encode(
        TrustBundle(
            root_key=b64(root_key_raw(session)),
            directory=b64(directory),
            revocations=_as_text(newest_record(session, REVOCATIONS)),
            policies=_all(session, POLICY),
            configs=_all(session, CONFIG),
            devices=devices,
        )
    )


def _all(session: Session, kind: str) -> tuple[str, ...]:
    query = select(Record.envelope).where(Record.kind == kind).order_by(Record.number)
    return tuple(b64(envelope) for envelope in session.scalars(query))


def _devices(
    session: Session, device: KeyId | None = None
) -> tuple[EnrolledDevice, ...]:
    query = (
        select(InvitationRow.envelope, DeviceRow.enrolment)
        .join(InvitationRow, InvitationRow.invitation_key == DeviceRow.invitation_key)
        .order_by(DeviceRow.number)
    )
    if device is not None:
        query = query.where(DeviceRow.device == device)
    return tuple(
        EnrolledDevice(invitation=b64(invitation), enrolment=b64(enrolment))
        for invitation, enrolment in session.execute(query)
    )


def _as_text(envelope: bytes | None) -> str | None:
    return None if envelope is None else b64(envelope)
