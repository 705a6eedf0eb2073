"""A decoder pool without decoders: drawn pixels for items that only describe media.

An item's bytes are `FAKE still 640 480`, `FAKE clip 640 480 5000` (milliseconds) or
`FAKE text` and a text from the next line on; anything else is broken. Stills and
clips may end in ` LIKE TURNED`: what they look like, and how many bits of their
fingerprint are turned. Clear
renditions show the meter's planted stripes, concealed ones an even ramp. The fake
passes the same conformance suite as the real pool.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Kind
from reviewer.domain.rendition import (
    CONCEALED_CEILING_PX,
    Aim,
    Box,
    Hit,
    Hits,
    MediaInfo,
    Rendition,
    SandboxLevel,
    Step,
)
from reviewer.errors import Code, MediaError, RefusedError, UnavailableError
from reviewer.media.meter import STRIPE_DARK, STRIPE_LIGHT, STRIPE_PX, RenditionMeter
from reviewer.pipe.sizes import (
    PAGE_CHARACTERS,
    SHEET_TILES_COUNT,
    Size,
    fit,
    fit_tile,
    frame_within,
)
from reviewer.ports import MediaReader
from reviewer.safeguards.grant import Grant
from tests.fakes.prints import bits_of, flipped, print_of


class BytesReader:
    """A `MediaReader` over bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.reads = 0

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        self.reads += 1
        return self._data[offset_bytes : offset_bytes + length_bytes]


def fake_still(
    width_px: int, height_px: int, *, like: str = "", turned: int = 0
) -> bytes:
    """Describe a still, and what it looks like if that matters."""
    look = f" {like} {turned}" if like else ""
    return f"FAKE still {width_px} {height_px}{look}".encode()


def fake_clip(
    width_px: int, height_px: int, duration_ms: int, *, like: str = "", turned: int = 0
) -> bytes:
    """Describe a clip, and what it looks like if that matters."""
    look = f" {like} {turned}" if like else ""
    return f"FAKE clip {width_px} {height_px} {duration_ms}{look}".encode()


def fake_text(text: str) -> bytes:
    """Describe a text."""
    return f"FAKE text\n{text}".encode()


_NO_SIZE: Final = Size(0, 0)


@dataclass(frozen=True, slots=True)
class _Media:
    kind: Kind
    size: Size = _NO_SIZE
    duration_ms: int = 0
    text: str = ""
    like: str = "anything"
    turned: int = 0


