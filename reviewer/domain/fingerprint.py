"""Fingerprints: what the decoder says a picture or clip looks like, as plain bits.

Made in the locked child by PDQ, checked by the parent, kept in the vault. A picture
has one frame; a clip and an animation have one about each second (the vPDQ rule).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PDQ_BYTES: Final = 32  # 256 bits
BEST_QUALITY: Final = 100
MAX_FRAMES_COUNT: Final = 120
METHOD: Final = 1
"""Rises when the same bytes would give another fingerprint; older ones are redone."""


@dataclass(frozen=True, slots=True)
class FramePrint:
    """The fingerprint of one frame, most significant bit first."""

    hash: bytes
    quality: int
    """0 to 100; an even picture has none and resembles everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """All frames of one item, in the order of time."""

    frames: tuple[FramePrint, ...] = ()
    """Empty where there is nothing to compare: a text, or broken media."""
    pixels_count: int = 0
    """Of the source: of two copies, more of them is the clearer one."""


NO_FINGERPRINT: Final = Fingerprint()
