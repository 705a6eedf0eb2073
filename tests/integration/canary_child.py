"""A program that works on a batch and then stands still, everything open.

Reads its orders as one JSON line on standard input, enrols, fetches, looks at every
item, decides with a note, and writes one line when it has. It ends when told to, or
when it is killed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.session import OpenBatch, Session
from tests.fakes.bench_profile import PASSPHRASE, BenchProfile
from tests.fakes.clock import StepClock
from tests.fakes.looking import grant_for, note


def look(session: Session, batch: OpenBatch, row: ItemRow, clock: StepClock) -> bool:
    """See an item concealed and clear; return whether anything could be shown."""
    view = session.viewing.concealed(row, strength_px=16, grey=True)
    if view.refused is not None:
        return False
    grant = grant_for(row, values=batch.values, clock=clock)
    note(session.exposure, row)
    if row.item.kind is Kind.TEXT:
        return bool(session.viewing.text(row.item, grant, page=0))
    shown = session.viewing.clear(
        row.item, grant, box=WHOLE_BOX, width_px=64, height_px=64
    )
    return shown.width_px > 48


def main() -> None:
    """Work, say so, and wait."""
    orders = json.loads(sys.stdin.readline())
    clock = StepClock()
    profile = BenchProfile(Path(orders["profile"]), clock)
    session = profile.door().enrol_online(orders["url"], orders["code"], PASSPHRASE)
    sys.stdout.write(json.dumps({"device": session._keys.device.key_id}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()  # the batch is dealt
    session.fetch()
    batch = session.open_batch(session.home().batches[0].batch_id)
    shown = 0
    for row in batch.rows:
        session.opened(row.item.id)
        shown += look(session, batch, row, clock)
        session.decide(
            row.item.id,
            Complete(verdict="NOT_VIOLATING"),
            looks=Looks(),
            note=orders["note"],
        )
    sys.stdout.write(json.dumps({"shown": shown}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    session.lock()


if __name__ == "__main__":
    main()
