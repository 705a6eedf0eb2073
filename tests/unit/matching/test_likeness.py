"""Two fingerprints are of one thing by the published thresholds, and not beyond."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.fingerprint import Fingerprint, FramePrint
from reviewer.matching.likeness import distance, distance_between, good_frames
from tests.fakes.prints import bits_of, flipped, print_of

ONE = bits_of("one")
HASHES = st.integers(min_value=0, max_value=2**256 - 1)
CLIPS = st.lists(HASHES, max_size=6)


@pytest.mark.parametrize(("bits", "is_near"), [(0, True), (31, True), (32, False)])
def test_thirty_one_bits(bits: int, is_near: bool) -> None:  # noqa: FBT001
    """31 bits apart is a copy, 32 is not."""
    other = flipped(ONE, bits)
    assert distance(ONE, other) == bits
    assert distance_between([ONE], [other]) == (bits if is_near else None)


@pytest.mark.parametrize(("quality", "count"), [(50, 1), (49, 0), (0, 0)])
def test_an_even_picture_resembles_nothing(quality: int, count: int) -> None:
    """Below quality 50 a hash means little and is not compared."""
    assert len(good_frames(print_of(ONE, quality=quality))) == count
    assert distance_between((), ()) is None


def test_a_clip_that_is_mostly_even_resembles_nothing() -> None:
    """Two good frames of five are not enough to speak for a clip."""
    even = FramePrint(bytes(32), 0)
    good = print_of(bits_of("a"), bits_of("b")).frames
    assert good_frames(Fingerprint(frames=(*good, even, even, even))) == ()
    assert len(good_frames(Fingerprint(frames=(*good, even, even)))) == 2


def clip(*names: str) -> list[int]:
    return [bits_of(name) for name in names]


def test_four_of_five_frames_are_enough() -> None:
    """80 % of the frames, whatever their order, and the largest distance is told."""
    one = clip("a", "b", "c", "d", "e")
    other = [flipped(one[1], 7), one[0], one[3], flipped(one[2], 20), bits_of("x")]
    assert distance_between(one, other) == 20


def test_three_of_five_frames_are_not() -> None:
    """60 % is another clip."""
    one = clip("a", "b", "c", "d", "e")
    assert distance_between(one, [*one[:3], *clip("x", "y")]) is None


def test_an_excerpt_is_no_copy_of_the_whole() -> None:
    """All of the short one is found in the long one, but not the other way round."""
    whole = clip("a", "b", "c", "d", "e")
    assert distance_between(whole[:2], whole) is None
    assert distance_between(whole, whole[:2]) is None


@given(one=CLIPS, other=CLIPS)
def test_likeness_has_no_direction(one: list[int], other: list[int]) -> None:
    """Either way round the answer is the same."""
    assert distance_between(one, other) == distance_between(other, one)
