"""The index finds what a flat scan finds: none missed, none too far."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.matching.likeness import DISTANCE_BITS, distance
from reviewer.matching.nearest import LATE_COUNT, WORDS_COUNT, Nearest
from tests.fakes.prints import bits_of, flipped

BITS = st.integers(min_value=0, max_value=255)
TURNED = st.sets(BITS, max_size=48)


@settings(max_examples=60)
@given(st.lists(TURNED, min_size=1, max_size=30), TURNED, st.integers(0, 30))
def test_none_is_missed(known: list[set[int]], asked: set[int], settled: int) -> None:
    """Against a flat scan, over hashes that lie close together, settled or late."""
    base = bits_of("base")
    index = Nearest()
    hashes = [base ^ sum(1 << bit for bit in turned) for turned in known]
    for owner, bits in enumerate(hashes):
        index.add(bits, owner)
        if owner == settled:
            index.settle()
    query = base ^ sum(1 << bit for bit in asked)
    scanned = {owner: distance(bits, query) for owner, bits in enumerate(hashes)}
    near = {owner: apart for owner, apart in scanned.items() if apart <= DISTANCE_BITS}
    assert index.within(query) == near


def test_the_words_are_enough_for_the_distance() -> None:
    """With two bits turned in each word there would be more than the threshold."""
    assert WORDS_COUNT * 2 > DISTANCE_BITS


def test_an_owner_of_several_hashes_is_as_near_as_its_nearest() -> None:
    """The frames of a clip belong to one owner."""
    base = bits_of("base")
    index = Nearest()
    for count in (20, 4, 9):
        index.add(flipped(base, count), 7)
    assert index.within(base) == {7: 4}


def test_an_owner_lies_in_both_places() -> None:
    """Settled and late hashes of one owner are one answer."""
    base = bits_of("base")
    index = Nearest()
    index.add(flipped(base, 20), 7)
    index.settle()
    index.add(flipped(base, 4), 7)
    index.add(flipped(base, 5), 8)
    assert index.within(base) == {7: 4, 8: 5}


def test_a_long_list_settles_by_itself() -> None:
    """And is found all the same."""
    base = bits_of("base")
    index = Nearest()
    for number in range(LATE_COUNT + 2):
        index.add(base ^ (number << 100), number)
    assert 1 in index.within(base ^ (1 << 100))
    assert len(index.within(base)) == LATE_COUNT + 2


def test_an_empty_index_finds_nothing() -> None:
    """There is nothing to find."""
    assert Nearest().within(0) == {}