class FakeSession:
    """A `DecoderSession` that draws."""

    def __init__(
        self,
        reader: MediaReader,
        *,
        item_id: ItemId,
        kind: Kind,
        meter: RenditionMeter | None,
        failure: Code | None,
    ) -> None:
        self._reader = reader
        self._item_id = item_id
        self._kind = kind
        self._meter = meter
        self._failure = failure
        self._turn = threading.Lock()
        self._is_closed = False

    def info(self) -> MediaInfo:
        media = self._media()
        if media.kind is Kind.TEXT:
            pages = max(1, -(-len(media.text) // PAGE_CHARACTERS))
            return MediaInfo(words_count=len(media.text.split()), pages_count=pages)
        return MediaInfo(
            width_px=media.size.width_px,
            height_px=media.size.height_px,
            duration_ms=media.duration_ms,
            frames_count=1 + media.duration_ms // 40,
        )

    def prepare(self, aim: Aim, /) -> None:
        if aim.step is Step.CONCEALED:
            raise RefusedError(Code.REVEAL_REFUSED, "aim")
        self._media()

    def concealed(self, *, long_side_px: int, grey: bool) -> Rendition:
        if not 0 < long_side_px <= CONCEALED_CEILING_PX:
            raise RefusedError(Code.REVEAL_REFUSED, f"concealed {long_side_px}")
        source = self._picture().size
        size = source
        if source.long_side_px > long_side_px:
            size = fit(source, width_px=long_side_px, height_px=long_side_px)
        return self._rendition(Step.CONCEALED, size, _ramp(size, grey=grey))

    def storyboard(self, *, grey: bool) -> tuple[Rendition, ...]:
        media = self._picture()
        count = SHEET_TILES_COUNT if media.duration_ms else 1
        size = fit_tile(media.size)
        pixels = _ramp(size, grey=grey)
        self._record(size, tiles=count, pixels=pixels * count, granted=False)
        tile = Rendition(
            step=Step.CONCEALED,
            width_px=size.width_px,
            height_px=size.height_px,
            pixels=pixels,
        )
        return (tile,) * count

    def clear(
        self, grant: Grant, /, *, box: Box, width_px: int, height_px: int, at_ms: int
    ) -> Rendition:
        self._check(grant)
        source = self._picture().size
        frame = frame_within(width_px, height_px)
        cut = Size(
            max(1, round(source.width_px * box.width)),
            max(1, round(source.height_px * box.height)),
        )
        size = fit(cut, width_px=frame.width_px, height_px=frame.height_px)
        return self._rendition(grant.step, size, _stripes(size))

    def text(self, grant: Grant, /, *, page: int) -> str:
        self._check(grant)
        media = self._media()
        if media.kind is not Kind.TEXT:
            raise MediaError(Code.MEDIA_UNSUPPORTED, "TEXT")
        return media.text[page * PAGE_CHARACTERS : (page + 1) * PAGE_CHARACTERS]

    def find(self, query: str, /, *, first_page: int) -> Hits:
        media = self._media()
        if media.kind is not Kind.TEXT:
            raise MediaError(Code.MEDIA_UNSUPPORTED, "FIND")
        words = re.compile(re.escape(query.strip()), re.IGNORECASE)
        starts = range(0, len(media.text), PAGE_CHARACTERS)
        pages = [media.text[start : start + PAGE_CHARACTERS] for start in starts]
        hits = [
            Hit(page=at, start=found.start(), end=found.end())
            for at, page in enumerate(pages)
            for found in words.finditer(page)
            if at >= first_page
        ]
        return Hits(hits=tuple(hits), next_page=None)

    def fingerprint(self) -> Fingerprint:
        media = self._picture()
        seconds = range(max(1, -(-media.duration_ms // 1_000)))
        frames = (flipped(bits_of(f"{media.like}{n}"), media.turned) for n in seconds)
        return print_of(*frames, pixels_count=media.size.pixels_count)

    def close(self) -> None:
        self._is_closed = True

    def _check(self, grant: Grant) -> None:
        if grant.item_id != self._item_id or grant.step is Step.CONCEALED:
            raise RefusedError(Code.REVEAL_REFUSED, "grant")

    def _picture(self) -> _Media:
        media = self._media()
        if media.kind is Kind.TEXT:
            raise MediaError(Code.MEDIA_UNSUPPORTED, "STILL")
        return media

    def _media(self) -> _Media:
        with self._turn:
            self._must_live()
            data = self._reader.read(0, self._reader.size_bytes)
            self._must_live()
        if self._failure is not None:
            raise MediaError(self._failure, "fake")
        media = _parsed(data)
        if media is None or media.kind is not self._kind:
            raise MediaError(Code.MEDIA_UNSUPPORTED, "fake")
        return media

    def _must_live(self) -> None:
        if self._is_closed:
            raise MediaError(Code.DECODER_DIED, "closed")

    def _rendition(self, step: Step, size: Size, pixels: bytes) -> Rendition:
        is_granted = step is not Step.CONCEALED
        self._record(size, tiles=1, pixels=pixels, granted=is_granted)
        return Rendition(
            step=step, width_px=size.width_px, height_px=size.height_px, pixels=pixels
        )

    def _record(self, size: Size, *, tiles: int, pixels: bytes, granted: bool) -> None:
        if self._meter is not None:
            self._meter.record(
                self._item_id,
                width_px=size.width_px,
                height_px=size.height_px,
                tiles=tiles,
                pixels=pixels,
                granted=granted,
            )


class FakeDecoderPool:
    """A `DecoderPool` of drawing sessions, all walls claimed and none needed."""

    def __init__(
        self,
        *,
        level: SandboxLevel = SandboxLevel.FULL,
        meter: RenditionMeter | None = None,
        failures: Mapping[ItemId, Code] | None = None,
    ) -> None:
        """Make a pool.

        Args:
            level: What `level` says; anything but FULL refuses to open.
            meter: Told of every rendition.
            failures: Items whose every call raises a media error of this code.
        """
        self._level = level
        self._meter = meter
        self._failures = dict(failures or {})
        self._is_shut = False
        self.sessions: list[FakeSession] = []
        self.opened: list[ItemId] = []

    @property
    def level(self) -> SandboxLevel:
        return self._level

    def open(
        self, reader: MediaReader, /, *, item_id: ItemId, kind: Kind, declared_type: str
    ) -> FakeSession:
        if kind is Kind.UNSUPPORTED:
            raise MediaError(Code.MEDIA_UNSUPPORTED, kind.value)
        if self._is_shut or self._level is not SandboxLevel.FULL:
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, self._level.value)
        session = FakeSession(
            reader,
            item_id=item_id,
            kind=kind,
            meter=self._meter,
            failure=self._failures.get(item_id),
        )
        self.sessions.append(session)
        self.opened.append(item_id)
        return session

    def close_all(self) -> None:
        for session in self.sessions:
            session.close()
        self.sessions.clear()

    def shut_down(self) -> None:
        self.close_all()
        self._is_shut = True


def _parsed(data: bytes) -> _Media | None:
    head, _, text = data.decode("utf-8", errors="replace").partition("\n")
    match head.split(" "):
        case ["FAKE", "still", width, height]:
            size = Size(int(width), int(height))
            return _Media(Kind.IMAGE, size, like=f"{width} by {height}")
        case ["FAKE", "clip", width, height, duration]:
            size = Size(int(width), int(height))
            like = f"{width} by {height}"
            return _Media(Kind.CLIP, size, int(duration), like=like)
        case ["FAKE", "still", width, height, like, turned]:
            size = Size(int(width), int(height))
            return _Media(Kind.IMAGE, size, like=like, turned=int(turned))
        case ["FAKE", "clip", width, height, duration, like, turned]:
            return _Media(
                Kind.CLIP,
                Size(int(width), int(height)),
                int(duration),
                like=like,
                turned=int(turned),
            )
        case ["FAKE", "text"]:
            return _Media(Kind.TEXT, text=text)
        case _:
            return None


def _ramp(size: Size, *, grey: bool) -> bytes:
    row = b"".join(
        bytes((96 + x % 8, 96 + x % 8, (96 if grey else 160) + x % 8))
        for x in range(size.width_px)
    )
    return row * size.height_px


def _stripes(size: Size) -> bytes:
    tones = (STRIPE_DARK, STRIPE_LIGHT)
    row = b"".join(
        bytes((tones[x // STRIPE_PX % 2],) * 3) for x in range(size.width_px)
    )
    return row * size.height_px
