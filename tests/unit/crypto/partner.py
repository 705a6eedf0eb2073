"""Pyrage, the differential partner, behind two typed functions."""

from __future__ import annotations

import pyrage  # type: ignore[import-untyped]  # it ships no stubs

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PREFIX = "age-secret-key-"


def partner_decrypts(sealed: bytes, *, identity: bytes) -> bytes:
    """Open an age file with a raw X25519 identity."""
    return bytes(pyrage.decrypt(sealed, [_identity(identity)]))


def partner_encrypts(clear: bytes, *, identity: bytes) -> bytes:
    """Seal to a fresh recipient and to that of a raw identity."""
    other = pyrage.x25519.Identity.generate().to_public()
    mine = _identity(identity).to_public()
    return bytes(pyrage.encrypt(clear, [other, mine]))


def _identity(raw: bytes) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(_secret_text(raw))


def _secret_text(raw: bytes) -> str:
    """Return an X25519 identity as age writes it."""
    number = int.from_bytes(raw, "big") << (-len(raw) * 8 % 5)
    count = -(-len(raw) * 8 // 5)
    digits = [number >> 5 * place & 31 for place in reversed(range(count))]
    check = _polymod([*_expanded(), *digits, 0, 0, 0, 0, 0, 0]) ^ 1
    digits += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return (_PREFIX + "1" + "".join(_CHARSET[digit] for digit in digits)).upper()


def _expanded() -> list[int]:
    high = [ord(letter) >> 5 for letter in _PREFIX]
    return [*high, 0, *(ord(letter) & 31 for letter in _PREFIX)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            if top >> place & 1:
                check ^= generator
    return check
