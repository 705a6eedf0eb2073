"""RFC 9421 signatures on HTTP requests: the one profile that both ends keep.

A device signs `@method` and `@target-uri`, and of the headers it sends whichever
are among `content-digest` (RFC 9530), `range`, `upload-offset` and `upload-length`,
in that order; with the parameters created, keyid, alg, nonce and tag. Anything less
is refused, so no part of a request that changes what the service does is left
unsigned (security.md 3.5; docs/formats/v1/service.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId
from reviewer.errors import Code, ReviewerError, VerificationError

TAG: Final = "reviewer-v1draft"
LABEL: Final = "rv"
CLOCK_WINDOW_S: Final = 900  # security.md 3.5: created within a quarter of an hour
NONCE_MIN_CHARS: Final = 16
NONCE_MAX_CHARS: Final = 64
_COVERED_HEADERS: Final = ("content-digest", "range", "upload-offset", "upload-length")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRequest:
    """Who signed a request; made by `verify_request` alone."""

    device: KeyId
    nonce: str
    """Unique per device for `CLOCK_WINDOW_S`; the service refuses a second use."""
    created_s: int


@dataclass(slots=True, kw_only=True)
class _Message:
    """What the library wants to see of a request."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class _Ed25519(HTTPSignatureAlgorithm):
    """The pinned algorithm, by our own keys."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: VerifyingKey | None = None) -> None:
        """Keep the verifying key; signing goes past the library."""
        self._key = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise VerificationError unless the signature is true."""
        if self._key is None:
            raise VerificationError(Code.KEY_UNKNOWN)
        self._key.verify(signature, message)


class _Keys(HTTPSignatureKeyResolver):
    """Looks a device up; its refusals keep their code."""

    def __init__(self, resolve: Callable[[KeyId], VerifyingKey]) -> None:
        self._resolve = resolve

    def resolve_public_key(self, key_id: str) -> VerifyingKey:
        """Return the key, or raise what the directory says of it."""
        return self._resolve(KeyId(key_id))


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: time is an argument here."""

    def validate_created_and_expires(
        self, sig_input: object, max_age: dt.timedelta | None = None
    ) -> None:
        """Leave the time to `verify_request`, which knows it."""


def sign_request(
    key: SigningKey,
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    created_s: int,
    nonce: str,
) -> dict[str, str]:
    """Return the headers to send: those given, a content digest, and the signature.

    Args:
        key: The device's key.
        method: In capitals.
        url: Exactly as it is sent, absolute.
        headers: Those already chosen; names in lower case.
        body: None for a request without one.
        created_s: Unix seconds by the service's clock, as far as it is known.
        nonce: Fresh for every request.
    """
    message = _Message(method=method, url=url, headers=dict(headers))
    covered = ["@method", "@target-uri"]
    names = set(message.headers) | ({"content-digest"} if body is not None else set())
    covered += [name for name in _COVERED_HEADERS if name in names]
    signer = HTTPMessageSigner(signature_algorithm=_Ed25519)
    prepared = signer.prepare(
        message,
        key_id=key.key_id,
        created=dt.datetime.fromtimestamp(created_s, tz=dt.UTC),
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=covered,
        body=body,
    )
    signer.apply(message, prepared, key.sign(prepared.signature_base))
    return message.headers


def verify_request(
    *,
    method: str,
    url: str,
    headers: Sequence[tuple[str, str]],
    body: bytes | None,
    resolve: Callable[[KeyId], VerifyingKey],
    now_s: int,
) -> VerifiedRequest:
    """Verify who sent a request and that nothing that matters was changed.

    1. No header that is covered, nor a signature header, comes twice.
    2. Exactly one signature, with our tag; its key is one that `resolve` vouches for.
    3. It covers the method, the address and each of our headers that was sent.
    4. The content digest is true of the body.
    5. It was made within `CLOCK_WINDOW_S` of `now_s`, with a nonce of fair length.

    The caller refuses a nonce it has seen from that device.

    Raises:
        VerificationError: SIGNATURE_INVALID, TIME_IMPLAUSIBLE, or whatever
            `resolve` raised.
    """
    message = _Message(method=method, url=url, headers=_single(headers))  # 1
    verifier = _Verifier(signature_algorithm=_Ed25519, key_resolver=_Keys(resolve))
    required = ["@method", "@target-uri"]
    required += [name for name in _COVERED_HEADERS if name in message.headers]
    try:
        results = verifier.verify(  # 2, 3, 4
            message,
            max_age=None,
            expect_tag=TAG,
            require_components=required,
            body=body,
        )
    except InvalidSignature as error:
        if isinstance(error.__cause__, ReviewerError):
            raise error.__cause__ from error
        raise VerificationError(Code.SIGNATURE_INVALID, "request") from error
    except HTTPMessageSignaturesException as error:
        raise VerificationError(Code.SIGNATURE_INVALID, "request") from error
    if len(results) != 1:
        raise VerificationError(Code.SIGNATURE_INVALID, "request")
    return _checked(results[0].parameters, now_s=now_s)


def _single(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    single: dict[str, str] = {}
    watched = {*_COVERED_HEADERS, "signature", "signature-input"}
    for name, value in headers:
        lower = name.lower()
        if lower in single and lower in watched:
            raise VerificationError(Code.SIGNATURE_INVALID, "header twice")
        single[lower] = value
    return single


def _checked(parameters: dict[str, int | str], *, now_s: int) -> VerifiedRequest:
    created, nonce = parameters.get("created"), parameters.get("nonce")
    if not isinstance(created, int) or abs(created - now_s) > CLOCK_WINDOW_S:
        raise VerificationError(Code.TIME_IMPLAUSIBLE, "request")
    if (
        not isinstance(nonce, str)
        or not NONCE_MIN_CHARS <= len(nonce) <= NONCE_MAX_CHARS
    ):
        raise VerificationError(Code.SIGNATURE_INVALID, "nonce")
    return VerifiedRequest(
        device=KeyId(str(parameters["keyid"])), nonce=nonce, created_s=created
    )
