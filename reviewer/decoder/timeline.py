"""When each frame of an animation is shown, read from its headers alone.

No frame is decoded here, and nothing is trusted: a file that claims more frames
than it has, or none of their times, gets an even pace. Counting stops at a ceiling
of frames and of bytes, so that a hostile file costs little.
"""

from __future__ import annotations

import bisect
import contextlib
import itertools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image

from reviewer.pipe.sizes import MAX_DURATION_MS

FRAMES_COUNT: Final = 100_000  # counted at most; more are "at least so many"
_SCANNED_BYTES: Final = 256 * 1024 * 1024
_PACE_MS: Final = 100  # what viewers make of a delay that is missing or too short
_SHORTEST_MS: Final = 11
_ANIMATED: Final = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
_GIF_PICTURE: Final = 0x2C
_GIF_EXTENSION: Final = 0x21
_GIF_CONTROL: Final = 0xF9
_GIF_SCREEN_BYTES: Final = 13
_PNG_SIGNATURE_BYTES: Final = 8
_PNG_CONTROL: Final = b"fcTL"
_RIFF_HEAD_BYTES: Final = 12
_WEBP_FRAME: Final = b"ANMF"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moment at which each frame ends, in milliseconds from the start."""

    ends_ms: tuple[int, ...]

    @property
    def frames_count(self) -> int:
        """Return the number of frames, 1 for a still."""
        return len(self.ends_ms)

    @property
    def duration_ms(self) -> int:
        """Return how long it plays once, 0 for a still."""
        length = self.ends_ms[-1] if self.frames_count > 1 else 0
        return min(length, MAX_DURATION_MS)

    def chosen(self, count: int, *, reach: int) -> tuple[int, ...]:
        """Return up to `count` different frames of the first `reach`, by time.

        Each is the one shown at its share of the playing time, or the next one that
        was not taken yet: a frame that is up for a moment only is not hidden behind
        a long one where there are few.
        """
        total = min(count, reach)
        span = self.ends_ms[reach - 1]
        found: list[int] = []
        for index in range(total):
            shown = bisect.bisect_right(self.ends_ms, span * index // total)
            least = found[-1] + 1 if found else 0
            found.append(min(max(shown, least), reach - total + index))
        return tuple(found)


def timeline_of(image: Image.Image, file: BinaryIO) -> Timeline:
    """Return the timeline of an opened image; `file` is read and put back."""
    if image.format not in _ANIMATED:
        return Timeline((0,))
    place = file.tell()
    try:
        delays = _delays(image, file)
    finally:
        file.seek(place)
    return Timeline(tuple(itertools.accumulate(map(_shown_ms, delays))) or (0,))


def _shown_ms(delay: int) -> int:
    return _PACE_MS if delay < _SHORTEST_MS else delay


def _delays(image: Image.Image, file: BinaryIO) -> list[int]:
    scan = _SCANS.get(image.format or "")
    if scan is None:  # AVIF tells its times only by decoding
        return [_PACE_MS] * min(_claimed(image), FRAMES_COUNT)
    file.seek(0)
    found: list[int] = []
    with contextlib.suppress(struct.error, IndexError):  # cut off: what came counts
        found.extend(itertools.islice(scan(file), FRAMES_COUNT))
    if image.format == "GIF":
        return found
    claimed = _claimed(image)
    if claimed <= 1:
        return []
    return [*found, *[0] * (claimed - len(found))][:claimed] if found else []


def _claimed(image: Image.Image) -> int:
    return min(int(getattr(image, "n_frames", 1)), FRAMES_COUNT)


def _of_gif(file: BinaryIO) -> Iterator[int]:
    screen = file.read(_GIF_SCREEN_BYTES)
    file.seek(_table_bytes(screen[10]), 1)
    delay = 0
    while file.tell() < _SCANNED_BYTES:
        kind = file.read(1)[0]
        if kind == _GIF_EXTENSION:
            if file.read(1)[0] == _GIF_CONTROL:
                delay = 10 * int(struct.unpack_from("<H", file.read(5), 2)[0])
            _skip_blocks(file)
        elif kind == _GIF_PICTURE:
            file.seek(_table_bytes(file.read(9)[8]), 1)
            file.seek(1, 1)
            _skip_blocks(file)
            yield delay
            delay = 0
        else:
            return


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_blocks(file: BinaryIO) -> None:
    while length := file.read(1)[0]:
        file.seek(length, 1)
        if file.tell() > _SCANNED_BYTES:
            return


def _of_png(file: BinaryIO) -> Iterator[int]:
    file.seek(_PNG_SIGNATURE_BYTES)
    while file.tell() < _SCANNED_BYTES:
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == _PNG_CONTROL:
            body = file.read(length)
            part, whole = struct.unpack_from(">HH", body, 20)
            yield 1_000 * part // (whole or 100)
            length = 0
        file.seek(length + 4, 1)


def _of_webp(file: BinaryIO) -> Iterator[int]:
    file.seek(_RIFF_HEAD_BYTES)
    while file.tell() < _SCANNED_BYTES:
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == _WEBP_FRAME:
            body = file.read(16)
            yield int.from_bytes(body[12:15], "little")
            length -= 16
        file.seek(length + length % 2, 1)


_SCANS: Final[dict[str, Callable[[BinaryIO], Iterator[int]]]] = {
    "GIF": _of_gif,
    "PNG": _of_png,
    "WEBP": _of_webp,
}
