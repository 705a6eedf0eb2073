"""One cell at a time: what each column takes, and formulas made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.coordinator import cells
from reviewer.coordinator.cells import CellError, neutralise, restore
from reviewer.domain.item import FlaggedBy, Origin, Priority
from reviewer.domain.times import is_utc
from reviewer.errors import Code

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.one_of(ANY_TEXT, st.from_regex(r"'{0,3}\s?[=+@\-]?x?")))
def test_neutralising_can_be_undone_exactly(text: str) -> None:
    """Every text survives, apostrophes and formula signs among them."""
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "\tx", "\r=x", "\n", " =x", "\uff1dx", "'=x", "''-1"],
)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    """What a spreadsheet would run begins with an apostrophe."""
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "x", "'x", "a=b", "5", "it's", "''"])
def test_plain_cells_stay_as_they_are(text: str) -> None:
    """Only formula-looking cells are touched."""
    assert neutralise(text) == text
    assert restore(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "../up.jpg",
        "a/../b.jpg",
        "/etc/x.jpg",
        "C:x.jpg",
        "c:/x.jpg",
        "a\\b.jpg",
        "..\\b.jpg",
        "\\\\host\\share",
        "./a.jpg",
        "a//b.jpg",
        "a/",
        "a\x00.jpg",
        "a\x1bb.jpg",
        "x" * 1_025,
    ],
)
def test_a_file_name_cannot_leave_the_folder(name: str) -> None:
    """Climbing, absolute and foreign paths are refused."""
    with pytest.raises(CellError):
        cells.file_name(name)


@given(ANY_TEXT)
def test_no_accepted_file_name_climbs(name: str) -> None:
    """Whatever is accepted is a plain relative path."""
    try:
        accepted = cells.file_name(name)
    except CellError:
        return
    assert not accepted.startswith("/")
    assert all(part not in {"", ".", ".."} for part in accepted.split("/"))


def test_a_file_name_is_compared_in_one_form() -> None:
    """Composed and decomposed accents name the same file."""
    assert cells.file_name("e\u0301t/e\u0301.jpg") == "\u00e9t/\u00e9.jpg"


@pytest.mark.parametrize("text", ["2026", "2026-11", "2026-11-21", "20261121T1846Z"])
def test_a_moment_of_capture_keeps_its_precision(text: str) -> None:
    """A year or a month is enough."""
    assert cells.captured_at(text) == text


@pytest.mark.parametrize("text", ["21.11.2026", "2026-13", "yesterday", "2026-02-30"])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    """Only ISO 8601 is read: other orders are ambiguous."""
    with pytest.raises(CellError):
        cells.captured_at(text)


def test_a_deadline_is_brought_to_utc() -> None:
    """A zone is turned into UTC, to the second."""
    assert cells.deadline("2026-11-22T20:00:00.5+02:00") == "2026-11-22T18:00:00Z"
    assert is_utc(cells.deadline(" 2000-01-01T00:00:00+14:00 "))


@pytest.mark.parametrize(
    "text", ["2026-11-22", "2026-11-22T18:00:00", "soon", "1999-01-01T00:00:00Z"]
)
def test_a_deadline_without_a_zone_is_refused(text: str) -> None:
    """A deadline that could be read in two ways is none."""
    with pytest.raises(CellError):
        cells.deadline(text)


def test_lists_are_split_and_told_once() -> None:
    """Languages split at spaces too, tags keep theirs as `_`."""
    assert cells.languages("ar, fr;sr-Latn ar") == ("ar", "fr", "sr-Latn")
    assert cells.tags("Flag, black  banner; flag|x-y") == (
        "flag",
        "black_banner",
        "x_y",
    )


@pytest.mark.parametrize("text", ["a", "arabic1", "fr-", "französisch_x", "123"])
def test_a_language_is_a_tag(text: str) -> None:
    """Anything but letters and subtags is refused."""
    with pytest.raises(CellError):
        cells.languages(text)


@pytest.mark.parametrize("text", ["a/b", "<b>", "x" * 65, "a, -"])
def test_a_tag_is_a_word(text: str) -> None:
    """Markup, paths, bare dashes and overlong tags are refused."""
    with pytest.raises(CellError):
        cells.tags(text)


def test_a_list_has_an_end() -> None:
    """At most 32 values stand in one cell."""
    with pytest.raises(CellError, match="at most 32"):
        cells.tags(",".join(f"t{number}" for number in range(33)))


@pytest.mark.parametrize(
    "text", ["minor_possible", "flag, Minor Possible", "minor-possible"]
)
def test_a_possible_minor_never_goes_to_a_laptop(text: str) -> None:
    """However it is spelt, the tag refuses the row with its own code."""
    with pytest.raises(CellError) as caught:
        cells.tags(text)
    assert caught.value.code is Code.ITEM_NOT_FOR_LAPTOPS


def test_choices_are_read_in_any_spelling() -> None:
    """Case and spaces do not matter; the value does."""
    assert cells.flagged_by(" Trusted flagger ") is FlaggedBy.TRUSTED_FLAGGER
    assert cells.origin("Own-Initiative") is Origin.OWN_INITIATIVE
    assert cells.priority("p2") is Priority.P2
    assert cells.severity("Unrated") is None
    assert cells.severity(" 5 ") == 5


def test_a_removal_order_never_goes_to_a_laptop() -> None:
    """Its one hour is too short for a stick."""
    with pytest.raises(CellError) as caught:
        cells.origin("removal_order")
    assert caught.value.code is Code.ITEM_NOT_FOR_LAPTOPS


def test_unknown_choices_are_refused() -> None:
    """Nothing is guessed."""
    for parse in (cells.flagged_by, cells.origin, cells.priority, cells.severity):
        for text in ("nobody", "6", "P7", "²", "५"):
            with pytest.raises(CellError):
                parse(text)


def test_texts_have_a_limit_and_no_null() -> None:
    """A line holds 2 000 characters, a transcript 100 000."""
    assert cells.line("x" * 2_000)
    assert cells.long_text("x" * 100_000)
    for text in ("x" * 2_001, "a\0b"):
        with pytest.raises(CellError):
            cells.line(text)
    with pytest.raises(CellError):
        cells.long_text("x" * 100_001)
