"""Print the table and write build/bench.json: `uv run poe bench`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import importing, startup, stills, window
from tests.bench.rows import Row

ROWS: tuple[Callable[[Path], Row | tuple[Row, ...]], ...] = (
    window.rows,
    stills.row,
    importing.row,
    startup.rows,
)
OUT = Path("build") / "bench.json"


def main() -> int:
    """Measure every row; exit 0 whether or not a goal is met: the table says so."""
    rows: list[Row] = []
    for measure in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder))
        rows += [found] if isinstance(found, Row) else found
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")
    Console().print(_table(rows))
    return 0


def _table(rows: list[Row]) -> Table:
    table = Table(title="Ratios within this run; times in milliseconds are not judged")
    for heading in ("work", "ours", "other way", "ratio", "goal", "met"):
        table.add_column(heading)
    for row in rows:
        table.add_row(
            row.name,
            f"{row.ours * 1000:.1f}",
            f"{row.baseline * 1000:.1f}",
            f"{row.ratio:.2f}",
            row.goal,
            "yes" if row.met else "no",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
