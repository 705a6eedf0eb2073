"""Home and its batches: the cards, the reviewer's place, and the readers of a batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reviewer.domain import times
from reviewer.domain.decision import LOCKED_AWAY, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Item
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation
from reviewer.domain.policy import PolicyPack
from reviewer.errors import Code, MediaError, RefusedError
from reviewer.ports import BatchCounts, BatchRow, Clock, Identities, ItemRow, Store
from reviewer.safeguards.values import Values
from reviewer.services.fetching import META_URL
from reviewer.services.journaling import Journal, JournalState
from reviewer.services.reading import ItemReader, identity_of
from reviewer.services.trusting import Trusting

META_PLACE = "place:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who works in this profile, by pseudonym."""

    subject: str
    organisation: str
    authorisation: Authorisation


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCard:
    """A batch on the home screen."""

    batch_id: BatchId
    name: str
    purpose: BatchPurpose
    counts: BatchCounts
    not_after: UtcTime
    days_left: int
    """Whole days by the local clock; negative once past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home screen's values."""

    person: Person
    batches: tuple[BatchCard, ...]
    journal: JournalState
    online: bool
    """An address of a coordinator is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A batch on the review screen."""

    card: BatchCard
    pack: PolicyPack
    config: OrgConfig
    values: Values
    rows: tuple[ItemRow, ...]
    position: int
    """Where the reviewer was."""


class Readers:
    """Makes the readers of the items of the batch that is open."""

    def __init__(self, store: Store) -> None:
        """Know of no item yet."""
        self._store = store
        self._media_dir = store.media_dir()
        self._identities: dict[ItemId, tuple[Identities, str]] = {}
        self._hidden: set[ItemId] = set()
        self._lock = threading.Lock()

    def take(self, row: BatchRow, rows: tuple[ItemRow, ...]) -> None:
        """Go by the items of this batch; on the store's thread."""
        identities = self._store.identities(row.batch_id)
        found = {each.item.id: (identities, row.media_file) for each in rows}
        with self._lock:
            self._identities = found
            self._hidden |= {
                each.item.id for each in rows if each.standing.kind in LOCKED_AWAY
            }

    def hide(self, item_ids: Iterable[ItemId], /) -> None:
        """Make no reader of these items: a minor may be shown."""
        with self._lock:
            self._hidden |= set(item_ids)

    def unhide(self, item_ids: Iterable[ItemId], /) -> None:
        """Make readers of these items again."""
        with self._lock:
            self._hidden -= set(item_ids)

    def is_hidden(self, item_id: ItemId, /) -> bool:
        """Return whether no reader is made of an item; on any thread."""
        with self._lock:
            return item_id in self._hidden

    def forget(self) -> None:
        """Know of no item any more."""
        with self._lock:
            self._identities = {}

    def of(self, item: Item) -> ItemReader:
        """Return a reader of an item of the open batch; on any thread.

        Raises:
            MediaError: MEDIA_MISSING, another batch's item, or its key is gone;
                ITEM_SEALED, a minor may be shown.
        """
        with self._lock:
            known = self._identities.get(item.id)
            is_hidden = item.id in self._hidden
        if is_hidden:
            raise MediaError(Code.ITEM_SEALED, item.id)
        if known is None:
            raise MediaError(Code.MEDIA_MISSING, item.id)
        identities, media_file = known
        path = self._media_dir / media_file
        return ItemReader(path, item, identity_of(identities, item.id))

    def of_row(self, row: ItemRow) -> ItemReader:
        """Return a reader of an item of any batch; on the store's thread.

        Raises:
            RefusedError: ITEM_SEALED, a minor may be shown; ITEM_UNKNOWN.
        """
        if row.standing.kind in LOCKED_AWAY:
            raise RefusedError(Code.ITEM_SEALED, row.item.id)
        media_file = batch_row(self._store, row.batch_id).media_file
        path = self._media_dir / media_file
        return ItemReader(path, row.item, self._store.identity(row.item.id))


class Opening:
    """What home shows, and a batch as it opens; on the store's thread."""

    def __init__(
        self,
        *,
        store: Store,
        trusting: Trusting,
        journal: Journal,
        clock: Clock,
        person: Person,
        readers: Readers,
        values: Callable[[], Values],
    ) -> None:
        """Take the vault; `values` settles the safeguards that hold now."""
        self._store = store
        self._trusting = trusting
        self._journal = journal
        self._clock = clock
        self._person = person
        self._readers = readers
        self._values = values

    def home(self) -> Home:
        """Return the batches and how the journal stands."""
        return Home(
            person=self._person,
            batches=tuple(self._card(row) for row in self._store.batches()),
            journal=self._journal.state(),
            online=self._store.meta(META_URL) is not None,
        )

    def open_batch(self, batch_id: BatchId) -> OpenBatch:
        """Return a batch with its rule book and the reviewer's place.

        Raises:
            RefusedError: NOT_AUTHORISED once the authorisation has lapsed.
            VerificationError: CONFIG_BELOW_LIMIT.
        """
        self.check_authorised()
        row = batch_row(self._store, batch_id)
        config = self._trusting.trust.config(row.config_sha256)
        rows = self._store.items(batch_id)
        self._readers.take(row, rows)
        return OpenBatch(
            card=self._card(row),
            pack=self._trusting.trust.policy(row.policy_sha256),
            config=config,
            values=self._values(),
            rows=rows,
            position=self._place(batch_id, rows),
        )

    def keep_place(self, row: ItemRow) -> None:
        """Remember where the reviewer is, where anything can be remembered."""
        if not self._store.read_only():
            with self._store.write() as tx:
                tx.put_meta(META_PLACE + row.batch_id, row.item.id.encode())

    def rules(self, batch_id: BatchId) -> tuple[Sha256Hex, PolicyPack]:
        """Return the rule book of a batch."""
        policy_sha256 = batch_row(self._store, batch_id).policy_sha256
        return policy_sha256, self._trusting.trust.policy(policy_sha256)

    def check_authorised(self) -> None:
        """Raise NOT_AUTHORISED once the authorisation has lapsed."""
        expires = self._person.authorisation.expires
        if times.utc_of(self._clock.unix_ms()) > expires:
            raise RefusedError(Code.NOT_AUTHORISED, expires)

    def _card(self, row: BatchRow) -> BatchCard:
        left = times.unix_of(row.not_after) - self._clock.unix_ms()
        return BatchCard(
            batch_id=row.batch_id,
            name=row.name,
            purpose=row.purpose,
            counts=self._store.counts(row.batch_id),
            not_after=row.not_after,
            days_left=left // times.DAY_MS,
        )

    def _place(self, batch_id: BatchId, rows: tuple[ItemRow, ...]) -> int:
        kept = self._store.meta(META_PLACE + batch_id)
        for row in rows:
            if kept is not None and row.item.id.encode() == kept:
                return row.position
        first = (r.position for r in rows if r.standing.kind is StandingKind.OPEN)
        return next(first, 0)


def batch_row(store: Store, batch_id: BatchId) -> BatchRow:
    """Return a batch of the vault; raise ITEM_UNKNOWN."""
    for row in store.batches():
        if row.batch_id == batch_id:
            return row
    raise RefusedError(Code.ITEM_UNKNOWN, batch_id)
