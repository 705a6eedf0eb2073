"""Clips: allowed codecs, key frames, times, rotation and pixel shape."""

from __future__ import annotations

import io
import struct
from typing import Final

import numpy as np
import pytest

from reviewer.decoder import samples
from reviewer.decoder.clips import CODECS, Clip
from reviewer.decoder.failures import DecodeError
from reviewer.pipe.codes import Status
from reviewer.pipe.sizes import Size
from tests.drawn_media import RATE, drawn_clip
from tests.media_samples import clip_path

_ONE: Final = 65_536


def opened(data: bytes) -> Clip:
    return Clip(io.BytesIO(data), threads_count=1)


def test_numbers_of_a_clip() -> None:
    """Length, frames and sound are read from the container."""
    clip = opened(drawn_clip(96, 64))
    assert clip.duration_ms == 5_000
    assert clip.frames_count == 5 * RATE
    assert not clip.has_audio
    assert clip.first().shape == (64, 96, 3)


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("libx264", "mp4"),
        ("libx264", "matroska"),
        ("libvpx", "webm"),
        ("libvpx-vp9", "webm"),
        ("mpeg4", "mov"),
    ],
)
def test_allowed_codecs_decode(codec: str, container: str) -> None:
    """What people upload comes out, whichever of the two containers it is in."""
    clip = opened(drawn_clip(96, 64, codec=codec, container=container, seconds=2))
    assert clip.first().shape == (64, 96, 3)
    assert len(clip.sheet(12, Size(16, 10))) == 12


def test_samples_cover_every_codec() -> None:
    """The warm-up decodes each codec that a clip may have."""
    names = {opened(one)._stream.codec_context.name for one in samples.clips()}
    assert names <= CODECS
    assert len(names) == 6


@pytest.mark.parametrize(
    ("codec", "container"), [("mpeg2video", "mpegts"), ("mpeg4", "avi")]
)
def test_other_containers_are_unsupported(codec: str, container: str) -> None:
    """A demuxer outside the allow-list never sees a byte."""
    with pytest.raises(DecodeError) as caught:
        opened(drawn_clip(96, 64, codec=codec, container=container, seconds=1))
    assert caught.value.status is Status.UNSUPPORTED


def test_other_codecs_are_unsupported() -> None:
    """In an allowed container, the codec's own name decides."""
    with pytest.raises(DecodeError) as caught:
        opened(drawn_clip(96, 64, codec="mpeg2video", container="mp4", seconds=1))
    assert caught.value.status is Status.UNSUPPORTED


def test_a_cut_clip_is_broken() -> None:
    """The start of an MP4 without its index is broken, not unsupported."""
    with pytest.raises(DecodeError) as caught:
        opened(drawn_clip(96, 64)[:600])
    assert caught.value.status is Status.BROKEN


@pytest.mark.parametrize("at_ms", [0, 100, 1_000, 2_550, 4_900, 99_999])
def test_a_time_gives_its_frame(at_ms: int) -> None:
    """Brightness rises with time, so the frame tells when it was."""
    tone = opened(drawn_clip(96, 64)).at(at_ms).mean()
    index = min(at_ms * RATE // 1_000, 5 * RATE - 1)
    assert abs(tone - 255 * index / (5 * RATE)) < 6


def test_a_sheet_rises_through_the_clip() -> None:
    """Twelve different key frames, in order."""
    tiles = opened(drawn_clip(96, 64)).sheet(12, Size(16, 10))
    tones = [tile.mean() for tile in tiles]
    assert len(tiles) == 12
    assert tones == sorted(tones)
    assert all(tile.shape == (10, 16, 3) for tile in tiles)


def test_a_short_clip_with_one_key_frame_still_fills_the_sheet() -> None:
    """Few key frames and a short clip: it is decoded through instead."""
    data = drawn_clip(96, 64, key_every=600)
    assert len(opened(data)._key_frames(12)) < 12
    assert len(opened(data).sheet(12, Size(16, 10))) == 12


def _matrix(*values: int) -> bytes:
    return struct.pack(">9i", *values)


@pytest.mark.parametrize(
    ("matrix", "bright"),
    [
        (_matrix(0, _ONE, 0, -_ONE, 0, 0, 0, 0, 1 << 30), "top"),
        (_matrix(0, -_ONE, 0, _ONE, 0, 0, 0, 0, 1 << 30), "bottom"),
        (_matrix(-_ONE, 0, 0, 0, -_ONE, 0, 0, 0, 1 << 30), "right"),
    ],
)
def test_rotation_is_applied(matrix: bytes, bright: str) -> None:
    """A telephone held sideways: the picture comes out as it was seen."""
    data = drawn_clip(96, 64, left_only=True)
    plain = _matrix(_ONE, 0, 0, 0, _ONE, 0, 0, 0, 1 << 30)
    place = data.index(plain, data.index(b"tkhd"))
    turned = opened(data[:place] + matrix + data[place + len(plain) :])
    for picture in (turned.first(), turned.sheet(2, Size(8, 12))[0]):
        height, width = picture.shape[:2]
        parts = {
            "top": picture[: height // 3],
            "bottom": picture[-height // 3 :],
            "left": picture[:, : width // 3],
            "right": picture[:, -width // 3 :],
        }
        assert max(parts, key=lambda name: float(np.mean(parts[name]))) == bright


@pytest.mark.parametrize(
    ("name", "width_px", "height_px"),
    [
        ("bikes.mp4", 640, 272),
        ("bigbuckbunny.mp4", 1280, 720),
        ("carphone_pristine.mp4", 193, 144),
    ],
)
def test_real_clips(name: str, width_px: int, height_px: int) -> None:
    """Real clips come out at the size they are meant to be seen at."""
    clip = opened(clip_path(name).read_bytes())
    assert clip.first().shape == (height_px, width_px, 3)
    assert len(clip.sheet(12, Size(16, 9))) == 12
