"""What a decoder may give back, after the parent has checked it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

CONCEALED_CEILING_PX: Final = 48  # design.md 2: the product limit of a long side
SHEET_BUDGET_PX: Final = 48 * 48  # design.md 2: all concealed tiles of one item
SHEET_TILES_COUNT: Final = 12
MAT_MIN_PX: Final = 8  # design.md 2: between two tiles on the screen


class Step(enum.IntEnum):
    """The ladder of reveal, safest first."""

    CONCEALED = 0
    SOFTENED = 1
    GREY = 2
    COLOUR = 3


class Extent(enum.StrEnum):
    """How much of the item a look shows."""

    LENS = "lens"
    WHOLE = "whole"


class SandboxLevel(enum.StrEnum):
    """Which walls stand around a decoder (design.md 2)."""

    FULL = "full"
    REDUCED = "reduced"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the frame in fractions of its width and height, 0 to 1."""

    x: float
    y: float
    width: float
    height: float


WHOLE_BOX: Final = Box(x=0.0, y=0.0, width=1.0, height=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which part of a frame a look is at, at which step, and how large."""

    step: Step
    box: Box
    width_px: int
    height_px: int
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """Checked pixels: RGB888, rows packed, `len(pixels) == 3 * width * height`."""

    step: Step
    width_px: int
    height_px: int
    pixels: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """Checked plain numbers about an item's media; nothing of its content."""

    width_px: int = 0
    height_px: int = 0
    duration_ms: int = 0
    frames_count: int = 0
    has_audio: bool = False
    words_count: int = 0
    """Of a text; 0 where it is too long to be counted before it is shown."""
    pages_count: int = 0
    frames_reached: int = 0
    """Of an animation, how many of its frames a strip is taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place in a text: characters `start` to before `end` of a page."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a search found so far: places only, no text."""

    hits: tuple[Hit, ...]
    next_page: int | None
    """Where to go on; None when all was searched."""
