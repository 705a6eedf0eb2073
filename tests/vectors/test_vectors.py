"""The vectors beside this file: each gives what its header expects."""

from __future__ import annotations

import msgspec
import pytest

from tests.vectors.build_vectors import (
    FOLDER,
    Vector,
    header_text,
    read_file,
    vectors,
)
from tests.vectors.checking import Header, outcome

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
BUILT = {vector.name: vector for vector in vectors()}


@pytest.mark.parametrize("name", NAMES)
def test_each_vector_gives_what_its_header_expects(name: str) -> None:
    """Success, or the code of the first step that fails."""
    header = msgspec.json.decode(read_file(f"{name}.json"), type=Header)
    assert outcome(header, read_file(f"{name}.bin"), files=read_file) == header.expect


def test_the_files_are_those_that_the_builder_names() -> None:
    """Run `uv run poe vectors` after a change; none is left over."""
    files = {path.name for path in FOLDER.iterdir()}
    assert files == {f"{name}.{end}" for name in BUILT for end in ("bin", "json")}


@pytest.mark.parametrize("vector", BUILT.values(), ids=lambda vector: vector.name)
def test_a_rebuild_changes_nothing(vector: Vector) -> None:
    """Headers always; bytes too, but for sealing, which draws fresh randomness."""
    assert read_file(f"{vector.name}.json").decode() == header_text(vector.header)
    made = vector.make()
    if vector.is_sealed:
        got = outcome(vector.header, made, files=read_file)
        assert got == vector.header.expect
    else:
        assert read_file(f"{vector.name}.bin") == made
