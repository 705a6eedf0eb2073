"""Colours and sizes of the window, measured."""

from __future__ import annotations

from typing import Final

import pytest
from PySide6.QtGui import QColor

from reviewer.domain.rendition import MAT_MIN_PX
from reviewer.ui import tokens
from reviewer.ui.styling import style_sheet
from reviewer.ui.tokens import PALETTES, Palette, Theme

LEAST: Final = 4.5
PAIRS: Final = (
    *(
        (text, ground)
        for text in ("text", "muted", "accent_text", "deadline")
        for ground in ("window", "panel", "card", "hover")
    ),
    ("text", "field"),
    ("muted", "field"),
    ("text", "pressed"),
    ("disabled", "window"),
    ("disabled", "pressed"),
    ("on_accent_soft", "hover"),
    ("accent_text", "accent_soft"),
    ("text", "deadline_soft"),
    ("disabled", "panel"),
    ("disabled", "card"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent_soft", "accent_soft"),
    ("deadline", "deadline_soft"),
    ("plate_text", "plate"),
    ("plate_muted", "plate"),
    ("keycap_text", "keycap"),
)


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(theme: Theme, ink: str, ground: str) -> None:
    """Every text role reaches 4.5:1 on every surface it stands on."""
    palette = PALETTES[theme]
    ratio = contrast(getattr(palette, ink), getattr(palette, ground))
    assert ratio >= LEAST, f"{ink} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("palette", PALETTES.values())
def test_the_focus_ring_stands_out(palette: Palette) -> None:
    """A focus ring reaches 3:1 on what it is drawn upon."""
    for ground in ("window", "panel", "card", "mat"):
        assert contrast(palette.focus, getattr(palette, ground)) >= 3


@pytest.mark.parametrize("palette", PALETTES.values())
def test_greys_are_neutral_and_nothing_is_red(palette: Palette) -> None:
    """Surfaces are grey within a few steps; no role is red."""
    for name in ("window", "panel", "card", "mat", "plate"):
        color = QColor(getattr(palette, name))
        parts = (color.red(), color.green(), color.blue())
        assert max(parts) - min(parts) <= 8
    for name in (*("accent", "deadline", "focus", "text"), *palette.mix):
        color = QColor(getattr(palette, name, name))
        assert color.red() <= color.green() * 1.7


@pytest.mark.parametrize(
    ("window_px", "zone_px"),
    [(940, 248), (1126, 280), (1366, 360), (1643, 420), (1920, 480)],
)
def test_the_left_zone_has_its_width(window_px: int, zone_px: int) -> None:
    """360 px at 1366, 480 px at 1920, never more."""
    assert tokens.left_zone_px(window_px) == zone_px
    assert tokens.left_zone_px(3840) == 480


@pytest.mark.parametrize(
    ("window_px", "zone_px"), [(940, 280), (1246, 320), (1366, 340), (1920, 340)]
)
def test_the_right_zone_has_its_width(window_px: int, zone_px: int) -> None:
    """340 px from 1366 on; a window at twice the scale is narrower."""
    assert tokens.right_zone_px(window_px) == zone_px


def test_a_sheet_keeps_more_mat_than_the_product_limit() -> None:
    """Tiles stand at least eight pixels apart."""
    assert tokens.TILE_MAT_PX >= MAT_MIN_PX


@pytest.mark.parametrize("palette", PALETTES.values())
def test_the_style_sheet_uses_only_colours_of_the_palette(palette: Palette) -> None:
    """No colour is written in the style sheet by hand."""
    known = {getattr(palette, name) for name in palette.__slots__ if name != "mix"}
    words = style_sheet(palette).replace(";", " ").split()
    used = {word for word in words if word.startswith("#") and len(word) == 7}
    named = {"#window", "#topStrip", "#homeBar"}
    assert used - known <= named


def contrast(ink: str, ground: str) -> float:
    """Return the WCAG contrast ratio of two colours."""
    high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(name: str) -> float:
    color = QColor(name)
    parts = [color.redF(), color.greenF(), color.blueF()]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
