"""A decoded picture, kept as Pillow keeps it; parts of it come out as small arrays.

To copy a whole photograph into an array costs more than to decode it (measured:
55 of 100 ms at nine megapixels), so only the part that is wanted is copied, already
reduced by area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from reviewer.pipe.sizes import Size

Pixels = NDArray[np.uint8]
Edges = tuple[int, ...]
"""Left, top, right, bottom in pixels."""

# EXIF orientations as up to three moves, in this order.
_UPSIDE_DOWN: Final = frozenset({3, 4, 6, 7})
_MIRRORED: Final = frozenset({2, 3, 7, 8})
_TURNED: Final = frozenset({5, 6, 7, 8})
_GAP: Final = 4.0  # reduce by whole factors to this many times the size, then exactly
_BACKDROP: Final = 128  # transparency is shown on mid grey, never on white


@dataclass(frozen=True, slots=True)
class Picture:
    """An RGB image in memory and how it is to be turned; `reduction` of the source."""

    image: Image.Image
    orientation: int
    reduction: int = 1

    @property
    def size(self) -> Size:
        """Return the size as it is meant to be seen."""
        return seen_size(self.image, self.orientation)

    def whole(self, size: Size) -> Pixels:
        """Return all of it at a size, upright."""
        return self.part((0, 0, self.size.width_px, self.size.height_px), size)

    def part(self, edges: Edges, size: Size) -> Pixels:
        """Return what lies within edges (as seen) at a size, upright."""
        left, top, right, bottom = self._stored(edges)
        turned = self.orientation in _TURNED
        width = size.height_px if turned else size.width_px
        height = size.width_px if turned else size.height_px
        box = (left, top, right, bottom)
        if width < right - left or height < bottom - top:
            area = Image.Resampling.BOX
            cut = self.image.resize((width, height), area, box, reducing_gap=_GAP)
        else:
            cut = self.image.crop(box)
        return resize(upright(np.asarray(cut), self.orientation), size)

    def _stored(self, edges: Edges) -> Edges:
        left, top, right, bottom = edges
        if self.orientation in _TURNED:
            left, top, right, bottom = top, left, bottom, right
        if self.orientation in _MIRRORED:
            left, right = self.image.width - right, self.image.width - left
        if self.orientation in _UPSIDE_DOWN:
            top, bottom = self.image.height - bottom, self.image.height - top
        return left, top, right, bottom


def loaded(image: Image.Image, *, reduction: int = 1) -> Picture:
    """Decode the current frame; `reduction` says how much smaller it already is."""
    return Picture(_as_rgb(image), orientation_of(image), reduction)


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 where there is none or it is nonsense."""
    value = image.getexif().get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) else 1


def seen_size(image: Image.Image, orientation: int) -> Size:
    """Return the size of an image once it is turned."""
    if orientation in _TURNED:
        return Size(image.height, image.width)
    return Size(image.width, image.height)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror by an EXIF orientation; an unknown one changes nothing."""
    if orientation in _UPSIDE_DOWN:
        pixels = pixels[::-1]
    if orientation in _MIRRORED:
        pixels = pixels[:, ::-1]
    return pixels.transpose(1, 0, 2) if orientation in _TURNED else pixels


def resize(pixels: Pixels, size: Size) -> Pixels:
    """Scale to exactly `size`: by area when shrinking, linearly when enlarging."""
    height, width = pixels.shape[:2]
    if (width, height) == (size.width_px, size.height_px):
        return pixels
    is_smaller = size.width_px < width or size.height_px < height
    how = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
    scaled = cv2.resize(pixels, (size.width_px, size.height_px), interpolation=how)
    return np.asarray(scaled, dtype=np.uint8)


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        return Image.fromarray(_eight_bits(image)).convert("RGB")
    if image.has_transparency_data:
        return _on_backdrop(image.convert("RGBA"))
    if image.mode == "RGB":
        image.load()
        return image
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Pixels:
    """Return the upper eight of sixteen bits, with as little memory as it takes."""
    if image.mode == "I":
        wide = np.asarray(image, dtype=np.int32) >> 8
        return np.asarray(np.clip(wide, 0, 255), dtype=np.uint8)
    deep = np.asarray(image, dtype=np.uint16)
    return np.asarray(np.right_shift(deep, 8), dtype=np.uint8)


def _on_backdrop(rgba: Image.Image) -> Image.Image:
    backdrop = Image.new("RGB", rgba.size, (_BACKDROP, _BACKDROP, _BACKDROP))
    backdrop.paste(rgba, mask=rgba.getchannel("A"))
    return backdrop
