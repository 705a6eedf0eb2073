"""Bring in what the coordinator has dealt: trust first, then batch after batch.

A cut download goes on where it stopped, and one bad batch stops no other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reviewer.domain.ids import BatchId
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.durable import disk_error
from reviewer.network import Coordinator, CoordinatorOpener, OfferedBatch
from reviewer.ports import Clock, Store, VaultKeys
from reviewer.services.exchanging import write_all
from reviewer.services.importing import (
    INCOMING,
    Cancelled,
    Imported,
    Importing,
    Progress,
    Seals,
    never_cancelled,
    no_progress,
)
from reviewer.services.journaling import Journal
from reviewer.services.trusting import Trusting

META_URL = "coordinator_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchReport:
    """What a fetch brought: batches taken in, and those refused with their code."""

    imported: tuple[Imported, ...]
    refused: tuple[tuple[BatchId, Code], ...]


class Fetching:
    """What comes in, by network or from a file; on the store's thread."""

    def __init__(
        self,
        *,
        store: Store,
        journal: Journal,
        keys: VaultKeys,
        trusting: Trusting,
        opener: CoordinatorOpener,
        actor: str,
        clock: Clock,
        app_version: str,
        check_authorised: Callable[[], None],
        seals: Seals,
    ) -> None:
        """Take the vault, and what a batch is checked by.

        `check_authorised` raises NOT_AUTHORISED once the authorisation has lapsed.
        """
        self._store = store
        self._journal = journal
        self._keys = keys
        self._trusting = trusting
        self._opener = opener
        self._actor = actor
        self._clock = clock
        self._app_version = app_version
        self._check_authorised = check_authorised
        self._seals = seals

    def fetch(
        self,
        *,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> FetchReport:
        """Bring in what the coordinator has dealt.

        Raises:
            UnavailableError: the coordinator cannot be reached, or lies; DISK_FULL,
                DISK_FAILED.
            VerificationError: the coordinator's trust bundle is not genuine.
            RefusedError: NOTHING_TO_FETCH, CANCELLED, READ_ONLY, NOT_AUTHORISED.
        """
        self._check_authorised()
        if self._store.read_only():
            raise RefusedError(Code.READ_ONLY)
        client = self.client()
        self._trusting.take(client.trust())
        offered = self._offered(client)
        if not offered:
            raise RefusedError(Code.NOTHING_TO_FETCH)
        imported: list[Imported] = []
        refused: list[tuple[BatchId, Code]] = []
        for offer in offered:
            part = self._store.media_dir() / f"{offer.batch_id}{INCOMING}"
            self._download(client, offer, part, progress, cancelled)
            try:
                imported.append(self.import_file(part, cancelled=cancelled))
            except ReviewerError as error:
                world = isinstance(error, UnavailableError)
                if world or error.code is Code.CANCELLED:  # the download is kept
                    raise
                refused.append((offer.batch_id, error.code))
            part.unlink(missing_ok=True)
        return FetchReport(imported=tuple(imported), refused=tuple(refused))

    def import_file(
        self,
        path: Path,
        *,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> Imported:
        """Take in one batch file; raises as `Importing.import_file` does."""
        self._check_authorised()
        return self._importing().import_file(
            path, progress=progress, cancelled=cancelled
        )

    def sweep(self) -> int:
        """Remove what a crash left half done; return how many files."""
        return 0 if self._store.read_only() else self._importing().sweep()

    def client(self) -> Coordinator:
        """Return the coordinator's client.

        Raises:
            RefusedError: NOT_ENROLLED where no address is known.
        """
        url = self._store.meta(META_URL)
        if url is None:
            raise RefusedError(Code.NOT_ENROLLED, "no coordinator address")
        return self._opener(url.decode())

    def _importing(self) -> Importing:
        return Importing(
            store=self._store,
            journal=self._journal,
            trust=self._trusting.trust,
            device=self._keys.device.key_id,
            actor=self._actor,
            clock=self._clock,
            app_version=self._app_version,
            seals=self._seals,
        )

    def _download(
        self,
        client: Coordinator,
        offer: OfferedBatch,
        part: Path,
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        """Write an offered batch to `part`, from where an earlier try stopped."""
        done = part.stat().st_size if part.exists() else 0
        if done >= offer.length_bytes:
            return
        stream = client.batch(self._keys.device, offer.batch_id, offset_bytes=done)
        try:
            with part.open("ab", buffering=0) as out:
                for block in stream:
                    done += len(block)
                    if done > offer.length_bytes:
                        raise UnavailableError(Code.COORDINATOR_LIED, "longer batch")
                    write_all(out, block)
                    progress(done, offer.length_bytes)
                    if cancelled():
                        raise RefusedError(Code.CANCELLED)
        except OSError as error:
            part.unlink(missing_ok=True)  # a full disk needs the room
            raise disk_error(error) from error

    def _offered(self, client: Coordinator) -> list[OfferedBatch]:
        """Return what is not here yet, batches among it that were refused before."""
        rows = self._store.batches()
        held, first_missing = {row.seq for row in rows}, 0
        while first_missing in held:
            first_missing += 1
        offers = client.batches(self._keys.device, after=first_missing - 1)
        known = {row.batch_id for row in rows}
        return [offer for offer in offers if offer.batch_id not in known]
