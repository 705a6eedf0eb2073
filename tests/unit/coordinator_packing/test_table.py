"""The table: right rows in, every wrong cell named by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.coordinator import table as tables
from reviewer.coordinator.cells import COLUMNS
from reviewer.coordinator.table import Table, TableError, TableProblem, parse_table
from reviewer.domain.item import FlaggedBy, Origin, Priority
from reviewer.errors import Code, RefusedError

_WRONG_ROWS = """\
file,severity,flagged_by,flag_reason,content_tags,origin,deadline
a.jpg,7,somebody,why,,,
../b.jpg,,,,,,
c.jpg,,,a reason,,,2026-11-22
d.jpg,,,,minor_possible,removal_order,
,1,,,,,
e.jpg,1,,,,
a.jpg,,,,,,
f.jpg,1,,,,,
"""


def _places(table: Table) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in table.problems]


def test_the_example_is_right() -> None:
    """The template that is offered packs as it stands, with every column."""
    text = tables.example()
    table = parse_table(text.encode())
    assert table.problems == ()
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert len(table.rows) == 3


def test_a_row_is_read_into_the_values_of_the_domain() -> None:
    """Each column lands in its field; blank ones are the defaults."""
    first, second, _ = parse_table(tables.example().encode()).rows
    assert (first.row, first.file, first.severity) == (2, "still-001.jpg", 2)
    assert first.flag is not None
    assert first.flag.by is FlaggedBy.TRUSTED_FLAGGER
    assert first.tags == ("flag", "symbol")
    assert (first.origin, first.priority) == (Origin.NOTICE, Priority.P3)
    assert first.deadline == "2026-12-01T12:00:00Z"
    assert second.severity is None
    assert second.languages == ("fr", "ar")
    assert second.context.source is None
    assert second.origin is Origin.OWN_INITIATIVE


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_both_separators_and_both_encodings_are_read(
    mark: bytes, separator: str, ending: str
) -> None:
    """What spreadsheets save in different countries gives the same rows."""
    lines = (
        separator.join(("File", "CAPTION ", "severity")),
        f'a.jpg{separator}"x, y; z"{separator}3',
        "",
        separator * 2,
        f"b.jpg{separator * 2}",
    )
    table = parse_table(mark + ending.join(lines).encode())
    assert table.problems == ()
    assert [(row.row, row.file) for row in table.rows] == [(2, "a.jpg"), (5, "b.jpg")]
    assert table.rows[0].context.caption == "x, y; z"


def test_every_problem_is_named_at_once() -> None:
    """One reading tells everything that is to be mended, by row and column."""
    table = parse_table(_WRONG_ROWS.encode())
    assert _places(table) == [
        (2, "severity"),
        (2, "flagged_by"),
        (3, "file"),
        (4, "deadline"),
        (4, "flagged_by"),
        (5, "content_tags"),
        (5, "origin"),
        (6, "file"),
        (7, ""),
        (8, "file"),
    ]
    assert [row.file for row in table.rows] == ["f.jpg"]
    assert table.problems[-1].words == "row 2 names the same file"
    unlawful = [problem.row for problem in table.problems if _is_unlawful(problem)]
    assert unlawful == [5, 5]


def _is_unlawful(problem: TableProblem) -> bool:
    return problem.code is Code.ITEM_NOT_FOR_LAPTOPS


def test_unknown_missing_and_double_columns_are_named() -> None:
    """A header that is wrong is named column by column, and no row is guessed."""
    table = parse_table(b"name,severity,severity,\nx.jpg,1,2,3\n")
    assert _places(table) == [
        (1, "name"),
        (1, "severity"),
        (1, "number 4"),
        (1, "file"),
    ]
    assert table.rows == ()


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b" , \n"])
def test_an_empty_table_is_a_problem(data: bytes) -> None:
    """There is no header to read by."""
    assert _places(parse_table(data)) == [(1, "")]


def test_another_encoding_is_named_with_its_row() -> None:
    """Latin-1 and UTF-16 are told to be saved again, not guessed."""
    assert _places(parse_table("file\na.jpg\ncafé.jpg".encode("latin-1"))) == [(3, "")]
    assert _places(parse_table("file\n".encode("utf-16"))) == [(1, "")]


def test_quotes_that_do_not_match_stop_the_reading_there() -> None:
    """Rows above are checked all the same."""
    table = parse_table(b'file,severity\na.jpg,9\nb.jpg,"x"y\nc.jpg,1\n')
    assert _places(table) == [(2, "severity"), (3, "")]
    assert _places(parse_table(b'file\n"a.jpg')) == [(2, "")]


def test_a_formula_is_text() -> None:
    """A cell that looks like a formula is kept as it is, guarded or not."""
    table = parse_table(b"file,caption\na.jpg,=1+1\nb.jpg,'=1+1\nc.jpg,''=1+1\n")
    captions = [row.context.caption for row in table.rows]
    assert captions == ["=1+1", "=1+1", "'=1+1"]


def test_a_problem_reads_as_one_sentence() -> None:
    """The command prints it as it is."""
    problem = parse_table(b"file,severity\na.jpg,9\n").problems[0]
    assert str(problem).startswith("row 2, column severity: severity is a digit")
    assert str(problem).endswith("(TABLE_INVALID)")


def test_the_gravest_problem_names_the_error() -> None:
    """An item that may not travel outweighs a slip of the pen."""
    slip = parse_table(b"file,severity\na.jpg,9\n").problems
    grave = parse_table(b"file,origin\na.jpg,removal_order\n").problems
    assert TableError(slip).code is Code.TABLE_INVALID
    both = TableError((*slip, *grave))
    assert both.code is Code.ITEM_NOT_FOR_LAPTOPS
    assert both.problems == (*slip, *grave)


def test_problems_have_an_end() -> None:
    """A wrong file is not answered with a million lines."""
    table = parse_table(b"file,severity\n" + b"a.jpg,9\n" * 5_000)
    assert len(table.problems) == tables.PROBLEMS_COUNT


def test_a_missing_table_is_told_apart(tmp_path: Path) -> None:
    """No file and a folder are INPUT_MISSING."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RefusedError) as caught:
            tables.read_table(path)
        assert caught.value.code is Code.INPUT_MISSING


def test_a_table_as_large_as_a_film_is_refused(tmp_path: Path) -> None:
    """The size is checked before anything is read into rows."""
    path = tmp_path / "items.csv"
    with path.open("wb") as file:
        file.truncate(tables.TABLE_BYTES + 1)
    with pytest.raises(RefusedError) as caught:
        tables.read_table(path)
    assert caught.value.code is Code.TABLE_INVALID


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    """Whatever stands in the file, the answer is rows and problems."""
    parse_table(data)
    parse_table(b"file,caption,severity\n" + data)
