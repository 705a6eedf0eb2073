"""Parse the first argument, call `compose`, hand over to the window or a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final, cast

from reviewer.cli import parser
from reviewer.cli.output import Exit, say_error
from reviewer.errors import Code, ReviewerError, UnavailableError

PLUGINS: Final = "reviewer.commands"
ELSEWHERE: Final = frozenset({"demo", "coordinator"})

_Run = Callable[[Sequence[str]], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code (design.md 10)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in ELSEWHERE:
        return _elsewhere(arguments[0], arguments[1:])
    args = parser.build().parse_args(arguments)
    try:
        return _run(args)
    except ReviewerError as error:
        return say_error(error, as_json=getattr(args, "json", False))
    except KeyboardInterrupt:
        return Exit.REFUSED


def _run(args: argparse.Namespace) -> int:
    # The adapters load slowly: wrong usage and the service do without them.
    from reviewer import compose  # noqa: PLC0415
    from reviewer.cli import doctor, profiles, verify  # noqa: PLC0415

    compose.harden()
    profile: Path = getattr(args, "profile", compose.default_profile())
    if args.command is None:
        return compose.window(profile)
    if args.command == "doctor":
        return doctor.run(args, compose.examination(profile))
    entering = compose.entering(profile)
    if args.command == "verify":
        return verify.run(args, entering)
    return profiles.run(args, entering)


def _elsewhere(name: str, arguments: Sequence[str]) -> int:
    for entry in metadata.entry_points(group=PLUGINS):
        if entry.name == name:
            try:
                run = cast("_Run", entry.load())
            except ModuleNotFoundError:
                break
            return run(arguments)
    error = UnavailableError(Code.DEMO_NOT_INSTALLED, name)
    return say_error(error, as_json="--json" in arguments)


if __name__ == "__main__":
    sys.exit(main())
