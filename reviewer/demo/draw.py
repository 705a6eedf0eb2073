"""Draw the demonstration's media into a folder.

`python -m reviewer.demo.draw FOLDER [COPIES]`: all sorts of items, or with a number
that many copies of one picture (`draw_copies`).

Runs as its own process, because it needs the image libraries that the window's
process never loads. The same files come out on every machine with the same
versions of those libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from reviewer.coordinator.cells import COLUMNS
from reviewer.coordinator.export import write_table
from reviewer.demo.draw_list import SAMPLES

TABLE_NAME: Final = "items.csv"


def draw(folder: Path) -> Path:
    """Draw every sample into `folder` and return the table beside them.

    The folder must exist. Packing with the returned table leaves the table out.
    """
    for sample in SAMPLES:
        (folder / sample.file).write_bytes(sample.draw())
    table = folder / TABLE_NAME
    with table.open("wb") as out:
        write_table((table_row(sample.file, sample.row) for sample in SAMPLES), out)
    return table


def table_row(file: str, row: dict[str, str]) -> dict[str, str]:
    """Return a full row of the table; every column is there."""
    return dict.fromkeys(COLUMNS, "") | row | {"file": file}


def main(arguments: list[str]) -> int:
    """Draw into the folder that the first argument names; 2 is wrong usage."""
    if len(arguments) not in {1, 2} or not all(one.isdigit() for one in arguments[1:]):
        sys.stderr.write("usage: python -m reviewer.demo.draw FOLDER [COPIES]\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    if len(arguments) == 1:
        draw(folder)
    else:
        from reviewer.demo.draw_copies import draw_copies  # noqa: PLC0415 (uses us)

        draw_copies(folder, int(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
