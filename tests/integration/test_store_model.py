"""The real store does what its fake does, whatever the order of acts."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import Sha256Hex
from reviewer.domain.item import Item
from reviewer.ports import NewEntry, PendingSubmission, Store, StoredOpening, Writing
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import (
    Entries,
    batch_id,
    decided_standing,
    fill,
    put_decided,
)
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_store import MemoryStoreOpener

ITEMS = 5
places = st.integers(0, ITEMS - 1)


class Abandoned(Exception):  # noqa: N818 (raised to leave a transaction)
    """Leaves a transaction in the middle."""


class StoreModel(RuleBasedStateMachine):
    """Each act is done to both stores; after each, both say the same."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.keys = vault_keys()
        self.real_opener = SqlStoreOpener(Path(self.folder.name) / "profile")
        self.model_opener = MemoryStoreOpener()
        self.real: Store = self.real_opener.create(self.keys)
        self.model: Store = self.model_opener.create(self.keys)
        for store in self.both:
            self.items: list[Item] = fill(store, self.keys, count=ITEMS)
        self.standing: dict[int, NewEntry] = {}
        self.sent = 0

    @property
    def both(self) -> tuple[Store, Store]:
        return self.real, self.model

    def apply(self, act: Any) -> None:  # noqa: ANN401 (a function of a transaction)
        for store in self.both:
            with store.write() as tx:
                act(tx)

    @rule(place=places, verdict=st.sampled_from(["one", "two"]), noted=st.booleans())
    def decide(self, place: int, verdict: str, *, noted: bool) -> None:
        item = self.items[place]
        entry = Entries(self.model, self.keys).decided(item, verdict=verdict)

        def act(tx: Writing) -> None:
            put_decided(tx, entry, item, verdict=verdict)
            if noted:
                note = StoredOpening(seq=entry.seq, salt=b"s" * 16, text=verdict)
                tx.add_opening(note)

        self.apply(act)
        self.standing[place] = entry

    @rule(place=places)
    def hand_back(self, place: int) -> None:
        item = self.items[place]
        entry = Entries(self.model, self.keys).handed_back(item)
        standing = Standing(
            item_id=item.id, kind=StandingKind.HANDED_BACK, seq=entry.seq
        )

        def act(tx: Writing) -> None:
            tx.append(entry)
            tx.put_standing(standing)

        self.apply(act)
        self.standing.pop(place, None)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.standing)))
        item = self.items[place]
        entry = Entries(self.model, self.keys).undone(item, self.standing.pop(place))

        def act(tx: Writing) -> None:
            tx.append(entry)
            tx.put_standing(Standing(item_id=item.id, kind=StandingKind.OPEN))

        self.apply(act)

    @rule(place=places, keep=st.booleans())
    def keep(self, place: int, *, keep: bool) -> None:
        self.apply(lambda tx: tx.set_keep(self.items[place].id, keep=keep))

    @rule(place=places, severity=st.none() | st.integers(0, 5))
    def correct(self, place: int, severity: int | None) -> None:
        item_id = self.items[place].id
        self.apply(lambda tx: tx.set_own_severity(item_id, severity))

    @rule(place=places)
    def open_item(self, place: int) -> None:
        item = self.items[place]
        entry = Entries(self.model, self.keys).opened(item)

        def act(tx: Writing) -> None:
            tx.append(entry)
            tx.mark_opened(item.id)

        self.apply(act)

    @rule()
    def submit_and_receive(self) -> None:
        size = self.model.head().size
        sha256 = Sha256Hex(f"{size:064x}")
        pending = PendingSubmission(
            sha256=sha256, first=self.sent, last=size - 1, data=b"frozen"
        )
        self.apply(lambda tx: tx.add_submission(pending))
        self.apply(lambda tx: tx.add_receipt(b"r", submission=sha256, size=size))
        self.sent = size

    @rule(place=places)
    def fail_in_the_middle(self, place: int) -> None:
        item = self.items[place]
        entry = Entries(self.model, self.keys).decided(item)
        for store in self.both:
            with contextlib.suppress(Abandoned), store.write() as tx:
                tx.append(entry)
                tx.put_standing(decided_standing(item, entry.seq))
                raise Abandoned

    @rule()
    def reopen(self) -> None:
        for store in self.both:
            store.close()
        self.real = self.real_opener.open(self.keys)
        self.model = self.model_opener.open(self.keys)

    @invariant()
    def both_say_the_same(self) -> None:
        real, model = self.both
        assert real.head() == model.head()
        assert not real.read_only()
        assert real.items(batch_id()) == model.items(batch_id())
        assert real.counts(batch_id()) == model.counts(batch_id())
        last = model.head().size - 1
        assert list(real.entries(0, last)) == list(model.entries(0, last))
        assert real.leaf_hashes() == model.leaf_hashes()
        assert real.openings(0, last) == model.openings(0, last)
        assert real.pending() == model.pending()
        assert real.receipts() == model.receipts()

    def teardown(self) -> None:
        if hasattr(self, "real"):
            self.real.close()
            self.folder.cleanup()


StoreModel.TestCase.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None
)
TestStoreModel = StoreModel.TestCase
