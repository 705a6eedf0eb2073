"""RFC 8785 canonical JSON: one encoding for each value, and no other accepted.

Keys are ASCII and numbers are integers below 2**53 in every format of ours. Within
that subset, sorting keys by code point equals RFC 8785's order, and msgspec writes
the very bytes that `rfc8785` writes (a property test compares the two); it is some
fifty times faster, which the journal needs (design.md 9).

`decode` checks, in this order: size, depth, keys, grammar and types, unknown
fields, byte-identical re-encoding, numbers and the shape of ids and times.
Re-encoding refuses duplicate keys, white space, other escapes, other key orders and
trailing bytes.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec

from reviewer.errors import Code, VerificationError
from reviewer.formats.shapes import MAX_INTEGER, check_shape

MAX_DEPTH: Final = 16  # security.md 3.3

T = TypeVar("T")

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODERS: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {}
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_KEY: Final = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(:?)', re.DOTALL)
_SUSPICIOUS: Final = re.compile(rb"[0-9]{16}|(?:^|[:,\[])-?[0-9]+[.eE]")
_NUMBER: Final = re.compile(rb"-?[0-9][0-9.eE+-]*")
_TO_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NOT_SQUARE: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


def encode(value: object) -> bytes:
    """Return the canonical bytes of a wire value or of plain builtins.

    Raises:
        VerificationError: MALFORMED, a float, an integer of 2**53 or more, a lone
            surrogate, a key beyond ASCII, or depth over 16.
    """
    try:
        data = _ENCODER.encode(value)
    except (UnicodeEncodeError, TypeError, OverflowError, RecursionError) as error:
        raise VerificationError(Code.MALFORMED, "not encodable") from error
    _check_depth_and_keys(data)
    if _SUSPICIOUS.search(data):
        _check_numbers(data)
    return data


def decode(data: bytes, type_: type[T], *, max_bytes: int) -> T:
    """Return the value whose canonical bytes are exactly `data`.

    Raises:
        VerificationError: TOO_LARGE, above `max_bytes`; MALFORMED, grammar, depth,
            numbers, types or unknown fields; NOT_CANONICAL, another spelling.
    """
    if len(data) > max_bytes:
        raise VerificationError(Code.TOO_LARGE, f"{len(data)} bytes")
    _check_depth_and_keys(data)
    try:
        value: T = _decoder(type_).decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise VerificationError(Code.MALFORMED, type_.__name__) from error
    if _ENCODER.encode(value) != data:
        raise VerificationError(Code.NOT_CANONICAL, type_.__name__)
    check_shape(value)
    return value


def convert(value: object, type_: type[T]) -> T:
    """Return builtins as a wire value, every field present.

    Raises:
        VerificationError: MALFORMED; NOT_CANONICAL, a field was left out.
    """
    try:
        made = msgspec.convert(value, type_, strict=True)
    except msgspec.ValidationError as error:
        raise VerificationError(Code.MALFORMED, type_.__name__) from error
    if _ENCODER.encode(made) != _ENCODER.encode(value):
        raise VerificationError(Code.NOT_CANONICAL, type_.__name__)
    check_shape(made)
    return made


def _decoder(type_: type[Any]) -> msgspec.json.Decoder[Any]:
    """Return the one decoder of a type; building one is slow."""
    decoder = _DECODERS.get(type_)
    if decoder is None:
        decoder = _DECODERS[type_] = msgspec.json.Decoder(type_, strict=True)
    return decoder


def _check_depth_and_keys(data: bytes) -> None:
    """Refuse depth and keys beyond what the formats use.

    The common case is decided by cheap scans; only bytes that look odd are looked
    at closely, since strings may hold anything.
    """
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _check_depth(data)
    if not data.isascii():
        _check_keys(data)


def _check_depth(data: bytes) -> None:
    """Refuse nesting over `MAX_DEPTH`: one round removes one innermost level."""
    brackets = _STRING.sub(b"", data).translate(_TO_SQUARE, _NOT_SQUARE)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise VerificationError(Code.MALFORMED, "depth")


def _check_numbers(data: bytes) -> None:
    """Refuse fractions, exponents and integers of 2**53 or more."""
    numbers: list[bytes] = _NUMBER.findall(_STRING.sub(b"", data))
    for number in numbers:
        is_integer = number.removeprefix(b"-").isdigit() and len(number) <= 17
        if not is_integer or abs(int(number)) > MAX_INTEGER:
            raise VerificationError(Code.MALFORMED, "number")


def _check_keys(data: bytes) -> None:
    """Refuse keys beyond ASCII: their order would differ from RFC 8785."""
    strings: list[tuple[bytes, bytes]] = _KEY.findall(data)
    if not all(text.isascii() for text, colon in strings if colon):
        raise VerificationError(Code.MALFORMED, "key")
