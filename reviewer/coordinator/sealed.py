"""Items that were sealed because a minor may be shown: never dealt again, and listed.

The list is for a hand-over to the police: reference, hashes, and the wrapped key that
the holder of the quarantine key opens. No media, no text, no file name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.cells import neutralise
from reviewer.coordinator.models import EntryRow, PackItem, PackRow, SubmissionRow
from reviewer.coordinator.packs import kept_item
from reviewer.coordinator.standing import verified
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Item
from reviewer.errors import Code, VerificationError
from reviewer.formats.durable import disk_error
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import Act, SealBody, SealStage

COLUMNS: Final = (
    "reference",
    "item",
    "sha256",
    "media_sha256",
    "offset_bytes",
    "length_bytes",
    "quarantine_key",
    "wrapped_key",
    "sealed_by",
    "date",
    "entry",
    "receipt",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedItem:
    """One item as one device sealed it."""

    body: SealBody
    """Of the entry that brings the key, where there is one."""
    subject: str
    """Pseudonym of who sealed it."""
    at: str
    entry_sha256: Sha256Hex
    submission: str


def sealed_items(session: Session, trust: VerifiedTrust) -> tuple[SealedItem, ...]:
    """Return what was sealed, one for each item and device, oldest first."""
    query = select(EntryRow).where(EntryRow.act == Act.SEAL.value)
    order = query.order_by(EntryRow.device, EntryRow.epoch, EntryRow.seq)
    found: dict[tuple[str, str], SealedItem] = {}
    for row in session.scalars(order).all():
        entry = verified(row, trust)
        body = entry.body
        if not isinstance(body, SealBody):
            raise VerificationError(Code.CHAIN_BROKEN, "stored journal")
        place = (row.device, body.item_id)
        known = found.get(place)
        if body.stage is SealStage.MARKED or (known and known.body.wrapped):
            continue
        found[place] = SealedItem(
            body=body,
            subject=entry.entry.actor,
            at=entry.entry.at,
            entry_sha256=entry.sha256,
            submission=row.submission,
        )
    return tuple(found.values())


def check_not_sealed(
    session: Session, trust: VerifiedTrust, items: Iterable[Item]
) -> None:
    """Refuse to deal what somebody sealed, under whatever id it comes.

    Raises:
        VerificationError: ITEM_NOT_FOR_LAPTOPS, naming the item.
    """
    hashes = {one.body.item_sha256 for one in sealed_items(session, trust)}
    for item in items:
        if item.sha256 in hashes:
            raise VerificationError(Code.ITEM_NOT_FOR_LAPTOPS, item.id)


def check_seal(session: Session, body: SealBody) -> None:
    """Refuse a seal over other bytes or another item than were dealt.

    Raises:
        VerificationError: BINDING_MISMATCH.
    """
    item = session.get(PackItem, body.item_id)
    query = select(PackRow.media_sha256)
    dealt = (
        None
        if item is None
        else session.scalar(query.where(PackRow.pack_id == item.pack_id))
    )
    if dealt != body.ciphertext.media_sha256:
        raise VerificationError(Code.BINDING_MISMATCH, "ciphertext")


def write_sealed(state: State, trust: VerifiedTrust, out: BinaryIO) -> int:
    """Write the list for a hand-over as CSV; return the number of rows.

    Raises:
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    with state.database.transaction() as session:
        found = sealed_items(session, trust)
        for one in found:
            cells = _cells(state, session, one)
            writer.writerow([neutralise(cell) for cell in cells])
    try:
        out.write(text.getvalue().encode("utf-8"))
    except OSError as error:
        raise disk_error(error) from error
    return len(found)


def _cells(state: State, session: Session, one: SealedItem) -> tuple[str, ...]:
    body = one.body
    submission = session.get(SubmissionRow, one.submission)
    if submission is None:
        raise VerificationError(Code.CHAIN_BROKEN, "stored journal")
    return (
        _reference(state, session, body.item_id),
        body.item_id,
        body.item_sha256,
        body.ciphertext.media_sha256,
        str(body.ciphertext.offset_bytes),
        str(body.ciphertext.length_bytes),
        body.quarantine_key or "",
        body.wrapped or "",
        one.subject,
        one.at,
        one.entry_sha256,
        sha256_hex(submission.receipt),
    )


def _reference(state: State, session: Session, item_id: ItemId) -> str:
    row = session.get(PackItem, item_id)
    return "" if row is None else kept_item(state, row).item.ref
