"""Show the empty window where one is wanted; then load the program and run it.

Loading everything takes far longer than showing a window. So the window comes first,
empty, in the ground colour, and the first screen as soon as it is there.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.ui.window import Window

PROFILE = "--profile"


def main(argv: Sequence[str] | None = None, *, development: bool = False) -> int:
    """Run the program and return its exit code (design.md 10).

    Args:
        argv: The arguments; those of the process by default.
        development: Print whole tracebacks, content and all. Only a harness passes
            it; no option, variable or file leads here.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    opened = _opened() if wants_window(arguments) else None
    from reviewer import starting  # noqa: PLC0415 (slow; the window is there by now)

    return starting.main(arguments, development=development, opened=opened)


def wants_window(arguments: Sequence[str]) -> bool:
    """Return whether these arguments open the window; whatever is odd does not."""
    match list(arguments):
        case []:
            return True
        case [only]:
            return only.startswith(f"{PROFILE}=")
        case [name, folder]:
            return name == PROFILE and not folder.startswith("-")
        case _:
            return False


def _opened() -> Window | None:
    """Show the empty window; None where it cannot be, which is said later."""
    from reviewer.sandbox import system  # noqa: PLC0415

    if system.missing_packages(display=system.is_shown()) or not system.has_display():
        return None
    with contextlib.suppress(Exception):
        from reviewer.ui import first_frame  # noqa: PLC0415 (Qt loads here)

        return first_frame.show()
    return None


if __name__ == "__main__":
    sys.exit(main())
