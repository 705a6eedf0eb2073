"""Real media go through the walls, hostile ones cost one item, no child is killed.

The syscall lists were derived from this corpus: a codec that needs another call
shows here as DECODER_DIED. Mutations are seeded, so a failure can be repeated.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image

from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, Box, Step
from reviewer.errors import Code, MediaError
from reviewer.media.meter import CountingMeter
from reviewer.media.pool import LinuxDecoderPool
from reviewer.media.session import LockedSession
from tests.conformance.decoder import ITEM, grant
from tests.drawn_media import drawn_clip, drawn_pixels
from tests.fakes.decoder import BytesReader
from tests.media_converted import write_converted
from tests.media_samples import (
    REAL_CLIPS,
    REAL_STILLS,
    clip_path,
    still_path,
    write_hostile,
)
from tests.sandboxed import need_full_sandbox

LENS: Final = Box(x=0.2, y=0.2, width=0.3, height=0.3)
CLEAN: Final = {
    Code.MEDIA_BROKEN,
    Code.MEDIA_UNSUPPORTED,
    Code.MEDIA_TOO_LARGE,
}
KINDS: Final = {"mp4": Kind.CLIP, "txt": Kind.TEXT}
STILL_MUTATIONS_COUNT: Final = 200
CLIP_MUTATIONS_COUNT: Final = 40
LONG_FACTOR: Final = 15


class Walls:
    """A pool with a meter, and what an item looks like through it."""

    def __init__(self) -> None:
        self.meter = CountingMeter()
        self.pool = LinuxDecoderPool(meter=self.meter)
        self.pool.start()

    def look(self, data: bytes, kind: Kind) -> list[Code | None]:
        """Ask everything that a reviewer can ask; return a code for each refusal."""
        reader = BytesReader(data)
        session = self.pool.open(reader, item_id=ITEM, kind=kind, declared_type="")
        try:
            return [_refusal(ask, session) for ask in ASKS]
        finally:
            session.close()


def _refusal(ask: Callable[[LockedSession], object], on: LockedSession) -> Code | None:
    try:
        ask(on)
    except MediaError as error:
        return error.code
    return None


ASKS: Final[tuple[Callable[[LockedSession], object], ...]] = (
    lambda on: on.info(),
    lambda on: on.concealed(long_side_px=16, grey=True),
    lambda on: on.storyboard(grey=False),
    lambda on: on.clear(
        grant(Step.COLOUR), box=LENS, width_px=200, height_px=200, at_ms=700
    ),
    lambda on: on.clear(
        grant(Step.SOFTENED), box=WHOLE_BOX, width_px=320, height_px=320, at_ms=10**6
    ),
    lambda on: on.fingerprint(),
    lambda on: on.text(grant(), page=0),
)
PICTURE_ASKS_COUNT: Final = 6


@pytest.fixture(scope="module")
def walls() -> Iterator[Walls]:
    need_full_sandbox()
    walls = Walls()
    yield walls
    walls.pool.shut_down()


@pytest.mark.parametrize("name", REAL_STILLS)
def test_real_photographs_are_shown(walls: Walls, name: str) -> None:
    """Photographs answer everything but text, and measure concealed until revealed."""
    refusals = walls.look(still_path(name).read_bytes(), Kind.IMAGE)
    assert refusals == [None] * PICTURE_ASKS_COUNT + [Code.MEDIA_UNSUPPORTED]
    assert walls.meter.clear_before_reveal == 0


def test_converted_photographs_are_shown(walls: Walls, tmp_path: Path) -> None:
    """WebP, BMP, a turned JPEG and a CMYK one likewise."""
    for path in write_converted(tmp_path):
        refusals = walls.look(path.read_bytes(), Kind.IMAGE)
        assert refusals[:PICTURE_ASKS_COUNT] == [None] * PICTURE_ASKS_COUNT, path.name


@pytest.mark.parametrize("name", REAL_CLIPS)
def test_real_clips_are_shown(walls: Walls, name: str) -> None:
    """Real clips answer everything but text; their sheet has twelve tiles."""
    data = clip_path(name).read_bytes()
    refusals = walls.look(data, Kind.CLIP)
    assert refusals == [None] * PICTURE_ASKS_COUNT + [Code.MEDIA_UNSUPPORTED]
    session = walls.pool.open(
        BytesReader(data), item_id=ITEM, kind=Kind.CLIP, declared_type=""
    )
    assert len(session.storyboard(grey=True)) == 12
    session.close()
    assert walls.meter.clear_before_reveal == 0


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("libx264", "mp4"),
        ("libx265", "mp4"),
        ("libvpx", "webm"),
        ("libvpx-vp9", "webm"),
        ("libsvtav1", "mp4"),
        ("mpeg4", "mov"),
    ],
)
def test_every_codec_works_behind_the_walls(
    walls: Walls, codec: str, container: str
) -> None:
    """Each allowed codec decodes with the calls that its filter admits."""
    data = drawn_clip(160, 96, codec=codec, container=container, seconds=2)
    refusals = walls.look(data, Kind.CLIP)
    assert refusals[:PICTURE_ASKS_COUNT] == [None] * PICTURE_ASKS_COUNT


def test_hostile_files_cost_one_item_each(walls: Walls, tmp_path: Path) -> None:
    """Bombs, cuts, wrong endings: a clean refusal each, and the child lives on."""
    for path in write_hostile(tmp_path):
        kind = KINDS.get(path.suffix[1:], Kind.IMAGE)
        for code in walls.look(path.read_bytes(), kind):
            assert code is None or code in CLEAN, (path.name, code)
    assert walls.meter.clear_before_reveal == 0


@functools.cache
def still_variants() -> tuple[bytes, ...]:
    """Return small stills of every format, depth and extra that we can write."""
    rgb = Image.fromarray(drawn_pixels(97, 61))
    exif = Image.Exif()
    exif[0x0112] = 8
    clear = rgb.convert("RGBA")
    clear.putalpha(rgb.convert("L"))
    turned = rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    plans: tuple[tuple[Image.Image, str, dict[str, object]], ...] = (
        (rgb, "JPEG", {}),
        (rgb, "JPEG", {"progressive": True, "exif": exif, "comment": b"c"}),
        (rgb.convert("L"), "JPEG", {}),
        (rgb.convert("CMYK"), "JPEG", {}),
        (rgb, "PNG", {"exif": exif}),
        (clear, "PNG", {}),
        (rgb.convert("P"), "PNG", {"transparency": 3}),
        (rgb.convert("1"), "PNG", {}),
        (rgb, "PNG", {"save_all": True, "append_images": [turned]}),
        (rgb, "WEBP", {}),
        (clear, "WEBP", {"lossless": True, "exif": exif, "xmp": b"<x/>"}),
        (clear, "WEBP", {"save_all": True, "append_images": [clear]}),
        (rgb, "GIF", {"interlace": 1}),
        (clear, "GIF", {"save_all": True, "append_images": [turned], "disposal": 2}),
        (rgb, "AVIF", {"exif": exif}),
        (clear, "AVIF", {"save_all": True, "append_images": [clear]}),
        (rgb, "BMP", {}),
        (rgb.convert("P"), "BMP", {}),
    )
    found = []
    for image, form, options in plans:
        out = io.BytesIO()
        image.save(out, form, **options)
        found.append(out.getvalue())
    return tuple(found)


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut, overwrite, flip in the header, or insert."""
    changed = bytearray(data)
    match int(rng.integers(4)):
        case 0:
            del changed[int(rng.integers(len(changed))) :]
        case 1:
            for place in rng.integers(len(changed), size=6):
                changed[place] = int(rng.integers(256))
        case 2:
            for place in rng.integers(min(len(changed), 200), size=3):
                changed[place] ^= 1 << int(rng.integers(8))
        case _:
            place = int(rng.integers(len(changed)))
            changed[place:place] = rng.bytes(int(rng.integers(1, 50)))
    return bytes(changed)


