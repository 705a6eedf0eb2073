"""A clip's fingerprint: a frame a second, alike after re-encoding, empty if unsure."""

from __future__ import annotations

import functools
import io
from typing import Final

import av
import pytest
from av.video.stream import VideoStream

from reviewer.decoder.moving import ClipShowing
from reviewer.decoder.showing import Prints
from reviewer.domain.fingerprint import Fingerprint, FramePrint
from reviewer.matching.likeness import DISTANCE_BITS, distance_between, good_frames
from reviewer.pipe.sizes import PRINT_FRAMES_COUNT
from tests.drawn_media import RATE, drawn_clip, drawn_pixels
from tests.media_samples import clip_path

CLIPS: Final = ("bikes.mp4", "carphone_pristine.mp4", "bigbuckbunny.mp4")


def prints_of(data: bytes) -> Prints:
    return ClipShowing(io.BytesIO(data), threads_count=1).prints()


@functools.cache
def real(name: str) -> Fingerprint:
    return fingerprint(clip_path(name).read_bytes())


def fingerprint(data: bytes) -> Fingerprint:
    prints = prints_of(data)
    return Fingerprint(frames=tuple(FramePrint(*frame) for frame in prints.frames))


def again(data: bytes, *, codec: str, part: int, seconds: int = 1_000) -> bytes:
    """Encode a clip anew at one `part`-th of its size, or only its start."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(data), "r") as source,
        av.open(out, "w", format="mp4") as copy,
    ):
        first = source.streams.video[0]
        stream = copy.add_stream(codec, rate=first.average_rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = first.width // part, first.height // part
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for frame in source.decode(first):
            if frame.time >= seconds:
                break
            small = frame.reformat(stream.width, stream.height, "yuv420p")
            small.pict_type = 0
            copy.mux(stream.encode(small))
        copy.mux(stream.encode(None))
    return out.getvalue()


def standing(*, seconds: int) -> bytes:
    """Encode a picture that does not move, with one key frame."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = 96, 64
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = 3_000
        pixels = drawn_pixels(96, 64)
        for _ in range(RATE * seconds):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def test_a_frame_of_each_second() -> None:
    """Five seconds give five frames, and the source's size."""
    prints = prints_of(drawn_clip(96, 64))
    assert len(prints.frames) == 5
    assert (prints.source.width_px, prints.source.height_px) == (96, 64)


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_clip_encoded_anew_is_a_near_copy(codec: str) -> None:
    """Another codec, half the size: 80 % of the frames are found, both ways."""
    data = clip_path("bikes.mp4").read_bytes()
    copy = fingerprint(again(data, codec=codec, part=2))
    one, other = good_frames(real("bikes.mp4")), good_frames(copy)
    assert len(one) >= 5
    bits = distance_between(one, other)
    assert bits is not None
    assert bits <= DISTANCE_BITS


def test_other_clips_are_no_copies() -> None:
    """And neither is the start of a clip."""
    found = [good_frames(real(name)) for name in CLIPS]
    pairs = [(one, two) for one in found for two in found if one is not two]
    assert [distance_between(one, two) for one, two in pairs] == [None] * 6
    data = clip_path("bikes.mp4").read_bytes()
    start = fingerprint(again(data, codec="libx264", part=1, seconds=3))
    assert len(good_frames(start)) == 3
    assert distance_between(good_frames(start), found[0]) is None


def test_a_long_clip_gives_its_key_frames() -> None:
    """Over a minute nothing is decoded through; two minutes are the most."""
    prints = prints_of(drawn_clip(96, 64, seconds=130))
    assert 60 < len(prints.frames) <= PRINT_FRAMES_COUNT


def test_a_long_clip_of_few_key_frames_gives_nothing() -> None:
    """They would not speak for what lies between."""
    assert prints_of(standing(seconds=70)).frames == ()
    assert len(prints_of(standing(seconds=50)).frames) == 50
