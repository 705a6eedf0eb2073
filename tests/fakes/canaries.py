"""Markers to plant, and the scan that must not find them."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PLAIN_DATABASE: Final = b"SQLite format 3"
SIDE_PX: Final = 64
RUN_PIXELS: Final = 20


@dataclass(frozen=True, slots=True)
class Marker:
    """Something distinctive, and where it was planted."""

    place: str
    data: bytes

    def forms(self) -> tuple[bytes, ...]:
        """Return the ways in which it might lie on a disk."""
        coded = [base64.b64encode(bytes(shift) + self.data)[4:-4] for shift in range(3)]
        wide = self.data.decode("latin-1").encode("utf-16-le")
        turned = _turned(self.data)
        hexed = self.data.hex().encode()
        return (self.data, turned, wide, hexed, hexed.upper(), *coded)


def word(place: str) -> Marker:
    """Return a marker that can stand in a text or a file name."""
    return Marker(place, f"canary{hashlib.sha256(place.encode()).hexdigest()}".encode())


def pixels() -> Marker:
    """Return a run of pixel bytes as an uncompressed bitmap holds them."""
    return Marker("pixels", hashlib.shake_256(b"pixels").digest(3 * RUN_PIXELS))


def bitmap(marker: Marker) -> bytes:
    """Return a BMP without compression whose rows hold the marker."""
    row = marker.data.ljust(3 * SIDE_PX, b"\x40")
    body = row * SIDE_PX
    head = struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54)
    info = struct.pack(
        "<IiiHHIIiiII", 40, SIDE_PX, SIDE_PX, 1, 24, 0, len(body), 2835, 2835, 0, 0
    )
    return head + info + body


def found(folder: Path, markers: tuple[Marker, ...]) -> set[str]:
    """Return where planted markers lie open under a folder, names included."""
    hits: set[str] = set()
    for path in _files(folder):
        data = path.name.encode() + b"\0" + path.read_bytes()
        hits |= {one.place for one in markers if any(f in data for f in one.forms())}
    return hits


def plain_databases(folder: Path) -> list[str]:
    """Return the files that any program could open as a database."""
    return [
        path.name
        for path in _files(folder)
        if path.read_bytes()[: len(PLAIN_DATABASE)] == PLAIN_DATABASE
    ]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _turned(data: bytes) -> bytes:
    """Swap red and blue, as a decoder does with a bitmap."""
    swapped = bytearray(data)
    whole = len(data) - len(data) % 3
    swapped[0:whole:3], swapped[2:whole:3] = data[2:whole:3], data[0:whole:3]
    return bytes(swapped)
