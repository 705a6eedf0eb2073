"""Draw one picture many times: `python -m reviewer.demo.draw_copies FOLDER [COUNT]`.

For *forty copies, one look*: a single abstract picture, in part byte for byte the
same, in part recompressed, resized or in another format, under several sources and
captions. One source is a news site, and one has no name. With two pictures of
something else beside them, so that not everything is a copy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image

from reviewer.coordinator.export import write_table
from reviewer.demo import draw_files as files
from reviewer.demo import draw_scenes as scenes
from reviewer.demo.draw import TABLE_NAME, table_row

COPIES_COUNT: Final = 40
OTHERS_COUNT: Final = 2
_NAME: Final = "copied-square"
_SIZE: Final = (1600, 1200)
_WORDS: Final = "Sample drawn by code, pretended severity 4"
_EXACT_EVERY: Final = 2  # every second copy has the very bytes of the first

_CONTEXTS: Final = (
    ("Sample channel A", "Sample: the picture as it was first posted", "square"),
    ("Sample channel A", "Sample: posted again with other words", "square, copy"),
    ("Sample channel B", "Exemple : la même image, une autre source", "square, copy"),
    ("Sample forum", "Sample: quoted in a thread", "square, copy"),
    (
        "Sample news site",
        "Sample: the picture as a news site showed it",
        "square, news",
    ),
    ("", "", "square, copy"),
)


def draw_copies(folder: Path, count: int = COPIES_COUNT) -> Path:
    """Draw the copies and two other pictures; return the table beside them.

    The folder must exist. Packing with the returned table leaves the table out.
    """
    rows = []
    for number in range(count):
        suffix, encode = _FORMS[_form(number)]
        file = f"copy-{number + 1:03d}.{suffix}"
        (folder / file).write_bytes(encode())
        rows.append(table_row(file, _row(number)))
    for number in range(OTHERS_COUNT):
        file = f"other-{number + 1}.jpg"
        picture = scenes.rings(f"other-{number}", (1280, 960), words=_WORDS)
        (folder / file).write_bytes(files.jpeg(picture))
        rows.append(table_row(file, {"source": "Sample forum", "severity": "4"}))
    table = folder / TABLE_NAME
    with table.open("wb") as out:
        write_table(rows, out)
    return table


def main(arguments: list[str]) -> int:
    """Draw into the folder that the first argument names; 2 is wrong usage."""
    if len(arguments) not in {1, 2} or not all(one.isdigit() for one in arguments[1:]):
        sys.stderr.write("usage: python -m reviewer.demo.draw_copies FOLDER [COUNT]\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    draw_copies(folder, *(int(one) for one in arguments[1:]))
    return 0


@cache
def _picture() -> Image.Image:
    return scenes.crowd(_NAME, _SIZE, words=_WORDS)


@cache
def _first() -> bytes:
    return files.jpeg(_picture())


def _jpeg(quality: int, percent: int) -> Callable[[], bytes]:
    return lambda: files.jpeg(_resized(percent), quality=quality)


def _resized(percent: int) -> Image.Image:
    width, height = _SIZE
    size = (width * percent // 100, height * percent // 100)
    return _picture().resize(size, Image.Resampling.LANCZOS)


_Form = tuple[str, Callable[[], bytes]]

_FORMS: Final[tuple[_Form, ...]] = (
    ("jpg", _first),
    ("jpg", _jpeg(60, 100)),
    ("jpg", _jpeg(35, 100)),
    ("jpg", _jpeg(80, 75)),
    ("jpg", _jpeg(70, 50)),
    ("webp", lambda: files.webp(_resized(90))),
    ("jpg", _jpeg(88, 40)),
    ("png", lambda: files.png(_resized(50))),
    ("bmp", lambda: files.bmp(_resized(30))),
    ("webp", lambda: files.webp(_resized(45))),
)


def _form(number: int) -> int:
    """Return which form a copy has; 0 is that of the first."""
    if number % _EXACT_EVERY == 0:
        return 0
    return 1 + number // _EXACT_EVERY % (len(_FORMS) - 1)


def _row(number: int) -> dict[str, str]:
    source, caption, tags = _CONTEXTS[number // 2 % len(_CONTEXTS)]
    return {
        "source": source,
        "caption": caption,
        "content_tags": tags,
        "captured_at": f"2026-11-{10 + number % 9:02d}",
        "severity": "4",
        "flagged_by": "partner_list" if number % 3 else "user",
        "priority": "P3",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
