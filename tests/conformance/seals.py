"""What any `Store` must do with keys that are destroyed, kept aside, or turned."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.item import Context, Item
from reviewer.errors import Code, RefusedError
from reviewer.formats.wire import (
    Act,
    ClockTrust,
    SealBody,
    SealedMedia,
    SealStage,
)
from reviewer.ports import NextKeys, Store, StoreOpener, VaultKeys
from tests.fakes.entries import MOMENT, POLICY, Entries, batch_id, fill
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_store import turned
from tests.fakes.prints import bits_of, print_of


class SealSuite(abc.ABC):
    """Inherit and say how to make an opener."""

    keys: VaultKeys
    opener: StoreOpener
    store: Store
    items: list[Item]

    @abc.abstractmethod
    def make(self) -> StoreOpener:
        """Return an opener of an empty profile."""

    @pytest.fixture(autouse=True)
    def _open(self, _place: None) -> Iterator[None]:
        self.keys = vault_keys()
        self.opener = self.make()
        self.store = self.opener.create(self.keys)
        self.items = fill(self.store, self.keys, count=4)
        yield
        self.store.close()

    def reopened(self, keys: VaultKeys | None = None) -> Store:
        """Close and open again."""
        self.store.close()
        self.store = self.opener.open(keys or self.keys)
        return self.store

    def seal(self, item: Item, *, keep_key: bool = False) -> None:
        """Seal an item as the service does: entry, standing, key."""
        entries = Entries(self.store, self.keys)
        body = SealBody(
            moment=MOMENT,
            clock_trust=ClockTrust.PLAUSIBLE,
            batch_id=batch_id(),
            item_id=item.id,
            item_sha256=item.sha256,
            stage=SealStage.SEALED,
            ciphertext=SealedMedia(media_sha256=POLICY, offset_bytes=0, length_bytes=1),
            quarantine_key=None if keep_key else self.keys.device.key_id,
            wrapped=None if keep_key else "AAAA",
        )
        with self.store.write() as tx:
            entry = entries.entry(Act.SEAL, body, item=item.id)
            tx.append(entry)
            tx.put_standing(
                Standing(item_id=item.id, kind=StandingKind.SEALED, seq=entry.seq)
            )
            tx.seal_item(item.id, keep_key=keep_key)

    def next_keys(self, *, whole: bool) -> VaultKeys:
        """Return keys in the middle of a turn."""
        database_key = bytes(32) if whole else self.keys.database_key[:32]
        fresh = NextKeys(
            item_key=bytes(range(32)),
            item_key_generation=self.keys.item_key_generation + 1,
            database_key=database_key + self.keys.database_key[32:],
        )
        return replace(self.keys, next=fresh)

    def test_a_sealed_item_has_no_key_and_no_words(self) -> None:
        """Also after a restart; the others are as they were."""
        with self.store.write() as tx:
            tx.put_fingerprint(self.items[0].id, print_of(bits_of("a")))
        self.seal(self.items[0])
        store = self.reopened()
        _refused(lambda: store.identity(self.items[0].id))
        _refused(lambda: store.kept_identity(self.items[0].id))
        row = store.item(self.items[0].id)
        assert (row.item.ref, row.item.sha256) == (
            self.items[0].ref,
            self.items[0].sha256,
        )
        assert (row.item.context, row.item.tags, row.item.text) == (Context(), (), None)
        assert store.fingerprints(batch_id()) == ()
        assert store.find(batch_id(), ["caption"]) == {
            item.id for item in self.items[1:]
        }
        assert store.counts(batch_id()).sealed == 1
        assert store.item(self.items[1].id).item.tags == self.items[1].tags
        assert [r.item.id for r in store.standing_as(StandingKind.SEALED)] == [
            self.items[0].id
        ]

    def test_a_key_that_is_kept_is_kept_aside(self) -> None:
        """No reader finds it; the seal to come does, and then it goes."""
        item = self.items[0]
        self.seal(item, keep_key=True)
        store = self.reopened()
        _refused(lambda: store.identity(item.id))
        assert store.kept_keys() == (item.id,)
        assert store.kept_identity(item.id) == int(item.id, 16).to_bytes(32, "big")
        with store.write() as tx:
            tx.drop_kept_key(item.id)
        assert self.store.kept_keys() == ()

    def test_copies_are_found_by_their_bytes(self) -> None:
        """In every batch, sealed or not."""
        more = fill(self.store, self.keys, count=2, number=2)
        self.seal(more[0])
        assert self.store.copies(more[0].sha256) == (more[0].id,)
        assert self.store.copies(self.items[1].sha256) == (self.items[1].id,)
        assert self.store.copies(POLICY) == ()

    def test_shredded_items_keep_their_words(self) -> None:
        """Only the key goes."""
        with self.store.write() as tx:
            tx.shred_keys([item.id for item in self.items[:2]])
        store = self.store
        assert store.keyed(batch_id()) == {item.id for item in self.items[2:]}
        assert store.item(self.items[0].id).item.tags == self.items[0].tags
        _refused(lambda: store.identity(self.items[0].id))

    def test_an_abandoned_seal_is_none(self) -> None:
        """Everything lands, or nothing does."""

        def fail(store: Store) -> None:
            with store.write() as tx:
                tx.seal_item(self.items[0].id, keep_key=False)
                raise RefusedError(Code.CANCELLED)

        with pytest.raises(RefusedError):
            fail(self.store)
        assert self.store.identity(self.items[0].id)
        assert not self.store.turn_due()

    @pytest.mark.parametrize("whole", [False, True])
    def test_keys_turn(self, *, whole: bool) -> None:
        """Each key can be read after it, by the fresh keys; a whole turn is enough."""
        self.seal(self.items[0], keep_key=True)
        assert self.store.turn_due()
        keys = self.next_keys(whole=whole)
        self.store.turn(keys)
        assert self.store.turn_due() is not whole
        self.keys = turned(keys)
        store = self.reopened()
        assert not store.read_only()
        for item in self.items[1:]:
            expected = int(item.id, 16).to_bytes(32, "big")
            assert store.identity(item.id) == expected
        kept = self.items[0].id
        assert store.kept_identity(kept) == int(kept, 16).to_bytes(32, "big")

    def test_a_turn_is_done_again_without_harm(self) -> None:
        """As after a crash before the header knew."""
        keys = self.next_keys(whole=True)
        self.store.turn(keys)
        store = self.reopened(keys)
        store.turn(keys)
        assert store.identity(self.items[1].id)


def _refused(call: Callable[[], object]) -> None:
    with pytest.raises(RefusedError) as caught:
        call()
    assert caught.value.code is Code.ITEM_UNKNOWN
