"""Submissions that arrive in parts: the service names the offset, the device resumes.

Parts are kept in the database until the whole is verified or refused; a device has
one upload under way, so what it can occupy is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviewer.coordinator.models import SubmissionRow, UploadPart
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats.submission import MAX_SUBMISSION_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How far a submission has arrived."""

    offset: int
    receipt: bytes | None
    """There once it has been accepted, and the same for ever."""


def state_of(state: State, device: KeyId, sha256: Sha256Hex) -> Upload:
    """Return how far a submission has arrived; 0 for one never heard of."""
    with state.database.transaction() as session:
        return _state_of(session, device, sha256)


def add_part(
    state: State,
    device: KeyId,
    sha256: Sha256Hex,
    *,
    offset: int,
    length: int,
    data: bytes,
) -> bytes | Upload:
    """Keep a part durably; return the whole submission once it is all here.

    Returns:
        The bytes of the submission, still unverified but for their hash, or how far
        it is; with its receipt if it had been accepted before.

    Raises:
        RefusedError: INPUT_INVALID, another offset or length than expected;
            nothing was changed.
        VerificationError: TOO_LARGE; HASH_MISMATCH, the parts do not make that
            submission, and are dropped.
    """
    with state.database.transaction() as session:
        known = _state_of(session, device, sha256)
        if known.receipt is not None:
            return known
        if offset != known.offset or not 0 < offset + len(data) <= length:
            raise RefusedError(Code.INPUT_INVALID, f"offset={known.offset}")
        if known.offset == 0:
            drop_others(session, device, sha256)
        _check_length(session, device, sha256, length)
        if data:
            session.add(
                UploadPart(
                    device=device,
                    sha256=sha256,
                    offset=offset,
                    total_bytes=length,
                    data=data,
                )
            )
        if offset + len(data) < length:
            return Upload(offset=offset + len(data), receipt=None)
        session.flush()
        whole = _joined(session, device, sha256)
        is_true = sha256_hex(whole) == sha256
        if not is_true:
            drop(session, device, sha256)
    if not is_true:
        raise VerificationError(Code.HASH_MISMATCH, "submission")
    return whole


def drop(session: Session, device: KeyId, sha256: Sha256Hex) -> None:
    """Forget the parts of a submission."""
    session.execute(
        delete(UploadPart).where(
            UploadPart.device == device, UploadPart.sha256 == sha256
        )
    )


def drop_others(session: Session, device: KeyId, sha256: Sha256Hex) -> None:
    """Forget the parts of every other submission of a device."""
    session.execute(
        delete(UploadPart).where(
            UploadPart.device == device, UploadPart.sha256 != sha256
        )
    )


def _state_of(session: Session, device: KeyId, sha256: Sha256Hex) -> Upload:
    row = session.get(SubmissionRow, sha256)
    if row is not None and row.device == device:
        return Upload(offset=0, receipt=row.receipt)
    last = session.execute(
        select(UploadPart.offset, UploadPart.data)
        .where(UploadPart.device == device, UploadPart.sha256 == sha256)
        .order_by(UploadPart.offset.desc())
        .limit(1)
    ).first()
    arrived = 0 if last is None else last[0] + len(last[1])
    return Upload(offset=arrived, receipt=None)


def _check_length(
    session: Session, device: KeyId, sha256: Sha256Hex, length: int
) -> None:
    if length > MAX_SUBMISSION_BYTES:
        raise VerificationError(Code.TOO_LARGE, f"max={MAX_SUBMISSION_BYTES}")
    other = session.scalar(
        select(UploadPart.total_bytes)
        .where(UploadPart.device == device, UploadPart.sha256 == sha256)
        .limit(1)
    )
    if other is not None and other != length:
        raise RefusedError(Code.INPUT_INVALID, f"length={other}")


def _joined(session: Session, device: KeyId, sha256: Sha256Hex) -> bytes:
    parts = session.scalars(
        select(UploadPart.data)
        .where(UploadPart.device == device, UploadPart.sha256 == sha256)
        .order_by(UploadPart.offset)
    )
    return b"".join(parts)
