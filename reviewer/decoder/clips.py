"""Clips by PyAV from memory: allow-listed containers and codecs, upright RGB out.

The codec is checked by name on the opened stream, because FFmpeg's own
`codec_whitelist` is not honoured (security.md 3.6). Storyboards decode key frames
only; just a short clip with few of them is decoded through.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO, Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream

from reviewer.decoder.failures import DecodeError
from reviewer.decoder.pictures import Pixels
from reviewer.decoder.stills import checked_source
from reviewer.pipe.codes import Status
from reviewer.pipe.sizes import (
    MAX_COUNT,
    MAX_DURATION_MS,
    MAX_SOURCE_SIDE_PX,
    Size,
)

CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4"})
_CONTAINERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
_OPTIONS: Final = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
_MP4_STARTS: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"wide"})
_MATROSKA_START: Final = b"\x1a\x45\xdf\xa3"
_BUFFER_BYTES: Final = 256 * 1024
THREADS_COUNT: Final = 2  # of one child; the zygote uses one, to stay alone
_GOP_FRAMES_COUNT: Final = 3_000  # from a key frame to the wanted one, at most
_SHORT_MS: Final = 20_000
_SHORT_FRAMES_COUNT: Final = 1_200
_MS: Final = 1_000
_THROUGH_MS: Final = 60_000  # up to here a fingerprint decodes the clip through
_THROUGH_FRAMES_COUNT: Final = 3_600
_LEAST_KEY_FRAMES_COUNT: Final = 12


class Clip:
    """One opened clip. Not thread-safe; lives as long as its child."""

    def __init__(self, file: BinaryIO, *, threads_count: int) -> None:
        """Read the headers.

        Raises:
            DecodeError: no video stream, a codec that is not ours, or too large.
        """
        self._container = _open(file)
        self._stream = _video(self._container)
        context = self._stream.codec_context
        if context.name not in CODECS:
            raise DecodeError(Status.UNSUPPORTED)
        checked_source(context.width, context.height)
        context.thread_count = threads_count
        self._time_base = self._stream.time_base or Fraction(1, _MS)
        self._start = self._stream.start_time or 0
        self._pixel_shape = self._stream.sample_aspect_ratio or Fraction(1)

    @property
    def duration_ms(self) -> int:
        """Return the length, 0 where the container does not say."""
        micro = self._container.duration or 0
        return min(max(0, micro // _MS), MAX_DURATION_MS)

    @property
    def frames_count(self) -> int:
        """Return the number of frames, or an estimate, or 0."""
        rate = self._stream.average_rate or Fraction(0)
        estimate = int(rate * self.duration_ms / _MS)
        return min(max(0, self._stream.frames or estimate), MAX_COUNT)

    @property
    def has_audio(self) -> bool:
        """Say whether there is a sound track."""
        return bool(self._container.streams.audio)

    def first(self) -> Pixels:
        """Decode the first key frame at full size."""
        return self.picture(self._key_frame_at(0))

    def at(self, at_ms: int) -> Pixels:
        """Decode the frame shown at a time at full size; the last one past the end."""
        wanted = self._start + int(at_ms / _MS / self._time_base)
        self._seek(wanted)
        found: VideoFrame | None = None
        for frame in self._decoded(_GOP_FRAMES_COUNT):
            if found is not None and frame.pts is not None and frame.pts > wanted:
                break
            found = frame
        if found is None:
            raise DecodeError(Status.BROKEN)
        return self.picture(found)

    def sheet(self, count: int, size_of_tile: Size | None = None) -> list[Pixels]:
        """Decode up to `count` different frames, evenly spread, small or whole.

        Args:
            count: How many at most.
            size_of_tile: Scale to this size on conversion; None keeps the size.
        """
        frames = self._key_frames(count)
        if len(frames) < count and 0 < self.duration_ms <= _SHORT_MS:
            frames = self._spread(count)
        return [self.picture(frame, size_of_tile) for frame in frames]

    def seconds(self, most: int, size: Size) -> Iterator[Pixels]:
        """Decode the first frame of each second, small, at most so many.

        A clip of over a minute gives key frames in their place, evenly spread; one
        with few of them gives nothing, because they would not speak for it.
        """
        frames = self._each_second()
        if self.duration_ms > _THROUGH_MS:
            found = self._key_frames(min(most, self.duration_ms // _MS))
            frames = iter(found if len(found) >= _LEAST_KEY_FRAMES_COUNT else ())
        for _, frame in zip(range(most), frames, strict=False):
            yield self.picture(frame, size)

    def picture(self, frame: VideoFrame, size: Size | None = None) -> Pixels:
        """Turn a decoded frame into upright RGB, whole or of a given size."""
        coded = checked_source(frame.width, frame.height)
        wanted = size or self._seen(frame, coded)
        quarter_turns = frame.rotation // 90 % 4
        width, height = wanted.width_px, wanted.height_px
        if quarter_turns % 2:
            width, height = height, width
        array = frame.to_ndarray(
            format="rgb24",
            width=width,
            height=height,
            interpolation=Interpolation.AREA,
        )
        return np.ascontiguousarray(np.rot90(array, quarter_turns), dtype=np.uint8)

    def _seen(self, frame: VideoFrame, coded: Size) -> Size:
        """Return the size as it is meant to be seen: pixel shape and rotation."""
        width = round(coded.width_px * self._pixel_shape)
        width = min(max(1, width), MAX_SOURCE_SIDE_PX)
        if frame.rotation // 90 % 2:
            return checked_source(coded.height_px, width)
        return checked_source(width, coded.height_px)

    def _key_frames(self, count: int) -> list[VideoFrame]:
        found: dict[int | None, VideoFrame] = {}
        span = int(self.duration_ms / _MS / self._time_base)
        for index in range(count):
            frame = self._key_frame_at(self._start + span * index // count)
            found.setdefault(frame.pts, frame)
        return list(found.values())

    def _key_frame_at(self, pts: int) -> VideoFrame:
        self._seek(pts)
        context = self._stream.codec_context
        for packet in self._container.demux(self._stream):
            if not packet.is_keyframe or packet.size == 0:
                continue
            frames = [*context.decode(packet), *context.decode(None)]
            context.flush_buffers()
            if frames:
                return frames[0]
        raise DecodeError(Status.BROKEN)

    def _each_second(self) -> Iterator[VideoFrame]:
        self._seek(self._start)
        past: Fraction | int = -1
        for frame in self._decoded(_THROUGH_FRAMES_COUNT):
            second = ((frame.pts or self._start) - self._start) * self._time_base // 1
            if second > past:
                past = second
                yield frame

    def _spread(self, count: int) -> list[VideoFrame]:
        self._seek(self._start)
        total = max(1, self.frames_count)
        wanted = {index * total // count for index in range(count)}
        decoded = enumerate(self._decoded(_SHORT_FRAMES_COUNT))
        return [frame for index, frame in decoded if index in wanted]

    def _decoded(self, most: int) -> Iterator[VideoFrame]:
        frames = self._container.decode(self._stream)
        for _, frame in zip(range(most), frames, strict=False):
            yield frame

    def _seek(self, pts: int) -> None:
        self._container.seek(max(0, pts), stream=self._stream, backward=True)


def _open(file: BinaryIO) -> InputContainer:
    head = file.read(12)
    file.seek(0)
    is_ours = head[4:8] in _MP4_STARTS or head.startswith(_MATROSKA_START)
    try:
        return av.open(file, mode="r", options=_OPTIONS, buffer_size=_BUFFER_BYTES)
    except (av.error.InvalidDataError, av.error.ArgumentError) as error:
        raise DecodeError(Status.BROKEN if is_ours else Status.UNSUPPORTED) from error


def _video(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise DecodeError(Status.UNSUPPORTED)
    return container.streams.video[0]
