"""Item keys go in time: some days after their receipt, or when a batch expires.

What was decided and noted stays; only the keys to the media go, and an entry says so.
A clock that is wrong must not destroy anything at once: what is due has to be due at
two unlocks with a day of use between them, by the monotonic clock. Sealed items are
not touched: they wait for a release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.domain import times
from reviewer.domain.decision import LOCKED_AWAY
from reviewer.domain.ids import BatchId, ItemId, UnixMs, UtcTime
from reviewer.formats import canonical, envelope
from reviewer.formats.places import pack_places
from reviewer.formats.wire import Act, ClockTrust, Receipt, ShredBody, ShredReason
from reviewer.ports import BatchRow, Clock, ItemRow, Store
from reviewer.services.acting import Acting
from reviewer.services.journaling import UNFILLED
from reviewer.services.turning import Turning

META_HIGH: Final = "now_high"
META_USE: Final = "use_ms"
META_DUE: Final = "shred_due"
APART_MS: Final = times.DAY_MS
"""Of use between the two unlocks at which a key has to be due (design.md 4, Clocks)."""

_Due = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Items whose keys are due for the same reason."""

    batch_id: BatchId
    reason: ShredReason
    receipted: int
    """Size that the receipt covers; 0 for a batch that expired."""
    rows: tuple[ItemRow, ...]

    @property
    def name(self) -> str:
        """Return what this lot is remembered by until it is due a second time."""
        return f"{self.batch_id}:{self.reason}:{self.receipted}"


class Shredding:
    """The keys of one unlocked profile; called on the store's thread."""

    def __init__(
        self,
        *,
        acting: Acting,
        turning: Turning,
        clock: Clock,
        retention_days: Callable[[], int],
        report_expired: Callable[[], int],
    ) -> None:
        """Take the vault, and when keys go.

        Args:
            acting: Writes acts.
            turning: Lets keys turn once some were destroyed.
            clock: The computer's clocks.
            retention_days: How long keys outlive their receipt, by org config.
            report_expired: Reports what was still undecided when a batch expired.
        """
        self._acting = acting
        self._store: Final[Store] = acting.store
        self._turning = turning
        self._clock = clock
        self._retention_days = retention_days
        self._report_expired = report_expired
        self._since_ms = int(clock.mono_ms())

    def run(self) -> int:
        """Destroy the keys that are due a second time; return how many. At unlock.

        Raises:
            UnavailableError: the disk failed; keys are left, and go later.
        """
        if self._store.read_only():
            return 0
        self._raise_high()
        self._report_expired()
        use_ms, before = self._use_ms(), self._due()
        lots = tuple(self._lots())
        due = {lot.name: before.get(lot.name, use_ms) for lot in lots}
        if due != before:
            with self._store.write() as tx:
                tx.put_meta(META_DUE, msgspec.json.encode(due))
        ready = [lot for lot in lots if use_ms - due[lot.name] >= APART_MS]
        for lot in ready:
            self._shred(lot)
        if ready:
            self._turning.destroyed()
        return sum(len(lot.rows) for lot in ready)

    def close(self) -> None:
        """Remember how long this profile was in use; at lock.

        Raises:
            UnavailableError: the disk failed; the time counts as not used.
        """
        if self._store.read_only():
            return
        used = self._use_ms() + int(self._clock.mono_ms()) - self._since_ms
        self._since_ms = int(self._clock.mono_ms())
        with self._store.write() as tx:
            tx.put_meta(META_USE, str(used).encode("ascii"))

    def now_high(self) -> UtcTime:
        """Return the highest time seen: signed, or of this computer's clock."""
        kept = self._store.meta(META_HIGH)
        seen = [self._now(), self._store.signed_time()]
        if kept is not None:
            seen.append(UtcTime(kept.decode("ascii")))
        return max(time for time in seen if time is not None)

    def _receipts(self) -> Iterator[Receipt]:
        """Yield the receipts; each was verified when it was taken in."""
        for data in self._store.receipts():
            signed = envelope.parse(data, max_bytes=len(data))
            payload = signed.untrusted_payload
            yield canonical.decode(payload, Receipt, max_bytes=len(payload))

    def _raise_high(self) -> None:
        high = self.now_high().encode("ascii")
        if self._store.meta(META_HIGH) != high:
            with self._store.write() as tx:
                tx.put_meta(META_HIGH, high)

    def _lots(self) -> Iterator[Lot]:
        """Yield what is due by the highest time seen."""
        now = self.now_high()
        life_ms = self._retention_days() * times.DAY_MS
        ended = [
            receipt
            for receipt in self._receipts()
            if _later(receipt.at, life_ms) <= now
        ]
        for batch in self._store.batches():
            yield from self._of_batch(batch, ended, now)

    def _of_batch(
        self, batch: BatchRow, ended: Sequence[Receipt], now: UtcTime
    ) -> Iterator[Lot]:
        is_past = batch.not_after < now
        if not ended and not is_past:
            return
        keyed = self._store.keyed(batch.batch_id)
        rows = [
            row
            for row in (self._store.items(batch.batch_id) if keyed else ())
            if row.item.id in keyed and row.standing.kind not in LOCKED_AWAY
        ]
        by_size: dict[int, list[ItemRow]] = {}
        for row in rows:
            size = _covered_by(row, ended)
            if size is not None:
                by_size.setdefault(size, []).append(row)
            elif is_past:
                by_size.setdefault(0, []).append(row)
        for size, found in sorted(by_size.items()):
            yield Lot(
                batch_id=batch.batch_id,
                reason=ShredReason.RETENTION if size else ShredReason.EXPIRED,
                receipted=size,
                rows=tuple(found),
            )

    def _shred(self, lot: Lot) -> None:
        body = ShredBody(
            moment=UNFILLED,
            clock_trust=ClockTrust.PLAUSIBLE,
            batch_id=lot.batch_id,
            items=pack_places(row.position for row in lot.rows),
            items_count=len(lot.rows),
            reason=lot.reason,
        )
        gone: tuple[ItemId, ...] = tuple(row.item.id for row in lot.rows)
        with self._store.write() as tx:
            self._acting.writer(tx).append(Act.SHRED, body)
            tx.shred_keys(gone)

    def _due(self) -> _Due:
        kept = self._store.meta(META_DUE)
        return {} if kept is None else msgspec.json.decode(kept, type=_Due)

    def _use_ms(self) -> int:
        kept = self._store.meta(META_USE)
        return 0 if kept is None else int(kept)

    def _now(self) -> UtcTime:
        return times.utc_of(self._clock.unix_ms())


def _covered_by(row: ItemRow, receipts: Sequence[Receipt]) -> int | None:
    """Return the size of the oldest of these receipts that covers what stands."""
    seq = row.standing.seq
    if seq is None:
        return None
    sizes = (receipt.last + 1 for receipt in receipts if seq <= receipt.last)
    return min(sizes, default=None)


def _later(time: UtcTime, by_ms: int) -> UtcTime:
    return times.utc_of(UnixMs(times.unix_of(time) + by_ms))
