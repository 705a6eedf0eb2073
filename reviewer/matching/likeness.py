"""When two fingerprints are of one picture or clip (review-loop.md, *Stacks*).

PDQ: at most 31 of 256 bits differ, both of quality 50 or more. Clips by the vPDQ
rule, both ways round: of the frames of either, 80 % or more are found in the other,
so that an excerpt is no copy of the whole. A clip most of whose frames are too even
to compare resembles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reviewer.domain.fingerprint import Fingerprint

DISTANCE_BITS: Final = 31  # ThreatExchange, PDQ: the recommended threshold
LEAST_QUALITY: Final = 50  # ThreatExchange, PDQ: below it hashes mean little
LEAST_SHARE_PERCENT: Final = 80  # vPDQ
LEAST_GOOD_PERCENT: Final = 50

Bits = int
"""A PDQ hash as a whole number, so that a distance is one xor and one count."""


def distance(one: Bits, other: Bits) -> int:
    """Return how many of 256 bits differ."""
    return (one ^ other).bit_count()


def good_frames(fingerprint: Fingerprint) -> tuple[Bits, ...]:
    """Return the frames that may be compared, none if they are the smaller part."""
    frames = fingerprint.frames
    good = [
        int.from_bytes(frame.hash, "big")
        for frame in frames
        if frame.quality >= LEAST_QUALITY
    ]
    if len(good) * 100 < len(frames) * LEAST_GOOD_PERCENT:
        return ()
    return tuple(dict.fromkeys(good))


def distance_between(one: Sequence[Bits], other: Sequence[Bits]) -> int | None:
    """Return how far two near copies are apart; None if they are none.

    For clips it is the largest distance of a frame that was found in the other.
    """
    if not one or not other:
        return None
    there = [min(distance(frame, each) for each in other) for frame in one]
    back = [min(distance(frame, each) for each in one) for frame in other]
    if not (_enough(there) and _enough(back)):
        return None
    return max(bits for bits in (*there, *back) if bits <= DISTANCE_BITS)


def is_share(found: int, of: int) -> bool:
    """Return whether so many of so many frames are enough by the vPDQ rule."""
    return found * 100 >= of * LEAST_SHARE_PERCENT


def _enough(distances: Sequence[int]) -> bool:
    return is_share(sum(one <= DISTANCE_BITS for one in distances), len(distances))
