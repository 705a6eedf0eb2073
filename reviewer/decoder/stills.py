"""Still pictures: bytes in, RGB arrays out. Pure functions, callable without a pipe.

The concealed path never decodes more than it must (JPEG `draft`) and shrinks by
area. A Gaussian of a large sigma is not used anywhere: it costs some 400 times as
much for the same look (design.md 8).
"""

from __future__ import annotations

import warnings
from typing import BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from reviewer.decoder.failures import TOO_LARGE_ERRORS, DecodeError
from reviewer.pipe.codes import Rung, Status
from reviewer.pipe.sizes import MAX_SOURCE_PIXELS, Size, SizeError, fit, source_size

Pixels = NDArray[np.uint8]

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# EXIF orientations as up to three moves, in this order.
_UPSIDE_DOWN: Final = frozenset({3, 4, 6, 7})
_MIRRORED: Final = frozenset({2, 3, 7, 8})
_TURNED: Final = frozenset({5, 6, 7, 8})
_DRAFTED: Final = frozenset({"JPEG", "MPO"})
_BACKDROP: Final = 128  # transparency is shown on mid grey, never on white
# Besancon et al. 2018: edge-preserving smoothing lowers repulsiveness and keeps
# information (wellbeing.md, reveal.ladder). Figures for a 640 px wide view.
_SOFT_SIGMA_SPACE_PX: Final = 60
_SOFT_SIGMA_RANGE: Final = 0.4
_SOFT_VIEW_PX: Final = 640
_DRAFT_FACTOR: Final = 4  # a draft this many times the wanted size loses nothing
_STRIP_FRAMES_COUNT: Final = 240  # of an animation, no more are looked at


def set_up() -> None:
    """Bind Pillow to our formats and ceilings; once per process, before any item."""
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def open_still(file: BinaryIO) -> Image.Image:
    """Read the header of a still of an allowed format.

    Raises:
        DecodeError: another format, or over the pixel ceiling.
    """
    try:
        image = Image.open(file, formats=FORMATS)
        checked_source(image.width, image.height)
    except UnidentifiedImageError as error:
        raise DecodeError(Status.UNSUPPORTED) from error
    except TOO_LARGE_ERRORS as error:
        raise DecodeError(Status.TOO_LARGE) from error
    return image


def checked_source(width: int, height: int) -> Size:
    """Accept the size of a source.

    Raises:
        DecodeError: over the pixel ceiling.
    """
    try:
        return source_size(width, height)
    except SizeError as error:
        raise DecodeError(Status.TOO_LARGE) from error


def size_of(image: Image.Image) -> Size:
    """Return the size as it is meant to be seen, after EXIF orientation."""
    if _orientation(image) in _TURNED:
        return Size(image.height, image.width)
    return Size(image.width, image.height)


def frames_of(image: Image.Image) -> int:
    """Return the number of frames of an animation, 1 for a still."""
    return int(getattr(image, "n_frames", 1))


def has_draft(image: Image.Image) -> bool:
    """Say whether the format can be decoded at a smaller scale."""
    return image.format in _DRAFTED


def whole(image: Image.Image) -> Pixels:
    """Decode the first frame at full size, upright, as RGB."""
    return upright(to_rgb(image), _orientation(image))


def thumbnail(image: Image.Image, *, long_side_px: int, is_grey: bool) -> Pixels:
    """Decode the first frame to at most `long_side_px`, by area, upright.

    A JPEG is decoded at the smallest scale that is still larger than wanted.
    """
    side = long_side_px * _DRAFT_FACTOR
    image.draft("L" if is_grey else "RGB", (side, side))
    orientation = _orientation(image)
    return shrink(
        upright(to_rgb(image), orientation), long_side_px=long_side_px, is_grey=is_grey
    )


def strip(image: Image.Image, *, count: int) -> tuple[Pixels, ...]:
    """Decode up to `count` frames of an animation, evenly spaced, at full size."""
    total = min(frames_of(image), _STRIP_FRAMES_COUNT)
    wanted = sorted({index * total // count for index in range(count)})
    orientation = _orientation(image)
    frames = []
    for index in wanted:
        image.seek(index)
        frames.append(upright(to_rgb(image), orientation))
    return tuple(frames)


def to_rgb(image: Image.Image) -> Pixels:
    """Decode the current frame of an image to RGB, transparency on mid grey."""
    if image.mode.startswith("I;16") or image.mode == "I":
        deep = np.asarray(image).astype(np.int32) >> 8
        return np.repeat(np.clip(deep, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    if image.has_transparency_data:
        return _on_backdrop(image.convert("RGBA"))
    return np.asarray(image.convert("RGB"))


def shrink(pixels: Pixels, *, long_side_px: int, is_grey: bool) -> Pixels:
    """Reduce to at most `long_side_px` by area; a smaller picture stays as it is."""
    source = Size(pixels.shape[1], pixels.shape[0])
    if source.long_side_px > long_side_px:
        size = fit(source, width_px=long_side_px, height_px=long_side_px)
        pixels = resize(pixels, size)
    return greyed(pixels) if is_grey else pixels


def render(pixels: Pixels, *, size: Size, rung: Rung) -> Pixels:
    """Bring a part of a picture to a size and to a step of the ladder.

    Softened is edge-preserving and grey, then grey, then colour (review-loop.md).
    """
    scaled = resize(pixels, size)
    match rung:
        case Rung.CONCEALED | Rung.SOFTENED:
            return greyed(softened(scaled))
        case Rung.GREY:
            return greyed(scaled)
        case Rung.COLOUR:
            return scaled


def resize(pixels: Pixels, size: Size) -> Pixels:
    """Scale to exactly `size`: by area when shrinking, linearly when enlarging."""
    height, width = pixels.shape[:2]
    if (width, height) == (size.width_px, size.height_px):
        return pixels
    is_smaller = size.width_px < width or size.height_px < height
    how = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
    scaled = cv2.resize(pixels, (size.width_px, size.height_px), interpolation=how)
    return np.asarray(scaled, dtype=np.uint8)


def softened(pixels: Pixels) -> Pixels:
    """Smooth by an edge-preserving filter whose reach follows the view's width."""
    reach = _SOFT_SIGMA_SPACE_PX * max(pixels.shape[:2]) / _SOFT_VIEW_PX
    smooth = cv2.edgePreservingFilter(
        np.ascontiguousarray(pixels),
        flags=cv2.RECURS_FILTER,
        sigma_s=min(200.0, max(1.0, reach)),
        sigma_r=_SOFT_SIGMA_RANGE,
    )
    return np.asarray(smooth, dtype=np.uint8)


def greyed(pixels: Pixels) -> Pixels:
    """Take the colour out and keep three channels."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror by an EXIF orientation; an unknown one changes nothing."""
    if orientation in _UPSIDE_DOWN:
        pixels = pixels[::-1]
    if orientation in _MIRRORED:
        pixels = pixels[:, ::-1]
    return pixels.transpose(1, 0, 2) if orientation in _TURNED else pixels


def _orientation(image: Image.Image) -> int:
    value = image.getexif().get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) else 1


def _on_backdrop(rgba: Image.Image) -> Pixels:
    backdrop = Image.new("RGB", rgba.size, (_BACKDROP, _BACKDROP, _BACKDROP))
    backdrop.paste(rgba, mask=rgba.getchannel("A"))
    return np.asarray(backdrop)
