"""Media drawn by code for the decoder's tests: gradients, stripes, moving bars."""

from __future__ import annotations

import functools
import io

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from reviewer.media.meter import BAND_MIN_PX, STRIPE_DARK, STRIPE_LIGHT, STRIPE_PX

RATE = 10
_STRIPED_FROM_PX = 480  # narrower ones are hardly concealed at 48


def drawn_pixels(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Draw a coloured gradient; a wide one with the meter's stripes at the top."""
    x = np.linspace(0, 255, width_px)[None, :]
    y = np.linspace(0, 255, height_px)[:, None]
    pixels = np.empty((height_px, width_px, 3), np.uint8)
    pixels[..., 0] = x
    pixels[..., 1] = y
    pixels[..., 2] = 128
    stripes = np.arange(width_px) // STRIPE_PX % 2
    band = np.where(stripes == 0, STRIPE_DARK, STRIPE_LIGHT)
    if width_px >= _STRIPED_FROM_PX:
        pixels[: min(BAND_MIN_PX, height_px // 4)] = band[None, :, None]
    return pixels


def drawn_still(width_px: int, height_px: int, form: str = "PNG") -> bytes:
    """Encode the gradient as a still."""
    out = io.BytesIO()
    Image.fromarray(drawn_pixels(width_px, height_px)).save(out, form)
    return out.getvalue()


@functools.cache
def drawn_clip(
    width_px: int,
    height_px: int,
    *,
    codec: str = "mpeg4",
    container: str = "mp4",
    seconds: int = 5,
    key_every: int = 4,
    left_only: bool = False,
) -> bytes:
    """Encode a clip whose brightness rises with time, by one thread."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = width_px, height_px
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = key_every
        stream.codec_context.thread_count = 1
        total = RATE * seconds
        for index in range(total):
            tone = 255 * index // total
            frame = np.full((height_px, width_px, 3), tone, np.uint8)
            if left_only:
                frame[:, : width_px // 2] = 255
                frame[:, width_px // 2 :] = 0
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            for packet in stream.encode(picture):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
    return out.getvalue()
