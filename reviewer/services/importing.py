"""Bring a batch file into the vault, each step before the next byte is parsed.

The order is design.md section 4: size caps, canonical form, signature, type,
audience, sequence, time, media hashed into one file, segment 0 opened and bound,
then one transaction with the signed import entry. Memory stays flat: the manifest
is held whole (at most 24 MiB), media pass through in steps.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from reviewer.crypto.hashes import Sha256
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain import times
from reviewer.domain.ids import BatchId, ItemId, KeyId
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import batch as batches
from reviewer.formats.durable import disk_error, fsync_folder
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import Act, BatchBinding, ClockTrust, ImportBody
from reviewer.ports import BatchRow, Clock, Store, Writing
from reviewer.services import policies
from reviewer.services.exchanging import write_all
from reviewer.services.journaling import UNFILLED, Journal, JournalWriter
from reviewer.services.timing import check_not_far_ahead

STEP_BYTES: Final = 1024 * 1024
SPARE_BYTES: Final = 64 * 1024 * 1024

META_HEAD: Final = "head:"
"""Prefix of a batch's envelope, kept as one half of a fork proof."""
META_FORK: Final = "fork:"
"""Prefix of the other half."""
INCOMING: Final = ".incoming"
"""Ending of a download that a later fetch goes on with."""

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    batch_id: BatchId
    name: str
    items_count: int
    already_here: bool
    missing: tuple[int, ...]
    """Sequence numbers of a gap before this batch."""
    late: bool
    """Past its not-after by the local clock, though not by any signed time."""


def no_progress(_done: int, _total: int) -> None:
    """Report nothing."""


def never_cancelled() -> bool:
    """Go on to the end."""
    return False


class Seals(Protocol):
    """Seals items of a new batch whose bytes were sealed before."""

    def imported(
        self, tx: Writing, writer: JournalWriter, batch_id: BatchId
    ) -> tuple[ItemId, ...]:
        """Write the seals within the transaction of the import; return the items."""

    def destroyed(self) -> None:
        """Let keys turn, once that is committed; never raises."""


