"""Small questions to the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.models import BatchDealt, ForkProof, PackRow
from reviewer.coordinator.trusting import root_key_raw
from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime

BATCH_SUFFIX = ".rvbatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two entries by one device that cannot both stand in one chain."""

    device: KeyId
    epoch: int
    seq: int
    kept: bytes
    offered: bytes
    submission: Sha256Hex
    found: UtcTime


def check_founded(session: Session) -> None:
    """Raise unless `init` ran to its end; UnavailableError PROFILE_MISSING."""
    root_key_raw(session)


def media_files(session: Session) -> frozenset[str]:
    """Return the names of the media files that packs refer to."""
    return frozenset(session.scalars(select(PackRow.pack_id)))


def batch_files(session: Session) -> frozenset[str]:
    """Return the names of the batch files that were dealt."""
    ids = session.scalars(select(BatchDealt.batch_id))
    return frozenset(batch_id + BATCH_SUFFIX for batch_id in ids)


def forks(session: Session) -> tuple[Fork, ...]:
    """Return the fork proofs, oldest first."""
    rows = session.scalars(select(ForkProof).order_by(ForkProof.number))
    return tuple(
        Fork(
            device=KeyId(row.device),
            epoch=row.epoch,
            seq=row.seq,
            kept=row.kept,
            offered=row.offered,
            submission=Sha256Hex(row.submission),
            found=UtcTime(row.found),
        )
        for row in rows
    )
