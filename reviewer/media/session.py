"""One item in one locked child, with concealment that does not trust the child.

A concealed rendition over the ceiling, or a sheet over its budget, is refused before
a pixel is copied. Anything clearer, and any text, is asked for only with a grant for
this very item (design.md 2).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from reviewer.domain.fingerprint import Fingerprint, FramePrint
from reviewer.domain.ids import ItemId
from reviewer.domain.rendition import (
    CONCEALED_CEILING_PX,
    Aim,
    Box,
    Hit,
    Hits,
    MediaInfo,
    Rendition,
    Step,
)
from reviewer.errors import Code, MediaError, RefusedError, ReviewerError
from reviewer.media.conversation import Conversation, translated
from reviewer.media.link import Link, SharedMemory
from reviewer.media.meter import RenditionMeter
from reviewer.pipe import sizes
from reviewer.pipe.codes import Op, Rung
from reviewer.pipe.frames import FrameError, Request, Result
from reviewer.safeguards.grant import Grant

# After these the child is alive and may be asked something else.
_HARMLESS: Final = frozenset(
    {Code.MEDIA_BROKEN, Code.MEDIA_UNSUPPORTED, Code.MEDIA_TOO_LARGE}
)

T = TypeVar("T")


class LockedSession:
    """A `DecoderSession`. Calls take turns; `close` interrupts the one that waits."""

    def __init__(
        self,
        *,
        item_id: ItemId,
        link: Link,
        shared: SharedMemory,
        conversation: Conversation,
        meter: RenditionMeter | None,
    ) -> None:
        self._item_id = item_id
        self._link = link
        self._shared = shared
        self._conversation = conversation
        self._meter = meter
        self._serial = 0
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._is_closed = False
        self._is_released = False

    @property
    def is_closed(self) -> bool:
        """Say whether the child was ended, by `close` or by its own fault."""
        return self._is_closed

    def info(self) -> MediaInfo:
        """Return checked numbers about the media.

        Raises:
            MediaError: the media, or the child, is broken.
        """
        return self._do(lambda: _info(self._ask(Op.INFO)))

    def prepare(self, aim: Aim, /) -> None:
        """Let the child decode at full size and render a look; nothing leaves it.

        What it rendered waits in memory of its own until `clear` asks for just that.

        Raises:
            RefusedError: REVEAL_REFUSED, nothing clearer than concealed may come.
            MediaError: the media, or the child, is broken.
        """
        if aim.step is Step.CONCEALED:
            raise RefusedError(Code.REVEAL_REFUSED, "aim")
        self._do(lambda: self._ask_look(Op.PREPARE, aim))

    def concealed(self, *, long_side_px: int, grey: bool) -> Rendition:
        """Return the still, or the first key frame, within the concealed ceiling.

        Raises:
            RefusedError: REVEAL_REFUSED, more was asked than may be concealed.
            MediaError: DECODER_LIED where the child sent more; or as `info`.
        """
        if not 0 < long_side_px <= CONCEALED_CEILING_PX:
            raise RefusedError(Code.REVEAL_REFUSED, f"concealed {long_side_px}")

        def act() -> Rendition:
            result = self._ask(
                Op.STILL, is_grey=grey, width_px=long_side_px, height_px=long_side_px
            )
            size = sizes.concealed_size(
                result.untrusted_width,
                result.untrusted_height,
                long_side_px=long_side_px,
            )
            pixels = self._copy(result, size, tiles_count=1, granted=False)
            return _rendition(Step.CONCEALED, size, pixels)

        return self._do(act)

    def storyboard(self, *, grey: bool) -> tuple[Rendition, ...]:
        """Return up to twelve concealed tiles within the sheet budget.

        Raises:
            MediaError: DECODER_LIED where the child sent more; or as `info`.
        """

        def act() -> tuple[Rendition, ...]:
            result = self._ask(
                Op.STORYBOARD, is_grey=grey, tiles_count=sizes.SHEET_TILES_COUNT
            )
            count = result.untrusted_count
            size = sizes.sheet_of(
                count, result.untrusted_width, result.untrusted_height
            )
            pixels = self._copy(result, size, tiles_count=count, granted=False)
            return tuple(
                _rendition(
                    Step.CONCEALED,
                    size,
                    pixels[index * size.rgb_bytes : (index + 1) * size.rgb_bytes],
                )
                for index in range(count)
            )

        return self._do(act)

    def clear(
        self, grant: Grant, /, *, box: Box, width_px: int, height_px: int, at_ms: int
    ) -> Rendition:
        """Render the box at the grant's step, as large as fits the given frame.

        Raises:
            RefusedError: REVEAL_REFUSED, the grant is for another item or step.
            MediaError: as `info`.
        """
        self._check(grant)
        aim = Aim(
            step=grant.step,
            box=box,
            width_px=width_px,
            height_px=height_px,
            at_ms=at_ms,
        )
        frame = sizes.frame_within(width_px, height_px)

        def act() -> Rendition:
            result = self._ask_look(Op.FRAME, aim)
            size = sizes.size_within(
                result.untrusted_width, result.untrusted_height, frame=frame
            )
            pixels = self._copy(result, size, tiles_count=1, granted=True)
            return _rendition(grant.step, size, pixels)

        return self._do(act)

    def text(self, grant: Grant, /, *, page: int) -> str:
        """Return one page of a text item.

        Raises:
            RefusedError: REVEAL_REFUSED, the grant is for another item or step.
            MediaError: DECODER_LIED where the child sent no text; or as `info`.
        """
        self._check(grant)
        number = sizes.counted(page)

        def act() -> str:
            result = self._ask(Op.TEXT, page=number)
            length = sizes.counted(result.untrusted_length, most=sizes.PAGE_BYTES)
            return _page(self._shared.copy(length))

        return self._do(act)

    def find(self, query: str, /, *, first_page: int) -> Hits:
        """Return where words stand in a text, from a page on, as far as it went.

        No text leaves the child, so no grant is needed.

        Raises:
            RefusedError: MALFORMED, no words, or too many characters.
            MediaError: DECODER_LIED where the child sent no places; or as `info`.
        """
        # Joiners and other invisible characters are not searched for (decoder.finding).
        wanted = "".join(char for char in query if char.isprintable()).strip()
        if not 0 < len(wanted) <= sizes.QUERY_CHARACTERS:
            raise RefusedError(Code.MALFORMED, "query")
        data = wanted.encode("utf-8")
        page = sizes.counted(first_page)

        def act() -> Hits:
            self._shared.put(data)
            result = self._ask(Op.FIND, page=page, query_bytes=len(data))
            length = sizes.counted(
                result.untrusted_length, most=sizes.HITS_COUNT * sizes.HIT_BYTES
            )
            found = sizes.hits_of(
                self._shared.copy(length), result.untrusted_count, first_page=page
            )
            goes_on = sizes.counted(result.untrusted_pages)
            if 0 < goes_on <= page:
                raise FrameError(f"search goes on at {goes_on}")
            return Hits(
                hits=tuple(Hit(page=at, start=a, end=b) for at, a, b in found),
                next_page=goes_on or None,
            )

        return self._do(act)

    def fingerprint(self) -> Fingerprint:
        """Return what a picture or clip looks like, as bits; nothing is shown.

        Raises:
            MediaError: DECODER_LIED where the child sent no fingerprint; or as `info`.
        """

        def act() -> Fingerprint:
            result = self._ask(Op.FINGERPRINT)
            source = sizes.source_size(
                result.untrusted_width,
                result.untrusted_height,
                most=sizes.MAX_DRAFTED_PIXELS,
            )
            count = sizes.prints_of(result.untrusted_count, result.untrusted_length)
            data = self._shared.copy(count * sizes.PRINT_BYTES)
            return Fingerprint(frames=_frames(data), pixels_count=source.pixels_count)

        return self._do(act)

    def close(self) -> None:
        """Kill the child; a call that waits for it raises DECODER_DIED."""
        self._is_closed = True
        self._link.cut()
        if self._turn.acquire(blocking=False):
            try:
                self._release()
            finally:
                self._turn.release()

    def _do(self, act: Callable[[], T]) -> T:
        with self._turn:
            if self._is_closed:
                self._release()
                raise MediaError(Code.DECODER_DIED, "closed")
            try:
                return translated(act)
            except ReviewerError as error:
                if error.code not in _HARMLESS:
                    self._is_closed = True
                    self._link.cut()
                raise
            finally:
                if self._is_closed:
                    self._release()

    def _ask_look(self, op: Op, aim: Aim) -> Result:
        """Ask for a look, or to have it ready: the same question in every number."""
        frame = sizes.frame_within(aim.width_px, aim.height_px)
        x, width = _span(aim.box.x, aim.box.width)
        y, height = _span(aim.box.y, aim.box.height)
        return self._ask(
            op,
            rung=Rung(aim.step.value),
            is_grey=aim.step is not Step.COLOUR,
            width_px=frame.width_px,
            height_px=frame.height_px,
            box_x=x,
            box_y=y,
            box_width=width,
            box_height=height,
            at_ms=max(0, aim.at_ms),
        )

    def _ask(
        self,
        op: Op,
        *,
        rung: Rung = Rung.CONCEALED,
        is_grey: bool = True,
        width_px: int = 0,
        height_px: int = 0,
        box_x: int = 0,
        box_y: int = 0,
        box_width: int = 0,
        box_height: int = 0,
        at_ms: int = 0,
        page: int = 0,
        tiles_count: int = 0,
        query_bytes: int = 0,
    ) -> Result:
        self._serial += 1
        return self._conversation.ask(
            Request(
                op=op,
                serial=self._serial,
                rung=rung,
                is_grey=is_grey,
                width_px=width_px,
                height_px=height_px,
                box_x=box_x,
                box_y=box_y,
                box_width=box_width,
                box_height=box_height,
                at_ms=at_ms,
                page=page,
                tiles_count=tiles_count,
                query_bytes=query_bytes,
            )
        )

    def _copy(
        self, result: Result, size: sizes.Size, *, tiles_count: int, granted: bool
    ) -> bytes:
        length = size.rgb_bytes * tiles_count
        if result.untrusted_length != length or result.untrusted_count != tiles_count:
            raise FrameError(f"length {result.untrusted_length} for {length}")
        pixels = self._shared.copy(length)
        if self._meter is not None:
            self._meter.record(
                self._item_id,
                width_px=size.width_px,
                height_px=size.height_px,
                tiles=tiles_count,
                pixels=pixels,
                granted=granted,
            )
        return pixels

    def _check(self, grant: Grant) -> None:
        if grant.item_id != self._item_id or grant.step is Step.CONCEALED:
            raise RefusedError(Code.REVEAL_REFUSED, "grant")

    def _release(self) -> None:
        """Close descriptors; the caller holds the turn."""
        if not self._is_released:
            self._is_released = True
            self._link.close()
            self._shared.close()


def _info(result: Result) -> MediaInfo:
    has_picture = result.untrusted_width or result.untrusted_height
    if has_picture:
        sizes.source_size(
            result.untrusted_width,
            result.untrusted_height,
            most=sizes.MAX_DRAFTED_PIXELS,
        )
    frames = sizes.counted(result.untrusted_count)
    return MediaInfo(
        width_px=result.untrusted_width,
        height_px=result.untrusted_height,
        duration_ms=sizes.counted(
            result.untrusted_duration_ms, most=sizes.MAX_DURATION_MS
        ),
        frames_count=frames,
        frames_reached=sizes.counted(result.untrusted_reach, most=frames),
        has_audio=result.has_audio,
        words_count=sizes.counted(result.untrusted_words),
        pages_count=sizes.counted(result.untrusted_pages),
    )


def _page(untrusted: bytes) -> str:
    try:
        text = untrusted.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FrameError("text") from error
    if len(text) > sizes.PAGE_CHARACTERS:
        raise FrameError(f"page of {len(text)}")
    return text


def _frames(untrusted: bytes) -> tuple[FramePrint, ...]:
    starts = range(0, len(untrusted), sizes.PRINT_BYTES)
    frames = [untrusted[start : start + sizes.PRINT_BYTES] for start in starts]
    if any(frame[-1] > sizes.BEST_QUALITY for frame in frames):
        raise FrameError("quality")
    return tuple(FramePrint(frame[:-1], frame[-1]) for frame in frames)


def _rendition(step: Step, size: sizes.Size, pixels: bytes) -> Rendition:
    return Rendition(
        step=step, width_px=size.width_px, height_px=size.height_px, pixels=pixels
    )


def _span(start: float, length: float) -> tuple[int, int]:
    """Turn fractions into millionths within the frame, at least one long."""
    first = min(max(0, round(start * sizes.BOX_UNIT)), sizes.BOX_UNIT - 1)
    rest = sizes.BOX_UNIT - first
    return first, min(max(1, round(length * sizes.BOX_UNIT)), rest)