class Importing:
    """Imports batch files for one unlocked profile; called on the store's thread."""

    def __init__(
        self,
        *,
        store: Store,
        journal: Journal,
        trust: VerifiedTrust,
        device: KeyId,
        actor: str,
        clock: Clock,
        app_version: str,
        seals: Seals,
    ) -> None:
        """Take the vault and whom to trust."""
        self._seals = seals
        self._store = store
        self._journal = journal
        self._trust = trust
        self._device = device
        self._actor = actor
        self._clock = clock
        self._app_version = app_version

    def import_file(
        self,
        path: Path,
        *,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> Imported:
        """Verify and take in a batch file; nothing is kept unless all of it holds.

        Raises:
            VerificationError: with the code of the first step that failed.
            UnavailableError: DISK_FULL or DISK_FAILED; an earlier state remains.
            RefusedError: CANCELLED, INPUT_MISSING, READ_ONLY.
        """
        if self._store.read_only():
            raise RefusedError(Code.READ_ONLY)
        try:
            with path.open("rb") as file:
                return self._import(file, progress=progress, cancelled=cancelled)
        except FileNotFoundError as error:
            raise RefusedError(Code.INPUT_MISSING) from error
        except OSError as error:
            raise disk_error(error) from error

    def sweep(self) -> int:
        """Remove media files without a row, left by a crash; return how many."""
        known = {row.media_file for row in self._store.batches()}
        strays = [
            path
            for path in self._store.media_dir().iterdir()
            if path.name not in known and path.suffix != INCOMING
        ]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)

    def _import(
        self, file: BinaryIO, *, progress: Progress, cancelled: Cancelled
    ) -> Imported:
        # 1. Size caps, canonical form, signature, type, audience.
        now = self._store.signed_time()
        head = batches.read_head(file)
        outer = batches.verify_outer(
            head, trust=self._trust, device=self._device, now=now
        )
        batches.check_app_version(outer, version=self._app_version)
        # 2. Sequence: the same batch again is no news; another one is a fork.
        place = self._place(outer)
        if isinstance(place, BatchRow):
            return _already(place)
        # 3. Time: by signed times alone; the local clock only warns.
        batches.check_time(outer, now_low=now)
        # A time far ahead of this clock must not move the highest one seen.
        check_not_far_ahead(outer.binding.issued, clock=self._clock)
        # 4. The whole file is there and there is room for it.
        total = outer.segment0.length + outer.binding.media.length
        self._check_room(total)
        segment0 = _read_exactly(file, outer.segment0.length)
        batches.check_segment0(outer, segment0)
        # 5. Media into one file, hashed, fsynced, renamed.
        target = self._store.media_dir() / outer.binding.batch_id
        part = target.with_suffix(".part")
        try:
            self._copy_media(file, part, outer, progress, cancelled)
            # 6. Segment 0 opened and bound to the outer fields.
            manifest = batches.open_manifest(
                outer, segment0, key=self._seal_key(outer.binding.seal_key), now=now
            )
            self._check_new(manifest)
            policies.check_policy(self._trust.policy(manifest.policy_sha256))
            policies.check_config(self._trust.config(manifest.config_sha256))
            part.rename(target)
            fsync_folder(target.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        # 7. One transaction.
        try:
            return self._commit(outer, manifest, missing=place)
        except BaseException:
            self._drop_unless_kept(target, outer.binding)
            raise

    def _drop_unless_kept(self, target: Path, binding: BatchBinding) -> None:
        """Remove the media of a batch that did not get its row.

        An anchor that fails comes after the commit: then the row is there, its
        single-use key is gone, and these media are the only ones there will ever
        be. Where that cannot be told, the sweep at the next start tells.
        """
        with contextlib.suppress(ReviewerError):
            if self._store.batch_by_seq(binding.coordinator, binding.seq) is None:
                target.unlink(missing_ok=True)

    def _place(self, outer: batches.VerifiedOuter) -> BatchRow | tuple[int, ...]:
        binding = outer.binding
        same = self._store.batch_by_seq(binding.coordinator, binding.seq)
        if same is not None:
            if same.sha256 == outer.sha256:
                return same
            self._keep_fork(outer)
            raise VerificationError(Code.SEQUENCE_FORK, f"{binding.seq}")
        stream = [
            row
            for row in self._store.batches()
            if row.coordinator == binding.coordinator
        ]
        last = max(stream, key=lambda row: row.seq, default=None)
        try:
            return batches.check_sequence(
                outer,
                last_seq=None if last is None else last.seq,
                last_sha256=None if last is None else last.sha256,
                is_gap=True,
            )
        except VerificationError as error:
            if error.code is Code.SEQUENCE_FORK:
                self._keep_fork(outer)
            raise

    def _keep_fork(self, outer: batches.VerifiedOuter) -> None:
        """Keep what proves that one coordinator told two stories of one stream."""
        with self._store.write() as tx:
            tx.put_meta(_fork_key(outer.binding), outer.data)

    def _check_room(self, total: int) -> None:
        free = shutil.disk_usage(self._store.media_dir()).free
        if free < total + SPARE_BYTES:
            raise UnavailableError(Code.DISK_FULL, f"{total} bytes wanted")

    def _copy_media(
        self,
        file: BinaryIO,
        part: Path,
        outer: batches.VerifiedOuter,
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        total = outer.binding.media.length
        hasher = Sha256()
        done = 0
        with part.open("wb", buffering=0) as out:
            while done < total:
                if cancelled():
                    raise RefusedError(Code.CANCELLED)
                block = file.read(min(STEP_BYTES, total - done))
                if not block:
                    raise VerificationError(Code.MALFORMED, "media are cut short")
                hasher.update(block)
                write_all(out, block)
                done += len(block)
                progress(done, total)
            if file.read(1):
                raise VerificationError(Code.MALFORMED, "bytes after the media")
            os.fsync(out.fileno())
        if hasher.hex() != outer.binding.media.sha256:
            raise VerificationError(Code.HASH_MISMATCH, "media")

    def _check_new(self, manifest: batches.VerifiedManifest) -> None:
        """Refuse a batch that holds an item of an earlier one: it has its place."""
        for item in manifest.items:
            with contextlib.suppress(RefusedError):
                known = self._store.item(item.id)
                raise VerificationError(Code.ITEM_REPEATED, known.item.id)

    def _seal_key(self, key_id: KeyId) -> SealPrivateKey:
        for row in self._store.seal_keys():
            if row.key_id == key_id:
                return SealPrivateKey.from_raw(row.private)
        raise VerificationError(Code.SEAL_KEY_UNKNOWN, key_id)

    def _commit(
        self,
        outer: batches.VerifiedOuter,
        manifest: batches.VerifiedManifest,
        *,
        missing: tuple[int, ...],
    ) -> Imported:
        binding = outer.binding
        row = BatchRow(
            batch_id=binding.batch_id,
            coordinator=binding.coordinator,
            seq=binding.seq,
            sha256=outer.sha256,
            name=manifest.name,
            purpose=manifest.purpose,
            policy_sha256=manifest.policy_sha256,
            config_sha256=manifest.config_sha256,
            issued=binding.issued,
            not_after=binding.not_after,
            media_file=binding.batch_id,
            items_count=len(manifest.items),
        )
        with self._store.write() as tx:
            tx.add_batch(row, manifest.items)
            tx.put_meta(META_HEAD + binding.batch_id, outer.data)
            tx.drop_seal_key(binding.seal_key)
            tx.raise_signed_time(binding.issued)
            writer = self._journal.writer(tx, actor=self._actor)
            writer.append(
                Act.IMPORT,
                ImportBody(
                    moment=UNFILLED,
                    clock_trust=ClockTrust.PLAUSIBLE,
                    batch_id=binding.batch_id,
                    batch_sha256=outer.sha256,
                    batch_seq=binding.seq,
                    items_count=len(manifest.items),
                    missing=missing,
                ),
            )
            sealed = self._seals.imported(tx, writer, binding.batch_id)
        if sealed:
            self._seals.destroyed()
        late = times.utc_of(self._clock.unix_ms()) > binding.not_after
        return Imported(
            batch_id=row.batch_id,
            name=row.name,
            items_count=row.items_count,
            already_here=False,
            missing=missing,
            late=late,
        )


def _fork_key(binding: BatchBinding) -> str:
    return f"{META_FORK}{binding.coordinator}:{binding.seq}"


def _already(row: BatchRow) -> Imported:
    return Imported(
        batch_id=row.batch_id,
        name=row.name,
        items_count=row.items_count,
        already_here=True,
        missing=(),
        late=False,
    )


def _read_exactly(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) != length:
        raise VerificationError(Code.MALFORMED, "segment 0 is cut short")
    return data
