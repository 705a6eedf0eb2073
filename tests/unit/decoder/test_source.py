"""The item as a file: the same bytes as a file on disk, in reads of 1 MiB at most."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from reviewer.decoder.source import ItemFile, open_item, read_whole
from reviewer.pipe.sizes import READ_BYTES

DATA = bytes(range(256)) * 9_000

STEPS = st.lists(
    st.tuples(
        st.integers(-3_000_000, 3_000_000),
        st.sampled_from([io.SEEK_SET, io.SEEK_CUR, io.SEEK_END]),
        st.integers(-1, 700_000),
    ),
    max_size=8,
)


class Reads:
    """Serves reads and keeps what was asked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.asked: list[tuple[int, int]] = []

    def __call__(self, offset: int, length: int) -> bytes:
        self.asked.append((offset, length))
        return self._data[offset : offset + length]


@given(STEPS)
def test_reads_like_a_file(steps: list[tuple[int, int, int]]) -> None:
    """Seeking and reading agree with a file in memory."""
    reads = Reads(DATA)
    ours, model = ItemFile(reads, len(DATA)), io.BytesIO(DATA)
    for offset, whence, size in steps:
        base = {0: 0, 1: model.tell(), 2: len(DATA)}[whence]
        place = ours.seek(offset, whence)
        assert place == model.seek(max(0, base + offset))
        assert ours.read(size) == model.read(size)
        assert ours.tell() == min(model.tell(), max(place, len(DATA)))
    assert all(0 < length <= READ_BYTES for _, length in reads.asked)


def test_a_block_is_asked_for_once() -> None:
    """Going over the same place again costs no read."""
    reads = Reads(DATA)
    file = ItemFile(reads, len(DATA))
    for _ in range(10):
        file.seek(1_000)
        file.read(1_000)
    assert len(reads.asked) == 1


def test_readinto_fills_what_there_is() -> None:
    """The end of the item ends a read."""
    file = ItemFile(Reads(b"abc"), 3)
    buffer = bytearray(8)
    assert file.readinto(buffer) == 3
    assert bytes(buffer[:3]) == b"abc"
    assert file.readable()
    assert file.seekable()


def test_a_small_item_is_held_whole() -> None:
    """Up to 64 MiB the item is read once, from first to last byte."""
    reads = Reads(DATA)
    file = open_item(reads, len(DATA))
    assert isinstance(file, io.BytesIO)
    assert file.read() == DATA
    assert all(length <= READ_BYTES for _, length in reads.asked)


def test_an_empty_item_is_an_empty_file() -> None:
    """No read is made for nothing."""
    reads = Reads(b"")
    assert read_whole(reads, 0) == b""
    assert reads.asked == []
