"""Places of a search on the pipe: the parent takes none that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.pipe.codes import Charset, Op, Status, Subject
from reviewer.pipe.frames import Hello, Request, Result, unpack_reply
from reviewer.pipe.sizes import (
    HIT_BYTES,
    HITS_COUNT,
    PAGE_CHARACTERS,
    SizeError,
    hits_of,
    pack_hits,
)

GOOD = ((0, 1, 4), (0, 4, 9), (7, 0, PAGE_CHARACTERS))


def test_good_places_come_through() -> None:
    """As they were packed."""
    assert hits_of(pack_hits(GOOD), len(GOOD), first_page=0) == GOOD


@pytest.mark.parametrize(
    "places",
    [
        ((0, 4, 4),),
        ((0, 5, 4),),
        ((0, 0, PAGE_CHARACTERS + 1),),
        ((1, 0, 2), (0, 0, 2)),
        ((0, 3, 5), (0, 3, 6)),
        tuple((page, 0, 1) for page in range(HITS_COUNT + 1)),
    ],
)
def test_wrong_places_are_refused(places: tuple[tuple[int, int, int], ...]) -> None:
    """Empty, outside of a page, out of order, twice, too many."""
    with pytest.raises(SizeError):
        hits_of(pack_hits(places), len(places), first_page=0)


def test_a_page_before_the_first_is_refused() -> None:
    """A search that was asked to go on does not go back."""
    with pytest.raises(SizeError):
        hits_of(pack_hits(GOOD), len(GOOD), first_page=1)


@given(st.binary(max_size=10 * HIT_BYTES), st.integers(-2, 12))
def test_any_bytes_are_places_or_refused(data: bytes, count: int) -> None:
    """Nothing else is raised."""
    try:
        found = hits_of(data, count, first_page=0)
    except SizeError:
        return
    assert len(found) == count


@pytest.mark.parametrize("charset", Charset)
def test_frames_carry_what_a_search_needs(charset: Charset) -> None:
    """Charset, length of the words, and how far an animation reaches."""
    hello = Hello(
        subject=Subject.TEXT, shared_bytes=1, size_bytes=2**33, charset=charset
    )
    assert Hello.unpack(hello.pack()) == hello
    request = Request(op=Op.FIND, serial=3, page=9, query_bytes=17)
    assert Request.unpack(request.pack()) == request
    result = Result(
        serial=3, status=Status.OK, untrusted_reach=7, untrusted_duration_ms=2**40
    )
    assert unpack_reply(result.pack()) == result
