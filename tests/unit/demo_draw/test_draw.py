"""What the demonstration's media are, and that they tell clear from concealed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PIL import Image, ImageOps

from reviewer.coordinator.packing import Plan, plan
from reviewer.coordinator.table import read_table
from reviewer.demo.draw import TABLE_NAME, main
from reviewer.demo.draw_list import SAMPLES
from reviewer.domain.item import FlaggedBy, Kind
from reviewer.media.meter import shows_fine_pattern

BROKEN = "broken-on-the-way.jpg"
STILLS = tuple(
    sample.file
    for sample in SAMPLES
    if sample.file.endswith((".jpg", ".png", ".webp", ".bmp", ".gif"))
    and sample.file != BROKEN
)


@pytest.fixture(scope="module")
def packed(drawn: Path) -> Plan:
    return plan(drawn, drawn / TABLE_NAME, entropy=os.urandom, name="demo")


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        upright: Image.Image = ImageOps.exif_transpose(opened)
        return upright.convert("RGB")


def _views(picture: Image.Image, long_side_px: int) -> bytes:
    ratio = long_side_px / max(picture.size)
    size = (max(1, round(picture.width * ratio)), max(1, round(picture.height * ratio)))
    return picture.resize(size, Image.Resampling.BOX).tobytes()


def _width(picture: Image.Image, long_side_px: int) -> int:
    return max(1, round(picture.width * long_side_px / max(picture.size)))


def test_some_thirty_items_pack_without_a_problem(packed: Plan) -> None:
    """The drawn table fits the drawn folder exactly."""
    assert (packed.problems, packed.skipped, packed.without_row) == ((), (), ())
    assert 25 <= len(packed.items) <= 35


def test_every_kind_severity_role_and_script_is_there(packed: Plan) -> None:
    """The batch shows each thing a reviewer meets."""
    items = [each.template for each in packed.items]
    assert {item.kind for item in items} == set(Kind)
    assert {item.severity for item in items} == {None, 0, 1, 2, 3, 4, 5}
    assert {item.flag.by for item in items if item.flag} == set(FlaggedBy)
    assert {"ar", "ru", "fr"} <= {tag for item in items for tag in item.languages}
    assert any(item.context.source is None for item in items)
    assert len({item.priority for item in items}) == 6
    captions = "".join(item.context.caption or "" for item in items)
    for letter in ("S", "я", "ع", "Δ"):
        assert letter in captions


def test_copies_are_exact_and_near(drawn: Path) -> None:
    """Two files are there twice and thrice to the byte; one is the same re-encoded."""
    by_hash: dict[str, int] = {}
    for sample in SAMPLES:
        digest = hashlib.sha256((drawn / sample.file).read_bytes()).hexdigest()
        by_hash[digest] = by_hash.get(digest, 0) + 1
    assert sorted(by_hash.values())[-2:] == [2, 3]
    large, small = (
        _opened(drawn / name) for name in ("hills-dawn.jpg", "hills-dawn-news.jpg")
    )
    pairs = zip(_views(large, 8), _views(small, 8), strict=True)
    assert max(abs(one - other) for one, other in pairs) < 12


def test_the_files_are_what_they_are_meant_to_be(drawn: Path) -> None:
    """Sizes, EXIF orientation, CMYK, transparency, animation and the broken file."""
    sizes = {name: _opened(drawn / name).size for name in STILLS}
    assert min(sizes.values()) == (320, 240)
    assert max(sizes.values()) == (4000, 3000)
    with Image.open(drawn / "portrait-turned.jpg") as turned:
        assert turned.getexif()[0x0112] == 6
        assert turned.width > turned.height
    assert sizes["portrait-turned.jpg"] == (1600, 2400)
    with Image.open(drawn / "poster-print.jpg") as printed:
        assert printed.mode == "CMYK"
    with Image.open(drawn / "emblem-clear-corners.png") as emblem:
        assert emblem.mode == "RGBA"
    with Image.open(drawn / "lights.gif") as lights:
        assert getattr(lights, "n_frames", 1) > 5
    with pytest.raises(OSError, match="truncated"):
        _opened(drawn / BROKEN)


def test_the_clip_has_more_than_twelve_key_frames(drawn: Path) -> None:
    """A sheet of twelve tiles can be filled from key frames alone."""
    with av.open(drawn / "channel-clip.mp4") as clip:
        stream = clip.streams.video[0]
        assert stream.codec_context.name == "h264"
        keys = [packet.pts for packet in clip.demux(stream) if packet.is_keyframe]
        assert len(keys) >= 12
        assert clip.duration is not None
        assert 10 <= clip.duration / 1_000_000 <= 20


@pytest.mark.parametrize("name", STILLS)
def test_the_pattern_is_seen_in_clear_views_and_never_in_concealed_ones(
    drawn: Path, name: str
) -> None:
    """Clear at 480 px or more shows the stripes; at 48 px or fewer nothing does."""
    picture = _opened(drawn / name)
    for long_side_px in (12, 16, 24, 32, 48):
        pixels = _views(picture, long_side_px)
        width_px = _width(picture, long_side_px)
        assert not shows_fine_pattern(pixels, width_px=width_px), long_side_px
    for wanted_px in (480, 640, 960):
        long_side_px = min(wanted_px, max(picture.size))
        pixels = _views(picture, long_side_px)
        width_px = _width(picture, long_side_px)
        assert shows_fine_pattern(pixels, width_px=width_px), long_side_px


@pytest.mark.parametrize("name", STILLS)
def test_the_pattern_is_seen_at_full_size(drawn: Path, name: str) -> None:
    """A lens on the middle of a picture, pixel by pixel, shows the stripes."""
    picture = _opened(drawn / name)
    side = min(picture.size) * 35 // 100
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    lens = picture.crop((left, top, left + side, top + side))
    assert shows_fine_pattern(lens.tobytes(), width_px=side)


def _sentences(row: dict[str, str]) -> Iterator[str]:
    yield from (row.get(column, "") for column in ("caption", "flag_reason"))


def test_the_table_reads_back_as_it_was_listed(drawn: Path) -> None:
    """Cells survive writing and reading, one that looks like a formula among them."""
    table = read_table(drawn / TABLE_NAME)
    assert table.problems == ()
    listed = {sample.file: sample.row for sample in SAMPLES}
    for row in table.rows:
        given = {column: text for column, text in row.cells.items() if text}
        assert given == listed[row.file] | {"file": row.file}
    assert any(
        text.startswith("=") for row in listed.values() for text in _sentences(row)
    )


def test_drawing_twice_gives_the_same_bytes(drawn: Path, tmp_path: Path) -> None:
    """The media depend on their names alone."""
    assert main([str(tmp_path / "again")]) == 0
    for sample in SAMPLES:
        again = (tmp_path / "again" / sample.file).read_bytes()
        assert again == (drawn / sample.file).read_bytes(), sample.file


def test_wrong_usage_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder nothing is drawn."""
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
