"""Where an exposure ledger lies: its sealed file, and the totals that the vault keeps.

The file is written first: a vault that is ahead of it knows that it was put back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviewer.errors import ReviewerError, VerificationError
from reviewer.ports import LedgerFile, Store
from reviewer.safeguards import restoring
from reviewer.safeguards.ledger import Ledger, from_bytes, to_bytes
from reviewer.safeguards.restoring import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What there was at an unlock."""

    stored: Ledger | None
    totals: Totals | None
    """The newest copy that opens."""
    was_unreadable: bool
    """The file, or a copy of the totals, is there and does not open."""


class Ledgering:
    """The two places that remember; on the store's thread."""

    def __init__(self, file: LedgerFile, store: Store) -> None:
        """Touch nothing yet."""
        self._file = file
        self._store = store

    def read(self) -> Read:
        """Read both; what does not open is no error but a finding."""
        stored, is_spoilt = self._stored()
        totals, is_lost = self._newest(self._store.ledger_totals())
        return Read(stored=stored, totals=totals, was_unreadable=is_spoilt or is_lost)

    def write(self, ledger: Ledger) -> None:
        """Write the file, then the totals; in a read-only vault the file alone.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED.
            RefusedError: LOCKED.
        """
        self._file.write(to_bytes(ledger))
        if self._store.read_only():
            return
        totals = restoring.totals_to_bytes(restoring.totals_of(ledger))
        sealed = self._file.seal(totals)
        with self._store.write() as tx:
            tx.put_ledger_totals(sealed)

    def _stored(self) -> tuple[Ledger | None, bool]:
        try:
            data = self._file.read()
            return (None, False) if data is None else (from_bytes(data), False)
        except ReviewerError:
            return None, True

    def _newest(self, copies: Iterable[bytes]) -> tuple[Totals | None, bool]:
        opened: list[Totals] = []
        is_spoilt = False
        for copy in copies:
            try:
                opened.append(restoring.totals_from_bytes(self._file.open(copy)))
            except VerificationError:
                is_spoilt = True
        return restoring.newest(opened), is_spoilt
