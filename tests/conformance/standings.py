"""What any `Store` must do with the standings of items."""

from __future__ import annotations

import msgspec

from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.item import Priority
from tests.conformance.store import StoreSuite
from tests.fakes.entries import (
    Entries,
    batch_id,
    decide,
    decided_standing,
    fill,
    new_batch,
    new_item,
)


class StandingSuite(StoreSuite):
    """The suite of the store, and how items stand; inherit as from that one."""

    def test_standings_follow_what_was_put(self) -> None:
        """Decided, handed back and open again, in rows and counts."""
        items = fill(self.store, self.keys, count=4)
        seq = decide(self.store, self.keys, items[0])
        entries = Entries(self.store, self.keys)
        back = entries.handed_back(items[1])
        with self.store.write() as tx:
            tx.append(back)
            tx.put_standing(
                Standing(
                    item_id=items[1].id, kind=StandingKind.HANDED_BACK, seq=back.seq
                )
            )
        store = self.reopened()
        assert store.item(items[0].id).standing == decided_standing(items[0], seq)
        counts = store.counts(batch_id())
        assert (counts.open, counts.decided, counts.handed_back) == (2, 1, 1)
        undo = Entries(store, self.keys).undone(items[1], back)
        with store.write() as tx:
            tx.append(undo)
            tx.put_standing(Standing(item_id=items[1].id, kind=StandingKind.OPEN))
        assert self.reopened().counts(batch_id()).handed_back == 0

    def test_one_entry_moves_many_items(self) -> None:
        """Handed over by one entry; each says which, and stays kept for later."""
        items = fill(self.store, self.keys, count=4)
        over = Entries(self.store, self.keys).handed_over((1, 3))
        with self.store.write() as tx:
            tx.set_keep(items[3].id, keep=True)
            tx.append(over)
            tx.put_standings(
                [
                    Standing(
                        item_id=items[place].id,
                        kind=StandingKind.HANDED_OVER,
                        seq=over.seq,
                        keep=place == 3,
                    )
                    for place in (1, 3)
                ]
            )
        store = self.reopened()
        kinds = [row.standing.kind for row in store.items(batch_id())]
        over_kind, open_kind = StandingKind.HANDED_OVER, StandingKind.OPEN
        assert kinds == [open_kind, over_kind, open_kind, over_kind]
        assert store.item(items[3].id).standing.keep
        assert store.item(items[1].id).standing.seq == over.seq
        counts = store.counts(batch_id())
        assert (counts.open, counts.handed_over) == (2, 2)

    def test_counts_tell_the_most_urgent_open_priority(self) -> None:
        """What is decided counts no more; of nothing open there is none."""
        items = [
            msgspec.structs.replace(new_item(number), priority=priority)
            for number, priority in enumerate((Priority.P1, Priority.P6, Priority.P3))
        ]
        with self.store.write() as tx:
            tx.add_batch(new_batch(items_count=3), items)
        assert self.store.counts(batch_id()).open_priority is Priority.P1
        decide(self.store, self.keys, items[0])
        store = self.reopened()
        assert store.counts(batch_id()).open_priority is Priority.P3
        decide(store, self.keys, items[2])
        decide(store, self.keys, items[1])
        assert store.counts(batch_id()).open_priority is None

    def test_counts_tell_severities_and_languages(self) -> None:
        """A corrected severity counts where it went; unrated is a place of its own."""
        severities = [0, 3, 3, 5, None]
        items = [new_item(n, severity=one) for n, one in enumerate(severities)]
        with self.store.write() as tx:
            tx.add_batch(new_batch(items_count=5), items)
            tx.set_own_severity(items[1].id, 4)
        counts = self.store.counts(batch_id())
        assert counts.severities == (1, 0, 0, 1, 1, 1, 1)
        assert counts.languages == ("ar", "en", "uk")
        assert self.store.item(items[1].id).own_severity == 4
        with self.store.write() as tx:
            tx.set_own_severity(items[1].id, None)
        assert self.store.counts(batch_id()).severities == (1, 0, 0, 2, 0, 1, 1)
