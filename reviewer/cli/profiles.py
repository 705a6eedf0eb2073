"""The commands that open a profile: enrol, fetch, import, list, submit, receipt."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec

from reviewer.cli.output import Exit, exit_of, say
from reviewer.cli.passphrases import read_passphrase
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.services.entering import Entering
from reviewer.services.importing import Imported
from reviewer.services.session import Session
from reviewer.services.submitting import ReceiptView

FILE_BYTES = 64 * 1024 * 1024
TRUST_ENDING = ".json"


def run(args: argparse.Namespace, entering: Entering) -> Exit:
    """Run one command; errors of ours pass to the caller."""
    if args.command == "enrol":
        return _enrol(args, entering)
    session = entering.unlock(read_passphrase(args.passphrase_file))
    try:
        return _COMMANDS[args.command](args, session)
    finally:
        session.lock()


def read_file(path: Path) -> bytes:
    """Read a whole small file.

    Raises:
        RefusedError: INPUT_MISSING, or INPUT_INVALID when it is too large.
    """
    try:
        if path.stat().st_size > FILE_BYTES:
            raise RefusedError(Code.INPUT_INVALID, f"over {FILE_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise RefusedError(Code.INPUT_MISSING) from error


def _enrol(args: argparse.Namespace, entering: Entering) -> Exit:
    if args.accept is None and not args.invite:
        raise RefusedError(Code.INPUT_MISSING, "--invite")
    passphrase = read_passphrase(args.passphrase_file)
    if args.request is not None:
        trust = None if args.trust is None else read_file(args.trust)
        asked = entering.enrol_request(
            args.invite, passphrase, args.request, trust=trust
        )
        say({"requested": True, "fingerprint": asked.fingerprint}, as_json=args.json)
        return Exit.DONE
    if args.accept is not None:
        session = entering.enrol_accept(args.accept, passphrase)
    else:
        session = entering.enrol_online(args.coordinator, args.invite, passphrase)
    try:
        say(
            {
                "enrolled": True,
                "subject": session.person.subject,
                "organisation": session.person.organisation,
                "authorised_until": session.person.authorisation.expires,
                "keyring": entering.keyring_mode().value,
            },
            as_json=args.json,
        )
    finally:
        session.lock()
    return Exit.DONE


def _fetch(args: argparse.Namespace, session: Session) -> Exit:
    report = session.fetch()
    say(
        {
            "imported": [_imported(each) for each in report.imported],
            "refused": [
                {"batch_id": batch_id, "code": code.value}
                for batch_id, code in report.refused
            ],
        },
        as_json=args.json,
    )
    return Exit.REFUSED if report.refused else Exit.DONE


def _import(args: argparse.Namespace, session: Session) -> Exit:
    imported: list[dict[str, object]] = []
    refused: list[dict[str, object]] = []
    worst = Exit.DONE
    for path in args.files:
        try:
            if path.suffix == TRUST_ENDING:
                session.take_trust(read_file(path))
                imported.append({"trust": True})
            else:
                imported.append(_imported(session.import_file(path)))
        except ReviewerError as error:
            refused.append({"file": path.name, "code": error.code.value})
            worst = max(worst, exit_of(error))
    say({"imported": imported, "refused": refused}, as_json=args.json)
    return worst


def _list(args: argparse.Namespace, session: Session) -> Exit:
    home = session.home()
    say(
        {
            "subject": home.person.subject,
            "journal": {
                "entries": home.journal.entries,
                "unsent": home.journal.unsent,
                "read_only": home.journal.read_only,
            },
            "batches": [
                {
                    "batch_id": card.batch_id,
                    "name": card.name,
                    "purpose": card.purpose.value,
                    "open": card.counts.open,
                    "decided": card.counts.decided,
                    "handed_back": card.counts.handed_back,
                    "second_opinion": card.counts.second_opinion,
                    "policy_unclear": card.counts.policy_unclear,
                    "escalated": card.counts.escalated,
                    "handed_over": card.counts.handed_over,
                    "not_after": card.not_after,
                }
                for card in home.batches
            ],
        },
        as_json=args.json,
    )
    return Exit.DONE


def _submit(args: argparse.Namespace, session: Session) -> Exit:
    capacity = Capacity(args.capacity)
    if args.to is not None:
        session.submit_to_file(args.to, capacity)
        say({"written": True}, as_json=args.json)
        return Exit.DONE
    _say_receipt(args, session.submit_online(capacity))
    return Exit.DONE


def _receipt(args: argparse.Namespace, session: Session) -> Exit:
    _say_receipt(args, session.take_receipt(read_file(args.file)))
    return Exit.DONE


def _say_receipt(args: argparse.Namespace, view: ReceiptView) -> None:
    say(
        {
            "receipt_verified": view.verified,
            "entries": view.size,
            "head": view.head,
            "outcomes": msgspec.structs.asdict(view.outcomes),
        },
        as_json=args.json,
    )


def _imported(each: Imported) -> dict[str, object]:
    return {
        "batch_id": each.batch_id,
        "name": each.name,
        "items": each.items_count,
        "already_here": each.already_here,
        "missing": list(each.missing),
        "late": each.late,
    }


_COMMANDS: dict[str, Callable[[argparse.Namespace, Session], Exit]] = {
    "fetch": _fetch,
    "import": _import,
    "list": _list,
    "submit": _submit,
    "receipt": _receipt,
}
