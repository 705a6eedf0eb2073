"""Padmé lengths: exact sizes identify known videos, so media are padded.

The length grows by at most 12 percent and then keeps only the leading bits of the
size (Nikitin et al., *Reducing Metadata Leakage from Encrypted Files*, PETS 2019).
"""

from __future__ import annotations

from typing import Final

_ZEROS: Final = bytes(1 << 20)


def padme(length: int) -> int:
    """Return the Padmé length for `length` bytes; never below it.

    Raises:
        ValueError: `length` is negative.
    """
    if length < 0:
        raise ValueError("negative length")
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def is_zero(data: bytes | bytearray | memoryview) -> bool:
    """Return whether every byte is zero: what stands behind the true size must be."""
    view = memoryview(data)
    return all(
        view[start : start + len(_ZEROS)]
        == memoryview(_ZEROS)[: min(len(_ZEROS), len(view) - start)]
        for start in range(0, len(view), len(_ZEROS))
    )
