"""What any `Store` must do."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import msgspec
import pytest

from reviewer.chain.tree import leaf_hash
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.fingerprint import NO_FINGERPRINT
from reviewer.domain.ids import ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import Item
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.wire import Act, BeginBody, ClockTrust, Entry
from reviewer.keys.anchorcopies import MAX_COPY_BYTES
from reviewer.matching.words import phrases
from reviewer.ports import (
    NewEntry,
    PendingSubmission,
    SealKeyRow,
    Store,
    StoredOpening,
    StoreOpener,
    StoreState,
    VaultKeys,
)
from tests.fakes.entries import (
    MOMENT,
    POLICY,
    Entries,
    batch_id,
    decide,
    decided_standing,
    fill,
    item_id,
    new_batch,
    new_item,
)
from tests.fakes.key_vault import vault_keys
from tests.fakes.prints import bits_of, print_of


class Abandoned(Exception):  # noqa: N818 (raised by the tests to leave a transaction)
    """Leaves a transaction in the middle."""


class StoreSuite(abc.ABC):
    """Inherit and say how to make an opener that tells `confirmed`."""

    keys: VaultKeys
    opener: StoreOpener
    store: Store
    confirmed: list[tuple[int, Sha256Hex]]

    @abc.abstractmethod
    def make(self, confirmed: Callable[[int, Sha256Hex], None]) -> StoreOpener:
        """Return an opener of an empty profile."""

    @abc.abstractmethod
    def make_beside(self) -> StoreOpener:
        """Return an opener of another empty profile."""

    @pytest.fixture(autouse=True)
    def _open(self, _place: None) -> Iterator[None]:
        self.keys = vault_keys()
        self.confirmed = []
        self.opener = self.make(lambda seq, sha: self.confirmed.append((seq, sha)))
        self.store = self.opener.create(self.keys)
        yield
        self.store.close()

    def reopened(self) -> Store:
        """Close and open again."""
        self.store.close()
        self.store = self.opener.open(self.keys)
        return self.store

    # The journal

    def test_a_new_store_is_empty(self) -> None:
        """The head of an empty journal is 64 zeros."""
        head = self.store.head()
        assert (head.epoch, head.size, head.receipted, head.at) == (0, 0, 0, "")
        assert head.entry_sha256 == "0" * 64
        assert list(self.store.entries(0, -1)) == []
        assert self.store.leaf_hashes() == []
        assert self.store.batches() == ()
        assert self.store.pending() is None
        assert self.store.signed_time() is None
        assert not self.store.read_only()

    def test_entries_come_back_as_they_went_in(self) -> None:
        """Bytes, order, head and leaves, also after a restart."""
        entries = Entries(self.store, self.keys)
        made = [entries.begin()]
        made += [entries.opened(new_item(number)) for number in range(5)]
        with self.store.write() as tx:
            for entry in made:
                tx.append(entry)
        for again in (False, True):
            store = self.reopened() if again else self.store
            found = list(store.entries(0, 5))
            assert [entry.envelope for entry in found] == [e.envelope for e in made]
            assert [entry.seq for entry in found] == list(range(6))
            assert found[0].item_id is None
            assert found[3].item_id == item_id(2)
            assert [one.seq for one in store.entries(2, 3)] == [2, 3]
            assert store.leaf_hashes() == [leaf_hash(e.envelope) for e in made]
            head = store.head()
            assert (head.size, head.at) == (6, "2026-11-21T18")
            assert head.entry_sha256 == sha256_hex(made[-1].envelope)

    def test_each_entry_is_confirmed_once_and_in_order(self) -> None:
        """Confirmation follows the commit and names each entry."""
        entries = Entries(self.store, self.keys)
        made = [entries.begin(), entries.opened(new_item(1))]
        with self.store.write() as tx:
            for entry in made:
                tx.append(entry)
            assert self.confirmed == []
        expected = [(one.seq, sha256_hex(one.envelope)) for one in made]
        assert self.confirmed == expected
        with self.store.write() as tx:
            tx.put_meta("place", b"1")
        assert self.confirmed == expected

    def test_ledger_totals_stay_whatever_is_committed_after_them(self) -> None:
        """The newest copy is there after entries, small values and a restart."""
        assert self.store.ledger_totals() == ()
        with self.store.write() as tx:
            tx.put_ledger_totals(b"first")
        fill(self.store, self.keys)
        assert set(self.store.ledger_totals()) == {b"first"}
        with self.store.write() as tx:
            tx.put_ledger_totals(b"second")
        with self.store.write() as tx:
            tx.put_meta("place", b"1")
        assert set(self.store.ledger_totals()) == {b"second"}
        assert set(self.reopened().ledger_totals()) == {b"second"}

    def test_a_copy_of_the_anchor_is_small_whatever_the_ledger_holds(self) -> None:
        """It fits into a keyring, and is held against the store as before."""
        fill(self.store, self.keys)
        with self.store.write() as tx:
            tx.put_ledger_totals(bytes(8 * 1024))
        copy = self.store.anchor_copy()
        assert len(copy) <= MAX_COPY_BYTES
        self.store.hold_against(copy)
        assert not self.store.read_only()

    def test_ledger_totals_of_a_failed_transaction_are_gone(self) -> None:
        """What was not committed is not remembered."""

        def abandon() -> None:
            with self.store.write() as tx:
                tx.put_ledger_totals(b"never")
                raise Abandoned

        with pytest.raises(Abandoned):
            abandon()
        assert self.store.ledger_totals() == ()

    def test_an_entry_that_does_not_follow_is_refused(self) -> None:
        """Wrong seq, prev, epoch, act or an earlier quarter: CHAIN_BROKEN, no trace."""
        fill(self.store, self.keys)
        before = self.store.head()
        spoils: list[Callable[[Entry], Entry]] = [
            lambda entry: msgspec.structs.replace(entry, seq=entry.seq + 1),
            lambda entry: msgspec.structs.replace(entry, prev=Sha256Hex("0" * 64)),
            lambda entry: msgspec.structs.replace(entry, epoch=1),
            lambda entry: msgspec.structs.replace(entry, at="2026-11-21T12"),
        ]
        body = BeginBody(
            moment=MOMENT,
            clock_trust=ClockTrust.PLAUSIBLE,
            enrolment_sha256=POLICY,
            app_version="0.1.0",
        )
        bad = [
            Entries(self.store, self.keys).entry(Act.BEGIN, body, change=spoil)
            for spoil in spoils
        ]
        good = Entries(self.store, self.keys).begin()
        bad += [replace(good, seq=good.seq + 1), replace(good, act="open")]
        for entry in bad:
            self._refused(entry)
        assert self.store.head() == before
        assert len(self.confirmed) == before.size

    def _refused(self, entry: NewEntry) -> None:
        with pytest.raises(VerificationError) as caught, self.store.write() as tx:
            tx.append(entry)
        assert caught.value.code is Code.CHAIN_BROKEN

    def test_a_transaction_lands_whole_or_not_at_all(self) -> None:
        """An exception inside leaves nothing, and the store goes on."""
        items = fill(self.store, self.keys)
        before = self.store.head()
        entries = Entries(self.store, self.keys)
        with pytest.raises(Abandoned):
            self._abandoned(entries, items[0])
        assert self.store.head() == before
        assert self.store.item(items[0].id).standing.kind is StandingKind.OPEN
        assert self.store.openings(0, 99) == ()
        assert self.store.meta("place") is None
        decide(self.store, self.keys, items[0])
        assert self.reopened().head().size == before.size + 1

    def _abandoned(self, entries: Entries, item: Item) -> None:
        with self.store.write() as tx:
            entry = entries.decided(item)
            tx.append(entry)
            tx.put_standing(decided_standing(item, entry.seq))
            tx.add_opening(StoredOpening(seq=entry.seq, salt=b"s" * 16, text="note"))
            tx.put_meta("place", b"lost")
            raise Abandoned

    def test_the_head_stands_still_during_a_transaction(self) -> None:
        """A writer takes the head once; it moves with the commit."""
        entries = Entries(self.store, self.keys)
        with self.store.write() as tx:
            tx.append(entries.begin())
            assert self.store.head().size == 0
        assert self.store.head().size == 1

    def test_transactions_do_not_nest(self) -> None:
        """A second one inside the first is a bug."""
        with self.store.write(), pytest.raises(AssertionError):
            self.store.write().__enter__()

    def test_openings_stand_beside_their_entries(self) -> None:
        """Free text is found by the range of its entries."""
        items = fill(self.store, self.keys)
        entries = Entries(self.store, self.keys)
        made = [entries.decided(item) for item in items[:3]]
        with self.store.write() as tx:
            for number, entry in enumerate(made):
                tx.append(entry)
                salt = bytes([number]) * 16
                opening = StoredOpening(seq=entry.seq, salt=salt, text=f"no {number}")
                tx.add_opening(opening)
        found = self.reopened().openings(made[1].seq, made[2].seq)
        assert [one.text for one in found] == ["no 1", "no 2"]
        assert found[0].salt == b"\x01" * 16

    # Batches and items

    def test_a_batch_and_its_items_come_back(self) -> None:
        """Rows in order, identities wrapped away, and each one found by its id."""
        items = fill(self.store, self.keys, count=5)
        store = self.reopened()
        assert store.batches() == (new_batch(items_count=5),)
        rows = store.items(batch_id())
        assert [row.position for row in rows] == list(range(5))
        for row, item in zip(rows, items, strict=True):
            assert row.item == msgspec.structs.replace(item, identity="")
            assert row == store.item(item.id)
            assert row.standing == Standing(item_id=item.id, kind=StandingKind.OPEN)
            assert (row.opened, row.own_severity) == (False, None)
            assert store.identity(item.id) == int(item.id, 16).to_bytes(32, "big")

    def test_batches_are_found_by_their_place_in_the_stream(self) -> None:
        """A stream is a coordinator; newest last."""
        fill(self.store, self.keys, number=1)
        fill(self.store, self.keys, number=2)
        first, second = self.store.batches()
        assert self.store.batch_by_seq(first.coordinator, 0) == first
        assert self.store.batch_by_seq(first.coordinator, 1) == second
        assert self.store.batch_by_seq(first.coordinator, 2) is None
        assert self.store.batch_by_seq(KeyId("22" * 32), 0) is None

    def test_what_is_unknown_is_refused(self) -> None:
        """ITEM_UNKNOWN for each way to ask."""
        fill(self.store, self.keys)
        unknown = ItemId("f" * 32)
        for call in (
            lambda: self.store.item(unknown),
            lambda: self.store.identity(unknown),
        ):
            with pytest.raises(RefusedError) as caught:
                call()
            assert caught.value.code is Code.ITEM_UNKNOWN
        assert self.store.items(batch_id(9)) == ()
        with pytest.raises(RefusedError), self.store.write() as tx:
            tx.set_keep(unknown, keep=True)
        with pytest.raises(RefusedError), self.store.write() as tx:
            tx.put_standing(Standing(item_id=unknown, kind=StandingKind.OPEN))

    def test_marks_are_kept(self) -> None:
        """Opened and kept for later, across a restart."""
        items = fill(self.store, self.keys)
        entry = Entries(self.store, self.keys).opened(items[0])
        with self.store.write() as tx:
            tx.append(entry)
            tx.mark_opened(items[0].id)
            tx.set_keep(items[1].id, keep=True)
        store = self.reopened()
        assert store.item(items[0].id).opened
        assert store.item(items[1].id).standing.keep
        assert not store.item(items[1].id).opened
        with store.write() as tx:
            tx.set_keep(items[1].id, keep=False)
        assert not store.item(items[1].id).standing.keep

    def test_fingerprints_are_kept_in_order(self) -> None:
        """Across a restart; what has none yet is named, a few at a time."""
        items = fill(self.store, self.keys, count=4)
        found = print_of(bits_of("a"), bits_of("b"), quality=77, pixels_count=12)
        with self.store.write() as tx:
            tx.put_fingerprint(items[2].id, found)
            tx.put_fingerprint(items[0].id, NO_FINGERPRINT)
        store = self.reopened()
        assert store.fingerprints(batch_id()) == (
            (items[0].id, NO_FINGERPRINT),
            (items[2].id, found),
        )
        assert store.unprinted(batch_id(), most=9) == (items[1].id, items[3].id)
        assert store.unprinted(batch_id(), most=1) == (items[1].id,)
        assert store.fingerprints(batch_id(9)) == ()
        assert store.unprinted(batch_id(9), most=9) == ()

    def test_a_fingerprint_replaces_an_earlier_one(self) -> None:
        """One item has one fingerprint."""
        items = fill(self.store, self.keys)
        first, second = (print_of(bits_of(name)) for name in "ab")
        for found in (first, second):
            with self.store.write() as tx:
                tx.put_fingerprint(items[0].id, found)
        assert self.store.fingerprints(batch_id())[0] == (items[0].id, second)

    def test_a_fingerprint_of_an_unknown_item_is_refused(self) -> None:
        """ITEM_UNKNOWN."""
        with pytest.raises(RefusedError) as caught, self.store.write() as tx:
            tx.put_fingerprint(item_id(404), NO_FINGERPRINT)
        assert caught.value.code is Code.ITEM_UNKNOWN

    def test_its_own_copy_of_the_anchor_changes_nothing(self) -> None:
        """Of now or of before: the database is where it says, or further."""
        before = self.store.anchor_copy()
        fill(self.store, self.keys)
        for copy in (before, self.store.anchor_copy(), b"", b"x" * 400):
            self.store.hold_against(copy)
            assert not self.store.read_only()
        assert self.reopened().anchor_copy() == self.store.anchor_copy()

    def test_a_copy_from_further_on_turns_it_read_only(self) -> None:
        """Until it is opened anew; everything can still be read."""
        items = fill(self.store, self.keys)
        twin_keys = self.keys
        ahead = self._copy_of_a_longer_journal(twin_keys)
        self.store.hold_against(ahead)
        assert self.store.read_only()
        with pytest.raises(RefusedError) as caught, self.store.write():
            pass
        assert caught.value.code is Code.READ_ONLY
        assert self.store.item(items[0].id).item.id == items[0].id

    def test_a_copy_of_another_vault_changes_nothing(self) -> None:
        """Its MAC does not hold."""
        fill(self.store, self.keys)
        self.store.hold_against(self._copy_of_a_longer_journal(vault_keys()))
        assert not self.store.read_only()

    def _copy_of_a_longer_journal(self, keys: VaultKeys) -> bytes:
        twin = self.make_beside().create(keys)
        try:
            items = fill(twin, keys)
            for item in items:
                decide(twin, keys, item)
            return twin.anchor_copy()
        finally:
            twin.close()

    # Beside the journal

    def test_seal_keys_are_stocked_published_and_destroyed(self) -> None:
        """Publishing never goes back, and a dropped key is gone."""
        keys = [
            SealKeyRow(
                key_id=KeyId(f"{n:064x}"), private=bytes([n]) * 96, published=False
            )
            for n in range(3)
        ]
        with self.store.write() as tx:
            tx.put_seal_keys(keys)
        with self.store.write() as tx:
            tx.put_seal_keys([replace(keys[1], published=True)])
            tx.put_seal_keys([keys[1]])
            tx.drop_seal_key(keys[0].key_id)
        assert self.reopened().seal_keys() == (
            replace(keys[1], published=True),
            keys[2],
        )

    def test_a_receipt_answers_its_submission(self) -> None:
        """Entries below its size count as sent; the same receipt again is no news."""
        items = fill(self.store, self.keys)
        seq = decide(self.store, self.keys, items[0])
        late = decide(self.store, self.keys, items[1])
        pending = PendingSubmission(
            sha256=Sha256Hex("7" * 64), first=0, last=seq, data=b"frozen" * 1000
        )
        with self.store.write() as tx:
            tx.add_submission(pending)
        assert self.reopened().pending() == pending
        for _ in range(2):
            with self.store.write() as tx:
                tx.add_receipt(b"receipt", submission=pending.sha256, size=seq + 1)
        store = self.reopened()
        assert store.pending() is None
        assert store.receipts() == (b"receipt",)
        assert store.head().receipted == seq + 1
        assert store.item(items[0].id).standing.sent
        assert store.item(items[1].id).standing.seq == late
        assert not store.item(items[1].id).standing.sent
        assert [row.standing.sent for row in store.items(batch_id())][:2] == [
            True,
            False,
        ]

    def test_a_receipt_over_more_than_there_is_is_a_bug(self) -> None:
        """The service has verified it against this journal."""
        with pytest.raises(AssertionError), self.store.write() as tx:
            tx.add_receipt(b"receipt", submission=Sha256Hex("7" * 64), size=1)

    def test_small_values_are_kept(self) -> None:
        """The last one put is the one that stands."""
        with self.store.write() as tx:
            tx.put_meta("trust", b"one")
            tx.put_meta("trust", b"two")
            tx.put_meta("empty", b"")
        store = self.reopened()
        assert (store.meta("trust"), store.meta("empty")) == (b"two", b"")
        assert store.meta("other") is None

    def test_signed_time_only_rises(self) -> None:
        """A lower one changes nothing."""
        low, high = UtcTime("2026-11-20T00:00:00Z"), UtcTime("2026-11-21T00:00:00Z")
        for time in (high, low):
            with self.store.write() as tx:
                tx.raise_signed_time(time)
        assert self.reopened().signed_time() == high

    # Finding

    def test_words_are_found_in_every_field_of_a_batch(self) -> None:
        """By their start, whatever the script, and after a restart."""
        items = [
            new_item(1, text="A needle"),
            new_item(2, text="国旗在广场上"),
            new_item(3, text="العلم الأسود"),
        ]
        row = new_batch(items_count=3)
        with self.store.write() as tx:
            tx.add_batch(row, items)
        for again in (False, True):
            store = self.reopened() if again else self.store
            find = partial(store.find, batch_id())
            assert find(phrases("need")) == {items[0].id}
            assert find(phrases("needle forum")) == {items[0].id}
            assert find(phrases("旗在")) == {items[1].id}
            assert find(phrases("الاسود")) == {items[2].id}
            assert find(phrases("caption")) == {each.id for each in items}
            assert find(phrases("needle 000002")) == frozenset()
            assert store.find(batch_id(2), phrases("needle")) == frozenset()

    def test_identities_of_a_batch_are_read_at_once(self) -> None:
        """Each is what `identity` gives, and those that are gone are refused."""
        items = fill(self.store, self.keys)
        identities = self.store.identities(batch_id())
        for item in items:
            assert identities(item.id) == self.store.identity(item.id)
        with pytest.raises(RefusedError) as caught:
            identities(item_id(99))
        assert caught.value.code is Code.ITEM_UNKNOWN

    # Opening and closing

    def test_a_closed_store_answers_locked(self) -> None:
        """After lock nothing can be read or written."""
        fill(self.store, self.keys)
        self.store.close()
        for call in (
            self.store.head,
            self.store.batches,
            lambda: self.store.item(item_id(0)),
            lambda: self.store.meta("trust"),
            lambda: list(self.store.entries(0, 0)),
            lambda: self.store.write().__enter__(),
        ):
            with pytest.raises(ReviewerError) as caught:
                call()
            assert caught.value.code is Code.LOCKED

    def test_a_second_create_is_refused(self) -> None:
        """A database is never written over."""
        with pytest.raises(RefusedError) as caught:
            self.opener.create(self.keys)
        assert caught.value.code is Code.ALREADY_ENROLLED

    def test_other_keys_do_not_open(self) -> None:
        """A wrong database key says DATABASE_DAMAGED, and nothing is changed."""
        fill(self.store, self.keys)
        self.store.close()
        with pytest.raises(ReviewerError) as caught:
            self.opener.open(vault_keys())
        assert caught.value.code is Code.DATABASE_DAMAGED
        assert self.reopened().head().size == 2

    def test_the_state_is_told_without_a_key(self) -> None:
        """Small values are no entry; with the first entry the journal has begun."""
        with self.store.write() as tx:
            tx.put_meta("enrolment", b"sent")
        assert self.opener.state() is StoreState.EMPTY
        fill(self.store, self.keys)
        assert self.opener.state() is StoreState.BEGUN
        self.store.close()
        assert self.opener.state() is StoreState.BEGUN
        self.opener.destroy()
        assert self.opener.state() is StoreState.NONE
        self.store = self.opener.create(self.keys)

    def test_destroy_makes_room_for_a_new_store(self) -> None:
        """After a failed enrolment nothing of the old store is left."""
        fill(self.store, self.keys)
        self.store.close()
        self.opener.destroy()
        self.opener.destroy()
        with pytest.raises(UnavailableError) as caught:
            self.opener.open(self.keys)
        assert caught.value.code is Code.PROFILE_MISSING
        self.store = self.opener.create(self.keys)
        assert self.store.head().size == 0
        assert self.store.batches() == ()
