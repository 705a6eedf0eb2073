"""`reviewer doctor`: what this machine can keep, and what it cannot."""

from __future__ import annotations

import argparse

from reviewer.cli.output import Exit, say
from reviewer.services.examining import Examination


def run(args: argparse.Namespace, examination: Examination) -> Exit:
    """Print the examination; exit 1 if a promise cannot be kept here."""
    say(examination.as_json(), as_json=args.json)
    if examination.broken_promises and not args.json:
        for promise in examination.broken_promises:
            print(f"cannot be kept here: {promise}")
    return Exit.REFUSED if examination.broken_promises else Exit.DONE
