"""Still pictures: bytes in, RGB arrays out. Pure functions, callable without a pipe.

Nothing is decoded larger than it must be (JPEG `draft`), and everything shrinks by
area. A Gaussian of a large sigma is not used anywhere: it costs some 400 times as
much for the same look (design.md 8).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, Final

import cv2
import numpy as np
from PIL import AvifImagePlugin, Image, UnidentifiedImageError

from reviewer.decoder.failures import BROKEN_ERRORS, TOO_LARGE_ERRORS, DecodeError
from reviewer.decoder.pictures import (
    Picture,
    Pixels,
    loaded,
    orientation_of,
    resize,
    seen_size,
)
from reviewer.pipe.codes import Rung, Status
from reviewer.pipe.sizes import (
    MAX_DRAFTED_PIXELS,
    MAX_SOURCE_PIXELS,
    Size,
    SizeError,
    fit,
    source_size,
)

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
_DRAFTED: Final = frozenset({"JPEG", "MPO"})
_REDUCTIONS: Final = (8, 4, 2)  # the scales at which a JPEG decodes
# Besancon et al. 2018: edge-preserving smoothing lowers repulsiveness and keeps
# information (wellbeing.md, reveal.ladder). Figures for a 640 px wide view.
_SOFT_SIGMA_SPACE_PX: Final = 60
_SOFT_SIGMA_RANGE: Final = 0.4
_SOFT_VIEW_PX: Final = 640
_LEAST_SHARE: Final = 0.05
_GAP: Final = 2  # decode at least this many times the wanted size, then by area
# An animation is decoded from its start, so how far a look reaches is bounded.
_REACH_FRAMES_COUNT: Final = 4_096
_REACH_PIXELS: Final = 60_000_000
_REACH_GIF_PIXELS: Final = 200_000_000  # measured: a third of the time of the others


def set_up() -> None:
    """Bind Pillow to our formats and ceilings; once per process, before any item."""
    Image.MAX_IMAGE_PIXELS = MAX_DRAFTED_PIXELS
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a thread ends the child of a still
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def open_still(file: BinaryIO) -> Image.Image:
    """Read the header of a still of an allowed format.

    Raises:
        DecodeError: another format, or over the pixel ceiling.
    """
    try:
        image = Image.open(file, formats=FORMATS)
        checked_source(image.width, image.height, most=_most_pixels(image))
    except UnidentifiedImageError as error:
        raise DecodeError(Status.UNSUPPORTED) from error
    except TOO_LARGE_ERRORS as error:
        raise DecodeError(Status.TOO_LARGE) from error
    return image


def checked_source(width: int, height: int, *, most: int = MAX_SOURCE_PIXELS) -> Size:
    """Accept the size of a source of at most so many pixels.

    Raises:
        DecodeError: over the pixel ceiling.
    """
    try:
        return source_size(width, height, most=most)
    except SizeError as error:
        raise DecodeError(Status.TOO_LARGE) from error


def size_of(image: Image.Image) -> Size:
    """Return the size as it is meant to be seen, after EXIF orientation."""
    return seen_size(image, orientation_of(image))


def reach_of(image: Image.Image, frames_count: int) -> int:
    """Return how many frames of an animation can be looked at, 1 for a still."""
    budget = _REACH_GIF_PIXELS if image.format == "GIF" else _REACH_PIXELS
    most = min(_REACH_FRAMES_COUNT, budget // (image.width * image.height))
    return max(1, min(frames_count, most))


def least_reduction(image: Image.Image) -> int:
    """Return how much smaller a huge JPEG must be decoded, 1 for all others."""
    pixels = image.width * image.height
    fits = (one for one in (1, 2) if pixels <= MAX_SOURCE_PIXELS * one * one)
    return next(fits, 4)


def reduction_for(image: Image.Image, *, cut: Size, wanted: Size) -> int:
    """Return how much smaller the source may be decoded to show a cut at a size."""
    if image.format not in _DRAFTED:
        return 1
    ratio = min(cut.width_px // wanted.width_px, cut.height_px // wanted.height_px)
    enough = next((one for one in _REDUCTIONS if ratio >= one * _GAP), 1)
    return max(enough, least_reduction(image))


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


def frames_at(image: Image.Image, indexes: Sequence[int]) -> Iterator[Picture]:
    """Decode frames of an animation, in rising order; stop where it is broken.

    What comes out stays as it is when the image goes on.

    Raises:
        Exception: of BROKEN_ERRORS, not even the first of them can be decoded.
    """
    for count, index in enumerate(indexes):
        try:
            image.seek(index)
            frame = loaded(image)
        except BROKEN_ERRORS:
            if count == 0:
                raise
            return
        kept = frame.image.copy() if frame.image is image else frame.image
        yield replace(frame, image=kept)


def stepped(pixels: Pixels, rung: Rung, *, share: float = 1.0) -> Pixels:
    """Bring a part of a picture, already at its size, to a step of the ladder.

    Softened is edge-preserving and grey, then grey, then colour (review-loop.md).

    Args:
        pixels: The part, at the size at which it will be shown.
        rung: The step.
        share: How much of the frame's longer side the part is: a lens is softened
            as the whole frame would be, however much it magnifies.
    """
    match rung:
        case Rung.CONCEALED | Rung.SOFTENED:
            return greyed(softened(pixels, share=share))
        case Rung.GREY:
            return greyed(pixels)
        case Rung.COLOUR:
            return pixels


def shrink(pixels: Pixels, *, long_side_px: int, is_grey: bool) -> Pixels:
    """Reduce to at most `long_side_px` by area; a smaller picture stays as it is."""
    source = Size(pixels.shape[1], pixels.shape[0])
    small = resize(pixels, thumbnail_size(source, long_side_px=long_side_px))
    return greyed(small) if is_grey else small


def softened(pixels: Pixels, *, share: float = 1.0) -> Pixels:
    """Smooth by an edge-preserving filter whose reach follows the frame's size."""
    frame_px = max(pixels.shape[:2]) / max(share, _LEAST_SHARE)
    reach = _SOFT_SIGMA_SPACE_PX * frame_px / _SOFT_VIEW_PX
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


def _most_pixels(image: Image.Image) -> int:
    """Return the ceiling: a JPEG may be larger, because it decodes smaller."""
    return MAX_DRAFTED_PIXELS if image.format in _DRAFTED else MAX_SOURCE_PIXELS
