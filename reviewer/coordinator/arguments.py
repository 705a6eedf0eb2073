"""The command line of the service, as data for argparse (design.md 10)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.domain.item import BatchPurpose
from reviewer.domain.person import Role

if TYPE_CHECKING:
    _Acts = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001

DEFAULT_PORT: Final = 8443
_ROLES: Final = (Role.REVIEWER.value, Role.SUPERVISOR.value)


def parser() -> argparse.ArgumentParser:
    """Return the parser of `reviewer coordinator`."""
    top = argparse.ArgumentParser(
        prog="reviewer coordinator",
        description="Deal batches, collect decisions, give receipts.",
        epilog="Exit codes: 0 done, 1 refused or false, 2 usage, 3 unavailable.",
    )
    acts = top.add_subparsers(dest="act", required=True, metavar="COMMAND")
    _add_init(acts)
    _add_serve(acts)
    _add_invite(acts)
    _add_enrol(acts)
    _add_pack(acts)
    _add_deal(acts)
    _add_accept(acts)
    _add_export(acts)
    trust = _command(acts, "trust", "write the trust bundle: root key and directory")
    _to(trust, required=True, what="the trust bundle")
    revoke = _command(acts, "revoke", "take trust from a device from now on")
    revoke.add_argument("device", metavar="DEVICE", help="key id of the device")
    _command(acts, "list", "name devices, packs and found forks")
    return top


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse, or leave with exit code 2 as argparse does."""
    return parser().parse_args(argv)


def _add_init(acts: _Acts) -> None:
    init = _command(acts, "init", "found an organisation and its service")
    init.add_argument(
        "--organisation", metavar="NAME", help="instead of the name in the config"
    )
    init.add_argument(
        "--config", type=Path, metavar="FILE", help="org config; a default ships"
    )
    init.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        action="append",
        help="policy pack, may be repeated, oldest first; a default ships",
    )
    init.add_argument(
        "--database",
        metavar="URL",
        help="PostgreSQL without a secret; an encrypted file by default",
    )
    _root(init)


def _add_serve(acts: _Acts) -> None:
    serve = _command(acts, "serve", "answer devices until stopped")
    serve.add_argument("--host", default="127.0.0.1", help="default: loopback")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT)
    serve.add_argument("--tls-cert", type=Path, metavar="FILE")
    serve.add_argument("--tls-key", type=Path, metavar="FILE")
    serve.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="by which devices know this service, with the port unless it is 443",
    )


def _add_invite(acts: _Acts) -> None:
    invite = _command(acts, "invite", "invite one person to enrol one device")
    invite.add_argument("--subject", required=True, help="a pseudonym, never a name")
    invite.add_argument("--role", choices=_ROLES, default=Role.REVIEWER.value)
    invite.add_argument("--employer", required=True)
    invite.add_argument("--purpose", required=True)
    invite.add_argument("--jurisdiction", required=True)
    invite.add_argument(
        "--expires",
        required=True,
        metavar="TIME",
        help="of the authorisation, such as 2027-06-30T00:00:00Z",
    )
    invite.add_argument("--days", type=int, default=14, help="to use the code within")
    _root(invite)


def _add_enrol(acts: _Acts) -> None:
    enrol = _command(acts, "enrol", "answer an enrolment file with the trust bundle")
    enrol.add_argument("file", type=Path, metavar="FILE")
    _to(enrol, required=True, what="the answer")


def _add_pack(acts: _Acts) -> None:
    pack = acts.add_parser("pack", help="seal a folder of media once")
    pack.add_argument("--example", action="store_true", help="print a table template")
    pack.add_argument("--media", type=Path, metavar="DIR")
    pack.add_argument("--table", type=Path, metavar="FILE")
    pack.add_argument("--name", help="of the batch, as the reviewer sees it")
    pack.add_argument(
        "--purpose",
        choices=[each.value for each in BatchPurpose],
        default=BatchPurpose.REVIEW.value,
    )
    _common(pack, required=False)


def _add_deal(acts: _Acts) -> None:
    deal = _command(acts, "deal", "make a device's next batch from a pack")
    deal.add_argument("--pack", metavar="ID", help="the newest if not given")
    deal.add_argument("--device", metavar="ID", help="may be left out if only one")
    deal.add_argument("--days", type=int, help="life of the batch")
    _to(deal, required=False, what="a copy of the batch")


def _add_accept(acts: _Acts) -> None:
    accept = _command(acts, "accept", "take in a submission file, answer a receipt")
    accept.add_argument("file", type=Path, metavar="FILE")
    _to(accept, required=True, what="the receipt")


def _add_export(acts: _Acts) -> None:
    export = _command(acts, "export", "give the table back with what was decided")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--csv", type=Path, metavar="FILE", help="where it goes")
    what.add_argument(
        "--sealed",
        type=Path,
        metavar="FILE",
        help="instead, list what was sealed: reference and hashes, no media",
    )


def _command(acts: _Acts, name: str, words: str) -> argparse.ArgumentParser:
    command = acts.add_parser(name, help=words, description=words.capitalize() + ".")
    _common(command, required=True)
    return command


def _common(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument(
        "--home", type=Path, metavar="DIR", required=required, help="of the service"
    )
    command.add_argument(
        "--passphrase-file",
        metavar="FILE",
        required=required,
        help="first line of FILE; - for standard input",
    )
    command.add_argument("--json", action="store_true", help="one JSON object")


def _root(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--root-key", type=Path, metavar="FILE", help="default: root.key in the home"
    )
    command.add_argument(
        "--root-passphrase-file",
        metavar="FILE",
        help="default: the passphrase of the service",
    )


def _to(command: argparse.ArgumentParser, *, required: bool, what: str) -> None:
    command.add_argument(
        "--to", type=Path, metavar="FILE", required=required, help=f"where {what} goes"
    )
