"""Design tokens: every colour and pixel of the window is stated here, once.

Roles, not hues, are used elsewhere. Contrast of every text role on every surface
it may stand on is at least 4.5:1 in both themes (tests/ui/test_tokens.py).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

# Spacing, radii, type (look.md) -------------------------------------------------

SPACE_4: Final = 4
SPACE_8: Final = 8
SPACE_12: Final = 12
SPACE_16: Final = 16
SPACE_24: Final = 24
SPACE_32: Final = 32

RADIUS_SMALL: Final = 6
RADIUS_LARGE: Final = 10

TYPE_12: Final = 12
TYPE_14: Final = 14
TYPE_16: Final = 16
TYPE_20: Final = 20
TYPE_28: Final = 28

# Sizes --------------------------------------------------------------------------

LINE_PX: Final = 1
FOCUS_PX: Final = 2
ICON_STROKE_PX: Final = 1.5
ICON_PX: Final = 20
ICON_LARGE_PX: Final = 40
TARGET_PX: Final = 32
CONTROL_PX: Final = 36
CONTROL_LARGE_PX: Final = 44
KEYCAP_PX: Final = 22
KEYCAP_LARGE_PX: Final = 26
DOT_PX: Final = 8

STRIP_PX: Final = 40
LEFT_MIN_PX: Final = 248
LEFT_PX: Final = 360
LEFT_WIDE_PX: Final = 480
RIGHT_PX: Final = 340
RIGHT_MIN_PX: Final = 280
WIDTH_ROOMY_PX: Final = 1200
WIDTH_NARROW_PX: Final = 1366
WIDTH_WIDE_PX: Final = 1920

WINDOW_MIN_WIDTH_PX: Final = 940
WINDOW_MIN_HEIGHT_PX: Final = 520
WINDOW_WIDTH_PX: Final = 1366
WINDOW_HEIGHT_PX: Final = 768

FORM_PX: Final = 480
FORM_WIDE_PX: Final = 560
TILE_PX: Final = 72
PAGE_PX: Final = 760
PAGE_WIDE_PX: Final = 1040
CARD_PX: Final = 336
SHEET_WIDE_PX: Final = 1080
SHEET_LINE_PX: Final = 40
SHEET_LINE_LOW_PX: Final = 30
SHEET_KEYS_PX: Final = 96
SHEET_TITLE_PX: Final = 48
ROW_TALL_PX: Final = 48
PALETTE_PX: Final = 440
FACETS_PX: Final = 216
MIX_BAR_PX: Final = 8
PROGRESS_PX: Final = 6
NOTE_PX: Final = 84
NOTE_LOW_PX: Final = 36
CONTEXT_LABEL_PX: Final = 88
THREAT_LABEL_PX: Final = 128

STAGE_MARGIN_PX: Final = 32
"""The view is never wider than the stage less this."""
TILE_MAT_PX: Final = 12
"""Between two tiles of a sheet; the product limit is 8 (domain.rendition)."""
SHEET_LEAST_PX: Final = 640
"""A sheet of twelve is drawn no narrower than this where the stage allows."""
ENLARGED_PX: Final = 320
"""Long side that a concealed still is smoothly enlarged to off the Qt thread."""


class Theme(enum.StrEnum):
    """Which palette holds; follows the system."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by role. Greys are neutral; one accent; amber for a deadline only."""

    window: str
    panel: str
    card: str
    field: str
    hover: str
    pressed: str
    mat: str
    plate: str
    plate_text: str
    plate_muted: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_soft: str
    on_accent_soft: str
    deadline: str
    deadline_soft: str
    focus: str
    keycap: str
    keycap_text: str
    scroll: str
    shade: str
    """Drawn over the window under a sheet, with its alpha."""
    mix: tuple[str, str, str, str, str, str, str]
    """Severity 0 to 5, then unrated, for the small bar; also told in words."""


LIGHT: Final = Palette(
    window="#eeeff0",
    panel="#f7f7f8",
    card="#fcfcfc",
    field="#ffffff",
    hover="#ededef",
    pressed="#e2e3e5",
    mat="#d3d5d7",
    plate="#c3c6c8",
    plate_text="#212426",
    plate_muted="#3d4245",
    border="#dcdee0",
    border_strong="#8b9094",
    text="#202325",
    muted="#585d61",
    disabled="#5f6468",
    accent="#22706c",
    accent_hover="#1b5d5a",
    on_accent="#ffffff",
    accent_text="#1d6460",
    accent_soft="#dcebe9",
    on_accent_soft="#154b48",
    deadline="#734c00",
    deadline_soft="#f7ecd5",
    focus="#22706c",
    keycap="#ffffff",
    keycap_text="#3c4144",
    scroll="#b3b7ba",
    shade="#8c26292b",
    mix=(
        "#d5dcdc",
        "#b4c6c5",
        "#93b0ae",
        "#6f9794",
        "#4a7b78",
        "#275c59",
        "#a9adb1",
    ),
)

DARK: Final = Palette(
    window="#191a1b",
    panel="#202122",
    card="#262829",
    field="#1c1d1e",
    hover="#2d2f31",
    pressed="#37393b",
    mat="#121313",
    plate="#2a2c2d",
    plate_text="#dadcde",
    plate_muted="#aaaeb1",
    border="#343638",
    border_strong="#6d7276",
    text="#dfe1e3",
    muted="#a2a7ab",
    disabled="#a0a5a9",
    accent="#6bb0aa",
    accent_hover="#80c0ba",
    on_accent="#0c2423",
    accent_text="#7fc0ba",
    accent_soft="#203a38",
    on_accent_soft="#b5deda",
    deadline="#dfb56a",
    deadline_soft="#382d19",
    focus="#7fc0ba",
    keycap="#333537",
    keycap_text="#d3d6d8",
    scroll="#4c5053",
    shade="#a6000000",
    mix=(
        "#3b4343",
        "#4a5b5a",
        "#577573",
        "#67918e",
        "#7fb0ac",
        "#a5d2ce",
        "#6b7074",
    ),
)

PALETTES: Final = {Theme.LIGHT: LIGHT, Theme.DARK: DARK}


def left_zone_px(window_px: int) -> int:
    """Return the width of the left zone: 360 at 1366, 480 at 1920, between linear."""
    if window_px < WIDTH_NARROW_PX:
        lost = WIDTH_NARROW_PX - window_px
        return max(LEFT_MIN_PX, LEFT_PX - lost // 3)
    span = WIDTH_WIDE_PX - WIDTH_NARROW_PX
    part = min(window_px, WIDTH_WIDE_PX) - WIDTH_NARROW_PX
    return LEFT_PX + (LEFT_WIDE_PX - LEFT_PX) * part // span


def right_zone_px(window_px: int) -> int:
    """Return the width of the right zone: 340, less only below 1366."""
    lost = max(0, WIDTH_NARROW_PX - window_px)
    return max(RIGHT_MIN_PX, RIGHT_PX - lost // 6)
