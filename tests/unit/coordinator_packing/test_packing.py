"""Packing: every file becomes an item, sealed once, and no file stops the others."""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import BinaryIO

import pytest

from reviewer.coordinator import packing
from reviewer.coordinator.packing import Plan, plan, seal, trouble_of
from reviewer.coordinator.table import TableError
from reviewer.crypto.age import AgeIdentity, AgeReader, sealed_length
from reviewer.crypto.padding import is_zero, padme
from reviewer.domain.item import Item, Kind
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.formats.base64 import unb64
from tests.media_samples import write_hostile


def _planned(folder: Path, table: Path | None = None) -> Plan:
    return plan(folder, table, entropy=os.urandom, name="batch")


def _opened(media: bytes, item: Item) -> bytes:
    """Return the clear bytes of an item, its padding checked and cut off."""

    def read_at(offset: int, length: int) -> bytes:
        start = item.offset_bytes + offset
        return media[start : start + length]

    identity = AgeIdentity.from_raw(unb64(item.identity))
    reader = AgeReader(read_at, item.sealed_bytes, identity)
    clear = reader.read(0, reader.plain_bytes)
    assert len(clear) == padme(item.size_bytes)
    assert is_zero(clear[item.size_bytes :])
    true = clear[: item.size_bytes]
    assert hashlib.sha256(true).hexdigest() == item.sha256
    return true


def _sealed(planned: Plan) -> tuple[bytes, dict[str, Item]]:
    out = io.BytesIO()
    items = seal(planned, out, entropy=os.urandom)
    media = out.getvalue()
    offset = 0
    for item in items:
        assert item.offset_bytes == offset
        assert item.sealed_bytes == sealed_length(padme(item.size_bytes))
        offset += item.sealed_bytes
    assert offset == len(media)
    names = (each.file for each in planned.items)
    return media, dict(zip(names, items, strict=True))


def test_every_byte_comes_back(tmp_path: Path) -> None:
    """Hash, true size, padding and offsets of each item hold."""
    files = {
        "a.jpg": b"x" * 200_001,
        "b.mp4": os.urandom(70_000),
        "c.txt": b"",
        "sub/d.xyz": b"?",
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    media, items = _sealed(_planned(tmp_path))
    assert {name: _opened(media, item) for name, item in items.items()} == files
    assert items["sub/d.xyz"].kind is Kind.UNSUPPORTED
    troubles = [trouble_of(item) for item in items.values()]
    assert troubles == [None, None, None, Code.MEDIA_UNSUPPORTED]


def test_exact_duplicates_are_items_of_their_own(tmp_path: Path) -> None:
    """Copies share the hash and nothing else: id, identity and bytes differ."""
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"same" * 1_000)
    media, items = _sealed(_planned(tmp_path))
    one, other = items.values()
    assert one.sha256 == other.sha256
    assert one.identity != other.identity
    assert one.id != other.id
    start, half = one.offset_bytes, one.sealed_bytes
    assert media[start : start + half] != media[other.offset_bytes :]


def test_references_can_be_spoken(tmp_path: Path) -> None:
    """A bird, a series and the number of the item, in order; ids are fresh."""
    for number in range(12):
        (tmp_path / f"{number:02d}.jpg").touch()
    first = [each.template for each in _planned(tmp_path).items]
    again = [each.template for each in _planned(tmp_path).items]
    for number, item in enumerate(first, start=1):
        assert re.fullmatch(rf"[A-Z][a-z]+ [1-9][0-9]-{number:03d}", item.ref)
        assert re.fullmatch("[0-9a-f]{32}", item.id)
    assert len({item.id for item in (*first, *again)}) == 24


def test_the_birds_are_distinct_words() -> None:
    """Each is one plain word, said on the phone without spelling."""
    assert len(set(packing.BIRDS)) == len(packing.BIRDS) >= 64
    assert all(re.fullmatch("[A-Z][a-z]{2,9}", bird) for bird in packing.BIRDS)


def test_the_table_fills_the_items_in(tmp_path: Path) -> None:
    """Cells land in the item; files without a row are packed and named."""
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x")
    table = tmp_path / "items.csv"
    table.write_text("file;severity;caption;language\na.jpg;4;=c;ar\n")
    planned = _planned(tmp_path, table)
    assert planned.problems == ()
    assert planned.without_row == ("b.jpg",)
    with_row, without = planned.items
    assert with_row.template.severity == 4
    assert with_row.template.context.caption == "=c"
    assert with_row.template.languages == ("ar",)
    assert with_row.cells["caption"] == "=c"
    assert without.template.severity is None
    assert without.cells == {"file": "b.jpg"}


def test_problems_of_table_and_folder_come_together(tmp_path: Path) -> None:
    """Wrong cells and files that are not there, by row; nothing is sealed."""
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / ".h.jpg").write_bytes(b"x")
    (tmp_path / "l.jpg").symlink_to(tmp_path / "a.jpg")
    table = tmp_path / "items.csv"
    table.write_text("file,severity\nnone.jpg,1\na.jpg,9\n.h.jpg,\nl.jpg,\n")
    planned = _planned(tmp_path, table)
    places = [(problem.row, problem.column) for problem in planned.problems]
    assert places == [(2, "file"), (3, "severity"), (4, "file"), (5, "file")]
    assert "hidden" in planned.problems[2].words
    assert "link" in planned.problems[3].words
    out = io.BytesIO()
    with pytest.raises(TableError) as caught:
        seal(planned, out, entropy=os.urandom)
    assert caught.value.problems == planned.problems
    assert out.getvalue() == b""


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    """There is nothing to pack."""
    with pytest.raises(RefusedError) as caught:
        _planned(tmp_path)
    assert caught.value.code is Code.INPUT_MISSING


