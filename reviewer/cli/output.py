"""Say what happened: one JSON value, or plain lines; and the exit codes."""

from __future__ import annotations

import enum
import json
import sys
from collections.abc import Mapping

from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)


class Exit(enum.IntEnum):
    """The stable exit codes of design.md 10."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNAVAILABLE = 3
    BAD_MEDIA = 4


def say(value: Mapping[str, object], *, as_json: bool) -> None:
    """Print a result: one line of JSON, or a line a field."""
    if as_json:
        print(json.dumps(value, ensure_ascii=True, sort_keys=True))
        return
    for key, each in value.items():
        print(f"{key.replace('_', ' ')}: {_plain(each)}")


def say_error(error: ReviewerError, *, as_json: bool) -> Exit:
    """Print an error by its code and return the exit code that belongs to it."""
    if as_json:
        print(json.dumps({"code": error.code.value, "detail": error.detail}))
    else:
        print(f"reviewer: {error}", file=sys.stderr)
    return exit_of(error)


def exit_of(error: ReviewerError) -> Exit:
    """Map a branch of the error tree to its exit code."""
    if error.code in {Code.INPUT_MISSING, Code.INPUT_INVALID}:
        return Exit.USAGE
    match error:
        case MediaError():
            return Exit.BAD_MEDIA
        case UnavailableError():
            return Exit.UNAVAILABLE
        case VerificationError() | RefusedError():
            return Exit.REFUSED
        case _:
            return Exit.REFUSED


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_plain(each) for each in value) or "none"
    return str(value)
