"""Forty copies are copies to the fingerprint too, in several contexts."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from reviewer.coordinator.packing import Plan, plan
from reviewer.decoder.showing import StillShowing
from reviewer.demo.draw import TABLE_NAME
from reviewer.demo.draw_copies import COPIES_COUNT, OTHERS_COUNT, draw_copies, main
from reviewer.domain.item import Kind
from reviewer.matching.likeness import LEAST_QUALITY
from reviewer.services.confirming import is_news

NEAR_BITS = 31


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    draw_copies(folder)
    return folder


@pytest.fixture(scope="module")
def packed(copies: Path) -> Plan:
    return plan(copies, copies / TABLE_NAME, entropy=os.urandom, name="copies")


def hashes(folder: Path, pattern: str) -> list[int]:
    found = []
    for path in sorted(folder.glob(pattern)):
        with path.open("rb") as file:
            ((bits, quality),) = StillShowing(file).prints().frames
        assert quality >= LEAST_QUALITY, path.name
        found.append(int.from_bytes(bits, "big"))
    return found


def test_forty_copies_pack_without_a_problem(packed: Plan) -> None:
    """The table fits the folder, and all are pictures of one severity."""
    assert (packed.problems, packed.skipped, packed.without_row) == ((), (), ())
    assert len(packed.items) == COPIES_COUNT + OTHERS_COUNT
    items = [each.template for each in packed.items]
    assert {item.kind for item in items} == {Kind.IMAGE}
    assert {item.severity for item in items} == {4}


def test_half_of_them_are_exact(copies: Path) -> None:
    """The others differ in bytes, size and format."""
    files = sorted(copies.glob("copy-*"))
    digests = [hashlib.sha256(path.read_bytes()).digest() for path in files]
    assert digests.count(digests[0]) == COPIES_COUNT // 2
    assert len(set(digests)) == 10
    assert {path.suffix for path in files} == {".jpg", ".png", ".bmp", ".webp"}


def test_each_is_a_near_copy_of_the_first(copies: Path) -> None:
    """Within the threshold; the other pictures are far beyond it."""
    first, *rest = hashes(copies, "copy-*")
    apart = [(first ^ other).bit_count() for other in rest]
    assert max(apart) <= NEAR_BITS
    others = hashes(copies, "other-*")
    assert min((first ^ other).bit_count() for other in others) > 2 * NEAR_BITS


def test_there_are_several_contexts(packed: Plan) -> None:
    """News among them, and a source without a name."""
    copies = [each.template for each in packed.items][:COPIES_COUNT]
    contexts = {(one.context.source, one.context.caption) for one in copies}
    assert len(contexts) == 6
    assert {is_news(one) for one in copies} == {True, False}
    assert any(one.context.source is None for one in copies)


def test_as_many_as_asked_for(tmp_path: Path) -> None:
    """The command takes a folder and a number, and nothing else."""
    assert main([str(tmp_path / "some"), "3"]) == 0
    assert len(list((tmp_path / "some").glob("copy-*"))) == 3
    assert main([]) == 2
    assert main([str(tmp_path), "many"]) == 2
