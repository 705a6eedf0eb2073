"""The head of a file: magic, a big-endian length, an envelope.

No archive, no compression, no names and no paths: what follows the head is as long
as the envelope says, and nothing follows that (design.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

from reviewer.errors import Code, VerificationError
from reviewer.formats.envelope import SignedEnvelope, parse

MAGIC_BYTES: Final = 5
LENGTH_BYTES: Final = 4
MAX_HEAD_ENVELOPE_BYTES: Final = 64 << 10  # design.md 4: envelope 64 KiB


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a file; its envelope is well formed and not yet believed."""

    envelope: SignedEnvelope
    length_bytes: int
    """Where the rest of the file begins."""


def frame(envelope_bytes: bytes, *, magic: bytes) -> bytes:
    """Return the head of a file around an envelope.

    Raises:
        VerificationError: TOO_LARGE.
    """
    if len(envelope_bytes) > MAX_HEAD_ENVELOPE_BYTES:
        raise VerificationError(Code.TOO_LARGE, "envelope")
    return magic + len(envelope_bytes).to_bytes(LENGTH_BYTES, "big") + envelope_bytes


def read_frame(stream: BinaryIO, *, magic: bytes) -> Head:
    """Read the head of a file, sizes first, and leave the stream behind it.

    Raises:
        VerificationError: FORMAT_UNKNOWN, another magic; TOO_LARGE; MALFORMED, cut
            or not an envelope; NOT_CANONICAL.
    """
    start = read_up_to(stream, MAGIC_BYTES + LENGTH_BYTES)
    if start[:MAGIC_BYTES] != magic:
        raise VerificationError(Code.FORMAT_UNKNOWN, "magic")
    if len(start) != MAGIC_BYTES + LENGTH_BYTES:
        raise VerificationError(Code.MALFORMED, "head cut")
    length = int.from_bytes(start[MAGIC_BYTES:], "big")
    if length > MAX_HEAD_ENVELOPE_BYTES:
        raise VerificationError(Code.TOO_LARGE, "envelope")
    data = read_up_to(stream, length)
    if len(data) != length:
        raise VerificationError(Code.MALFORMED, "envelope cut")
    return Head(
        envelope=parse(data, max_bytes=MAX_HEAD_ENVELOPE_BYTES),
        length_bytes=len(start) + length,
    )


def read_up_to(stream: BinaryIO, length: int) -> bytes:
    """Read `length` bytes, fewer only where the stream ends."""
    data = stream.read(length)
    while len(data) < length:
        more = stream.read(length - len(data))
        if not more:
            break
        data += more
    return data
