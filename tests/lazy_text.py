"""A text of any size that takes no memory: numbered lines, made when they are read."""

from __future__ import annotations

import io

LINE_BYTES = 64


class LazyText(io.RawIOBase):
    """Line n is `line n` and plain words, 64 bytes each; `marked` lines say more."""

    def __init__(self, size_bytes: int, marked: dict[int, str] | None = None) -> None:
        super().__init__()
        self.size_bytes = size_bytes
        self.read_bytes = 0
        self._marked = marked or {}
        self._place = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._place = offset + (0, self._place, self.size_bytes)[whence]
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self.size_bytes - self._place)
        length = left if size < 0 else min(size, left)
        data = self.at(self._place, length)
        self._place += length
        self.read_bytes += length
        return data

    def at(self, offset: int, length: int) -> bytes:
        """Return bytes from anywhere."""
        first = offset // LINE_BYTES
        last = (offset + length) // LINE_BYTES
        lines = b"".join(self._line(number) for number in range(first, last + 1))
        start = offset - first * LINE_BYTES
        return lines[start : start + length]

    def _line(self, number: int) -> bytes:
        words = self._marked.get(number, "plain words of a very long text")
        return f"line {number} {words}"[: LINE_BYTES - 1].ljust(63).encode() + b"\n"
