"""Pack a folder: plan its items by name and table, then seal each one once.

`plan` looks at names, sizes and the table, and opens no media. `seal` streams each
file once: it hashes the true bytes, pads with zeros to a Padmé length and writes an
age file for the item's own identity (design.md 4). Memory stays flat. What happens
to one file never stops the others: a file that is closed, gone, too large or
changing becomes an item that says so and can still be decided or handed back.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import msgspec

from reviewer.coordinator.folder import (
    Folder,
    MediaFile,
    Skip,
    Skipped,
    list_folder,
    open_regular,
)
from reviewer.coordinator.table import (
    Table,
    TableError,
    TableProblem,
    TableRow,
    read_table,
)
from reviewer.crypto.age import AgeIdentity, encrypt_stream, sealed_length
from reviewer.crypto.padding import padme
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Acquisition, Item, Kind
from reviewer.errors import Code, RefusedError
from reviewer.formats.base64 import b64
from reviewer.formats.durable import disk_error

ITEM_BYTES: Final = 8 * 1024**3  # design.md 4: item 8 GiB
BATCH_BYTES: Final = 64 * 1024**3  # design.md 4: batch 64 GiB
ITEMS_COUNT: Final = 10_000  # security.md 3.3
TEXTS_BYTES: Final = 20 * 1024**2  # of the 24 MiB that a manifest may have
_BLOCK_BYTES: Final = 1024 * 1024

NOTE_MISSING: Final = "packing: the file could not be read"
NOTE_TOO_LARGE: Final = "packing: the file is larger than an item may be"
NOTE_CHANGED: Final = "packing: the file changed while it was read"
_NOTES: Final = {
    NOTE_MISSING: Code.MEDIA_MISSING,
    NOTE_TOO_LARGE: Code.MEDIA_TOO_LARGE,
    NOTE_CHANGED: Code.MEDIA_BROKEN,
}

_BIRD_WORDS: Final = (
    "Avocet Bittern Bunting Buzzard Chough Condor Coot Crane Curlew Dipper Dove "
    "Dunlin Egret Eider Falcon Finch Fulmar Gannet Godwit Goose Grebe Grouse Gull "
    "Harrier Heron Hobby Hoopoe Ibis Jackdaw Kestrel Kite Kiwi Lapwing Lark Linnet "
    "Magpie Martin Merlin Nuthatch Oriole Osprey Ouzel Owl Partridge Pelican Petrel "
    "Pintail Pipit Plover Puffin Quail Raven Robin Rook Sandpiper Shearwater Shrike "
    "Siskin Snipe Starling Stork Swallow Swan Swift Teal Tern Thrush Wagtail Warbler "
    "Waxwing Wheatear Wigeon Wren"
)
BIRDS: Final = tuple(_BIRD_WORDS.split())


class Entropy(Protocol):
    """Fresh secret bytes as an argument."""

    def __call__(self, count_bytes: int, /) -> bytes:
        """Return that many bytes."""


class Progress(Protocol):
    """Told now and then how many bytes are sealed; may raise to cancel."""

    def __call__(self, done_bytes: int, total_bytes: int, /) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """One item before sealing."""

    file: str
    path: Path | None
    """None: the file cannot be read, and the item says so."""
    size_bytes: int
    cells: dict[str, str]
    """The row of the table as it was given, or only `file`; for the export."""
    template: Item
    """Without identity, hash, size, offset and sealed length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be packed. With any problem, nothing is."""

    name: str
    items: tuple[PlannedItem, ...]
    problems: tuple[TableProblem, ...]
    skipped: tuple[Skipped, ...]
    without_row: tuple[str, ...]
    """Files that the table does not name; they are packed without context."""


def plan(
    media_dir: Path, table: Path | None = None, *, entropy: Entropy, name: str
) -> Plan:
    """Plan a batch from a folder and, if there is one, its table.

    Args:
        media_dir: Read by name and size only.
        table: CSV (docs/TABLE.md); left out of the items if it lies in the folder.
        entropy: For item ids and the references of this batch.
        name: Of the batch, for the reviewer's home screen.

    Raises:
        RefusedError: no folder, no table file or no item at all (INPUT_MISSING);
            too many items, bytes or texts (INPUT_INVALID).
        UnavailableError: the folder or the table cannot be read (DISK_FAILED).
    """
    folder = list_folder(media_dir, leave_out=table)
    read = Table(rows=(), problems=()) if table is None else read_table(table)
    problems = tuple(
        sorted((*read.problems, *_missing(read, folder)), key=lambda each: each.row)
    )
    if not folder.files and not problems:
        raise RefusedError(Code.INPUT_MISSING, f"media, skipped={len(folder.skipped)}")
    if len(folder.files) > ITEMS_COUNT:
        raise RefusedError(Code.INPUT_INVALID, f"items={len(folder.files)}")
    rows = {row.file: row for row in read.rows}
    reference = _references(entropy)
    items = tuple(
        _planned(file, rows.get(file.name), entropy=entropy, ref=next(reference))
        for file in folder.files
    )
    _check_sizes(items)
    return Plan(
        name=name,
        items=items,
        problems=problems,
        skipped=folder.skipped,
        without_row=_without_row(read, folder) if table is not None else (),
    )


def seal(
    planned: Plan, out: BinaryIO, *, entropy: Entropy, progress: Progress | None = None
) -> tuple[Item, ...]:
    """Seal every item into `out`, one age file after the other, and fill it in.

    Offsets count from where `out` stands. Each age identity opens one item only
    and is returned inside it, to be sealed with the manifest.

    Raises:
        TableError: the plan has problems.
        UnavailableError: `out` could not be written (DISK_FULL, DISK_FAILED).
    """
    if planned.problems:
        raise TableError(planned.problems)
    total = sum(padme(each.size_bytes) for each in planned.items)
    sealed: list[Item] = []
    offset = done = 0
    for each in planned.items:

        def report(count: int, before: int = done) -> None:
            if progress is not None:
                progress(before + count, total)

        item = _seal_item(each, out, offset=offset, entropy=entropy, report=report)
        sealed.append(item)
        offset += item.sealed_bytes
        done += padme(each.size_bytes)
        report(0, done)
    return tuple(sealed)


def trouble_of(item: Item) -> Code | None:
    """Return why an item cannot be shown, as far as the packer knows without a look.

    MEDIA_MISSING, MEDIA_TOO_LARGE and MEDIA_BROKEN say that the file was not taken
    as it was; MEDIA_UNSUPPORTED, that it was, and its ending is none we show.
    """
    notes = item.acquisition.transforms if item.acquisition is not None else ()
    known = next((_NOTES[note] for note in notes if note in _NOTES), None)
    if known is None and item.kind is Kind.UNSUPPORTED:
        return Code.MEDIA_UNSUPPORTED
    return known


def _missing(table: Table, folder: Folder) -> Iterator[TableProblem]:
    """Name the rows whose file is not an item of the folder."""
    files = {file.name for file in folder.files}
    skipped = {each.name: each.why for each in folder.skipped}
    words = {
        Skip.HIDDEN: "this file is hidden, so it is not packed: rename it",
        Skip.LINK: "this is a link, which is not followed: put the file itself here",
    }
    for row in table.rows:
        if row.file in files:
            continue
        why = skipped.get(row.file)
        found = "no such file stands in the media folder"
        yield TableProblem(
            row=row.row,
            column="file",
            code=Code.TABLE_INVALID,
            words=found if why is None else words.get(why, "this is no plain file"),
        )


def _without_row(table: Table, folder: Folder) -> tuple[str, ...]:
    named = {row.file for row in table.rows}
    return tuple(file.name for file in folder.files if file.name not in named)


def _planned(
    file: MediaFile, row: TableRow | None, *, entropy: Entropy, ref: str
) -> PlannedItem:
    note = _note(file)
    item = Item(
        id=ItemId(entropy(16).hex()),
        ref=ref,
        kind=file.kind if note is None else Kind.UNSUPPORTED,
        identity="",
        sha256=Sha256Hex(""),
        size_bytes=0,
        offset_bytes=0,
        sealed_bytes=0,
        declared_type=file.declared_type,
        acquisition=None if note is None else Acquisition(transforms=(note,)),
    )
    return PlannedItem(
        file=file.name,
        path=file.path if note is None else None,
        size_bytes=file.size_bytes if note is None else 0,
        cells={"file": file.name} if row is None else row.cells,
        template=item if row is None else _described(item, row),
    )


def _described(item: Item, row: TableRow) -> Item:
    return msgspec.structs.replace(
        item,
        severity=row.severity,
        priority=row.priority,
        tags=row.tags,
        languages=row.languages,
        flag=row.flag,
        context=row.context,
        transcript=row.transcript,
        origin=row.origin,
        deadline=row.deadline,
    )


def _note(file: MediaFile) -> str | None:
    if not file.readable:
        return NOTE_MISSING
    return NOTE_TOO_LARGE if file.size_bytes > ITEM_BYTES else None


def _references(entropy: Entropy) -> Iterator[str]:
    """Yield speakable references such as `Heron 12-042`, one bird for a batch."""
    first, second = entropy(2)
    bird, series = BIRDS[first % len(BIRDS)], 10 + second % 90
    number = 0
    while True:
        number += 1
        yield f"{bird} {series}-{number:03d}"


def _check_sizes(items: tuple[PlannedItem, ...]) -> None:
    """Refuse what no batch may hold, before anything is sealed."""
    media_bytes = sum(sealed_length(padme(each.size_bytes)) for each in items)
    if media_bytes > BATCH_BYTES:
        raise RefusedError(Code.INPUT_INVALID, f"media_bytes={media_bytes}")
    texts_bytes = sum(len(msgspec.json.encode(each.template)) for each in items)
    if texts_bytes > TEXTS_BYTES:
        raise RefusedError(Code.INPUT_INVALID, f"texts_bytes={texts_bytes}")


def _seal_item(
    each: PlannedItem,
    out: BinaryIO,
    *,
    offset: int,
    entropy: Entropy,
    report: Callable[[int], None],
) -> Item:
    identity = AgeIdentity.generate(entropy)
    source = _Source(each.path, each.size_bytes, report)
    with contextlib.closing(io.BufferedReader(source, _BLOCK_BYTES)) as reader:
        length = source.length_bytes
        try:
            media = encrypt_stream(
                reader,
                out,
                recipient=identity.recipient,
                length=length,
                padded_to=padme(length),
                entropy=entropy,
            )
        except OSError as error:  # the writer's: a source never raises one
            raise disk_error(error) from error
        note = source.note()
    item = msgspec.structs.replace(
        each.template,
        identity=b64(identity.raw),
        sha256=media.clear_sha256,
        size_bytes=media.clear_bytes,
        offset_bytes=offset,
        sealed_bytes=media.sealed_bytes,
    )
    if note is None or each.path is None:
        return item
    return msgspec.structs.replace(
        item, kind=Kind.UNSUPPORTED, acquisition=Acquisition(transforms=(note,))
    )


class _Source(io.RawIOBase):
    """A file read once, to exactly its length at opening, whatever happens to it.

    What cannot be read any more is given as zeros, so that hash, length and sealed
    bytes always agree; `note` says that it happened.
    """

    def __init__(
        self, path: Path | None, listed_bytes: int, report: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._report = report
        self._done_bytes = 0
        self._is_changed = False
        self._before: os.stat_result | None = None
        self._descriptor = -1
        self.length_bytes = 0
        with contextlib.suppress(OSError):
            if path is not None:
                self._descriptor = open_regular(path)
                self._before = os.fstat(self._descriptor)
                self.length_bytes = self._before.st_size
        if self._before is not None and self.length_bytes != listed_bytes:
            self._is_changed = True
            self.length_bytes = min(self.length_bytes, listed_bytes)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        want = min(len(buffer), self.length_bytes - self._done_bytes)
        try:
            data = os.read(self._descriptor, want) if want else b""
        except OSError:
            data = b""
        if want and not data:
            self._is_changed = True
            data = bytes(want)
        buffer[: len(data)] = data
        self._done_bytes += len(data)
        self._report(self._done_bytes)
        return len(data)

    def note(self) -> str | None:
        """Return what went wrong with the file, if anything did."""
        if self._before is None:
            return NOTE_MISSING
        after = os.fstat(self._descriptor)
        same = (after.st_size, after.st_mtime_ns) == (
            self._before.st_size,
            self._before.st_mtime_ns,
        )
        return None if same and not self._is_changed else NOTE_CHANGED

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()
