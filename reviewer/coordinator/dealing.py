"""Deal: make one device's next batch from a pack, sealed to a key used once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.files import staged_file
from reviewer.coordinator.models import BatchDealt, PackRow, StockKey
from reviewer.coordinator.ownkeys import OwnKeys, load_keys
from reviewer.coordinator.packs import items_of, pack_row
from reviewer.coordinator.registry import BATCH_SUFFIX
from reviewer.coordinator.sealed import check_not_sealed
from reviewer.coordinator.state import State
from reviewer.crypto.sealing import SealPublicKey
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex, UnixMs, UtcTime
from reviewer.domain.item import BatchPurpose, Item
from reviewer.domain.times import DAY_MS, utc_of
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.formats.batch import write_batch
from reviewer.formats.durable import disk_error
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import BatchBinding, Extent

MIN_APP_VERSION: Final = "0.1.0"
MAX_DAYS: Final = 366
_ATTEMPTS_COUNT: Final = 5  # another process dealt to the same device meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A batch that waits for its device."""

    batch_id: BatchId
    device: KeyId
    seq: int
    length_bytes: int
    not_after: UtcTime
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """What a new batch builds on; it must still hold when the batch is published."""

    seq: int
    prev: Sha256Hex
    stock: StockKey
    pack: PackRow
    items: tuple[Item, ...]
    keys: OwnKeys


def deal(
    state: State,
    trust: VerifiedTrust,
    pack_id: str,
    device: KeyId,
    *,
    days: int | None = None,
) -> Dealt:
    """Write a batch file and its row, together or not at all.

    The database is not held while media are copied.

    Args:
        state: The service.
        trust: Our own bundle, verified.
        pack_id: What to deal.
        device: To whom.
        days: Life of the batch; the org config's `batch_days` if None.

    Raises:
        VerificationError: KEY_UNKNOWN or KEY_REVOKED, no such device;
            ITEM_NOT_FOR_LAPTOPS, an item has become pressing since it was packed, or
            the same bytes were sealed.
        RefusedError: INPUT_MISSING, no such pack; INPUT_INVALID, the days.
        UnavailableError: NO_SEAL_KEY, the device's stock is used up; DISK_FULL,
            DISK_FAILED.
    """
    trust.device(device)
    life_days = trust.latest_config.batch_days if days is None else days
    if not 0 < life_days <= MAX_DAYS:
        raise RefusedError(Code.INPUT_INVALID, "days")
    for _ in range(_ATTEMPTS_COUNT):
        with state.database.transaction() as session:
            terms = _terms(state, trust, session, pack_id, device)
        dealt = _write(state, trust, terms, device, life_days)
        if dealt is not None:
            return dealt
    raise UnavailableError(Code.DISK_FAILED, "stream is busy")


def offers(state: State, device: KeyId, *, after: int) -> tuple[Dealt, ...]:
    """Return the batches of a device whose `seq` is above `after`, in order."""
    query = (
        select(BatchDealt)
        .where(BatchDealt.device == device, BatchDealt.seq > after)
        .order_by(BatchDealt.seq)
    )
    with state.database.transaction() as session:
        return tuple(_dealt(state, row) for row in session.scalars(query))


def batch_file(state: State, device: KeyId, batch_id: BatchId) -> Path:
    """Return the file of a device's own batch.

    Raises:
        RefusedError: INPUT_MISSING, there is none for this device.
    """
    with state.database.transaction() as session:
        row = session.get(BatchDealt, batch_id)
        if row is None or row.device != device:
            raise RefusedError(Code.INPUT_MISSING, "batch")
        return _path(state, batch_id)


def _terms(
    state: State, trust: VerifiedTrust, session: Session, pack_id: str, device: KeyId
) -> _Terms:
    pack = pack_row(session, pack_id)
    stock = session.scalar(
        select(StockKey)
        .where(StockKey.device == device, StockKey.used_by.is_(None))
        .order_by(StockKey.number)
        .limit(1)
    )
    if stock is None:
        raise UnavailableError(Code.NO_SEAL_KEY, device)
    keys = load_keys(state, session)
    seq, prev = _next(session, keys.online.key_id, device)
    kept = items_of(state, session, pack_id)
    check_not_sealed(session, trust, (each.item for each in kept))
    return _Terms(
        seq=seq,
        prev=prev,
        stock=stock,
        pack=pack,
        items=tuple(each.item for each in kept),
        keys=keys,
    )


def _next(session: Session, coordinator: KeyId, device: KeyId) -> tuple[int, Sha256Hex]:
    last = session.execute(
        select(BatchDealt.seq, BatchDealt.envelope_sha256)
        .where(BatchDealt.coordinator == coordinator, BatchDealt.device == device)
        .order_by(BatchDealt.seq.desc())
        .limit(1)
    ).first()
    return (0, ZERO_HASH) if last is None else (last[0] + 1, Sha256Hex(last[1]))


def _write(
    state: State, trust: VerifiedTrust, terms: _Terms, device: KeyId, days: int
) -> Dealt | None:
    binding = _binding(state, terms, device, days)
    path = _path(state, binding.batch_id)
    with staged_file(path) as staged:
        with _opened(state, terms.pack) as media:
            envelope_sha256 = write_batch(
                staged.file,
                binding=binding,
                name=terms.pack.name,
                purpose=BatchPurpose(terms.pack.purpose),
                policy_sha256=trust.latest_policy_sha256,
                config_sha256=trust.latest_config_sha256,
                items=terms.items,
                media=media,
                seal_to=SealPublicKey.from_raw(terms.stock.public_key),
                signer=terms.keys.online,
            )
        row = BatchDealt(
            batch_id=binding.batch_id,
            coordinator=binding.coordinator,
            device=device,
            seq=binding.seq,
            envelope_sha256=envelope_sha256,
            pack_id=terms.pack.pack_id,
            length_bytes=staged.file.tell(),
            issued=binding.issued,
            not_after=binding.not_after,
        )
        with state.database.transaction() as session:
            stock = session.get(StockKey, terms.stock.number)
            now = _next(session, binding.coordinator, device)
            if stock is None or stock.used_by or now != (terms.seq, terms.prev):
                return None
            stock.used_by = binding.batch_id
            session.add(row)
            staged.publish()
    return _dealt(state, row)


def _binding(state: State, terms: _Terms, device: KeyId, days: int) -> BatchBinding:
    return BatchBinding(
        batch_id=BatchId(state.entropy(16).hex()),
        coordinator=terms.keys.online.key_id,
        audience=device,
        seal_key=KeyId(terms.stock.key_id),
        seq=terms.seq,
        prev=terms.prev,
        issued=state.now(),
        not_after=utc_of(UnixMs(state.clock() + days * DAY_MS)),
        min_app_version=MIN_APP_VERSION,
        media=Extent(
            length=terms.pack.media_bytes,
            sha256=Sha256Hex(terms.pack.media_sha256),
        ),
    )


def _opened(state: State, pack: PackRow) -> BinaryIO:
    try:
        return (state.home.media / pack.pack_id).open("rb")
    except OSError as error:
        raise disk_error(error) from error


def _path(state: State, batch_id: str) -> Path:
    return state.home.batches / (batch_id + BATCH_SUFFIX)


def _dealt(state: State, row: BatchDealt) -> Dealt:
    return Dealt(
        batch_id=BatchId(row.batch_id),
        device=KeyId(row.device),
        seq=row.seq,
        length_bytes=row.length_bytes,
        not_after=UtcTime(row.not_after),
        file=_path(state, row.batch_id),
    )
