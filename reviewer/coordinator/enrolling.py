"""Take a device in: two signatures that the service cannot make."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from reviewer.coordinator.models import DeviceRow, InvitationRow, StockKey
from reviewer.coordinator.state import State
from reviewer.coordinator.trusting import bundle_for, root_key_raw
from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import KeyId
from reviewer.errors import Code, VerificationError
from reviewer.formats import envelope as envelopes
from reviewer.formats.base64 import unb64
from reviewer.formats.trust import (
    MAX_ENROLMENT_BYTES,
    VerifiedEnrolment,
    check_seal_keys,
    verify_enrolment,
    verify_invitation,
)
from reviewer.formats.wire import SealKey

MAX_STOCK_COUNT: Final = 256  # unused keys of one device; it keeps 32


def enrol(state: State, data: bytes) -> bytes:
    """Verify an enrolment and keep it; return the bundle that now holds the device.

    1. The envelope is canonical and small; its first key names the invitation.
    2. The invitation is one of ours and the root's, and has not expired.
    3. The invitation key and the device key both signed.
    4. The invitation was not used by another enrolment. The same one again is told
       the same, so that a lost reply costs nothing.

    Raises:
        VerificationError: INVITATION_INVALID, INVITATION_USED, EXPIRED, or what is
            false in the envelope.
    """
    signed = envelopes.parse(data, max_bytes=MAX_ENROLMENT_BYTES)  # 1
    with state.database.transaction() as session:
        row = session.get(InvitationRow, signed.key_ids[0])
        if row is None:
            raise VerificationError(Code.INVITATION_INVALID, "unknown")
        root = VerifyingKey.from_raw(root_key_raw(session))
        invitation = verify_invitation(row.envelope, root=root)  # 2
        enrolment = verify_enrolment(data, invitation=invitation)  # 3
        if row.device is None:
            if row.expires < state.now():
                raise VerificationError(Code.EXPIRED, "invitation")
            _keep(session, row, enrolment, data)
        elif not _is_same(session, row.device, data):
            raise VerificationError(Code.INVITATION_USED)  # 4
        session.flush()
        return bundle_for(session, enrolment.device.key_id)


def add_stock(session: Session, device: KeyId, keys: tuple[SealKey, ...]) -> None:
    """Add single-use keys; one that was ever known is not added again.

    Raises:
        VerificationError: BINDING_MISMATCH, a key id is not its key's;
            TOO_LARGE, more unused keys than a device may keep here.
    """
    check_seal_keys(keys)
    for key in keys:
        raw = unb64(key.public_key)
        known = session.query(StockKey.number).filter_by(key_id=key.key_id).first()
        if known is None:
            session.add(StockKey(key_id=key.key_id, device=device, public_key=raw))
    session.flush()
    unused = session.query(StockKey).filter_by(device=device, used_by=None).count()
    if unused > MAX_STOCK_COUNT:
        raise VerificationError(Code.TOO_LARGE, "single-use keys")


def _keep(
    session: Session, row: InvitationRow, enrolment: VerifiedEnrolment, data: bytes
) -> None:
    device = enrolment.device.key_id
    if session.query(DeviceRow.number).filter_by(device=device).first() is not None:
        raise VerificationError(Code.INVITATION_USED, "device")
    row.device = device
    session.add(
        DeviceRow(
            device=device,
            subject=row.subject,
            invitation_key=row.invitation_key,
            enrolment=data,
        )
    )
    add_stock(session, device, enrolment.enrolment.seal_keys)


def _is_same(session: Session, device: str, data: bytes) -> bool:
    kept = session.query(DeviceRow.enrolment).filter_by(device=device).scalar()
    return bool(kept == data)
