"""Parse the arguments, call `compose`, hand over to the window or a command.

`reviewer.__main__` comes before it, and shows the empty window where one is wanted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from reviewer.cli import parser
from reviewer.cli.output import Exit, exit_of, say_error
from reviewer.errors import Code, ReviewerError, UnavailableError
from reviewer.events.crashes import CrashHandler
from reviewer.events.kinds import Command, CommandEnded, Hook
from reviewer.events.log import Log, NoLog
from reviewer.events.quiet import silenced
from reviewer.sandbox import installation, launch
from reviewer.ui.explanations import explain

if TYPE_CHECKING:
    from reviewer.ui.window import Window  # Qt loads with it, where it is wanted

PLUGINS: Final = "reviewer.commands"
ELSEWHERE: Final = frozenset({"demo", "coordinator"})
TREE_ELSEWHERE: Final = "reviewer-coordinator"

_NOT_NOTED: Final = frozenset({Code.PROFILE_IN_USE, Code.PROFILE_MISSING})
"""Another program writes the log then, or there is no profile to note it in."""

_Run = Callable[[Sequence[str]], int]


def main(
    arguments: Sequence[str],
    *,
    development: bool = False,
    opened: Window | None = None,
) -> int:
    """Run the program and return its exit code (design.md 10).

    Args:
        arguments: Without the name of the program.
        development: Print whole tracebacks, content and all. Only a harness passes
            it; no option, variable or file leads here.
        opened: The empty window, if it is on the screen already.
    """
    crashes = CrashHandler(NoLog(), development=development)
    if arguments and arguments[0] in ELSEWHERE:
        return _guarded(
            lambda: _elsewhere(arguments[0], arguments[1:]),
            crashes,
            as_json="--json" in arguments,
        )
    args = parser.build().parse_args(arguments)
    return _guarded(
        lambda: _run(args, crashes, opened),
        crashes,
        as_json=getattr(args, "json", False),
    )


def _guarded(act: Callable[[], int], crashes: CrashHandler, *, as_json: bool) -> int:
    """Run with silent libraries; errors of ours have words, faults have an event."""
    with silenced(), crashes.installed():
        try:
            return act()
        except ReviewerError as error:
            return _refuse(error, as_json=as_json)
        except KeyboardInterrupt:
            return Exit.REFUSED
        except Exception as fault:  # one of the two named edges
            gone = installation.missing_parts()
            if gone:
                incomplete = UnavailableError(Code.PROGRAM_INCOMPLETE, gone[0])
                return _refuse(incomplete, as_json=as_json)
            crashes.note(Hook.MAIN, type(fault), fault, fault.__traceback__)
            if crashes.development:
                raise
            return Exit.REFUSED


def _refuse(error: ReviewerError, *, as_json: bool) -> int:
    """Say what happened and what to do in one line, or as JSON."""
    if as_json:
        return say_error(error, as_json=True)
    words = explain(error.code)
    sys.stderr.write(f"reviewer: {words.happened} {words.todo} ({error})\n")
    return exit_of(error)


def _run(args: argparse.Namespace, crashes: CrashHandler, opened: Window | None) -> int:
    # The adapters load slowly: wrong usage and the service do without them.
    from reviewer import compose  # noqa: PLC0415
    from reviewer.cli import doctor, licences, profiles, verify  # noqa: PLC0415

    compose.harden()
    profile: Path = getattr(args, "profile", compose.default_profile())
    if args.command == "licences":
        return licences.run(args)
    if args.command == "doctor" and args.preflight:
        return doctor.run_preflight(args, compose.preflight(profile))
    if args.command == "doctor":
        config = None
        if args.passphrase_file is not None:
            config = doctor.config_of(args, compose.entering(profile))
        return doctor.run(args, compose.examination(profile, config))
    if args.command == "verify":
        return verify.run(args, compose.entering(profile))
    crashes.log = compose.log_of(profile)
    if args.command is None:
        named = profile if hasattr(args, "profile") else None
        return _window(named, crashes, opened)
    door = compose.entering(profile)
    return _noted(lambda: profiles.run(args, door), Command(args.command), crashes.log)


def _noted(act: Callable[[], int], command: Command, log: Log) -> int:
    """Run a command on a profile, and note how it ended."""
    try:
        done = act()
    except ReviewerError as error:
        if error.code not in _NOT_NOTED:
            log.write(CommandEnded(command=command, exit=int(exit_of(error))))
        raise
    log.write(CommandEnded(command=command, exit=int(done)))
    return done


def _window(profile: Path | None, crashes: CrashHandler, opened: Window | None) -> int:
    """Open the window; say in one sentence, here and in a window, why it cannot."""
    from reviewer import compose  # noqa: PLC0415 (as above)

    try:
        demo = partial(_elsewhere, "demo", ())
        if profile is None:
            return compose.shared_window(crashes=crashes, demo=demo, opened=opened)
        return compose.window(profile, crashes=crashes, demo=demo, opened=opened)
    except ReviewerError as error:
        ended = _refuse(error, as_json=False)
        if opened is not None:
            opened.hide()
        compose.show(error.code)
        return ended


def _elsewhere(name: str, arguments: Sequence[str]) -> int:
    from importlib import metadata  # noqa: PLC0415 (slow, and the window needs none)

    for entry in metadata.entry_points(group=PLUGINS):
        if entry.name == name:
            try:
                run = cast("_Run", entry.load())
            except ModuleNotFoundError:
                break
            return run(arguments)
    # Installed, both come with a package of their own and are another program.
    program = launch.neighbour(TREE_ELSEWHERE)
    if program is not None:
        launch.become(program, (name, *arguments))
    raise UnavailableError(Code.DEMO_NOT_INSTALLED, name)
