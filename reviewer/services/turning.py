"""Let item key and database key turn after a key was destroyed (design.md 5).

A turn goes: fresh keys beside the old in the header, everything in the database under
the fresh ones, the old ones out of header and keyring. It only goes forward: what a
crash leaves half done is brought on at the next unlock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from reviewer.errors import ReviewerError
from reviewer.ports import KeyVault, Store, VaultKeys


def _keep_nothing() -> None:
    """Keep no copy: tests of the parts have no keyring."""


class Turning:
    """The keys of one unlocked profile; called on the store's thread."""

    def __init__(
        self,
        *,
        vault: KeyVault,
        store: Store,
        keys: VaultKeys,
        keep_anchor: Callable[[], None] = _keep_nothing,
    ) -> None:
        """Take the header, the database, and the keys that opened both.

        `keep_anchor` keeps a copy of the anchor elsewhere: a seal or a shred must not
        be undone by a folder that is put back.
        """
        self._vault = vault
        self._store = store
        self._keys = keys
        self._keep_anchor = keep_anchor

    @property
    def keys(self) -> VaultKeys:
        """Return the keys as they are now."""
        return self._keys

    def turn(self, *, whole: bool) -> None:
        """Turn the item key, and where `whole` the key of the database too.

        Raises:
            RefusedError: READ_ONLY, LOCKED.
            UnavailableError: the disk or the keyring failed; what is left is done at
                the next lock or unlock.
        """
        if self._keys.next is None:
            self._keys = self._vault.begin_turn(database=whole)
        self._store.turn(self._keys)
        self._keys = self._vault.finish_turn()

    def settle(self) -> None:
        """Finish a turn that was cut, and do one that is due; at lock and at unlock.

        Never raises: a lock must not fail, and the next unlock tries again.
        """
        with contextlib.suppress(ReviewerError):
            if self._store.read_only():
                return
            if self._keys.next is not None:
                self.turn(whole=True)
            if self._store.turn_due():
                self.turn(whole=True)

    def destroyed(self) -> None:
        """Turn the item key now that a key was destroyed; the rest waits for the lock.

        Never raises, as `settle`.
        """
        with contextlib.suppress(ReviewerError):
            self.turn(whole=False)
        self._keep_anchor()

    def forget(self) -> None:
        """Forget what a turn would need."""
        self._vault.forget()
