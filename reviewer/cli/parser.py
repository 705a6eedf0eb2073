"""The command line of design.md 10. No secret is ever an argument."""

from __future__ import annotations

import argparse
from pathlib import Path

EPILOG = (
    "Exit codes: 0 done, 1 refused or false, 2 usage, 3 unavailable, 4 bad media. "
    "Also: reviewer demo, reviewer coordinator (where they are installed)."
)


def build() -> argparse.ArgumentParser:
    """Return the parser of everything but `demo` and `coordinator`."""
    parser = argparse.ArgumentParser(
        prog="reviewer",
        description="Review content offline. Without a command, opens the window.",
        epilog=EPILOG,
    )
    _profile(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _enrol(commands.add_parser("enrol", help="join an organisation"))
    fetch = commands.add_parser("fetch", help="bring in batches over the network")
    imports = commands.add_parser("import", help="bring in batch or trust files")
    imports.add_argument("files", nargs="+", type=Path, metavar="FILE")
    lists = commands.add_parser("list", help="list the batches of a profile")
    submit = commands.add_parser("submit", help="send decisions, or write them")
    submit.add_argument("--to", type=Path, metavar="FILE", help="write to a file")
    submit.add_argument("--capacity", choices=("none", "low", "ok"), default="ok")
    receipt = commands.add_parser("receipt", help="take in a receipt file")
    receipt.add_argument("file", type=Path, metavar="FILE")
    for each in (fetch, imports, lists, submit, receipt):
        _unlocking(each)
    _verify(commands.add_parser("verify", help="verify a file or the journal"))
    doctor = commands.add_parser("doctor", help="check what this machine can keep")
    _unlocking(doctor)
    doctor.add_argument(
        "--preflight",
        action="store_true",
        help="before there is a profile: is this machine ready, and what to do",
    )
    licences = commands.add_parser("licences", help="what is inside, on which terms")
    licences.add_argument("name", nargs="?", metavar="NAME", help="print its texts")
    licences.add_argument("--json", action="store_true")
    return parser


def _profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the folder of the profile",
    )


def _unlocking(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        default=None,
        help="read the passphrase from a file, or - for standard input",
    )
    parser.add_argument("--json", action="store_true")


def _enrol(parser: argparse.ArgumentParser) -> None:
    _unlocking(parser)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--coordinator", metavar="URL", help="join over the network")
    way.add_argument("--request", type=Path, metavar="FILE", help="write a request")
    way.add_argument("--accept", type=Path, metavar="FILE", help="take the answer")
    parser.add_argument("--invite", metavar="CODE", help="the invitation's code")
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help="the organisation's trust file"
    )


def _verify(parser: argparse.ArgumentParser) -> None:
    _unlocking(parser)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--journal", action="store_true", help="verify the journal")
    parser.add_argument("--trust", type=Path, metavar="FILE")
    parser.add_argument("--root", metavar="SHA256", help="the root key's hash")
    parser.add_argument("--open-with", type=Path, metavar="KEYFILE")
