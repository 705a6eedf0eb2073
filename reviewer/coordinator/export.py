"""The spreadsheet back: the same columns, and what was decided beside them.

The caller brings plain values; nothing here reads a database. Cells that a
spreadsheet would run as formulas are neutralised, and `table.parse_table` takes
that back, so a table survives any number of rounds unchanged.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from reviewer.coordinator.cells import COLUMNS, neutralise
from reviewer.formats.durable import disk_error

RESULT_COLUMNS: Final = (
    "verdict",
    "grounds",
    "purpose",
    "basis",
    "outcome",
    "date",
    "receipt",
    "second_review",
    "escalation",
    "corrected",
    "note",
)
EXPORT_COLUMNS: Final = (*COLUMNS, *RESULT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One item on its way out: its row as it came, and what stands about it.

    An item without a decision has empty results; one that was handed back, handed
    over or passed on says so in `outcome`.
    """

    file: str
    source: str = ""
    captured_at: str = ""
    language: str = ""
    severity: str = ""
    flagged_by: str = ""
    flag_reason: str = ""
    transcript: str = ""
    caption: str = ""
    content_tags: str = ""
    origin: str = ""
    deadline: str = ""
    priority: str = ""
    verdict: str = ""
    """A verdict code of the policy pack."""
    grounds: tuple[str, ...] = ()
    purpose: str = ""
    basis: str = ""
    outcome: str = ""
    date: str = ""
    """Day and quarter of the entry, `2026-11-21T18`; never finer (design.md 4)."""
    receipt: str = ""
    """Hex SHA-256 of the receipt that covers the decision."""
    second_review: str = ""
    """`yes` where somebody else has to look before anything is done."""
    escalation: str = ""
    """`threat_to_life` or `duty_officer`, whatever was decided afterwards."""
    corrected: str = ""
    """`yes` where the decision replaces one that was receipted before."""
    note: str = ""
    """Free text beside the act, that of an escalation first."""


def export_row(
    cells: Mapping[str, str], *, grounds: tuple[str, ...] = (), **results: str
) -> ExportRow:
    """Build a row from the cells that `packing.PlannedItem.cells` kept.

    Args:
        cells: Of the table, by column.
        grounds: Codes of the policy pack.
        results: The other columns of `RESULT_COLUMNS`, as far as they are known.
    """
    known = {column: cells.get(column, "") for column in COLUMNS}
    return ExportRow(grounds=grounds, **known, **results)


def rows(items: Iterable[ExportRow]) -> Iterator[tuple[str, ...]]:
    """Yield the header and then one line of neutralised cells per item."""
    yield EXPORT_COLUMNS
    for item in items:
        yield tuple(neutralise(_text(item, column)) for column in EXPORT_COLUMNS)


def write_csv(
    items: Iterable[ExportRow],
    out: BinaryIO,
    *,
    separator: str = ",",
    with_mark: bool = False,
) -> int:
    """Write the table in UTF-8 and return the number of items; memory stays flat.

    Args:
        items: Read one at a time.
        out: A binary stream.
        separator: `,` or `;`.
        with_mark: Begin with a byte order mark, which some spreadsheets need to see
            that the text is UTF-8.

    Raises:
        UnavailableError: `out` could not be written (DISK_FULL, DISK_FAILED).
    """
    return _write(rows(items), out, separator=separator, with_mark=with_mark) - 1


def write_table(items: Iterable[Mapping[str, str]], out: BinaryIO) -> None:
    """Write a table for packing from cells by column; absent cells are blank.

    Raises:
        UnavailableError: `out` could not be written (DISK_FULL, DISK_FAILED).
    """
    lines = (
        tuple(neutralise(cells.get(column, "")) for column in COLUMNS)
        for cells in items
    )
    _write(itertools.chain((COLUMNS,), lines), out, separator=",", with_mark=False)


def _write(
    lines: Iterable[tuple[str, ...]], out: BinaryIO, *, separator: str, with_mark: bool
) -> int:
    count = 0
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=separator)
    try:
        out.write(b"\xef\xbb\xbf" if with_mark else b"")
        for cells in lines:
            line.seek(0)
            line.truncate()
            writer.writerow(cells)
            out.write(line.getvalue().encode("utf-8"))
            count += 1
    except OSError as error:
        raise disk_error(error) from error
    return count


def _text(item: ExportRow, column: str) -> str:
    value: str | tuple[str, ...] = getattr(item, column)
    return value if isinstance(value, str) else " ".join(value)
