"""Places in a manifest as bits, so that one entry can name ten thousand items.

Place 0 is the lowest bit of the first byte. The last byte is never zero, so that
each set of places has exactly one spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64, unb64

MAX_PLACES: Final = 8 * (32 << 10)  # within an entry of 64 KiB, as base64
_BYTE: Final = 8


def pack_places(places: Iterable[int]) -> str:
    """Return the spelling of a set of places.

    Raises:
        VerificationError: MALFORMED, none at all, or one beyond `MAX_PLACES`.
    """
    named = tuple(places)
    if not named or not 0 <= min(named) <= max(named) < MAX_PLACES:
        raise VerificationError(Code.MALFORMED, "places")
    data = bytearray(max(named) // _BYTE + 1)
    for place in named:
        data[place // _BYTE] |= 1 << place % _BYTE
    return b64(bytes(data))


def unpack_places(text: str) -> tuple[int, ...]:
    """Return the places that a spelling names, in order.

    Raises:
        VerificationError: MALFORMED or NOT_CANONICAL, another spelling.
    """
    data = unb64(text)
    if not data or len(data) * _BYTE > MAX_PLACES:
        raise VerificationError(Code.MALFORMED, "places")
    if not data[-1]:
        raise VerificationError(Code.NOT_CANONICAL, "places")
    return tuple(_set_bits(data))


def _set_bits(data: bytes) -> Iterator[int]:
    for index, byte in enumerate(data):
        for bit in range(_BYTE):
            if byte >> bit & 1:
                yield index * _BYTE + bit
