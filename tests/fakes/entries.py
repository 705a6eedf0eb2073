"""Signed journal entries and drawn items, for tests of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import (
    Basis,
    Decision,
    Escalation,
    HandOver,
    Standing,
    StandingKind,
)
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Context, Item, Kind
from reviewer.formats.base64 import b64
from reviewer.formats.entry import sign_entry
from reviewer.formats.places import pack_places
from reviewer.formats.wire import (
    Act,
    BeginBody,
    Body,
    ClockTrust,
    DecideBody,
    Entry,
    EscalateBody,
    HandBackBody,
    HandOverBody,
    ImportBody,
    ItemBody,
    UndoBody,
)
from reviewer.ports import BatchRow, NewEntry, Store, VaultKeys, Writing

MOMENT = Sha256Hex("ab" * 32)
POLICY = Sha256Hex("cd" * 32)


def item_id(number: int) -> ItemId:
    return ItemId(f"{number:032x}")


def batch_id(number: int = 1) -> BatchId:
    return BatchId(f"{number:032x}")


def new_item(number: int, *, severity: int | None = 2, text: str | None = None) -> Item:
    """Return an item whose identity is 32 bytes that name it."""
    return Item(
        id=item_id(number),
        ref=f"Heron {number:06d}",
        kind=Kind.IMAGE,
        identity=b64(number.to_bytes(32, "big")),
        sha256=sha256_hex(number.to_bytes(8, "big")),
        size_bytes=1_000,
        offset_bytes=2_000 * number,
        sealed_bytes=1_200,
        declared_type="image/jpeg",
        severity=severity,
        tags=("flag",),
        languages=("ar", "en") if number % 2 else ("uk",),
        context=Context(source="a forum", caption="a caption"),
        text=text,
    )


def new_batch(number: int = 1, *, items_count: int, seq: int | None = None) -> BatchRow:
    return BatchRow(
        batch_id=batch_id(number),
        coordinator=KeyId("11" * 32),
        seq=number - 1 if seq is None else seq,
        sha256=sha256_hex(batch_id(number).encode()),
        name=f"Batch {number}",
        purpose=BatchPurpose.REVIEW,
        policy_sha256=POLICY,
        config_sha256=Sha256Hex("ef" * 32),
        issued=UtcTime("2026-11-20T10:00:00Z"),
        not_after=UtcTime("2026-12-20T10:00:00Z"),
        media_file=batch_id(number),
        items_count=items_count,
    )


class Entries:
    """Makes entries that follow the head of a store, also within one transaction."""

    def __init__(self, store: Store, keys: VaultKeys) -> None:
        head = store.head()
        self._keys = keys
        self.seq = head.size
        self.prev = head.entry_sha256

    def entry(
        self,
        act: Act,
        body: Body,
        *,
        item: ItemId | None = None,
        at: str = "2026-11-21T18",
        change: Callable[[Entry], Entry] = lambda entry: entry,
    ) -> NewEntry:
        """Sign the next entry; `change` spoils it first."""
        entry = Entry(
            device=self._keys.device.key_id,
            epoch=self._keys.epoch,
            seq=self.seq,
            prev=self.prev,
            at=at,
            actor="reviewer-1",
            act=act,
            body=msgspec.to_builtins(body),
        )
        envelope = sign_entry(change(entry), key=self._keys.device)
        made = NewEntry(
            seq=self.seq,
            act=act.value,
            item_id=item,
            envelope=envelope,
            exact=b'{"salt":"00"}',
        )
        self.seq += 1
        self.prev = sha256_hex(envelope)
        return made

    def begin(self) -> NewEntry:
        return self.entry(
            Act.BEGIN,
            BeginBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                enrolment_sha256=POLICY,
                app_version="0.1.0",
            ),
        )

    def imported(self, row: BatchRow) -> NewEntry:
        return self.entry(
            Act.IMPORT,
            ImportBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=row.batch_id,
                batch_sha256=row.sha256,
                batch_seq=row.seq,
                items_count=row.items_count,
            ),
        )

    def opened(self, item: Item) -> NewEntry:
        return self.entry(
            Act.OPEN,
            ItemBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(),
                item_id=item.id,
                item_sha256=item.sha256,
            ),
            item=item.id,
        )

    def decided(
        self,
        item: Item,
        *,
        verdict: str = "violates",
        supersedes: Sha256Hex | None = None,
    ) -> NewEntry:
        return self.entry(
            Act.DECIDE,
            DecideBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(),
                item_id=item.id,
                item_sha256=item.sha256,
                policy_sha256=POLICY,
                decision=decision(verdict),
                supersedes=supersedes,
            ),
            item=item.id,
        )

    def handed_back(self, item: Item) -> NewEntry:
        return self.entry(
            Act.HAND_BACK,
            HandBackBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(),
                item_id=item.id,
                item_sha256=item.sha256,
            ),
            item=item.id,
        )

    def handed_over(self, places: Iterable[int], *, number: int = 1) -> NewEntry:
        named = tuple(places)
        return self.entry(
            Act.HAND_OVER,
            HandOverBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(number),
                items=pack_places(named),
                items_count=len(named),
                reason=HandOver.REQUESTED,
            ),
        )

    def escalated(self, item: Item) -> NewEntry:
        return self.entry(
            Act.ESCALATE,
            EscalateBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(),
                item_id=item.id,
                item_sha256=item.sha256,
                kind=Escalation.DUTY_OFFICER,
            ),
            item=item.id,
        )

    def undone(self, item: Item, undoes: NewEntry) -> NewEntry:
        return self.entry(
            Act.UNDO,
            UndoBody(
                moment=MOMENT,
                clock_trust=ClockTrust.PLAUSIBLE,
                batch_id=batch_id(),
                item_id=item.id,
                item_sha256=item.sha256,
                undoes=sha256_hex(undoes.envelope),
            ),
            item=item.id,
        )


def decision(verdict: str = "violates") -> Decision:
    return Decision(verdict=verdict, grounds=("g1",), basis=Basis.CONTEXT_ONLY)


def decided_standing(item: Item, seq: int, verdict: str = "violates") -> Standing:
    return Standing(
        item_id=item.id,
        kind=StandingKind.DECIDED,
        seq=seq,
        decision=decision(verdict),
    )


def fill(
    store: Store, keys: VaultKeys, *, count: int = 4, number: int = 1
) -> list[Item]:
    """Import a drawn batch, with `begin` before the first; return its items."""
    base = 1_000_000 * (number - 1)
    items = [new_item(base + place, severity=place % 7 % 6) for place in range(count)]
    row = new_batch(number, items_count=count)
    entries = Entries(store, keys)
    with store.write() as tx:
        if entries.seq == 0:
            tx.append(entries.begin())
        tx.add_batch(row, items)
        tx.append(entries.imported(row))
    return items


def decide(
    store: Store, keys: VaultKeys, item: Item, *, verdict: str = "violates"
) -> int:
    """Write a decision and its entry in one transaction; return its seq."""
    entry = Entries(store, keys).decided(item, verdict=verdict)
    with store.write() as tx:
        put_decided(tx, entry, item, verdict=verdict)
    return entry.seq


def put_decided(tx: Writing, entry: NewEntry, item: Item, *, verdict: str) -> None:
    """Append a decide entry and set the standing it makes."""
    tx.append(entry)
    tx.put_standing(decided_standing(item, entry.seq, verdict))
