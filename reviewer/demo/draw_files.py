"""Writing drawn media as files: each function returns the bytes of one file."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Final

import av
import numpy as np
from PIL import Image, ImageDraw

from reviewer.demo.draw_canvas import INK, PAPER, Dice, fade, finish
from reviewer.demo.draw_text import write

ORIENTATION_TAG: Final = 0x0112  # EXIF; 6 is a quarter turn clockwise to show
FRAMES_PER_SECOND: Final = 10
KEY_FRAME_EVERY: Final = 10
CLIP_SECONDS: Final = 16


def jpeg(image: Image.Image, *, quality: int = 88, orientation: int = 1) -> bytes:
    """Encode as JPEG; `orientation` other than 1 goes into EXIF."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """Encode as PNG, with transparency if the picture has it."""
    return _saved(image, "PNG")


def bmp(image: Image.Image) -> bytes:
    """Encode as BMP."""
    return _saved(image, "BMP")


def webp(image: Image.Image) -> bytes:
    """Encode as lossy WebP."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=85)
    return out.getvalue()


def gif(size: tuple[int, int], words: str, *, frames: int = 12) -> bytes:
    """Encode an animation: a disc that walks over a plain ground."""
    pictures = []
    for index in range(frames):
        image = fade(size, (210, 216, 222), (150, 160, 172))
        draw = ImageDraw.Draw(image)
        left = size[0] * index // frames
        draw.ellipse((left, 20, left + 60, 80), fill=(70, 90, 150))
        pictures.append(finish(image, words).quantize(64))
    out = io.BytesIO()
    pictures[0].save(
        out, "GIF", save_all=True, append_images=pictures[1:], duration=120, loop=0
    )
    return out.getvalue()


def cut(data: bytes, *, percent: int) -> bytes:
    """Return the first part of a file: one that broke on its way."""
    return data[: len(data) * percent // 100]


def cleared(image: Image.Image) -> Image.Image:
    """Return the picture with its corners transparent."""
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, *image.size), fill=255)
    kept = image.convert("RGBA")
    kept.putalpha(mask)
    return kept


def clip(name: str, size: tuple[int, int], words: str) -> bytes:
    """Encode a short H.264 clip in MP4, a key frame each second, without sound."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = KEY_FRAME_EVERY
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        stream.options = {"preset": "veryfast", "threads": "1", "crf": "23"}
        for index in range(FRAMES_PER_SECOND * CLIP_SECONDS):
            picture = _clip_frame(name, size, words, index)
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _clip_frame(
    name: str, size: tuple[int, int], words: str, index: int
) -> Image.Image:
    """Draw one frame: a scene for two seconds each, with clouds that drift."""
    scene, width, height = index // (2 * FRAMES_PER_SECOND), *size
    dice = Dice(f"{name}/{scene}")
    image = fade(size, dice.colour(low=120), dice.colour(low=80, high=160))
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        left = (dice.below(width) + index * dice.between(1, 5)) % width
        top, wide = dice.below(height // 2), dice.between(30, 90)
        draw.ellipse((left, top, left + wide, top + wide // 2), fill=PAPER)
    seconds = index // FRAMES_PER_SECOND
    write(draw, (90, 30), f"0:{seconds:02d}", size_px=24, ink=INK)
    return finish(image, words)


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()
