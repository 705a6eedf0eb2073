"""Find out what items look like, in the background, after their batch is in.

Nothing waits for it: a batch opens at once, and exact copies are known without it.
Each step is kept when it is done, so a crash or a lock costs a few items, which are
looked at again. Nothing is shown: a child answers with bits, and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.domain.fingerprint import NO_FINGERPRINT, Fingerprint
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item, Kind
from reviewer.errors import Code, MediaError, RefusedError, VerificationError
from reviewer.ports import DecoderPool, ItemRow, Store
from reviewer.services.reading import ItemReader

STEP_COUNT: Final = 16
_PICTURES: Final = frozenset({Kind.IMAGE, Kind.CLIP})

Told = Callable[[int], None]
"""Is told how many items are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One item to look at; holds its key, so it is never printed or kept."""

    item: Item
    reader: Callable[[], ItemReader] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one item looks like."""

    item_id: ItemId
    fingerprint: Fingerprint
    refused: Code | None = None
    """Why there is none."""


class Fingerprinting:
    """Takes a batch in small steps: `upcoming`, `look` and `keep`, again and again."""

    def __init__(
        self,
        *,
        store: Store,
        pool: DecoderPool,
        reader: Callable[[ItemRow], ItemReader],
        is_hidden: Callable[[ItemId], bool],
    ) -> None:
        """Take the vault and the decoders.

        Args:
            store: Of the profile.
            pool: Starts a child for each picture and clip.
            reader: Makes a reader of an item; called on the store's thread.
            is_hidden: Whether a minor may be shown in it; called on any thread.
        """
        self._store = store
        self._pool = pool
        self._reader = reader
        self._is_hidden = is_hidden

    def upcoming(
        self, batch_id: BatchId, *, most: int = STEP_COUNT
    ) -> tuple[Task, ...]:
        """Return what comes next, nothing once all is done; on the store's thread."""
        if self._store.read_only():
            return ()
        tasks = []
        for item_id in self._store.unprinted(batch_id, most=most):
            row = self._store.item(item_id)
            tasks.append(Task(item=row.item, reader=self._reader_of(row)))
        return tuple(tasks)

    def look(self, task: Task) -> Found:
        """Ask a child of its own what the item looks like; on a decode thread.

        Broken or false media have no fingerprint, and are not looked at again.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE; nothing is known, try later.
        """
        if task.item.kind not in _PICTURES:
            return Found(item_id=task.item.id, fingerprint=NO_FINGERPRINT)
        try:
            found = self._asked(task)
        except (MediaError, VerificationError) as error:
            return Found(
                item_id=task.item.id, fingerprint=NO_FINGERPRINT, refused=error.code
            )
        return Found(item_id=task.item.id, fingerprint=found)

    def keep(self, found: Sequence[Found]) -> None:
        """Keep what was found, in one short transaction; on the store's thread.

        Of what was put away meanwhile nothing is kept: should it come back, it comes
        up again.

        Raises:
            RefusedError: READ_ONLY, LOCKED.
            UnavailableError: the disk failed; nothing has changed.
        """
        if found:
            with self._store.write() as tx:
                for each in found:
                    if each.refused is not Code.ITEM_SEALED:
                        tx.put_fingerprint(each.item_id, each.fingerprint)

    def run(
        self,
        batch_id: BatchId,
        *,
        told: Told = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Do all that is left, on one thread, for commands; return how many.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, or the disk failed.
        """
        done = 0
        while not cancelled() and (tasks := self.upcoming(batch_id)):
            self.keep([self.look(task) for task in tasks])
            done += len(tasks)
            told(done)
        return done

    def _asked(self, task: Task) -> Fingerprint:
        """Ask again where a child died: a curtain may have ended it."""
        try:
            return self._ask(task)
        except MediaError as error:
            if error.code is not Code.DECODER_DIED:
                raise
        return self._ask(task)

    def _ask(self, task: Task) -> Fingerprint:
        item, reader = task.item, task.reader()
        if self._is_hidden(item.id):  # since it came up
            raise MediaError(Code.ITEM_SEALED, item.id)
        try:
            session = self._pool.open(
                reader,
                item_id=item.id,
                kind=item.kind,
                declared_type=item.declared_type,
            )
            try:
                return session.fingerprint()
            finally:
                session.close()
        finally:
            reader.close()

    def _reader_of(self, row: ItemRow) -> Callable[[], ItemReader]:
        try:
            reader = self._reader(row)
        except RefusedError:  # its key is gone: there is nothing to look at
            return lambda: _missing(row.item)
        return lambda: reader


def _missing(item: Item) -> ItemReader:
    raise MediaError(Code.MEDIA_MISSING, item.id)
