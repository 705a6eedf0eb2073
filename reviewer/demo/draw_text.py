"""Lettering for drawn media: the bundled fonts, and Arabic joined by hand.

Arabic is shaped here from Unicode's presentation forms instead of a shaping
library, which a bare desktop may lack: the same picture everywhere.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Final

from PIL import ImageDraw, ImageFont

import reviewer

_FIRST_FORM: Final = 0xFE80
_LAST_FORM: Final = 0xFEFC
_LAM: Final = "\u0644"


def fonts_folder() -> Path:
    """Return where the fonts are: in an installed package or in the checkout."""
    package = Path(reviewer.__file__).parent
    inside = package / "_resources" / "fonts"
    return inside if inside.is_dir() else package.parent / "resources" / "fonts"


@functools.lru_cache(maxsize=64)
def font(size_px: int, *, is_arabic: bool) -> ImageFont.FreeTypeFont:
    """Load a bundled font at a size, without any shaping of its own."""
    name = "NotoSansArabic.ttf" if is_arabic else "NotoSans.ttf"
    return ImageFont.truetype(
        fonts_folder() / name, size_px, layout_engine=ImageFont.Layout.BASIC
    )


def write(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    *,
    size_px: int,
    ink: tuple[int, ...],
) -> None:
    """Write one line, centred on `place`, in the font of its script."""
    is_arabic = any("\u0600" <= char <= "\u06ff" for char in text)
    line = shape_arabic(text) if is_arabic else text
    face = font(size_px, is_arabic=is_arabic)
    draw.text(place, line, font=face, fill=ink, anchor="mm")


def shape_arabic(text: str) -> str:
    """Join Arabic letters and lay the line out from right to left.

    Good for plain lettering: no marks, no digits, no mixed directions.
    """
    forms = _forms()
    units = _with_ligatures(text)
    shaped = []
    for index, unit in enumerate(units):
        known = forms.get(unit, {})
        before = forms.get(units[index - 1], {}) if index else {}
        after = forms.get(units[index + 1], {}) if index + 1 < len(units) else {}
        joins_before = "<initial>" in before and "<final>" in known
        joins_after = "<initial>" in known and "<final>" in after
        form = {
            (False, False): "<isolated>",
            (True, False): "<final>",
            (False, True): "<initial>",
            (True, True): "<medial>",
        }[joins_before, joins_after]
        shaped.append(known.get(form, unit))
    return "".join(reversed(shaped))


def _with_ligatures(text: str) -> list[str]:
    """Split into letters, keeping lam with alef together: they are one sign."""
    units: list[str] = []
    for char in text:
        if units and units[-1] == _LAM and _LAM + char in _forms():
            units[-1] += char
        else:
            units.append(char)
    return units


@functools.lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """Return for each letter or ligature its signs by position in the word."""
    table: dict[str, dict[str, str]] = {}
    for code in range(_FIRST_FORM, _LAST_FORM + 1):
        position, *letters = unicodedata.decomposition(chr(code)).split()
        unit = "".join(chr(int(letter, 16)) for letter in letters)
        table.setdefault(unit, {})[position] = chr(code)
    return table
