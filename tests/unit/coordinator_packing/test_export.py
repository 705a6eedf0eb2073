"""The table goes out as it came in, with the decisions beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.coordinator.cells import COLUMNS, LONG_CHARS
from reviewer.coordinator.export import (
    EXPORT_COLUMNS,
    ExportRow,
    export_row,
    rows,
    write_csv,
    write_table,
)
from reviewer.coordinator.table import parse_table
from reviewer.domain.item import FlaggedBy, Origin, Priority
from reviewer.errors import Code, UnavailableError

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@st.composite
def _cells(draw: st.DrawFn, file: str) -> dict[str, str]:
    by = draw(st.sampled_from(["", *FlaggedBy]))
    origins = [origin for origin in Origin if origin is not Origin.REMOVAL_ORDER]
    return {
        "file": file,
        "source": draw(TEXT),
        "captured_at": draw(st.one_of(st.just(""), st.dates().map(str))),
        "language": draw(st.sampled_from(["", "ar", "fr, ar", "sr-Latn"])),
        "severity": draw(st.sampled_from(["", "unrated", *"012345"])),
        "flagged_by": by,
        "flag_reason": draw(TEXT) if by else "",
        "transcript": draw(TEXT),
        "caption": draw(TEXT),
        "content_tags": draw(st.sampled_from(["", "flag", "flag, symbol", "ราก"])),
        "origin": draw(st.sampled_from(["", *origins])),
        "deadline": draw(st.sampled_from(["", "2026-11-22T20:00:00+02:00"])),
        "priority": draw(st.sampled_from(["", *Priority])),
    }


@st.composite
def _tables(draw: st.DrawFn) -> list[dict[str, str]]:
    names = draw(st.lists(NAMES.map("{}.jpg".format), min_size=1, max_size=5))
    unique = {f"{index}-{name}" for index, name in enumerate(names)}
    return [draw(_cells(name)) for name in sorted(unique)]


@given(table=_tables(), separator=st.sampled_from([",", ";"]), with_mark=st.booleans())
def test_the_same_rows_come_back(
    table: list[dict[str, str]], separator: str, *, with_mark: bool
) -> None:
    """What was packed from a table is in the export, cell for cell."""
    first = io.BytesIO()
    write_table(table, first)
    packed = parse_table(first.getvalue())
    assert packed.problems == ()
    out = io.BytesIO()
    exported = [export_row(row.cells, verdict="violates") for row in packed.rows]
    count = write_csv(exported, out, separator=separator, with_mark=with_mark)
    assert count == len(table)
    again = parse_table(_without_results(out.getvalue(), separator))
    assert again.problems == ()
    assert [row.cells for row in again.rows] == table
    assert again.rows == packed.rows


def _without_results(data: bytes, separator: str) -> bytes:
    """Cut the columns of results off, as a person would before packing again."""
    text = data.decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows(record[: len(COLUMNS)] for record in reader)
    return out.getvalue().encode()


@given(TEXT, st.sampled_from([field for field in EXPORT_COLUMNS if field != "grounds"]))
def test_no_cell_runs_as_a_formula(text: str, column: str) -> None:
    """Whatever a cell holds, it does not begin like a formula."""
    fields: dict[str, Any] = {"file": "a.jpg", column: text}
    row = ExportRow(**fields)
    _, cells = rows([row])
    for cell in cells:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_results_stand_after_the_columns_of_the_table() -> None:
    """The header is the table's and then the results'; grounds are one cell."""
    row = export_row(
        {"file": "a.jpg", "caption": "=x"},
        verdict="violates",
        grounds=("A", "C"),
        purpose="none",
        basis="PARTIAL_VIEW",
        outcome="decided",
        date="2026-11-21T18",
        receipt="ab" * 32,
    )
    header, cells = rows([row])
    found = dict(zip(header, cells, strict=True))
    assert header[: len(COLUMNS)] == COLUMNS
    assert found["caption"] == "'=x"
    assert found["grounds"] == "A C"
    assert found["receipt"] == "ab" * 32
    assert found["severity"] == ""


def test_rows_are_written_one_at_a_time() -> None:
    """Nothing is gathered: a row is out before the next is asked for."""
    out = io.BytesIO()

    def items() -> Iterator[ExportRow]:
        for number in range(3):
            assert out.getvalue().count(b"\r\n") == number + 1
            yield ExportRow(file=f"{number}.jpg", transcript="x" * LONG_CHARS)

    assert write_csv(items(), out) == 3


class _FullDisk(io.BytesIO):
    def write(self, _data: object, /) -> int:
        raise OSError(28, "full")


def test_a_full_disk_is_told_apart() -> None:
    """The world's fault has its own code."""
    with pytest.raises(UnavailableError) as caught:
        write_csv([ExportRow(file="a.jpg")], _FullDisk())
    assert caught.value.code is Code.DISK_FULL
