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
from reviewer.formats.wire import Act, SealBody, SealedMedia, SealStage

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


def check_seal(state: State, session: Session, body: SealBody) -> None:
    """Refuse a seal over other bytes than were dealt under this item's id.

    What was sealed is never dealt again, by its hash: a device must not be able to
    name the hash of something else, and so have it withheld from everybody.

    Raises:
        VerificationError: BINDING_MISMATCH.
    """
    row = session.get(PackItem, body.item_id)
    if row is None:
        raise VerificationError(Code.BINDING_MISMATCH, "item")
    item = kept_item(state, row).item
    query = select(PackRow.media_sha256).where(PackRow.pack_id == row.pack_id)
    dealt = SealedMedia(
        media_sha256=Sha256Hex(session.scalar(query) or ""),
        offset_bytes=item.offset_bytes,
        length_bytes=item.sealed_bytes,
    )
    if (body.item_sha256, body.ciphertext) != (item.sha256, dealt):
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
