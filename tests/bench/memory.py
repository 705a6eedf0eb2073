"""Peak memory: the window in review, and an import, each in a process of its own.

What counts is the peak of resident memory as the system keeps it (VmHWM). It is set
back when review, or an import, begins, so that the passphrase's own memory, wanted
and given back at unlock, is in a row of its own and not judged.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.bench import memory_child
from tests.bench.rows import SHOWN, Row
from tests.bench.sizes import is_big
from tests.bench.stills import large_photograph
from tests.bench.workplace import workplace

ITEMS_COUNT: Final = 40
REVIEW_MB: Final = 150
IMPORT_MB: Final = 64
MB: Final = 1024**2
SMALL_BYTES: Final = 4 * MB
LARGE_BYTES: Final = 512 * MB
BIG_BYTES: Final = 4 * 1024 * MB
STEP_BYTES: Final = 4 * MB


def rows(folder: Path) -> tuple[Row, ...]:
    """Return the rows of review, unlock and import."""
    return (*_review(folder / "review"), _import(folder / "import"))


def _review(folder: Path) -> tuple[Row, ...]:
    media = folder / "media"
    media.mkdir(parents=True)
    photograph = large_photograph()
    for number in range(ITEMS_COUNT):
        (media / f"{number:02}.jpg").write_bytes(photograph + bytes([number]))
    with workplace(folder, media) as place:
        place.scene.deal()
        place.session.fetch()
        profile = place.profile
    (empty,) = told("window")
    unlocked, reviewed = told("review", str(profile))
    return (
        _more("peak memory, window in review", reviewed, empty, most_mb=REVIEW_MB),
        _more("  up to and with unlocking", unlocked, empty, most_mb=None),
    )


def _import(folder: Path) -> Row:
    """Import a small batch and a large one."""
    media = folder / "media"
    media.mkdir(parents=True)
    large_bytes = BIG_BYTES if is_big() else LARGE_BYTES
    with workplace(folder, media_of(media, SMALL_BYTES)) as place:
        small = place.scene.deal()
        place.scene.pack(media_of(media, large_bytes))
        large = place.scene.deal()
        profile = place.profile
    few, many = told("import", str(profile), str(small), str(large))
    words = f"peak memory, import of {large_bytes // MB} MB against 4 MB"
    return _more(words, many, few, most_mb=IMPORT_MB)


def media_of(folder: Path, size_bytes: int) -> Path:
    """Leave one file of that size in the folder; nothing of it is alike."""
    with (folder / "one.bin").open("wb") as file:
        for _ in range(size_bytes // STEP_BYTES):
            file.write(os.urandom(STEP_BYTES))
    return folder


def told(*arguments: str) -> tuple[int, ...]:
    """Run the child; return the whole numbers it told, peaks in bytes."""
    run = subprocess.run(
        (sys.executable, "-m", memory_child.__name__, *arguments),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return tuple(int(word) for word in run.stdout.split())


def _more(name: str, ours: int, baseline: int, *, most_mb: int | None) -> Row:
    more_mb = (ours - baseline) / MB
    return Row(
        name=name,
        ours=ours / MB,
        baseline=baseline / MB,
        ratio=ours / baseline,
        goal=SHOWN if most_mb is None else f"<= +{most_mb} MB",
        met=most_mb is None or more_mb <= most_mb,
        unit="MB",
        note=f"{more_mb:+.0f} MB",
    )
