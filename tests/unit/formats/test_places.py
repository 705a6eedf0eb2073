"""Places in a manifest as bits: one spelling for each set, and small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64
from reviewer.formats.places import MAX_PLACES, pack_places, unpack_places

PLACES = st.frozensets(st.integers(0, 5_000), min_size=1, max_size=300)


@given(PLACES)
def test_what_was_packed_comes_back_in_order(places: frozenset[int]) -> None:
    """Whatever the set, and however it was given."""
    assert unpack_places(pack_places(places)) == tuple(sorted(places))


@given(PLACES, PLACES)
def test_each_set_has_one_spelling(one: frozenset[int], two: frozenset[int]) -> None:
    """Equal texts exactly for equal sets."""
    assert (pack_places(one) == pack_places(two)) == (one == two)


@given(st.binary(max_size=64))
def test_any_text_is_refused_or_its_own_spelling(data: bytes) -> None:
    """There is no second way to write a set down."""
    text = b64(data)
    try:
        places = unpack_places(text)
    except VerificationError:
        return
    assert pack_places(places) == text


def test_ten_thousand_places_are_small() -> None:
    """Far below what an entry may hold; the largest set just fits."""
    assert len(pack_places(range(10_000))) < 1_700
    assert len(pack_places([MAX_PLACES - 1])) < 44 << 10


@pytest.mark.parametrize("places", [(), (-1,), (MAX_PLACES,)])
def test_no_such_set(places: tuple[int, ...]) -> None:
    """Empty, negative, or beyond an entry."""
    with pytest.raises(VerificationError) as caught:
        pack_places(places)
    assert caught.value.code is Code.MALFORMED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.MALFORMED),
        ("AA==", Code.NOT_CANONICAL),
        ("AQA=", Code.NOT_CANONICAL),
        ("AR==", Code.NOT_CANONICAL),
        ("AQ", Code.MALFORMED),
        ("***=", Code.MALFORMED),
        (b64(b"\1" * (MAX_PLACES // 8 + 1)), Code.MALFORMED),
    ],
)
def test_no_such_spelling(text: str, code: Code) -> None:
    """No places at all, a zero at the end, loose bits, no base64, too many."""
    with pytest.raises(VerificationError) as caught:
        unpack_places(text)
    assert caught.value.code is code
