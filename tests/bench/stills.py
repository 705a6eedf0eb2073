"""A still through the sandbox, cold, against the same work in this process.

The baseline reads by the same reader, decodes and resizes by the same functions in
this process. The fork is measured beside it, as an open and close of a child that
decodes nothing, and taken off ours: the goal says *plus the fork*.
"""

from __future__ import annotations

import io
from pathlib import Path

from reviewer.decoder import stills
from reviewer.decoder.showing import StillShowing
from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, Extent, Step
from reviewer.media.pool import LinuxDecoderPool
from reviewer.pipe.codes import Op, Rung
from reviewer.pipe.frames import Request
from reviewer.pipe.sizes import BOX_UNIT
from reviewer.safeguards.grant import Grant
from tests.bench.rows import Row, median, timed
from tests.media_samples import still_path

ROUNDS = 21
WIDTH_PX = 640
_WHOLE = Request(
    op=Op.STILL,
    serial=1,
    rung=Rung.COLOUR,
    is_grey=False,
    width_px=WIDTH_PX,
    height_px=WIDTH_PX,
    box_width=BOX_UNIT,
    box_height=BOX_UNIT,
)
ITEM = ItemId("0" * 32)
GRANT = Grant(item_id=ITEM, step=Step.COLOUR, extent=Extent.WHOLE, given_at=MonoMs(0))


class Bytes:
    """A reader over bytes in memory, the same for both ways."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self._data = data

    @property
    def size_bytes(self) -> int:
        """Return the number of bytes."""
        return len(self._data)

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        """Return a slice."""
        return self._data[offset_bytes : offset_bytes + length_bytes]


def rows(_folder: Path) -> tuple[Row, ...]:
    """Decode a large photograph both ways, in turns."""
    data = large_photograph()
    pool = LinuxDecoderPool()
    stills.set_up()
    try:
        _in_sandbox(pool, data)
        _in_process(data)
        ratios, ours, others = [], [], []
        for _ in range(ROUNDS):
            fork = timed(lambda: _fork_only(pool, data))
            mine = timed(lambda: _in_sandbox(pool, data)) - fork
            other = timed(lambda: _in_process(data))
            ratios.append(mine / other)
            ours.append(mine)
            others.append(other)
    finally:
        pool.shut_down()
    ratio = median(ratios)
    row = Row(
        name="still through the sandbox, cold, less the fork",
        ours=median(ours),
        baseline=median(others),
        ratio=ratio,
        goal="<= 1.15",
        met=ratio <= 1.15,
    )
    return (row,)


def large_photograph() -> bytes:
    """Return a real photograph, enlarged to the size of a telephone's."""
    import cv2  # noqa: PLC0415 (a library of the child; only measured here)

    picture = cv2.imread(str(still_path("astronaut.png")))
    if picture is None:
        raise AssertionError("the photograph is not there")
    large = cv2.resize(picture, (3000, 3000), interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", large)[1])


def _fork_only(pool: LinuxDecoderPool, data: bytes) -> None:
    pool.open(
        Bytes(data), item_id=ITEM, kind=Kind.IMAGE, declared_type="image/jpeg"
    ).close()


def _in_sandbox(pool: LinuxDecoderPool, data: bytes) -> None:
    session = pool.open(
        Bytes(data), item_id=ITEM, kind=Kind.IMAGE, declared_type="image/jpeg"
    )
    try:
        session.clear(
            GRANT, box=WHOLE_BOX, width_px=WIDTH_PX, height_px=WIDTH_PX, at_ms=0
        )
    finally:
        session.close()


def _in_process(data: bytes) -> bytes:
    """Read, decode and resize by the very functions of the child, in this process."""
    reader = Bytes(data)
    file = io.BytesIO(reader.read(0, reader.size_bytes))
    shown = StillShowing(file).still(_WHOLE)
    return bytes(shown.tobytes())
