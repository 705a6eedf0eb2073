"""Packs: media sealed once and kept, to be dealt to any number of devices."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator import packing
from reviewer.coordinator.files import staged_file
from reviewer.coordinator.models import PackItem, PackRow
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import Sha256
from reviewer.domain.ids import ItemId
from reviewer.domain.item import BatchPurpose, Item, Wire
from reviewer.errors import Code, RefusedError
from reviewer.formats import canonical

MAX_ITEM_BYTES = 24 * 1024**2  # design.md 4: no item outgrows a manifest


class KeptItem(Wire, frozen=True, kw_only=True):
    """An item as the service remembers it, with its row of the spreadsheet."""

    item: Item
    cells: dict[str, str]
    """The table's cells as given; at least `file`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that became an item without usable media, and why."""

    file: str
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What `pack` made."""

    pack_id: str
    name: str
    items_count: int
    media_bytes: int
    refused: tuple[Refused, ...]


def add_pack(
    state: State,
    planned: packing.Plan,
    *,
    purpose: BatchPurpose = BatchPurpose.REVIEW,
    progress: packing.Progress | None = None,
) -> Packed:
    """Seal a plan's media into one file and keep its items.

    Raises:
        TableError: the plan has problems.
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    pack_id = state.entropy(16).hex()
    with staged_file(state.home.media / pack_id) as staged:
        out = _Hashed(staged.file)
        sealed = packing.seal(
            planned, cast("BinaryIO", out), entropy=state.entropy, progress=progress
        )
        row = PackRow(
            pack_id=pack_id,
            name=planned.name,
            purpose=purpose.value,
            media_bytes=out.length_bytes,
            media_sha256=out.digest.hex(),
            items_count=len(sealed),
        )
        cells = [each.cells for each in planned.items]
        with state.database.transaction() as session:
            staged.publish()
            session.add(row)
            for position, item in enumerate(sealed):
                kept = KeptItem(item=item, cells=cells[position])
                session.add(_row(state, pack_id, position, kept))
    return Packed(
        pack_id=pack_id,
        name=planned.name,
        items_count=len(sealed),
        media_bytes=row.media_bytes,
        refused=_refused(sealed, planned),
    )


def pack_row(session: Session, pack_id: str) -> PackRow:
    """Return a pack.

    Raises:
        RefusedError: INPUT_MISSING, there is no such pack.
    """
    row = session.scalar(select(PackRow).where(PackRow.pack_id == pack_id))
    if row is None:
        raise RefusedError(Code.INPUT_MISSING, "pack")
    return row


def pack_ids(session: Session) -> tuple[str, ...]:
    """Return the packs, oldest first."""
    return tuple(session.scalars(select(PackRow.pack_id).order_by(PackRow.number)))


def items_of(state: State, session: Session, pack_id: str) -> tuple[KeptItem, ...]:
    """Return a pack's items in order, their identities with them: secret."""
    query = select(PackItem).where(PackItem.pack_id == pack_id)
    rows = session.scalars(query.order_by(PackItem.position))
    return tuple(kept_item(state, row) for row in rows)


def file_names(state: State, session: Session) -> dict[ItemId, str]:
    """Return the file name that each item was packed from."""
    rows = session.scalars(select(PackItem))
    kept = [kept_item(state, row) for row in rows]
    return {each.item.id: each.cells["file"] for each in kept}


def _row(state: State, pack_id: str, position: int, kept: KeptItem) -> PackItem:
    item_id = kept.item.id
    return PackItem(
        item_id=item_id,
        pack_id=pack_id,
        position=position,
        wrapped=state.key.wrap(canonical.encode(kept), purpose=f"item {item_id}"),
    )


def kept_item(state: State, row: PackItem) -> KeptItem:
    """Open one row of a pack; raise VerificationError if it was tampered with."""
    clear = state.key.unwrap(row.wrapped, purpose=f"item {row.item_id}")
    return canonical.decode(clear, KeptItem, max_bytes=MAX_ITEM_BYTES)


def _refused(sealed: tuple[Item, ...], planned: packing.Plan) -> tuple[Refused, ...]:
    refused = []
    for item, each in zip(sealed, planned.items, strict=True):
        code = packing.trouble_of(item)
        if code is not None:
            refused.append(Refused(file=each.file, code=code))
    return tuple(refused)


class _Hashed(io.RawIOBase):
    """Passes bytes on and hashes them, so that the media file is read no more."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self._out = out
        self.digest = Sha256()
        self.length_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._out.write(data)
        self.digest.update(data)
        self.length_bytes += len(data)
        return len(data)
