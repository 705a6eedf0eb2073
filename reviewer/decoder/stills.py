"""Still pictures: bytes in, RGB arrays out. Pure functions, callable without a pipe.

Nothing is decoded larger than it must be (JPEG `draft`), and everything shrinks by
area. A Gaussian of a large sigma is not used anywhere: it costs some 400 times as
much for the same look (design.md 8).
"""

from __future__ import annotations

import warnings
from typing import BinaryIO, Final

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from reviewer.decoder.failures import TOO_LARGE_ERRORS, DecodeError
from reviewer.decoder.pictures import (
    Picture,
    Pixels,
    loaded,
    orientation_of,
    resize,
    seen_size,
)
from reviewer.pipe.codes import Rung, Status
from reviewer.pipe.sizes import MAX_SOURCE_PIXELS, Size, SizeError, fit, source_size

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_DRAFTED: Final = frozenset({"JPEG", "MPO"})
_REDUCTIONS: Final = (8, 4, 2)  # the scales at which a JPEG decodes
# Besancon et al. 2018: edge-preserving smoothing lowers repulsiveness and keeps
# information (wellbeing.md, reveal.ladder). Figures for a 640 px wide view.
_SOFT_SIGMA_SPACE_PX: Final = 60
_SOFT_SIGMA_RANGE: Final = 0.4
_SOFT_VIEW_PX: Final = 640
_GAP: Final = 2  # decode at least this many times the wanted size, then by area
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
    return seen_size(image, orientation_of(image))


def frames_of(image: Image.Image) -> int:
    """Return the number of frames of an animation, 1 for a still."""
    return int(getattr(image, "n_frames", 1))


def reduction_for(image: Image.Image, *, cut: Size, wanted: Size) -> int:
    """Return how much smaller the source may be decoded to show a cut at a size."""
    if image.format not in _DRAFTED:
        return 1
    ratio = min(cut.width_px // wanted.width_px, cut.height_px // wanted.height_px)
    return next((one for one in _REDUCTIONS if ratio >= one * _GAP), 1)


def load(image: Image.Image, *, reduction: int = 1) -> Picture:
    """Decode the first frame, a JPEG at a reduced scale if asked.

    The image cannot be decoded at another scale afterwards.
    """
    if reduction > 1:
        image.draft("RGB", (image.width // reduction, image.height // reduction))
    return loaded(image, reduction=reduction)


def whole(image: Image.Image) -> Pixels:
    """Decode the first frame at full size, upright."""
    picture = load(image)
    return picture.whole(picture.size)


def thumbnail_size(source: Size, *, long_side_px: int) -> Size:
    """Return the size of a thumbnail; a smaller picture is not enlarged."""
    if source.long_side_px <= long_side_px:
        return source
    return fit(source, width_px=long_side_px, height_px=long_side_px)


def strip(image: Image.Image, *, count: int, size: Size) -> list[Pixels]:
    """Decode up to `count` frames of an animation, evenly spaced, at one size."""
    total = min(frames_of(image), _STRIP_FRAMES_COUNT)
    frames = []
    for index in sorted({index * total // count for index in range(count)}):
        image.seek(index)
        frames.append(loaded(image).whole(size))
    return frames


def stepped(pixels: Pixels, rung: Rung) -> Pixels:
    """Bring a part of a picture, already at its size, to a step of the ladder.

    Softened is edge-preserving and grey, then grey, then colour (review-loop.md).
    """
    match rung:
        case Rung.CONCEALED | Rung.SOFTENED:
            return greyed(softened(pixels))
        case Rung.GREY:
            return greyed(pixels)
        case Rung.COLOUR:
            return pixels


def shrink(pixels: Pixels, *, long_side_px: int, is_grey: bool) -> Pixels:
    """Reduce to at most `long_side_px` by area; a smaller picture stays as it is."""
    source = Size(pixels.shape[1], pixels.shape[0])
    small = resize(pixels, thumbnail_size(source, long_side_px=long_side_px))
    return greyed(small) if is_grey else small


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
