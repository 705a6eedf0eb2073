"""What any `AnchorCopies` must do."""

from __future__ import annotations

import abc

import pytest

from reviewer.ports import AnchorCopies

VAULT = "ab" * 16
COPY = bytes(range(256)) + b"an anchor"


class AnchorCopiesSuite(abc.ABC):
    """Inherit and say how to make one, and how to make its keyring fail."""

    copies: AnchorCopies

    @abc.abstractmethod
    def make(self) -> AnchorCopies:
        """Return empty copies."""

    @abc.abstractmethod
    def break_it(self) -> None:
        """Let the keyring answer nothing any more."""

    @pytest.fixture(autouse=True)
    def _made(self) -> None:
        self.copies = self.make()

    def test_a_copy_comes_back_by_vault_and_number(self) -> None:
        """Byte for byte, and under no other name."""
        assert self.copies.write(VAULT, 7, COPY)
        assert self.copies.read(VAULT, 7) == COPY
        assert self.copies.read(VAULT, 6) is None
        assert self.copies.read("cd" * 16, 7) is None

    def test_a_number_is_used_once(self) -> None:
        """The first copy stays, whatever is written after it."""
        assert self.copies.write(VAULT, 1, COPY)
        assert not self.copies.write(VAULT, 1, b"other")
        assert self.copies.read(VAULT, 1) == COPY

    def test_a_dropped_copy_is_gone(self) -> None:
        """Dropping what is not there is nothing."""
        self.copies.write(VAULT, 1, COPY)
        self.copies.drop(VAULT, 1)
        self.copies.drop(VAULT, 1)
        assert self.copies.read(VAULT, 1) is None

    def test_a_keyring_that_fails_raises_nothing(self) -> None:
        """A copy is a second line: work goes on without it."""
        self.break_it()
        assert not self.copies.write(VAULT, 1, COPY)
        assert self.copies.read(VAULT, 1) is None
        self.copies.drop(VAULT, 1)
