"""The system's font where it is a good one, else the bundled Noto Sans.

Noto Sans (Latin, Greek, Cyrillic) and Noto Sans Arabic stand behind any system font,
so that no script of a batch depends on what a bare desktop has.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from reviewer.settings import resource
from reviewer.ui import tokens

BUNDLED: Final = ("Noto Sans", "Noto Sans Arabic")
_WEIGHT: Final = QFont.Tag("wght")
_PLAIN: Final = frozenset(
    {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"}
)
"""What a desktop without a font of its own answers with."""


def set_weight(font: QFont, *, bold: bool) -> QFont:
    """Make a font semi-bold or plain; the bundled ones are variable in weight."""
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    font.setWeight(weight)
    font.setVariableAxis(_WEIGHT, float(weight.value))
    return font


def install_fonts(app: QApplication) -> None:
    """Load the bundled fonts and set the application's font, tabular numerals on."""
    for path in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    own = app.font().family()
    families = [] if own.casefold() in _PLAIN else [own]
    font = QFont()
    font.setFamilies([*families, *BUNDLED])
    font.setPixelSize(tokens.TYPE_14)
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
