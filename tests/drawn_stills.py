"""Stills drawn by code in every form that a file can have, with what must be seen.

Each shows four quarters of one tone each: whichever way a file is turned, packed or
coloured, the same quarter must come out in the same place.
"""

from __future__ import annotations

import functools
import io
import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

QUARTERS: Final = ((220, 60, 40), (40, 200, 60), (40, 60, 220), (230, 230, 120))
"""Upper left, upper right, lower left, lower right."""
MAT: Final = (128, 128, 128)
ORIENTATIONS: Final = range(1, 9)
_TURN_BACK: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class Form:
    """One file and the four tones that a reviewer must see."""

    name: str
    data: bytes
    width_px: int
    height_px: int
    quarters: tuple[tuple[int, int, int], ...] = QUARTERS
    tolerance: int = 24
    """Of each channel: lossy formats, other colour spaces."""


def quartered(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Draw the four quarters."""
    pixels = np.empty((height_px, width_px, 3), np.uint8)
    middle_x, middle_y = max(1, width_px // 2), max(1, height_px // 2)
    halves_y = (slice(0, middle_y), slice(middle_y, None))
    halves_x = (slice(0, middle_x), slice(middle_x, None))
    for index, tone in enumerate(QUARTERS):
        pixels[halves_y[index // 2], halves_x[index % 2]] = tone
    return pixels


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@functools.cache
def huge_jpeg() -> bytes:
    """Return 108 megapixels, a striped band in them at full resolution."""
    pixels = np.zeros((9_000, 12_000, 3), np.uint8)
    pixels[:4_500] = (190, 190, 190)
    pixels[6_000:6_200, ::4] = 255
    pixels[6_000:6_200, 1::4] = 255
    return encoded(Image.fromarray(pixels), "JPEG", quality=60)


def turned(orientation: int, form: str) -> Form:
    """Return a picture that was held some way and says so."""
    held = Image.fromarray(quartered(320, 200))
    if orientation in _TURN_BACK:
        held = held.transpose(_TURN_BACK[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(held, form, exif=exif)
    return Form(f"turned-{orientation}-{form}", data, 320, 200)


@functools.cache
def forms() -> tuple[Form, ...]:
    """Return one file of each form: sizes, depths, colour spaces, extras."""
    rgb = Image.fromarray(quartered(320, 200))
    grey = tuple((each,) * 3 for each in _greys())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clear = rgb.convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 160, 100))
    palette = rgb.quantize(4)
    seen_through = (MAT, *QUARTERS[1:])
    return (
        Form("rgb.jpg", encoded(rgb, "JPEG"), 320, 200),
        Form("progressive.jpg", encoded(rgb, "JPEG", progressive=True), 320, 200),
        Form("cmyk.jpg", encoded(rgb.convert("CMYK"), "JPEG"), 320, 200),
        Form("grey.jpg", encoded(rgb.convert("L"), "JPEG"), 320, 200, grey),
        Form("icc.jpg", encoded(rgb, "JPEG", icc_profile=profile), 320, 200),
        Form("icc.png", encoded(rgb, "PNG", icc_profile=profile), 320, 200),
        Form("rgb.png", encoded(rgb, "PNG"), 320, 200),
        Form("palette.png", encoded(palette, "PNG"), 320, 200),
        Form("clear.png", encoded(clear, "PNG"), 320, 200, seen_through),
        Form("clear.webp", encoded(clear, "WEBP"), 320, 200, seen_through),
        Form("clear.avif", encoded(clear, "AVIF"), 320, 200, seen_through),
        Form("clear.gif", encoded(clear, "GIF"), 320, 200, seen_through),
        Form("rgb.webp", encoded(rgb, "WEBP"), 320, 200),
        Form("rgb.avif", encoded(rgb, "AVIF"), 320, 200),
        Form("rgb.gif", encoded(rgb, "GIF"), 320, 200),
        Form("rgb.bmp", encoded(rgb, "BMP"), 320, 200),
        Form("deep-grey.png", deep_png(320, 200, channels=1), 320, 200, grey),
        Form("deep-rgb.png", deep_png(320, 200, channels=3), 320, 200),
        Form("one-bit.png", one_bit_png(), 320, 200, _black_and_white()),
        Form("wide.png", encoded(_still(2_000, 100), "PNG"), 2_000, 100),
        Form("high.png", encoded(_still(100, 2_000), "PNG"), 100, 2_000),
        Form("wide.jpg", encoded(_still(4_000, 200), "JPEG"), 4_000, 200),
        Form("high.jpg", encoded(_still(200, 4_000), "JPEG"), 200, 4_000),
        *(turned(each, form) for each in ORIENTATIONS for form in ("JPEG", "PNG")),
        *(turned(each, form) for each in (3, 6, 7) for form in ("WEBP", "AVIF")),
    )


def tiny() -> tuple[bytes, ...]:
    """Return pictures of hardly any pixels."""
    sizes = ((1, 1), (3, 2), (1, 40), (40, 1))
    kinds = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
    return tuple(encoded(_still(*size), kind) for size in sizes for kind in kinds)


def deep_png(width_px: int, height_px: int, *, channels: int) -> bytes:
    """Return the quarters in sixteen bits, each tone in the upper eight."""
    eight = quartered(width_px, height_px).astype(">u2")
    if channels == 1:
        eight = np.asarray(
            Image.fromarray(quartered(width_px, height_px)).convert("L")
        ).astype(">u2")[..., None]
    sixteen = (eight << 8 | 0x37).astype(">u2")
    rows = b"".join(b"\x00" + row.tobytes() for row in sixteen)
    kind = {1: 0, 3: 2}[channels]
    head = struct.pack(">IIBBBBB", width_px, height_px, 16, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def one_bit_png() -> bytes:
    """Return the quarters in black and white."""
    pixels = np.zeros((200, 320), np.uint8)
    pixels[:100, 160:] = 255
    pixels[100:, :160] = 255
    return encoded(Image.fromarray(pixels).convert("1"), "PNG")


def _black_and_white() -> tuple[tuple[int, int, int], ...]:
    dark, light = (0, 0, 0), (255, 255, 255)
    return (dark, light, light, dark)


def _greys() -> tuple[int, ...]:
    tones = np.asarray([QUARTERS], np.uint8)
    return tuple(int(one) for one in np.asarray(Image.fromarray(tones).convert("L"))[0])


def _still(width_px: int, height_px: int) -> Image.Image:
    return Image.fromarray(quartered(width_px, height_px))


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)
