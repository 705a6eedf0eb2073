"""One cell of the table at a time: what each column may hold, and formula safety.

Every parser takes the text of a cell, already known not to be blank, and returns
a value of the domain, or raises `CellError` with words for the person who keeps
the spreadsheet (docs/TABLE.md). Nothing here knows about rows.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

from reviewer.domain.ids import UtcTime
from reviewer.domain.item import FlaggedBy, Origin, Priority
from reviewer.errors import Code

COLUMNS: Final = (
    "file",
    "source",
    "captured_at",
    "language",
    "severity",
    "flagged_by",
    "flag_reason",
    "transcript",
    "caption",
    "content_tags",
    "origin",
    "deadline",
    "priority",
)

SHORT_CHARS: Final = 2_000  # domain.item.Flag: reason; the same for every line
LONG_CHARS: Final = 100_000  # a transcript: half a day of speech
LIST_COUNT: Final = 32
FILE_CHARS: Final = 1_024

_FORMULA: Final = re.compile(r"(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_GUARDED: Final = re.compile(r"'+" + _FORMULA.pattern)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_TAG: Final = re.compile(r"[^\W_](?:[\w-]{0,62}[^\W_])?")
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class CellError(ValueError):
    """A cell does not hold what its column asks for."""

    def __init__(self, words: str, code: Code = Code.TABLE_INVALID) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    An apostrophe is put before a leading formula sign, tab or line break, and
    before any apostrophes that already stand there, so that `restore` gives back
    exactly the same text (CSV injection, OWASP).
    """
    if _FORMULA.match(text) or _GUARDED.match(text):
        return "'" + text
    return text


def restore(cell: str) -> str:
    """Undo `neutralise`; every other cell is returned as it is."""
    return cell[1:] if _GUARDED.match(cell) else cell


def file_name(text: str) -> str:
    """Return a relative path with `/`, NFC, that cannot leave the folder.

    Raises:
        CellError: the name is absolute, climbs, or is not a plain path.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if len(name) > FILE_CHARS:
        raise CellError(f"the file name is longer than {FILE_CHARS} characters")
    if "\\" in name:
        raise CellError("use / between folder and file, not a backslash")
    if name.startswith("/") or _DRIVE.match(name):
        raise CellError("name the file inside the media folder, without its full path")
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise CellError("the file name holds a control character")
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise CellError("the file name may not hold an empty part, '.' or '..'")
    return str(PurePosixPath(*parts))


def line(text: str) -> str:
    """Return a short untrusted text.

    Raises:
        CellError: it is too long or holds a null character.
    """
    return _bounded(text, SHORT_CHARS)


def long_text(text: str) -> str:
    """Return a long untrusted text such as a transcript.

    Raises:
        CellError: it is too long or holds a null character.
    """
    return _bounded(text, LONG_CHARS)


def captured_at(text: str) -> str:
    """Return a moment of capture as it was given: a date, or date and time.

    Raises:
        CellError: it is not ISO 8601.
    """
    value = text.strip()
    if re.fullmatch(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?", value):
        return value
    _moment(value, example="2026-11-21 or 2026-11-21T18:46:02Z")
    return value


def deadline(text: str) -> UtcTime:
    """Return a deadline in UTC, to the second.

    Raises:
        CellError: it is not ISO 8601 with a time and a time zone.
    """
    example = "2026-11-22T18:00:00Z"
    moment = _moment(text.strip(), example=example)
    if moment.tzinfo is None:
        raise CellError(f"the time zone is missing: write it like {example}")
    if moment.year < 2000:
        raise CellError(f"the year is wrong: write it like {example}")
    return UtcTime(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def languages(text: str) -> tuple[str, ...]:
    """Return language tags such as `ar` or `sr-Latn`, in order.

    Raises:
        CellError: a part is not a language tag.
    """
    parts = _parts(text)
    for part in parts:
        if not _LANGUAGE.fullmatch(part):
            raise CellError("write languages as tags such as ar, fr or sr-Latn")
    return parts


def tags(text: str) -> tuple[str, ...]:
    """Return content tags in small letters, spaces as `_`, in order.

    Raises:
        CellError: a part is not a tag, or it is `minor_possible`, which no laptop
            may receive (ITEM_NOT_FOR_LAPTOPS).
    """
    found = tuple(
        dict.fromkeys(
            re.sub(r"[\s_-]+", "_", part.lower()) for part in _parts(text, spaces=False)
        )
    )
    if "minor_possible" in found:
        raise CellError(
            "an item that may show a minor does not go to laptops: take it out",
            Code.ITEM_NOT_FOR_LAPTOPS,
        )
    for part in found:
        if not _TAG.fullmatch(part):
            raise CellError("write tags as words of letters and digits, with , between")
    return found


def severity(text: str) -> int | None:
    """Return 0 to 5, or None for `unrated`.

    Raises:
        CellError: it is neither.
    """
    value = text.strip().lower()
    if value == "unrated":
        return None
    if re.fullmatch(r"[0-5]", value):
        return int(value)
    raise CellError("severity is a digit from 0 to 5, or left empty when unrated")


def flagged_by(text: str) -> FlaggedBy:
    """Return the role that flagged.

    Raises:
        CellError: it is not one of the six.
    """
    return FlaggedBy(_one_of(text, [role.value for role in FlaggedBy]))


def origin(text: str) -> Origin:
    """Return the legal route.

    Raises:
        CellError: it is unknown, or a removal order (ITEM_NOT_FOR_LAPTOPS).
    """
    found = Origin(_one_of(text, [route.value for route in Origin]))
    if found is Origin.REMOVAL_ORDER:
        raise CellError(
            "a removal order does not go to laptops: its time is too short",
            Code.ITEM_NOT_FOR_LAPTOPS,
        )
    return found


def priority(text: str) -> Priority:
    """Return P1 to P6.

    Raises:
        CellError: it is none of them.
    """
    value = text.strip().upper()
    if value not in Priority.__members__:
        raise CellError("priority is one of P1, P2, P3, P4, P5, P6")
    return Priority(value)


def _bounded(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellError(f"the text is longer than {limit} characters")
    if "\0" in text:
        raise CellError("the text holds a null character")
    return text


def _moment(text: str, *, example: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError(f"write the moment like {example}") from error


def _parts(text: str, *, spaces: bool = True) -> tuple[str, ...]:
    pattern = r"[,;|\s]+" if spaces else r"\s*[,;|]\s*"
    found = tuple(
        dict.fromkeys(part for part in re.split(pattern, text.strip()) if part)
    )
    if len(found) > LIST_COUNT:
        raise CellError(f"at most {LIST_COUNT} values fit into one cell")
    return found


def _one_of(text: str, known: list[str]) -> str:
    value = re.sub(r"[\s_-]+", "_", text.strip().lower())
    if value not in known:
        raise CellError("this is not one of " + ", ".join(known))
    return value
