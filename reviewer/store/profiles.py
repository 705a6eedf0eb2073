"""The profiles of a laptop that people share, each in a folder of its own.

A profile is one person on one machine. The first lies where it always did; others lie
beside it, under random names, so that a folder says nothing. Each may hold a word
that its person chose, in the clear: it is read before anybody unlocks.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import Final

from reviewer.errors import Code, RefusedError
from reviewer.formats import durable
from reviewer.ports import Entropy, KnownProfile
from reviewer.store.opener import DATABASE

BESIDE: Final = "profiles"
ALIAS: Final = "alias"
MOST_ALIAS_BYTES: Final = 256
MOST_PROFILES: Final = 64
_NAME_BYTES: Final = 8
_ALIAS: Final = re.compile(r"[^\W_](?:[\w -]{0,22}[^\W_])")


class Profiles:
    """The folders; nothing in any of them is opened but its word."""

    def __init__(self, first: Path, *, entropy: Entropy = os.urandom) -> None:
        """Take the folder of the first profile; touch nothing yet."""
        self._first = first
        self._beside = first.parent / BESIDE
        self._entropy = entropy

    def known(self) -> tuple[KnownProfile, ...]:
        """Return what there is: the first if it is in use, then those beside it."""
        beside = sorted(self._beside.glob("*")) if self._beside.is_dir() else []
        found = [_known(path) for path in beside[:MOST_PROFILES] if path.is_dir()]
        found.sort(key=lambda one: one.alias.casefold())
        first = _known(self._first)
        return (first, *found) if first.is_set_up or not found else tuple(found)

    def add(self, alias: str) -> KnownProfile:
        """Make room for one more person; enrolling makes the profile itself.

        Raises:
            RefusedError: INPUT_INVALID, no such word, or one that is here already.
            UnavailableError: DISK_FULL, DISK_FAILED.
        """
        word = unicodedata.normalize("NFC", alias.strip())
        taken = {one.alias.casefold() for one in self.known()}
        if _ALIAS.fullmatch(word) is None or word.casefold() in taken:
            raise RefusedError(Code.INPUT_INVALID, "alias")
        folder = self._beside / self._entropy(_NAME_BYTES).hex()
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise durable.disk_error(error) from error
        durable.replace(folder / ALIAS, word.encode())
        return _known(folder)


def _known(folder: Path) -> KnownProfile:
    return KnownProfile(
        folder=folder,
        alias=_alias(folder),
        is_set_up=(folder / DATABASE).exists(),
    )


def _alias(folder: Path) -> str:
    try:
        with (folder / ALIAS).open("rb") as file:
            return file.read(MOST_ALIAS_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""
