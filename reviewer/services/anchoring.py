"""A second copy of the anchor, in the system keyring: what a rollback cannot reach.

Whoever puts back an older profile folder puts back database and anchor together, and
both agree. The keyring lies elsewhere: a copy that is written at lock, submission and
receipt says how far the journal had come (design.md 5).

Copies are numbered, and a number is used once: a keyring may lose what it
overwrites. The database remembers the newest number. A database that was put back
remembers an older one, so the newer copies have to be found from there without a
list, which a keyring does not give: beside copy `n` those are kept whose number is
`n` with its lowest bits taken off (12, then 8, for 13). From any older number one of
the next multiples of 1, 2, 4, 8 and so on is then among them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import ReviewerError
from reviewer.ports import AnchorCopies, Store, VaultKeys

META_COPIES: Final = "anchor_copies"
"""Numbers of the copies that may be there, the newest last."""
BITS_COUNT: Final = 20  # a million copies: ten a day for 280 years


def kept_beside(number: int) -> frozenset[int]:
    """Return a number and those that are kept for its sake."""
    kept = set()
    while number:
        kept.add(number)
        number &= number - 1
    return frozenset(kept)


def next_to(number: int) -> Iterator[int]:
    """Yield where to look for a copy newer than `number`, each place once."""
    seen = set()
    for bit in range(BITS_COUNT):
        place = ((number >> bit) + 1) << bit
        if place not in seen:
            seen.add(place)
            yield place


class Anchoring:
    """The copies of one unlocked profile; called on the store's thread."""

    def __init__(self, *, store: Store, keys: VaultKeys, copies: AnchorCopies) -> None:
        """Take the vault; nothing is asked of the keyring yet."""
        self._store = store
        self._keys = keys
        self._copies = copies
        self._newest = 0
        self._written = b""

    def check(self) -> None:
        """Turn the store read-only where a copy goes beyond it; then tidy up.

        A keyring that does not answer, or has lost its copies, proves nothing.
        """
        if not self._has_keyring():
            return
        numbers = self._numbers()
        self._newest = max(numbers, default=0)
        data = self._copies.read(self._keys.vault_id, self._newest)
        for number, found in self._newer():
            self._newest, data = number, found
            numbers.append(number)
        if data is not None:
            self._store.hold_against(data)
            self._written = data
        if not self._store.read_only():
            with contextlib.suppress(ReviewerError):
                self._tidy(numbers)

    def keep(self) -> None:
        """Write a copy under a fresh number, if the anchor has moved since.

        Never raises: what could not be written is written the next time.
        """
        if not self._has_keyring() or self._store.read_only():
            return
        with contextlib.suppress(ReviewerError):
            data = self._store.anchor_copy()
            if data != self._written:
                self._newest += 1
                if self._copies.write(self._keys.vault_id, self._newest, data):
                    self._remember([*self._numbers(), self._newest])
                    self._written = data

    def _newer(self) -> Iterator[tuple[int, bytes]]:
        """Yield copies beyond the newest known one, each from the one before."""
        found = True
        while found:
            found = False
            for place in next_to(self._newest):
                data = self._copies.read(self._keys.vault_id, place)
                if data is not None:
                    found = True
                    yield place, data
                    break

    def _tidy(self, numbers: list[int]) -> None:
        """Forget copies that nobody looks for any more, long after their successor."""
        kept = kept_beside(self._newest)
        for number in numbers:
            if number not in kept:
                self._copies.drop(self._keys.vault_id, number)
        left = sorted(set(numbers) & kept)
        if left != self._numbers():
            self._remember(left)

    def _numbers(self) -> list[int]:
        data = self._store.meta(META_COPIES) or b""
        return [int(one) for one in data.decode("ascii").split()]

    def _remember(self, numbers: list[int]) -> None:
        with self._store.write() as tx:
            tx.put_meta(META_COPIES, " ".join(map(str, numbers)).encode("ascii"))

    def _has_keyring(self) -> bool:
        return self._keys.keyring is KeyringMode.REQUIRED
