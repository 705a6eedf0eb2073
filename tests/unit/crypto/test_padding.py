"""Padded lengths: never below, little above, and zeros behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.padding import is_zero, padme

MEBIBYTE = 1 << 20


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (9, 10), (100, 104), (1000, 1024)],
)
def test_known_lengths(length: int, padded: int) -> None:
    """Worked by hand from the paper's algorithm."""
    assert padme(length) == padded


@given(st.integers(0, 1 << 40))
def test_padding_is_small_and_stable(length: int) -> None:
    """At most 12 percent, and a padded length needs none."""
    padded = padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme(padded) == padded


@given(st.integers(0, 1 << 34), st.integers(0, 1 << 34))
def test_order_is_kept(first: int, second: int) -> None:
    """A longer file never gets a shorter padding."""
    low, high = sorted((first, second))
    assert padme(low) <= padme(high)


def test_negative_lengths_are_a_mistake() -> None:
    """Not ours to round."""
    with pytest.raises(ValueError, match="negative"):
        padme(-1)


@pytest.mark.parametrize("length", [0, 1, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])
def test_zeros_are_told_from_anything_else(length: int) -> None:
    """A single set bit at either end counts."""
    data = bytearray(length)
    assert is_zero(data)
    for place in {0, length // 2, length - 1} if length else ():
        data[place] = 1
        assert not is_zero(memoryview(data))
        data[place] = 0
