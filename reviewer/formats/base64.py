"""Standard base64 with padding, canonical only: one text for each byte string."""

from __future__ import annotations

import binascii

from reviewer.errors import Code, VerificationError


def b64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def unb64(text: str) -> bytes:
    """Decode base64 that `b64` could have written, and no other.

    Raises:
        VerificationError: MALFORMED, not base64; NOT_CANONICAL, another spelling
            of the same bytes.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise VerificationError(Code.MALFORMED, "base64") from error
    # Strict mode leaves two freedoms: padding after a full group (in Python 3.11
    # and 3.12), and the unused bits of the last digit.
    if len(text) != -(-len(data) // 3) * 4:
        raise VerificationError(Code.MALFORMED, "base64")
    rest = len(data) % 3
    if rest and b64(data[-rest:]) != text[-4:]:
        raise VerificationError(Code.NOT_CANONICAL, "base64")
    return data