def test_no_hostile_file_stops_the_batch(tmp_path: Path) -> None:
    """The packer opens nothing, so nothing in a file can hurt it."""
    paths = write_hostile(tmp_path)
    media, items = _sealed(_planned(tmp_path))
    assert len(items) == len(paths)
    for path in paths:
        assert _opened(media, items[path.name]) == path.read_bytes()


def test_a_file_that_vanishes_is_an_item_that_says_so(tmp_path: Path) -> None:
    """Between planning and sealing a file may go; the rest is packed."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"x" * 100)
    planned = _planned(tmp_path)
    (tmp_path / "a.jpg").unlink()
    (tmp_path / "b.jpg").unlink()
    os.mkfifo(tmp_path / "b.jpg")
    media, items = _sealed(planned)
    for name in ("a.jpg", "b.jpg"):
        assert trouble_of(items[name]) is Code.MEDIA_MISSING
        assert items[name].kind is Kind.UNSUPPORTED
        assert items[name].size_bytes == 0
    assert _opened(media, items["c.jpg"]) == b"x" * 100


class _Meddling(io.BytesIO):
    """Writes, and changes the file under the packer's hands at the first write."""

    def __init__(self, path: Path, data: bytes) -> None:
        super().__init__()
        self._path = path
        self._data: bytes | None = data

    def write(self, data: object, /) -> int:
        if self._data is not None:
            self._path.write_bytes(self._data)
            self._data = None
        return super().write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("after_bytes", [0, 10, 3_000_000, 5_000_000])
def test_a_file_that_changes_is_an_item_that_says_so(
    tmp_path: Path, after_bytes: int
) -> None:
    """Shorter, longer or of the same length: hash and bytes still agree."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"a" * 3_000_000)
    (tmp_path / "b.jpg").write_bytes(b"b" * 100)
    out = _Meddling(path, b"z" * after_bytes)
    first, second = seal(_planned(tmp_path), out, entropy=os.urandom)
    assert trouble_of(first) is Code.MEDIA_BROKEN
    assert first.kind is Kind.UNSUPPORTED
    assert first.size_bytes == 3_000_000
    assert len(_opened(out.getvalue(), first)) == 3_000_000
    assert _opened(out.getvalue(), second) == b"b" * 100
    assert trouble_of(second) is None


def test_a_file_that_grew_since_planning_says_so(tmp_path: Path) -> None:
    """What was planned is what is sealed, no byte more."""
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 10)
    planned = _planned(tmp_path)
    path.write_bytes(b"x" * 20)
    _, items = _sealed(planned)
    assert trouble_of(items["a.jpg"]) is Code.MEDIA_BROKEN
    assert items["a.jpg"].size_bytes == 10


def test_a_file_larger_than_an_item_may_be_says_so(tmp_path: Path) -> None:
    """Over 8 GiB nothing is read; the other items are packed."""
    with (tmp_path / "a.mp4").open("wb") as file:
        file.truncate(packing.ITEM_BYTES + 1)
    (tmp_path / "b.jpg").write_bytes(b"b")
    media, items = _sealed(_planned(tmp_path))
    assert trouble_of(items["a.mp4"]) is Code.MEDIA_TOO_LARGE
    assert items["a.mp4"].size_bytes == 0
    assert _opened(media, items["b.jpg"]) == b"b"


def test_a_batch_has_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items, bytes and texts beyond the caps are refused before anything is sealed."""
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(b"x" * 1_000)
    for limit in ("ITEMS_COUNT", "BATCH_BYTES", "TEXTS_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(packing, limit, 1)
            with pytest.raises(RefusedError) as caught:
                _planned(tmp_path)
            assert caught.value.code is Code.INPUT_INVALID


def test_progress_only_rises_and_ends_at_the_total(tmp_path: Path) -> None:
    """The bar never goes back and ends full."""
    for name in ("a.mp4", "b.jpg", "c.txt"):
        (tmp_path / name).write_bytes(b"x" * 2_500_000)
    seen: list[tuple[int, int]] = []
    planned = _planned(tmp_path)
    seal(
        planned,
        io.BytesIO(),
        entropy=os.urandom,
        progress=lambda done, total: seen.append((done, total)),
    )
    done = [each[0] for each in seen]
    assert done == sorted(done)
    assert len(done) > 6
    assert seen[-1] == (3 * padme(2_500_000), 3 * padme(2_500_000))


def test_progress_can_cancel(tmp_path: Path) -> None:
    """An error raised by whoever watches ends the packing at once."""
    (tmp_path / "a.mp4").write_bytes(b"x" * 2_500_000)
    with pytest.raises(RefusedError) as caught:
        seal(_planned(tmp_path), io.BytesIO(), entropy=os.urandom, progress=_cancelling)
    assert caught.value.code is Code.CANCELLED


def _cancelling(_done: int, _total: int) -> None:
    raise RefusedError(Code.CANCELLED)


class _FullDisk(io.BytesIO):
    def write(self, _data: object, /) -> int:
        raise OSError(28, "full")


def test_a_full_disk_is_told_apart_from_a_bad_file(tmp_path: Path) -> None:
    """Writing that fails stops the batch; reading that fails does not."""
    (tmp_path / "a.jpg").write_bytes(b"x")
    full: BinaryIO = _FullDisk()
    with pytest.raises(UnavailableError) as caught:
        seal(_planned(tmp_path), full, entropy=os.urandom)
    assert caught.value.code is Code.DISK_FULL
