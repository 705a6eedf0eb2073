"""Print the table and write build/bench.json: `uv run poe bench [PART...] [--big]`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.rows import SHOWN, Row
from tests.bench.sizes import BIG

PARTS: Final = (
    "window",
    "memory",
    "stills",
    "importing",
    "vault",
    "nearest",
    "startup",
    "exposure",
)
"""Modules beside this one; each has `rows(folder)`."""
OUT: Final = Path("build") / "bench.json"
WIDTH: Final = 190


def main(arguments: Sequence[str]) -> int:
    """Measure every row; exit 0 whether or not a goal is met: the table says so.

    Parts that are named are measured alone, and the file is left as it is.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--big", action="store_true", help="4 GB, 100 000 items")
    args = parser.parse_args(arguments)
    if args.big:
        os.environ[BIG] = "1"
    rows: list[Row] = []
    for part in args.parts or PARTS:
        measure = importlib.import_module(f"tests.bench.{part}").rows
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(Path(folder))
    if not args.parts:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")
    wide = max(Console().width, WIDTH)  # a log is narrower than what it holds
    Console(width=wide).print(table(rows))
    return 0


def table(rows: Sequence[Row]) -> Table:
    """Return the rows with their goals."""
    made = Table(
        title="Ratios within this run; without a unit, milliseconds, not judged"
    )
    for heading in ("work", "ours", "other way", "ratio", "goal", "met", "note"):
        made.add_column(heading)
    for row in rows:
        made.add_row(
            row.name,
            row.shown(row.ours),
            row.shown(row.baseline),
            f"{row.ratio:.2f}",
            row.goal,
            "" if row.goal == SHOWN else "yes" if row.met else "no",
            row.note,
        )
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
