"""Ask the decoders for what may be seen; called on decode threads, never on Qt's.

At most four children live at a time: the item on the stage and its prefetched
neighbours. A refusal is a value, so that the item can still be decided.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Item, Kind
from reviewer.domain.rendition import Aim, Box, Hits, MediaInfo, Rendition, SandboxLevel
from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.ports import DecoderPool, DecoderSession, ItemRow
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.measures import MILD_TO, rating
from reviewer.services.reading import ItemReader

SESSIONS_COUNT: Final = 4

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcealedView:
    """What the stage shows before any reveal, or why it cannot."""

    info: MediaInfo
    still: Rendition | None
    tiles: tuple[Rendition, ...]
    refused: Code | None


_NOTHING: Final = MediaInfo()


class Viewing:
    """The open children, least recently used first."""

    def __init__(
        self,
        pool: DecoderPool,
        readers: Callable[[Item], ItemReader],
        *,
        is_noted: Callable[[ItemId], bool],
    ) -> None:
        """Take the pool, and what answers on any thread.

        Args:
            pool: Starts the children.
            readers: Makes readers of the open batch's items.
            is_noted: Whether the ledger on the disk holds a look at this item.
        """
        self._pool = pool
        self._readers = readers
        self._is_noted = is_noted
        self._lock = threading.Lock()
        self._open: OrderedDict[ItemId, _Opened] = OrderedDict()

    @property
    def level(self) -> SandboxLevel:
        """Return the walls around the decoders."""
        return self._pool.level

    def concealed(
        self, row: ItemRow, /, *, strength_px: int, grey: bool
    ) -> ConcealedView:
        """Return a concealed still, and for clips and animations the sheet of tiles.

        Never raises for the item's sake: a hostile, broken or missing item comes
        back with `refused` set and can still be decided or handed back.
        """
        item = row.item
        if item.kind is Kind.UNSUPPORTED:
            return _refusal(Code.MEDIA_UNSUPPORTED)
        try:
            session = self._session(item)
            info = session.info()
            if item.kind is Kind.TEXT:
                return ConcealedView(info=info, still=None, tiles=(), refused=None)
            still = session.concealed(long_side_px=strength_px, grey=grey)
            tiles = session.storyboard(grey=grey) if _has_frames(item, info) else ()
        except (MediaError, VerificationError, UnavailableError) as error:
            self.release(item.id)
            return _refusal(error.code)
        return ConcealedView(info=info, still=still, tiles=tiles, refused=None)

    def prepare(self, item: Item, aim: Aim, /) -> None:
        """Let the child get a look ready while an intent time runs.

        Nothing leaves it, so neither a grant nor a look in the ledger is asked for.
        Raises as `clear` does.
        """
        self._guarded(item, lambda session: session.prepare(aim))

    def clear(
        self,
        item: Item,
        grant: Grant,
        /,
        *,
        box: Box,
        width_px: int,
        height_px: int,
        at_ms: int = 0,
    ) -> Rendition:
        """Render a box at the grant's step.

        Raises:
            RefusedError: REVEAL_REFUSED, no look is written down: a second wall
                behind the window's own, whatever grant it holds.
            MediaError: the child failed; the item can still be decided.
            VerificationError: the media are not what the batch says.
        """
        self._check_noted(item)
        return self._guarded(
            item,
            lambda session: session.clear(
                grant, box=box, width_px=width_px, height_px=height_px, at_ms=at_ms
            ),
        )

    def text(self, item: Item, grant: Grant, /, *, page: int) -> str:
        """Return one page of a text item; raises as `clear` does.

        Text of a signed severity up to 2 opens readable, and no look is written down.
        """
        signed = rating(item.severity, assumed=item.assumed_severity, own=None)
        if signed is None or signed > MILD_TO:
            self._check_noted(item)
        return self._guarded(item, lambda session: session.text(grant, page=page))

    def find(self, item: Item, query: str, /, *, first_page: int = 0) -> Hits:
        """Return where words stand in a text: places only, so at any severity.

        An answer goes as far as one may; `next_page` says where to go on.

        Raises:
            RefusedError: MALFORMED, no words, or too many characters.
            MediaError: the child failed; the item can still be decided.
            VerificationError: the media are not what the batch says.
        """
        return self._guarded(
            item, lambda session: session.find(query, first_page=first_page)
        )

    def verify(self, item: Item, /) -> None:
        """Hash a clip or large item in the background; raise HASH_MISMATCH."""
        reader = self._readers(item)
        try:
            reader.verify_whole()
        finally:
            reader.close()

    def release(self, item_id: ItemId, /) -> None:
        """End the item's child and forget its bytes."""
        with self._lock:
            opened = self._open.pop(item_id, None)
        if opened is not None:
            opened.close()

    def cover(self) -> None:
        """End every child at once: curtain, lock, *minor possible*."""
        with self._lock:
            all_opened = list(self._open.values())
            self._open.clear()
        for opened in all_opened:
            opened.close()

    def _check_noted(self, item: Item) -> None:
        if not self._is_noted(item.id):
            raise RefusedError(Code.REVEAL_REFUSED, "no look is noted")

    def _guarded(self, item: Item, ask: Callable[[DecoderSession], _T]) -> _T:
        try:
            return ask(self._session(item))
        except ReviewerError:
            self.release(item.id)
            raise

    def _session(self, item: Item) -> DecoderSession:
        with self._lock:
            opened = self._open.get(item.id)
            if opened is not None:
                self._open.move_to_end(item.id)
                return opened.session
        reader = self._readers(item)
        session = self._pool.open(
            reader, item_id=item.id, kind=item.kind, declared_type=item.declared_type
        )
        mine = _Opened(session=session, reader=reader)
        with self._lock:
            kept = self._open.setdefault(item.id, mine)
            extra = [] if kept is mine else [mine]
            while len(self._open) > SESSIONS_COUNT:
                extra.append(self._open.popitem(last=False)[1])
        for spare in extra:
            spare.close()
        return kept.session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    session: DecoderSession
    reader: ItemReader

    def close(self) -> None:
        self.session.close()
        self.reader.close()


def _has_frames(item: Item, info: MediaInfo) -> bool:
    return item.kind is Kind.CLIP or info.frames_count > 1


def _refusal(code: Code) -> ConcealedView:
    return ConcealedView(info=_NOTHING, still=None, tiles=(), refused=code)
