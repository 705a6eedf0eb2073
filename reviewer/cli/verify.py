"""`reviewer verify`: a batch, submission, receipt or threat file, or a journal."""

from __future__ import annotations

import argparse

from reviewer.cli.output import Exit, say
from reviewer.cli.passphrases import read_passphrase
from reviewer.cli.profiles import read_file
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.services.entering import Entering
from reviewer.services.verifying import verify_file


def run(args: argparse.Namespace, entering: Entering) -> Exit:
    """Verify, and print what was verified, to which depth and by whose key."""
    if args.journal:
        return _journal(args, entering)
    if args.file is None:
        raise RefusedError(Code.INPUT_MISSING, "FILE")
    trust = None if args.trust is None else read_file(args.trust)
    if trust is None and hasattr(args, "profile"):
        session = entering.unlock(read_passphrase(args.passphrase_file))
        trust = session.trust_data()
        session.lock()
    verdict = verify_file(
        args.file,
        trust=trust,
        root_sha256=args.root,
        open_with=None if args.open_with is None else read_file(args.open_with),
    )
    say(
        {
            "valid": verdict.valid,
            "kind": verdict.kind,
            "code": None if verdict.code is None else verdict.code.value,
            "depth": verdict.depth,
            "key_id": verdict.key_id,
        },
        as_json=args.json,
    )
    return Exit.DONE if verdict.valid else Exit.REFUSED


def _journal(args: argparse.Namespace, entering: Entering) -> Exit:
    session = entering.unlock(read_passphrase(args.passphrase_file))
    try:
        report = session.verify_journal()
    except ReviewerError as error:
        say(
            {"valid": False, "kind": "journal", "code": error.code.value},
            as_json=args.json,
        )
        return Exit.REFUSED
    finally:
        session.lock()
    say(
        {
            "valid": True,
            "kind": "journal",
            "code": None,
            "entries": report.entries,
            "head": report.head,
            "receipted": report.receipted,
            "receipts": report.receipts,
        },
        as_json=args.json,
    )
    return Exit.DONE