def check_mutations(
    walls: Walls, sources: tuple[bytes, ...], kind: Kind, count: int
) -> None:
    """Look at many broken items; each is shown or refused cleanly."""
    rng = np.random.default_rng(20_261_121)
    for index in range(count):
        data = mutated(sources[index % len(sources)], rng)
        for code in walls.look(data, kind):
            assert code is None or code in CLEAN, (index, code)
    assert walls.meter.clear_before_reveal == 0
    assert walls.look(sources[0], kind)[1] is None


def clip_sources() -> tuple[bytes, ...]:
    """Return small clips of several codecs."""
    forms = (("libx264", "mp4"), ("libvpx-vp9", "webm"), ("mpeg4", "mp4"))
    return tuple(
        drawn_clip(96, 64, codec=codec, container=container, seconds=2)
        for codec, container in forms
    )


def test_every_variant_of_a_still_is_shown(walls: Walls) -> None:
    """Positive control: before they are broken, all of them decode."""
    for index, data in enumerate(still_variants()):
        refusals = walls.look(data, Kind.IMAGE)
        assert refusals[:PICTURE_ASKS_COUNT] == [None] * PICTURE_ASKS_COUNT, index


def test_broken_stills_never_kill(walls: Walls) -> None:
    """Hundreds of seeded mutations: no death, no timeout, no lie."""
    check_mutations(walls, still_variants(), Kind.IMAGE, STILL_MUTATIONS_COUNT)


def test_broken_clips_never_kill(walls: Walls) -> None:
    """The same of clips, where damaged streams reach the codecs."""
    check_mutations(walls, clip_sources(), Kind.CLIP, CLIP_MUTATIONS_COUNT)


@pytest.mark.long
def test_thousands_of_broken_items_never_kill(walls: Walls) -> None:
    """The long battery of security.md 4."""
    stills, clips = STILL_MUTATIONS_COUNT, CLIP_MUTATIONS_COUNT
    check_mutations(walls, still_variants(), Kind.IMAGE, LONG_FACTOR * stills)
    check_mutations(walls, clip_sources(), Kind.CLIP, LONG_FACTOR * clips)


def test_any_bytes_as_text(walls: Walls) -> None:
    """Text takes everything and gives plain pages."""
    rng = np.random.default_rng(3)
    for length in (0, 1, 2, 3, 1_000, 50_000):
        refusals = walls.look(rng.bytes(length), Kind.TEXT)
        assert refusals[0] is refusals[-1] is None
        assert set(refusals[1:-1]) == {Code.MEDIA_UNSUPPORTED}
