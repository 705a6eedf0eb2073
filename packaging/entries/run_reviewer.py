"""The executable `reviewer`: the window and the commands of a reviewer's laptop."""

from __future__ import annotations

import sys
from typing import Final

# As `reviewer.ui.explanations` has it, which may be what cannot be imported.
INCOMPLETE: Final = (
    "reviewer: A part of this program is missing. Install the program again. "
    "(PROGRAM_INCOMPLETE)\n"
)
UNAVAILABLE: Final = 3


def run() -> int:
    """Run the program; say in one sentence where it is not whole enough to begin."""
    try:
        from reviewer.__main__ import main  # noqa: PLC0415

        return main()
    except ImportError:
        sys.stderr.write(INCOMPLETE)
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(run())
