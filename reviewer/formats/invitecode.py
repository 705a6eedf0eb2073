"""Invitation codes and fingerprints: secrets and hashes that people carry.

A code is base32 in Crockford's alphabet (no I, L, O, U), in groups of five:
32 bytes of seed, the first 16 bytes of the root key's hash, and 4 bytes of
checksum, the start of the SHA-256 of all that. So a mistyped code is refused here,
and the root of the bundle that a coordinator answers with can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.crypto.hashes import sha256
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.errors import Code, VerificationError

SEED_BYTES: Final = 32
ROOT_PREFIX_BYTES: Final = 16
_CHECK_BYTES: Final = 4
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = {"I": "1", "L": "1", "O": "0"}
_GROUP_COUNT: Final = 5
_TOTAL_BYTES: Final = SEED_BYTES + ROOT_PREFIX_BYTES + _CHECK_BYTES
_DIGITS_COUNT: Final = -(-_TOTAL_BYTES * 8 // 5)
_SPARE_BITS: Final = _DIGITS_COUNT * 5 - _TOTAL_BYTES * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteCode:
    """What a code holds: the seed of the invitation key, the root's hash."""

    seed: bytes
    root_prefix: bytes
    """The first 16 bytes of the SHA-256 of the raw root key."""

    @property
    def key(self) -> SigningKey:
        """Return the one-time invitation key."""
        return SigningKey.from_seed(self.seed)

    def check_root(self, root: VerifyingKey) -> None:
        """Accept the root that this code was made under.

        Raises:
            VerificationError: ROOT_MISMATCH.
        """
        if sha256(root.raw)[:ROOT_PREFIX_BYTES] != self.root_prefix:
            raise VerificationError(Code.ROOT_MISMATCH, root.key_id)


def make_code(seed: bytes, root_raw: bytes) -> str:
    """Return the code for an invitation seed under a root key of 32 raw bytes."""
    body = seed + sha256(root_raw)[:ROOT_PREFIX_BYTES]
    number = int.from_bytes(body + sha256(body)[:_CHECK_BYTES], "big") << _SPARE_BITS
    digits = "".join(
        _ALPHABET[number >> 5 * place & 31] for place in reversed(range(_DIGITS_COUNT))
    )
    return "-".join(
        digits[start : start + _GROUP_COUNT]
        for start in range(0, _DIGITS_COUNT, _GROUP_COUNT)
    )


def parse_code(text: str) -> InviteCode:
    """Read a code as a person types it: any case, spaces or hyphens, O for 0.

    Raises:
        VerificationError: INVITATION_INVALID.
    """
    typed = "".join(text.upper().replace("-", " ").split())
    digits = [_ALPHABET.find(_READ_AS.get(letter, letter)) for letter in typed]
    if len(digits) != _DIGITS_COUNT or -1 in digits:
        raise VerificationError(Code.INVITATION_INVALID, "code digits")
    number = 0
    for digit in digits:
        number = number << 5 | digit
    data = (number >> _SPARE_BITS).to_bytes(_TOTAL_BYTES, "big")
    body, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if number & ((1 << _SPARE_BITS) - 1) or sha256(body)[:_CHECK_BYTES] != check:
        raise VerificationError(Code.INVITATION_INVALID, "code checksum")
    return InviteCode(seed=body[:SEED_BYTES], root_prefix=body[SEED_BYTES:])


def fingerprint_words(data: bytes, count: int = 6, *, words: Sequence[str]) -> str:
    """Return the hash of `data` as words to be read aloud and compared.

    Each word is a digit of the hash in base `len(words)`; six of a list of 7 776
    give 77 bits.

    Raises:
        ValueError: fewer than two words.
    """
    if len(words) < 2:
        raise ValueError("a word list needs two words")
    number = int.from_bytes(sha256(data), "big")
    chosen = []
    for _ in range(count):
        number, index = divmod(number, len(words))
        chosen.append(words[index])
    return " ".join(chosen)
