"""The item as a file: every byte comes from the parent, by request."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO, Final

from reviewer.pipe.sizes import READ_BYTES, WHOLE_ITEM_BYTES

ReadAt = Callable[[int, int], bytes]
_BLOCK_BYTES: Final = 256 * 1024
_BLOCKS_COUNT: Final = 64  # 16 MiB of a clip are kept


class ItemFile(io.RawIOBase):
    """Random access to an item by `read_at(offset, length)`, in cached blocks."""

    def __init__(self, read_at: ReadAt, size_bytes: int) -> None:
        super().__init__()
        self._read_at = read_at
        self._size_bytes = size_bytes
        self._offset = 0
        self._blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        """Say that the item can be read."""
        return True

    def seekable(self) -> bool:
        """Say that the item can be read anywhere."""
        return True

    def tell(self) -> int:
        """Return the place of the next read."""
        return self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the place of the next read; past the end reads nothing."""
        base = {
            io.SEEK_SET: 0,
            io.SEEK_CUR: self._offset,
            io.SEEK_END: self._size_bytes,
        }
        self._offset = max(0, base[whence] + offset)
        return self._offset

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes, or to the end."""
        left = max(0, self._size_bytes - self._offset)
        wanted = left if size is None or size < 0 else min(size, left)
        parts = []
        while wanted > 0:
            index, start = divmod(self._offset, _BLOCK_BYTES)
            part = self._block(index)[start : start + wanted]
            parts.append(part)
            self._offset += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Read into a buffer and return how much."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _block(self, index: int) -> bytes:
        found = self._blocks.pop(index, None)
        if found is None:
            found = self._read_at(index * _BLOCK_BYTES, _BLOCK_BYTES)
            if len(self._blocks) >= _BLOCKS_COUNT:
                del self._blocks[next(iter(self._blocks))]
        self._blocks[index] = found
        return found


def open_item(read_at: ReadAt, size_bytes: int) -> BinaryIO:
    """Return the item as a file: held whole when small, else read as needed."""
    if size_bytes > WHOLE_ITEM_BYTES:
        return ItemFile(read_at, size_bytes)  # type: ignore[return-value]
    return io.BytesIO(read_whole(read_at, size_bytes))


def read_whole(read_at: ReadAt, size_bytes: int) -> bytes:
    """Read the item from its first byte to its last."""
    return b"".join(
        read_at(offset, min(READ_BYTES, size_bytes - offset))
        for offset in range(0, size_bytes, READ_BYTES)
    )
