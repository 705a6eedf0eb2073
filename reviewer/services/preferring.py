"""The reviewer's own settings, read from the vault and put back."""

from __future__ import annotations

from typing import Final

import msgspec

from reviewer.domain.preferences import DEFAULT, Preferences, decoded
from reviewer.errors import Code, RefusedError
from reviewer.ports import Store

META_PREFERENCES: Final = "preferences"


class Preferring:
    """The settings of one vault; every call on the store's thread."""

    def __init__(self, store: Store) -> None:
        """Keep the vault; nothing is read yet."""
        self._store = store
        self._was_lost = False

    def get(self) -> Preferences:
        """Return what is set; unknown or damaged values are the defaults.

        What cannot be read is replaced, so that it is told once: `take_lost`.
        """
        kept = self._store.meta(META_PREFERENCES)
        if kept is None:
            return DEFAULT
        found = decoded(kept)
        if found is not None:
            return found
        self._was_lost = True
        if not self._store.read_only():
            self._write(DEFAULT)
        return DEFAULT

    def put(self, preferences: Preferences) -> None:
        """Keep what is set.

        Raises:
            RefusedError: INPUT_INVALID, a value beyond its bounds; READ_ONLY.
            UnavailableError: the disk failed; nothing has changed.
        """
        if decoded(msgspec.json.encode(preferences)) != preferences:
            raise RefusedError(Code.INPUT_INVALID, "preferences")
        self._write(preferences)

    def take_lost(self) -> bool:
        """Return once that settings could not be read and the defaults hold."""
        was_lost, self._was_lost = self._was_lost, False
        return was_lost

    def _write(self, preferences: Preferences) -> None:
        with self._store.write() as tx:
            tx.put_meta(META_PREFERENCES, msgspec.json.encode(preferences))
