"""Merkle trees: published roots, every proof up to 64 leaves, no other proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.chain import tree
from reviewer.errors import Code, VerificationError

# The test data of the certificate-transparency project.
INPUTS = tuple(
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(65)]
SIZES = range(65)


def broken(call: Callable[[], object]) -> bool:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code is Code.CHAIN_BROKEN


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    """All at once and leaf by leaf."""
    leaves = [tree.leaf_hash(data) for data in INPUTS[:size]]
    frontier = tree.Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert tree.root(leaves).hex() == frontier.root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_proved_to_be_included(size: int) -> None:
    """In every tree up to 64, and at no other place."""
    leaves = LEAVES[:size]
    root = tree.root(leaves)
    for index, leaf in enumerate(leaves):
        proof = tree.inclusion_proof(leaves, index)
        check = partial(tree.verify_inclusion, size=size, proof=proof)
        check(leaf, index=index, root_hash=root)
        assert broken(partial(check, LEAVES[64], index=index, root_hash=root))
        assert broken(partial(check, leaf, index=index, root_hash=LEAVES[64]))
        for other in {index + 1, index - 1, size} - {index}:
            if other != index:
                assert broken(partial(check, leaf, index=other, root_hash=root))


@pytest.mark.parametrize("size", SIZES)
def test_every_older_tree_is_proved_to_be_a_beginning(size: int) -> None:
    """From every size, and the new leaves alone give the new root."""
    root = tree.root(LEAVES[:size])
    for first in range(size + 1):
        first_root = tree.root(LEAVES[:first])
        proof = tree.consistency_proof(LEAVES[:size], first)
        tree.verify_consistency(
            first=first, first_root=first_root, size=size, root_hash=root, proof=proof
        )
        if first < size:
            frontier = tree.frontier_of_proof(
                first=first, first_root=first_root, size=size, proof=proof
            )
            assert frontier.size == first
            for leaf in LEAVES[first:size]:
                frontier.append(leaf)
            assert frontier.root() == root


@given(st.integers(2, 64), st.data())
def test_any_change_of_a_consistency_proof_is_refused(
    size: int, data: st.DataObject
) -> None:
    """Hashes, their number, their order, either root."""
    first = data.draw(st.integers(1, size - 1))
    proof = tree.consistency_proof(LEAVES[:size], first)
    place = data.draw(st.integers(0, len(proof) - 1))
    other = LEAVES[64]
    roots = {
        "first_root": tree.root(LEAVES[:first]),
        "root_hash": tree.root(LEAVES[:size]),
    }
    check = partial(tree.verify_consistency, first=first, size=size)
    wrong_proofs = (
        (*proof[:place], other, *proof[place + 1 :]),
        (*proof[:place], *proof[place + 1 :]),
        (*proof[:place], other, *proof[place:]),
        (*proof[:place], proof[place][:31], *proof[place + 1 :]),
    )
    for wrong in wrong_proofs:
        assert broken(partial(check, proof=wrong, **roots))
    for name in roots:
        assert broken(partial(check, proof=proof, **(roots | {name: other})))


@given(st.integers(2, 64), st.data())
def test_any_change_of_an_inclusion_proof_is_refused(
    size: int, data: st.DataObject
) -> None:
    """Hashes and their number."""
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(LEAVES[:size], index)
    place = data.draw(st.integers(0, len(proof) - 1))
    check = partial(
        tree.verify_inclusion,
        LEAVES[index],
        index=index,
        size=size,
        root_hash=tree.root(LEAVES[:size]),
    )
    for wrong in (
        (*proof[:place], LEAVES[64], *proof[place + 1 :]),
        (*proof[:place], *proof[place + 1 :]),
        (*proof, LEAVES[64]),
        (*proof[:place], b"", *proof[place + 1 :]),
    ):
        assert broken(partial(check, proof=wrong))


def test_trivial_proofs_are_empty_and_checked() -> None:
    """From nothing, and to the same tree."""
    root = tree.root(LEAVES[:3])
    check = partial(tree.verify_consistency, size=3, root_hash=root)
    check(first=0, first_root=tree.EMPTY_ROOT, proof=())
    check(first=3, first_root=root, proof=())
    for wrong in (
        partial(check, first=0, first_root=root, proof=()),
        partial(check, first=0, first_root=tree.EMPTY_ROOT, proof=(root,)),
        partial(check, first=3, first_root=LEAVES[0], proof=()),
        partial(check, first=4, first_root=root, proof=()),
        partial(check, first=1, first_root=LEAVES[0], proof=()),
        partial(check, first=2, first_root=LEAVES[0], proof=()),
        partial(check, first=-1, first_root=root, proof=()),
        partial(
            tree.verify_consistency,
            first=0,
            first_root=tree.EMPTY_ROOT,
            size=0,
            root_hash=root,
            proof=(),
        ),
    ):
        assert broken(wrong)


def test_a_frontier_is_read_only_out_of_its_own_proof() -> None:
    """Another root, too few hashes, or nothing new."""
    proof = tree.consistency_proof(LEAVES[:8], 7)
    read = partial(tree.frontier_of_proof, first=7, size=8)
    root = tree.root(LEAVES[:7])
    assert read(first_root=root, proof=proof).edge[0] == tree.root(LEAVES[:4])
    assert broken(partial(read, first_root=LEAVES[0], proof=proof))
    assert broken(partial(read, first_root=root, proof=proof[:-1]))
    assert broken(partial(read, first_root=root, proof=()))
    assert broken(
        partial(tree.frontier_of_proof, first=8, first_root=root, size=8, proof=proof)
    )
    empty = tree.frontier_of_proof(
        first=0, first_root=tree.EMPTY_ROOT, size=3, proof=()
    )
    assert empty.root() == tree.EMPTY_ROOT


def test_a_frontier_survives_storage() -> None:
    """Its edge and its size are all there is to it."""
    frontier = tree.Frontier()
    for leaf in LEAVES[:13]:
        frontier.append(leaf)
    again = tree.Frontier(frontier.edge, size=13)
    again.append(LEAVES[13])
    assert again.root() == tree.root(LEAVES[:14])
    with pytest.raises(ValueError, match="one hash for each bit"):
        tree.Frontier(frontier.edge, size=12)


def test_there_is_no_proof_outside_the_tree() -> None:
    """A mistake of the caller."""
    with pytest.raises(ValueError, match="leaf"):
        tree.inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(ValueError, match="size"):
        tree.consistency_proof(LEAVES[:3], 4)
    assert broken(
        partial(
            tree.verify_inclusion,
            LEAVES[0],
            index=0,
            size=0,
            proof=(),
            root_hash=tree.EMPTY_ROOT,
        )
    )
