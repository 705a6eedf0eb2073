"""Read a passphrase from a file, standard input or the terminal; never echo it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from reviewer.errors import Code, RefusedError

LINE_CHARACTERS = 1_024


def read_passphrase(source: str | None) -> str:
    """Return the first line of the source, without its line end.

    Raises:
        RefusedError: INPUT_MISSING when there is nothing to read.
    """
    if source is None:
        if not sys.stdin.isatty():
            raise RefusedError(Code.INPUT_MISSING, "--passphrase-file")
        return getpass.getpass("Passphrase: ")
    if source == "-":
        line = sys.stdin.readline(LINE_CHARACTERS)
    else:
        try:
            with Path(source).open(encoding="utf-8") as file:
                line = file.readline(LINE_CHARACTERS)
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError(Code.INPUT_MISSING, "--passphrase-file") from error
    passphrase = line.rstrip("\r\n")
    if not passphrase:
        raise RefusedError(Code.INPUT_MISSING, "--passphrase-file is empty")
    return passphrase
