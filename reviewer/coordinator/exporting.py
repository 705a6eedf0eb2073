"""What stands about every item, beside its row of the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.export import ExportRow, export_row, write_csv
from reviewer.coordinator.models import EntryRow, PackItem, SubmissionRow
from reviewer.coordinator.packs import kept_item
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId
from reviewer.formats.entry import VerifiedEntry, verify_entry
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import DecideBody, HandBackBody, UndoBody

HANDED_BACK = "handed_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The last act upon an item by one device that was not taken back."""

    body: DecideBody | HandBackBody
    at: str
    receipt: str


def export_csv(state: State, trust: VerifiedTrust, out: BinaryIO) -> int:
    """Write one row for each item and device that decided it, or one empty row.

    Returns:
        The number of rows.

    Raises:
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    with state.database.transaction() as session:
        return write_csv(_rows(state, trust, session), out)


def standings(
    session: Session, trust: VerifiedTrust, item_id: str
) -> tuple[Standing, ...]:
    """Return what stands about an item, one for each device, oldest device first."""
    query = (
        select(EntryRow, SubmissionRow.receipt)
        .join(SubmissionRow, SubmissionRow.sha256 == EntryRow.submission)
        .where(EntryRow.item_id == item_id)
        .order_by(EntryRow.device, EntryRow.epoch, EntryRow.seq)
    )
    acts: dict[str, dict[str, Standing]] = {}
    for row, receipt in session.execute(query):
        device = trust.devices[KeyId(row.device)]
        entry = verify_entry(row.envelope, key=device.key)
        _apply(acts.setdefault(row.device, {}), entry, sha256_hex(receipt))
    return tuple(list(each.values())[-1] for each in acts.values() if each)


def _rows(state: State, trust: VerifiedTrust, session: Session) -> Iterator[ExportRow]:
    order = select(PackItem).order_by(PackItem.pack_id, PackItem.position)
    for row in session.scalars(order):
        cells = kept_item(state, row).cells
        found = standings(session, trust, row.item_id)
        if not found:
            yield export_row(cells)
        for standing in found:
            yield _described(cells, standing)


def _described(cells: dict[str, str], standing: Standing) -> ExportRow:
    body = standing.body
    if isinstance(body, HandBackBody):
        return export_row(
            cells, outcome=HANDED_BACK, date=standing.at, receipt=standing.receipt
        )
    decision = body.decision
    return export_row(
        cells,
        verdict=decision.verdict,
        grounds=decision.grounds,
        purpose=decision.protected_purpose or "",
        basis=decision.basis.value,
        outcome=decision.outcome.value,
        date=standing.at,
        receipt=standing.receipt,
    )


def _apply(standing: dict[str, Standing], entry: VerifiedEntry, receipt: str) -> None:
    """Take one entry into account; keys are entry hashes, the last one stands."""
    body = entry.body
    if isinstance(body, UndoBody):
        standing.pop(body.undoes, None)
    elif isinstance(body, DecideBody | HandBackBody):
        standing[entry.sha256] = Standing(body=body, at=entry.entry.at, receipt=receipt)
