"""Fingerprints made of numbers, for tests of what compares them."""

from __future__ import annotations

import hashlib

from reviewer.domain.fingerprint import PDQ_BYTES, Fingerprint, FramePrint


def bits_of(name: str) -> int:
    """Return 256 bits that depend on a name alone; two names differ in about half."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")


def flipped(bits: int, count: int, *, start: int = 0) -> int:
    """Return the bits with so many of them turned, spread evenly."""
    for index in range(count):
        bits ^= 1 << (start + index * (256 // max(count, 1))) % 256
    return bits


def print_of(*frames: int, quality: int = 100, pixels_count: int = 1) -> Fingerprint:
    """Return a fingerprint of these frames."""
    return Fingerprint(
        frames=tuple(
            FramePrint(frame.to_bytes(PDQ_BYTES, "big"), quality) for frame in frames
        ),
        pixels_count=pixels_count,
    )
