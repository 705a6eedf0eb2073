"""`reviewer doctor`: what this machine can keep, and what it cannot."""

from __future__ import annotations

import argparse

from reviewer.cli.output import Exit, say
from reviewer.cli.passphrases import read_passphrase
from reviewer.domain.orgconfig import OrgConfig
from reviewer.services.entering import Entering
from reviewer.services.examining import Examination
from reviewer.services.preflight import Preflight


def config_of(args: argparse.Namespace, entering: Entering) -> OrgConfig:
    """Unlock the profile for what its organisation accepts, and lock it again.

    Raises:
        RefusedError: INPUT_MISSING, PASSPHRASE_WRONG, NOT_ENROLLED.
        UnavailableError: the profile cannot be opened.
    """
    session = entering.unlock(read_passphrase(args.passphrase_file))
    try:
        return session.config()
    finally:
        session.lock()


def run(args: argparse.Namespace, examination: Examination) -> Exit:
    """Print the examination; exit 1 if a promise cannot be kept here."""
    say(examination.as_json(), as_json=args.json)
    if examination.broken_promises and not args.json:
        for promise in examination.broken_promises:
            print(f"cannot be kept here: {promise}")
    return Exit.REFUSED if examination.broken_promises else Exit.DONE


def run_preflight(args: argparse.Namespace, found: Preflight) -> Exit:
    """Print what was looked at; exit 1 with what to do where something stops."""
    if args.json:
        say(found.as_json(), as_json=True)
    else:
        for check in found.checks:
            print(f"{check.state}: {check.name}: {check.found}")
            if check.todo:
                print(f"    {check.todo}")
        print("ready" if found.ready else "not ready: see the lines with stop")
    return Exit.DONE if found.ready else Exit.REFUSED
