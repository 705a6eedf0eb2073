"""Import of a batch against one plain copy plus SHA-256 with the same fsyncs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tests.bench.rows import Row, at_most, in_turns, timed
from tests.bench.workplace import workplace

ITEM_BYTES = 48 * 1024**2
ITEMS_COUNT = 4
ROUNDS = 6
STEP_BYTES = 1024 * 1024


def rows(folder: Path) -> tuple[Row, ...]:
    """Import five batches of some 200 MB, each beside a plain copy of it."""
    media = folder / "media"
    media.mkdir()
    for number in range(ITEMS_COUNT):
        (media / f"{number}.bin").write_bytes(os.urandom(ITEM_BYTES))
    with workplace(folder, media) as place:
        batches = [place.scene.deal()]
        for _ in range(ROUNDS):
            place.scene.pack(media)
            batches.append(place.scene.deal())
        place.session.import_file(batches[0])
        plain_copy(batches[0], folder / "copy")
        mine, theirs = iter(batches[1:]), iter(batches[1:])

        def ours() -> float:
            return timed(lambda: place.session.import_file(next(mine)))

        def other() -> float:
            # Both keep what they write: pages that a deleted copy gave back would
            # be had for less than the fresh ones that an import asks for.
            source = next(theirs)
            return timed(lambda: plain_copy(source, folder / f"{source.stem}.copy"))

        pairs = in_turns(ours, other, rounds=ROUNDS)
    return (at_most("import, against copy and SHA-256", pairs, goal=1.3),)


def plain_copy(source: Path, target: Path) -> str:
    """Copy, hash, fsync the file and its folder: what anyone would do."""
    digest = hashlib.sha256()
    with source.open("rb") as file, target.open("wb") as out:
        while block := file.read(STEP_BYTES):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return digest.hexdigest()
