"""Markers in an exposure ledger, for any test that scans what leaves or stays open.

`plant` puts them where a session would: in the ledger's file and, sealed, in the
vault; `expose` has a session do it. What a scan then finds has left the ledger.
"""

from __future__ import annotations

from typing import Final

import msgspec

from reviewer.ports import LedgerFile, Store
from reviewer.safeguards import recording, restoring
from reviewer.safeguards.ledger import Ledger, to_bytes
from reviewer.services.exposing import Exposing
from tests.fakes.canaries import Marker, word
from tests.fakes.clock import StepClock
from tests.fakes.exposure import Exposure, facts
from tests.fakes.sitting import row_of

TAG: Final = word("ledger tag")
ITEM: Final = Marker("ledger item", b"c0ffee5eed1e5500c0ffee5eed1e5500")
MILLISECONDS: Final = Marker("ledger time", b"7351928461537")
MARKERS: Final = (TAG, ITEM, MILLISECONDS)


def marked() -> Ledger:
    """Return a ledger that holds every marker in several places."""
    desk = Exposure()
    tag = TAG.data.decode()
    seen = facts(int(ITEM.data, 16), 5, tags=(tag,))
    desk.look(seen)
    desk.finish(seen)
    desk.save(recording.opt_out(desk.ledger, tag, now=desk.now, values=desk.values))
    today = desk.ledger.today
    assert today is not None
    return msgspec.structs.replace(
        desk.ledger,
        today=msgspec.structs.replace(today, severe_ms=int(MILLISECONDS.data)),
    )


def expose(exposure: Exposing, clock: StepClock) -> None:
    """Have a session put every marker into its own ledger, and save it."""
    tag, wall = TAG.data.decode(), clock.unix_ms()
    row = row_of(facts(int(ITEM.data, 16), 5, tags=(tag,)))
    exposure.on_input(row)
    exposure.begin_look(row)
    exposure.save()
    clock.advance(int(MILLISECONDS.data))
    clock.set_unix_ms(wall)
    exposure.end_look()
    exposure.finished(row)
    exposure.opt_out(tag)
    exposure.save()


def plant(file: LedgerFile, store: Store) -> None:
    """Write a marked ledger as a session writes its own."""
    ledger = marked()
    file.write(to_bytes(ledger))
    totals = restoring.totals_to_bytes(restoring.totals_of(ledger))
    with store.write() as tx:
        tx.put_ledger_totals(file.seal(totals))
