"""The spreadsheet people have: one row per file, read strictly, errors all at once.

CSV in UTF-8, with or without a byte order mark, separated by `,` or `;`
(docs/TABLE.md). Every problem is named by row and column as the spreadsheet shows
them: the header is row 1. A table with any problem is refused whole; the person
mends it once instead of row by row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reviewer.coordinator import cells
from reviewer.coordinator.cells import COLUMNS, CellError, neutralise, restore
from reviewer.domain.ids import UtcTime
from reviewer.domain.item import Context, Flag, FlaggedBy, Origin, Priority
from reviewer.errors import Code, RefusedError, UnavailableError

TABLE_BYTES: Final = 64 * 1024 * 1024  # 10 000 rows with transcripts
PROBLEMS_COUNT: Final = 1_000  # enough to mend by; a wrong file has millions

_PARSERS: Final[dict[str, Callable[[str], Any]]] = {
    "file": cells.file_name,
    "source": cells.line,
    "captured_at": cells.captured_at,
    "language": cells.languages,
    "severity": cells.severity,
    "flagged_by": cells.flagged_by,
    "flag_reason": cells.line,
    "transcript": cells.long_text,
    "caption": cells.line,
    "content_tags": cells.tags,
    "origin": cells.origin,
    "deadline": cells.deadline,
    "priority": cells.priority,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProblem:
    """One thing to mend. `row` 0 means the table as a whole."""

    row: int
    column: str
    code: Code
    words: str

    def __str__(self) -> str:
        """Return one sentence for the person who mends the table."""
        place = f"row {self.row}" if self.row else "table"
        place = f"{place}, column {self.column}" if self.column else place
        return f"{place}: {self.words} ({self.code.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row, parsed. Texts are untrusted; blank cells are the defaults."""

    row: int
    file: str
    cells: dict[str, str]
    """The cells as they were given, by column, for `export`."""
    context: Context
    languages: tuple[str, ...] = ()
    severity: int | None = None
    flag: Flag | None = None
    transcript: str | None = None
    tags: tuple[str, ...] = ()
    origin: Origin = Origin.NOTICE
    deadline: UtcTime | None = None
    priority: Priority = Priority.P4


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read: rows that are right, and everything that is not."""

    rows: tuple[TableRow, ...]
    problems: tuple[TableProblem, ...]


class TableError(RefusedError):
    """A table or folder that cannot be packed; carries every problem at once."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        """Take the code of the gravest problem: unlawful items before typing errors."""
        grave = any(each.code is Code.ITEM_NOT_FOR_LAPTOPS for each in problems)
        code = Code.ITEM_NOT_FOR_LAPTOPS if grave else Code.TABLE_INVALID
        super().__init__(code, f"problems={len(problems)}")
        self.problems = tuple(problems)


def example() -> str:
    """Return a template: the header and three rows that show what cells hold."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _EXAMPLE_ROWS:
        writer.writerow([neutralise(cell) for cell in row])
    return out.getvalue()


