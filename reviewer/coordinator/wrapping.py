"""Secrets of the service under a passphrase: its own key, and the root key file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reviewer.crypto import aead
from reviewer.crypto.passphrase import CEILING, FLOOR, KdfParameters, derive, normalise
from reviewer.domain.item import Wire
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64, unb64

FORMAT: Final = "rv-wrapped/1-draft"
PASSPHRASE_MIN_CHARS: Final = 14  # security.md 3.1
MAX_BYTES: Final = 4096
_SALT_BYTES: Final = 16


class _Terms(Wire, frozen=True, kw_only=True):
    """How a secret is wrapped; authenticated with it."""

    format: str = FORMAT
    purpose: str
    parameters: KdfParameters
    salt: str


class _Wrapped(Wire, frozen=True, kw_only=True):
    """The file: the terms, and the secret under them."""

    terms: _Terms
    wrapped: str


def wrap_secret(
    secret: bytes,
    *,
    passphrase: str,
    purpose: str,
    entropy: Callable[[int], bytes],
    parameters: KdfParameters = FLOOR,
) -> bytes:
    """Return a small file that only the passphrase opens.

    Raises:
        RefusedError: PASSPHRASE_WEAK.
    """
    if len(normalise(passphrase)) < PASSPHRASE_MIN_CHARS:
        raise RefusedError(Code.PASSPHRASE_WEAK)
    salt = entropy(_SALT_BYTES)
    terms = _Terms(purpose=purpose, parameters=parameters, salt=b64(salt))
    key = derive(passphrase, salt=salt, parameters=parameters)
    wrapped = aead.wrap(key, plaintext=secret, associated=canonical.encode(terms))
    return canonical.encode(_Wrapped(terms=terms, wrapped=b64(wrapped)))


def unwrap_secret(
    data: bytes, *, passphrase: str, purpose: str, least: KdfParameters = FLOOR
) -> bytes:
    """Open what `wrap_secret` made.

    Args:
        data: The file's bytes.
        passphrase: As typed; normalised by the derivation.
        purpose: Must be the one it was wrapped for.
        least: Cheaper terms than these are refused, absurd ones too.

    Raises:
        RefusedError: PASSPHRASE_WRONG.
        UnavailableError: PROFILE_DAMAGED.
    """
    try:
        file = canonical.decode(data, _Wrapped, max_bytes=MAX_BYTES)
        salt, wrapped = unb64(file.terms.salt), unb64(file.wrapped)
    except VerificationError as error:
        raise UnavailableError(Code.PROFILE_DAMAGED, "wrapped secret") from error
    terms = file.terms
    if (
        terms.format != FORMAT
        or terms.purpose != purpose
        or not terms.parameters.within(least, CEILING)
    ):
        raise UnavailableError(Code.PROFILE_DAMAGED, "wrapping terms")
    key = derive(passphrase, salt=salt, parameters=terms.parameters)
    try:
        return aead.unwrap(key, wrapped=wrapped, associated=canonical.encode(terms))
    except VerificationError as error:
        raise RefusedError(Code.PASSPHRASE_WRONG) from error
