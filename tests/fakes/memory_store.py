"""A store in memory: transactions by copying, everything else by plain containers."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from reviewer.chain.tree import leaf_hash, root
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.passphrase import hmac_sha256
from reviewer.domain.decision import LOCKED_AWAY, Standing, StandingKind
from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import Item
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import unb64
from reviewer.formats.wire import Entry
from reviewer.matching.words import count, fields_of, folded
from reviewer.ports import (
    BatchCounts,
    BatchRow,
    Confirmed,
    Head,
    Identities,
    ItemRow,
    NewEntry,
    PendingSubmission,
    SealKeyRow,
    Store,
    StoredEntry,
    StoredOpening,
    StoreState,
    VaultKeys,
    Writing,
)

_MAX_ENTRY_BYTES = 64 * 1024


@dataclass(slots=True)
class _State:
    """Everything that a transaction may change; copied when one begins."""

    entries: list[StoredEntry] = field(default_factory=list)
    ats: list[str] = field(default_factory=list)
    openings: dict[int, StoredOpening] = field(default_factory=dict)
    batches: list[BatchRow] = field(default_factory=list)
    rows: dict[ItemId, ItemRow] = field(default_factory=dict)
    identities: dict[ItemId, bytes] = field(default_factory=dict)
    kept: dict[ItemId, bytes] = field(default_factory=dict)
    is_due: bool = False
    prints: dict[ItemId, Fingerprint] = field(default_factory=dict)
    seal_keys: dict[KeyId, SealKeyRow] = field(default_factory=dict)
    submissions: dict[Sha256Hex, PendingSubmission] = field(default_factory=dict)
    receipts: dict[Sha256Hex, tuple[bytes, int]] = field(default_factory=dict)
    meta: dict[str, bytes] = field(default_factory=dict)
    signed_time: UtcTime | None = None
    ledger_totals: bytes | None = None

    def copied(self) -> _State:
        """Return a state whose containers are its own; their values are frozen."""
        names = self.__dataclass_fields__
        return _State(**{name: copy.copy(getattr(self, name)) for name in names})

    @property
    def receipted(self) -> int:
        return max((size for _, size in self.receipts.values()), default=0)


class MemoryWriting:
    """One transaction on a copy of the state."""

    def __init__(self, state: _State, *, epoch: int) -> None:
        self.state = state
        self.appended: list[tuple[int, Sha256Hex]] = []
        self._epoch = epoch

    def append(self, entry: NewEntry, /) -> None:
        state = self.state
        signed = envelope.parse(entry.envelope, max_bytes=_MAX_ENTRY_BYTES)
        read = canonical.decode(
            signed.untrusted_payload, Entry, max_bytes=_MAX_ENTRY_BYTES
        )
        prev = sha256_hex(state.entries[-1].envelope) if state.entries else "0" * 64
        expected = (len(state.entries), len(state.entries), prev, self._epoch)
        found = (entry.seq, read.seq, read.prev, read.epoch)
        if found != expected or read.act.value != entry.act:
            raise VerificationError(Code.CHAIN_BROKEN, f"seq {entry.seq}")
        if state.ats and read.at < state.ats[-1]:
            raise VerificationError(Code.CHAIN_BROKEN, f"seq {entry.seq}")
        state.entries.append(
            StoredEntry(
                seq=entry.seq,
                act=entry.act,
                item_id=entry.item_id,
                envelope=entry.envelope,
            )
        )
        state.ats.append(read.at)
        self.appended.append((entry.seq, sha256_hex(entry.envelope)))

    def add_opening(self, opening: StoredOpening, /) -> None:
        self.state.openings[opening.seq] = opening

    def put_standing(self, standing: Standing, /) -> None:
        self._change(standing.item_id, standing=standing)

    def put_standings(self, standings: Sequence[Standing], /) -> None:
        for standing in standings:
            self.put_standing(standing)

    def mark_opened(self, item_id: ItemId, /) -> None:
        self._change(item_id, opened=True)

    def set_keep(self, item_id: ItemId, /, *, keep: bool) -> None:
        row = _row(self.state, item_id)
        standing = msgspec.structs.replace(row.standing, keep=keep)
        self._change(item_id, standing=standing)

    def set_own_severity(self, item_id: ItemId, severity: int | None, /) -> None:
        self._change(item_id, own_severity=severity)

    def add_batch(self, row: BatchRow, items: Sequence[Item], /) -> None:
        if row.items_count != len(items):
            raise AssertionError("items_count")
        self.state.batches.append(row)
        for position, item in enumerate(items):
            if item.id in self.state.rows:
                raise AssertionError("item id")
            self.state.identities[item.id] = unb64(item.identity)
            self.state.rows[item.id] = ItemRow(
                batch_id=row.batch_id,
                position=position,
                item=msgspec.structs.replace(item, identity=""),
                opened=False,
                own_severity=None,
                standing=Standing(item_id=item.id, kind=StandingKind.OPEN),
            )

    def put_fingerprint(self, item_id: ItemId, fingerprint: Fingerprint, /) -> None:
        if _row(self.state, item_id).standing.kind is not StandingKind.SEALED:
            self.state.prints[item_id] = fingerprint

    def seal_item(self, item_id: ItemId, /, *, keep_key: bool) -> None:
        row = _row(self.state, item_id)
        identity = self.state.identities.pop(item_id, None)
        if keep_key and identity is not None:
            self.state.kept[item_id] = identity
        self.state.prints.pop(item_id, None)
        self._change(item_id, own_severity=None)
        self.state.rows[item_id] = replace(
            self.state.rows[item_id], item=_bare(row.item)
        )
        self.state.is_due = True

    def drop_kept_key(self, item_id: ItemId, /) -> None:
        self.state.kept.pop(item_id, None)
        self.state.is_due = True

    def shred_keys(self, item_ids: Sequence[ItemId], /) -> None:
        for item_id in item_ids:
            self.state.identities.pop(item_id, None)
        self.state.is_due = True

    def put_seal_keys(self, keys: Sequence[SealKeyRow], /) -> None:
        for key in keys:
            known = self.state.seal_keys.get(key.key_id)
            published = key.published or (known is not None and known.published)
            self.state.seal_keys[key.key_id] = SealKeyRow(
                key_id=key.key_id, private=key.private, published=published
            )

    def drop_seal_key(self, key_id: KeyId, /) -> None:
        self.state.seal_keys.pop(key_id, None)

    def add_submission(self, pending: PendingSubmission, /) -> None:
        self.state.submissions[pending.sha256] = pending

    def add_receipt(
        self, envelope: bytes, /, *, submission: Sha256Hex, size: int
    ) -> None:
        if not 0 <= size <= len(self.state.entries):
            raise AssertionError("a receipt covers entries that are here")
        self.state.receipts.setdefault(submission, (envelope, size))
        self.state.submissions.pop(submission, None)

    def put_meta(self, key: str, value: bytes, /) -> None:
        self.state.meta[key] = value

    def put_ledger_totals(self, sealed: bytes, /) -> None:
        self.state.ledger_totals = sealed

    def raise_signed_time(self, time: UtcTime, /) -> None:
        if self.state.signed_time is None or time > self.state.signed_time:
            self.state.signed_time = time

    def _change(
        self,
        item_id: ItemId,
        *,
        standing: Standing | None = None,
        opened: bool | None = None,
        own_severity: int | str | None = "unchanged",
    ) -> None:
        row = _row(self.state, item_id)
        self.state.rows[item_id] = ItemRow(
            batch_id=row.batch_id,
            position=row.position,
            item=row.item,
            opened=row.opened if opened is None else opened,
            own_severity=row.own_severity
            if isinstance(own_severity, str)
            else own_severity,
            standing=row.standing if standing is None else standing,
        )


class MemoryStore:
    """A `Store` without a file; only `media_dir` needs a folder of the test.

    `fail_next` makes the next commit fail as a disk would.
    """

    def __init__(
        self,
        keys: VaultKeys,
        *,
        media: Path | None = None,
        confirmed: Confirmed | None = None,
    ) -> None:
        self._keys = keys
        self._state = _State()
        self._confirmed = confirmed
        self._writing = False
        self._closed = False
        self._media = media
        self.is_read_only = False
        self.fail_next: ReviewerError | None = None

    @contextmanager
    def write(self) -> Iterator[Writing]:
        self._check()
        if self.is_read_only:
            raise RefusedError(Code.READ_ONLY)
        if self._writing:
            raise AssertionError("transactions do not nest")
        before = self._state
        writing = MemoryWriting(before.copied(), epoch=self._keys.epoch)
        head = self.head()
        self._writing = True
        self._state = writing.state
        self._head_in_transaction = head
        try:
            yield writing
            self._fail()
        except BaseException:
            self._state = before
            raise
        finally:
            self._writing = False
        for seq, entry_sha256 in writing.appended:
            if self._confirmed is not None:
                self._confirmed(seq, entry_sha256)

    def read_only(self) -> bool:
        return self.is_read_only

    def anchor_copy(self) -> bytes:
        leaves = self.leaf_hashes()
        body = f"{len(leaves)} {root(leaves).hex()}".encode("ascii")
        return hmac_sha256(self._keys.anchor_key, body) + body

    def hold_against(self, copy: bytes, /) -> None:
        mac, body = copy[:32], copy[32:]
        if mac != hmac_sha256(self._keys.anchor_key, body):
            return
        size, expected = body.decode("ascii").split()
        leaves = self.leaf_hashes()[: int(size)]
        if len(leaves) != int(size) or root(leaves).hex() != expected:
            self.is_read_only = True

    def head(self) -> Head:
        self._check()
        if self._writing:
            return self._head_in_transaction
        state = self._state
        last = state.entries[-1].envelope if state.entries else None
        return Head(
            epoch=self._keys.epoch,
            size=len(state.entries),
            entry_sha256=Sha256Hex("0" * 64) if last is None else sha256_hex(last),
            at=state.ats[-1] if state.ats else "",
            receipted=state.receipted,
        )

    def entries(self, first: int, last: int, /) -> Iterator[StoredEntry]:
        self._check()
        if last >= len(self._state.entries):
            raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {last}")
        return iter(self._state.entries[max(0, first) : last + 1])

    def leaf_hashes(self) -> list[bytes]:
        self._check()
        return [leaf_hash(entry.envelope) for entry in self._state.entries]

    def openings(self, first: int, last: int, /) -> tuple[StoredOpening, ...]:
        self._check()
        kept = self._state.openings
        return tuple(kept[seq] for seq in sorted(kept) if first <= seq <= last)

    def batches(self) -> tuple[BatchRow, ...]:
        self._check()
        return tuple(self._state.batches)

    def batch_by_seq(self, coordinator: KeyId, seq: int, /) -> BatchRow | None:
        self._check()
        stream = (row for row in self._state.batches if row.coordinator == coordinator)
        return next((row for row in stream if row.seq == seq), None)

    def counts(self, batch_id: BatchId, /) -> BatchCounts:
        rows = self.items(batch_id)
        if not any(row.batch_id == batch_id for row in self._state.batches):
            raise RefusedError(Code.ITEM_UNKNOWN, "batch")
        kinds = [row.standing.kind for row in rows]
        severities = [0] * 7
        for row in rows:
            shown = row.item.severity if row.own_severity is None else row.own_severity
            severities[6 if shown is None else shown] += 1
        zero, one, two, three, four, five, unrated = severities
        return BatchCounts(
            open=kinds.count(StandingKind.OPEN),
            decided=kinds.count(StandingKind.DECIDED),
            handed_back=kinds.count(StandingKind.HANDED_BACK),
            second_opinion=kinds.count(StandingKind.SECOND_OPINION),
            policy_unclear=kinds.count(StandingKind.POLICY_UNCLEAR),
            escalated=kinds.count(StandingKind.ESCALATED)
            + kinds.count(StandingKind.THREAT_TO_LIFE),
            handed_over=kinds.count(StandingKind.HANDED_OVER)
            + kinds.count(StandingKind.EXPIRED),
            sealed=sum(kinds.count(kind) for kind in LOCKED_AWAY),
            severities=(zero, one, two, three, four, five, unrated),
            languages=tuple(
                sorted({one for row in rows for one in row.item.languages})
            ),
            open_priority=min(
                (
                    row.item.priority
                    for row in rows
                    if row.standing.kind is StandingKind.OPEN
                ),
                default=None,
            ),
        )

    def items(self, batch_id: BatchId, /) -> tuple[ItemRow, ...]:
        self._check()
        rows = [row for row in self._state.rows.values() if row.batch_id == batch_id]
        ordered = sorted(rows, key=lambda row: row.position)
        return tuple(self._with_sent(row) for row in ordered)

    def item(self, item_id: ItemId, /) -> ItemRow:
        self._check()
        return self._with_sent(_row(self._state, item_id))

    def identity(self, item_id: ItemId, /) -> bytes:
        self._check()
        if item_id not in self._state.identities:
            raise RefusedError(Code.ITEM_UNKNOWN, item_id)
        return self._state.identities[item_id]

    def copies(self, sha256: Sha256Hex, /) -> tuple[ItemId, ...]:
        rows = self._state.rows.values()
        return tuple(row.item.id for row in rows if row.item.sha256 == sha256)

    def standing_as(self, kind: StandingKind, /) -> tuple[ItemRow, ...]:
        rows = self._state.rows.values()
        return tuple(self._with_sent(r) for r in rows if r.standing.kind is kind)

    def kept_keys(self) -> tuple[ItemId, ...]:
        return tuple(self._state.kept)

    def kept_identity(self, item_id: ItemId, /) -> bytes:
        if item_id not in self._state.kept:
            raise RefusedError(Code.ITEM_UNKNOWN, item_id)
        return self._state.kept[item_id]

    def keyed(self, batch_id: BatchId, /) -> frozenset[ItemId]:
        return frozenset(row.item.id for row in self._kept(batch_id))

    def turn_due(self) -> bool:
        return self._state.is_due

    def turn(self, keys: VaultKeys, /) -> None:
        if keys.next is None:
            raise AssertionError("no next keys")
        if self.is_read_only:
            raise RefusedError(Code.READ_ONLY)
        if keys.next.database_key != keys.database_key:
            self._state.is_due = False
        self._keys = turned(keys)

    def identities(self, batch_id: BatchId, /) -> Identities:
        known = {
            row.item.id: self.identity(row.item.id) for row in self._kept(batch_id)
        }

        def unwrapped(item_id: ItemId, /) -> bytes:
            if item_id not in known:
                raise RefusedError(Code.ITEM_UNKNOWN, item_id)
            return known[item_id]

        return unwrapped

    def find(self, batch_id: BatchId, phrases: Sequence[str], /) -> frozenset[ItemId]:
        found = set()
        for row in self.items(batch_id):
            texts = [folded(text) for _, text in fields_of(row.item)]
            if all(any(count(one, text) for text in texts) for one in phrases):
                found.add(row.item.id)
        return frozenset(found)

    def fingerprints(
        self, batch_id: BatchId, /
    ) -> tuple[tuple[ItemId, Fingerprint], ...]:
        known = self._state.prints
        ids = [row.item.id for row in self.items(batch_id)]
        return tuple((each, known[each]) for each in ids if each in known)

    def unprinted(self, batch_id: BatchId, /, *, most: int) -> tuple[ItemId, ...]:
        known = self._state.prints
        ids = [
            row.item.id
            for row in self.items(batch_id)
            if row.standing.kind not in LOCKED_AWAY
        ]
        return tuple(each for each in ids if each not in known)[:most]

    def seal_keys(self) -> tuple[SealKeyRow, ...]:
        self._check()
        return tuple(self._state.seal_keys.values())

    def pending(self) -> PendingSubmission | None:
        self._check()
        return next(iter(self._state.submissions.values()), None)

    def receipts(self) -> tuple[bytes, ...]:
        self._check()
        return tuple(data for data, _ in self._state.receipts.values())

    def meta(self, key: str, /) -> bytes | None:
        self._check()
        return self._state.meta.get(key)

    def ledger_totals(self) -> tuple[bytes, ...]:
        self._check()
        kept = self._state.ledger_totals
        return () if kept is None else (kept,)

    def signed_time(self) -> UtcTime | None:
        self._check()
        return self._state.signed_time

    def media_dir(self) -> Path:
        if self._media is None:
            raise AssertionError("media")
        return self._media

    def close(self) -> None:
        """Refuse every later call; the state stays, as a file would."""
        self._closed = True

    def reopen(self) -> None:
        """Take calls again, as if opened anew."""
        self._closed = False

    def _kept(self, batch_id: BatchId) -> list[ItemRow]:
        known = self._state.identities
        return [row for row in self.items(batch_id) if row.item.id in known]

    def _fail(self) -> None:
        failure, self.fail_next = self.fail_next, None
        if failure is not None:
            raise failure

    def _check(self) -> None:
        if self._closed:
            raise RefusedError(Code.LOCKED)

    def _with_sent(self, row: ItemRow) -> ItemRow:
        seq = row.standing.seq
        sent = seq is not None and seq < self._state.receipted
        return ItemRow(
            batch_id=row.batch_id,
            position=row.position,
            item=row.item,
            opened=row.opened,
            own_severity=row.own_severity,
            standing=msgspec.structs.replace(row.standing, sent=sent),
        )


class MemoryStoreOpener:
    """A `StoreOpener` that keeps one store; opening with other keys is refused.

    `claims_empty` makes it say what an anchor says that is behind its database.
    """

    def __init__(
        self, *, media: Path | None = None, confirmed: Confirmed | None = None
    ) -> None:
        self._media = media
        self._confirmed = confirmed
        self._keys: VaultKeys | None = None
        self.store: MemoryStore | None = None
        self.claims_empty = False

    def state(self) -> StoreState:
        if self.store is None:
            return StoreState.NONE
        has_entries = bool(self.store._state.entries) and not self.claims_empty
        return StoreState.BEGUN if has_entries else StoreState.EMPTY

    def create(self, keys: VaultKeys, /) -> Store:
        if self.store is not None:
            raise RefusedError(Code.ALREADY_ENROLLED)
        self._keys = keys
        self.store = MemoryStore(keys, media=self._media, confirmed=self._confirmed)
        return self.store

    def open(self, keys: VaultKeys, /) -> Store:
        if self.store is None or self._keys is None:
            raise UnavailableError(Code.PROFILE_MISSING, "database")
        if self.store._keys.database_key not in {
            keys.database_key,
            (keys.next or keys).database_key,
        }:
            raise UnavailableError(Code.DATABASE_DAMAGED)
        self.store.reopen()
        return self.store

    def destroy(self) -> None:
        self.store = None
        self._keys = None


def _row(state: _State, item_id: ItemId) -> ItemRow:
    if item_id not in state.rows:
        raise RefusedError(Code.ITEM_UNKNOWN, item_id)
    return state.rows[item_id]


def turned(keys: VaultKeys) -> VaultKeys:
    """Return keys after their turn is finished."""
    if keys.next is None:
        return keys
    return replace(
        keys,
        item_key=keys.next.item_key,
        item_key_generation=keys.next.item_key_generation,
        database_key=keys.next.database_key,
        next=None,
    )


def _bare(item: Item) -> Item:
    return Item(
        id=item.id,
        ref=item.ref,
        kind=item.kind,
        identity="",
        sha256=item.sha256,
        size_bytes=item.size_bytes,
        offset_bytes=item.offset_bytes,
        sealed_bytes=item.sealed_bytes,
        declared_type=item.declared_type,
    )