def read_table(path: Path) -> Table:
    """Read a table file.

    Raises:
        RefusedError: there is no such file (INPUT_MISSING), or it is too large
            to be a table (TABLE_INVALID).
        UnavailableError: it could not be read (DISK_FAILED).
    """
    try:
        with path.open("rb") as file:
            data = file.read(TABLE_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise RefusedError(Code.INPUT_MISSING, "table") from error
    except OSError as error:
        raise UnavailableError(Code.DISK_FAILED, "table") from error
    if len(data) > TABLE_BYTES:
        raise RefusedError(Code.TABLE_INVALID, f"bytes>{TABLE_BYTES}")
    return parse_table(data)


def parse_table(data: bytes) -> Table:
    """Parse the bytes of a table; never raises, every problem is in the answer."""
    reading = _Reading()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        reading.complain(row, "", "the table is not UTF-8: save it as 'CSV UTF-8'")
    else:
        reading.read(text)
    return Table(rows=tuple(reading.rows), problems=tuple(reading.problems))


@dataclass(slots=True)
class _Reading:
    """The state of one parse: rows and problems gathered so far."""

    rows: list[TableRow] = field(default_factory=list)
    problems: list[TableProblem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def complain(
        self, row: int, column: str, words: str, code: Code = Code.TABLE_INVALID
    ) -> None:
        if len(self.problems) < PROBLEMS_COUNT:
            problem = TableProblem(row=row, column=column, code=code, words=words)
            self.problems.append(problem)

    def read(self, text: str) -> None:
        records = self._records(text)
        header = next(records, None)
        if header is None or not any(cell.strip() for cell in header[1]):
            self.complain(1, "", "the table is empty: its first row names the columns")
            return
        columns = self._columns(header[1])
        if columns is None:
            return
        for row, record in records:
            if any(cell.strip() for cell in record):
                self._row(row, columns, record)

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        stream = io.StringIO(text, newline="")
        reader = csv.reader(stream, delimiter=_delimiter(text), strict=True)
        row = 0
        while True:
            row += 1
            try:
                yield row, next(reader)
            except StopIteration:
                return
            except csv.Error:
                words = "the quotes of this row do not match, so nothing below is read"
                self.complain(row, "", words)
                return

    def _columns(self, header: list[str]) -> list[str] | None:
        names = [cell.strip().lower() for cell in header]
        count = len(self.problems)
        for index, name in enumerate(names):
            if name not in COLUMNS:
                words = "this column is not known; the columns are " + ", ".join(
                    COLUMNS
                )
                self.complain(1, _title(header[index], index), words)
            elif name in names[:index]:
                self.complain(1, name, "this column is there twice")
        if "file" not in names:
            self.complain(1, "file", "this column is missing")
        return names if len(self.problems) == count else None

    def _row(self, row: int, columns: list[str], record: list[str]) -> None:
        if len(record) != len(columns):
            words = f"{len(record)} cells stand here, the header has {len(columns)}"
            self.complain(row, "", words)
            return
        given = dict(zip(columns, map(restore, record), strict=True))
        values: dict[str, Any] = {}
        count = len(self.problems)
        for column in columns:
            if given[column].strip():
                self._cell(row, column, given[column], values)
        if not given["file"].strip():
            self.complain(row, "file", "the file name is missing")
        if (
            given.get("flag_reason", "").strip()
            and not given.get("flagged_by", "").strip()
        ):
            self.complain(row, "flagged_by", "a reason is given, but not who flagged")
        if "file" in values:
            self._unique(row, values["file"])
        if len(self.problems) == count:
            self.rows.append(_built(row, given, values))

    def _cell(self, row: int, column: str, text: str, values: dict[str, Any]) -> None:
        try:
            values[column] = _PARSERS[column](text)
        except CellError as error:
            self.complain(row, column, error.words, error.code)

    def _unique(self, row: int, file: str) -> None:
        first = self.seen.setdefault(file, row)
        if first != row:
            self.complain(row, "file", f"row {first} names the same file")


def _delimiter(text: str) -> str:
    """Return the separator under which the header names more known columns."""
    line = text.split("\n", 1)[0].replace('"', "").strip("\r")

    def known(separator: str) -> int:
        return sum(cell.strip().lower() in COLUMNS for cell in line.split(separator))

    return ";" if known(";") > known(",") else ","


def _title(cell: str, index: int) -> str:
    """Return a column's name, short and printable, or its number."""
    name = "".join(char for char in cell.strip() if char.isprintable())[:40]
    return name or f"number {index + 1}"


def _built(row: int, given: dict[str, str], values: dict[str, Any]) -> TableRow:
    by: FlaggedBy | None = values.get("flagged_by")
    return TableRow(
        row=row,
        file=values["file"],
        cells=given,
        context=Context(
            source=values.get("source"),
            captured_at=values.get("captured_at"),
            caption=values.get("caption"),
        ),
        languages=values.get("language", ()),
        severity=values.get("severity"),
        flag=Flag(by=by, reason=values.get("flag_reason")) if by else None,
        transcript=values.get("transcript"),
        tags=values.get("content_tags", ()),
        origin=values.get("origin", Origin.NOTICE),
        deadline=values.get("deadline"),
        priority=values.get("priority", Priority.P4),
    )


_EXAMPLE_ROWS: Final = (
    (
        "still-001.jpg",
        "public channel, sample",
        "2026-11-20T09:15:00Z",
        "ar",
        "2",
        "trusted_flagger",
        "symbols of a listed group",
        "",
        "Sample caption",
        "flag, symbol",
        "notice",
        "2026-12-01T12:00:00Z",
        "P3",
    ),
    (
        "clips/clip-001.mp4",
        "",
        "2026-11-19",
        "fr, ar",
        "",
        "user",
        "",
        "First words of what is said",
        "",
        "",
        "own_initiative",
        "",
        "P4",
    ),
    ("letter.txt", "forum, sample", "", "ru", "0", *[""] * 4, "text", "", "", "P5"),
)
