"""The shape of ids, hashes and times wherever a wire value holds one.

A wire struct says `KeyId` or `UtcTime` and msgspec sees a string. Here each such
name has its one pattern, applied to every field of every decoded value, so that an
id can serve as a file name and times can be compared as text. Numbers are whole,
never negative and below 2**53 in every format, loosely typed fields included.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable
from typing import Any, Final

import msgspec

from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.times import is_utc
from reviewer.errors import Code, VerificationError

MAX_INTEGER: Final = 2**53 - 1  # RFC 8785, section 3.2.2.3

Check = Callable[[Any], None]

_HEX_16: Final = re.compile(r"[0-9a-f]{32}")
_HEX_32: Final = re.compile(r"[0-9a-f]{64}")
_CHECKS: Final[dict[type[Any], Check | None]] = {}


def check_shape(value: object) -> None:
    """Refuse a wire value that holds a misshapen id, hash, time or number.

    Raises:
        VerificationError: MALFORMED.
    """
    if not isinstance(value, msgspec.Struct):
        _any(value)
        return
    check = _struct_check(type(value))
    if check is not None:
        check(value)


def _refuse(what: str) -> typing.NoReturn:
    raise VerificationError(Code.MALFORMED, what)


def _hex_16(value: str) -> None:
    if not _HEX_16.fullmatch(value):
        _refuse("id")


def _hex_32(value: str) -> None:
    if not _HEX_32.fullmatch(value):
        _refuse("hash")


def _time(value: str) -> None:
    if not is_utc(value):
        _refuse("time")


def _number(value: int) -> None:
    if not 0 <= value <= MAX_INTEGER:
        _refuse("number")


def _any(value: object) -> None:
    """Check the numbers within a loosely typed value."""
    if isinstance(value, str):
        return
    if isinstance(value, int):
        _number(value)
    elif isinstance(value, float):
        _refuse("number")
    elif isinstance(value, dict):
        for one in value.values():
            _any(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _any(one)


_BY_NAME: Final[dict[object, Check]] = {
    BatchId: _hex_16,
    ItemId: _hex_16,
    KeyId: _hex_32,
    Sha256Hex: _hex_32,
    UtcTime: _time,
    int: _number,
    object: _any,
    Any: _any,
}


def _struct_check(type_: type[Any]) -> Check | None:
    """Return the check of a struct type, built once."""
    if type_ not in _CHECKS:
        _CHECKS[type_] = _built(type_)
    return _CHECKS[type_]


def _built(type_: type[msgspec.Struct]) -> Check | None:
    """Walk the annotations of a struct once; return a check over its fields."""
    hints = typing.get_type_hints(type_)
    found = [(name, _check_of(hints[name])) for name in type_.__struct_fields__]
    checks = [(name, check) for name, check in found if check is not None]
    if not checks:
        return None

    def check_fields(value: object) -> None:
        for name, check in checks:
            check(getattr(value, name))

    return check_fields


def _check_of(hint: Any) -> Check | None:  # noqa: ANN401 (an annotation)
    """Return the check that an annotation asks for, if any."""
    if hint in _BY_NAME:
        return _BY_NAME[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _struct_check(hint)
    arguments = typing.get_args(hint)
    inner = (
        _check_of(arguments[-1 if typing.get_origin(hint) is dict else 0])
        if (arguments)
        else None
    )
    return _wrapped(hint, inner) if inner is not None else None


def _wrapped(hint: Any, inner: Check) -> Check:  # noqa: ANN401 (an annotation)
    """Apply `inner` to what an optional, a tuple or a dict holds."""
    origin = typing.get_origin(hint)

    def check_optional(value: Any) -> None:  # noqa: ANN401
        if value is not None and value is not msgspec.UNSET:
            inner(value)

    def check_tuple(value: tuple[Any, ...]) -> None:
        for one in value:
            inner(one)

    def check_dict(value: dict[str, Any]) -> None:
        for one in value.values():
            inner(one)

    if origin in {types.UnionType, typing.Union}:  # NewType | None gives the latter
        return check_optional
    return check_dict if origin is dict else check_tuple
