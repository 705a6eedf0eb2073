"""Merkle trees as RFC 6962, section 2.1, has them, over SHA-256.

A leaf is the hash of an entry's envelope bytes. Functions take leaf hashes, which
the vault keeps; `Frontier` is the tree's right edge, enough to append and to tell
the root. Proofs follow RFC 9162, sections 2.1.3 and 2.1.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from reviewer.errors import Code, VerificationError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(envelope: bytes) -> bytes:
    """Return the hash of one entry's envelope bytes as a leaf."""
    return hashlib.sha256(_LEAF + envelope).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; the empty tree has one too."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [
            node_hash(level[place], level[place + 1])
            for place in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


class Frontier:
    """The roots of the full subtrees along a tree's right edge, largest first."""

    __slots__ = ("_edge", "_size")

    def __init__(self, edge: Iterable[bytes] = (), *, size: int = 0) -> None:
        self._edge = list(edge)
        self._size = size
        if len(self._edge) != size.bit_count():
            raise ValueError("a frontier has one hash for each bit of its size")

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._size

    @property
    def edge(self) -> tuple[bytes, ...]:
        """Return the hashes, to be kept and given back to the constructor."""
        return tuple(self._edge)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        merged = leaf
        size = self._size
        while size & 1:
            merged = node_hash(self._edge.pop(), merged)
            size >>= 1
        self._edge.append(merged)
        self._size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self._edge:
            return EMPTY_ROOT
        merged = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            merged = node_hash(left, merged)
        return merged


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of a leaf, from its sibling up.

    Raises:
        ValueError: there is no leaf of that index.
    """
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    path: list[bytes] = []
    first, last, place = 0, len(leaves), index
    while last - first > 1:
        middle = first + _split(last - first)
        if place < middle:
            path.append(root(leaves[middle:last]))
            last = middle
        else:
            path.append(root(leaves[first:middle]))
            first = middle
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Accept that the leaf stands at `index` in the tree of that size and root.

    Raises:
        VerificationError: CHAIN_BROKEN.
    """
    if not 0 <= index < size:
        raise _broken("index")
    merged = leaf
    for sibling, is_left in _path(index, size - 1, proof):
        merged = node_hash(sibling, merged) if is_left else node_hash(merged, sibling)
    if merged != root_hash:
        raise _broken("inclusion proof")


def consistency_proof(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """Return the proof from the tree of size `first` to the whole of `leaves`.

    Empty where there is nothing to prove: from size 0, or to the same size.

    Raises:
        ValueError: `first` is above the size.
    """
    size = len(leaves)
    if not 0 <= first <= size:
        raise ValueError("no such size")
    if first in {0, size}:
        return ()
    proof: list[bytes] = []
    low, high, is_whole = 0, size, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            proof.append(root(leaves[middle:high]))
            high = middle
        else:
            proof.append(root(leaves[low:middle]))
            low, is_whole = middle, False
    if not is_whole:
        proof.append(root(leaves[low:high]))
    return tuple(reversed(proof))


def verify_consistency(
    *,
    first: int,
    first_root: bytes,
    size: int,
    root_hash: bytes,
    proof: Sequence[bytes],
) -> None:
    """Accept that the tree of `size` leaves begins with the tree of `first`.

    Raises:
        VerificationError: CHAIN_BROKEN.
    """
    if not 0 <= first <= size:
        raise _broken("sizes")
    if first in {0, size}:
        _check_trivial(first, first_root, size, root_hash, proof)
        return
    start, path = _old_path(first, first_root, size, proof)
    old = new = start
    for sibling, is_left in path:
        if is_left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if (old, new) != (first_root, root_hash):
        raise _broken("consistency proof")


def frontier_of_proof(
    *, first: int, first_root: bytes, size: int, proof: Sequence[bytes]
) -> Frontier:
    """Return the frontier of the tree of size `first`, read out of a proof.

    A consistency proof names exactly the full subtrees of the older tree, so whoever
    knows only (size, root) can append the new entries and tell the new root: that
    those very entries make the new tree needs no further proof.

    Raises:
        VerificationError: CHAIN_BROKEN, the proof does not give `first_root`.
    """
    if first == 0:
        return Frontier()
    if not first < size:
        raise _broken("sizes")
    start, path = _old_path(first, first_root, size, proof)
    edge = [start, *(sibling for sibling, is_left in path if is_left)]
    frontier = Frontier(reversed(edge), size=first)
    if frontier.root() != first_root:
        raise _broken("consistency proof")
    return frontier


def _old_path(
    first: int, first_root: bytes, size: int, proof: Sequence[bytes]
) -> tuple[bytes, list[tuple[bytes, bool]]]:
    """Return the node both trees share, and the siblings from there up.

    A tree of a power of two is a subtree itself, and its proof leaves it out.
    """
    hashes = list(proof) if first & (first - 1) else [first_root, *proof]
    if not hashes:
        raise _broken("proof length")
    place, last = first - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    return hashes[0], _path(place, last, hashes[1:])


def _path(place: int, last: int, proof: Sequence[bytes]) -> list[tuple[bytes, bool]]:
    """Say of each hash on the way up whether it stands to the left.

    `place` is a node of a level whose last node is `last`; a last node without a
    sibling rises until it has one.
    """
    sides: list[tuple[bytes, bool]] = []
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_BYTES:
            raise _broken("proof length")
        is_left = bool(place % 2) or place == last
        sides.append((sibling, is_left))
        while is_left and place and place % 2 == 0:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise _broken("proof length")
    return sides


def _check_trivial(
    first: int, first_root: bytes, size: int, root_hash: bytes, proof: Sequence[bytes]
) -> None:
    """Check the two cases that need no hash: from nothing, and to the same tree."""
    expected = EMPTY_ROOT if first == 0 else root_hash
    if proof or first_root != expected or (size == 0 and root_hash != EMPTY_ROOT):
        raise _broken("consistency proof")


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _broken(what: str) -> VerificationError:
    return VerificationError(Code.CHAIN_BROKEN, what)
