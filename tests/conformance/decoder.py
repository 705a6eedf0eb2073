"""What any decoder pool must do, the real ones and the fake alike."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reviewer.domain.fingerprint import BEST_QUALITY, PDQ_BYTES
from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.item import Kind
from reviewer.domain.rendition import (
    SHEET_BUDGET_PX,
    SHEET_TILES_COUNT,
    WHOLE_BOX,
    Aim,
    Box,
    Extent,
    Hit,
    Hits,
    Rendition,
    SandboxLevel,
    Step,
)
from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from reviewer.media.meter import CountingMeter
from reviewer.ports import DecoderPool, DecoderSession, MediaReader
from reviewer.safeguards.grant import Grant
from tests.fakes.decoder import BytesReader

ITEM = ItemId("0123456789abcdef0123456789abcdef")
OTHER = ItemId("fedcba9876543210fedcba9876543210")
WORDS = "Grüße, слово, كلمة.\n" * 1_000


def grant(step: Step = Step.GREY, item_id: ItemId = ITEM) -> Grant:
    """Return a grant, as `safeguards.reveal` would."""
    return Grant(item_id=item_id, step=step, extent=Extent.WHOLE, given_at=MonoMs(0))


def is_grey(rendition: Rendition) -> bool:
    """Say whether the three channels are equal everywhere."""
    pixels = rendition.pixels
    return pixels[0::3] == pixels[1::3] == pixels[2::3]


class FalseReader(BytesReader):
    """A reader whose bytes are not what was signed."""

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        raise VerificationError(Code.HASH_MISMATCH, "reader")


class StuckReader(BytesReader):
    """A reader that waits until it is let go."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.is_waiting = threading.Event()
        self.may_go = threading.Event()

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        self.is_waiting.set()
        assert self.may_go.wait(30)
        return super().read(offset_bytes, length_bytes)


class DecoderPoolSuite(ABC):
    """Inherit, and say how to make a pool and media for it."""

    @classmethod
    @abstractmethod
    def make_pool(cls, meter: CountingMeter | None) -> DecoderPool:
        """Return a fresh pool, or skip the test."""

    @classmethod
    @abstractmethod
    def still(cls, width_px: int, height_px: int) -> bytes:
        """Return a coloured still of this size."""

    @classmethod
    @abstractmethod
    def clip(cls, width_px: int, height_px: int) -> bytes:
        """Return a clip of five seconds."""

    @classmethod
    @abstractmethod
    def text_item(cls, text: str) -> bytes:
        """Return a text item."""

    @pytest.fixture(scope="class")
    @classmethod
    def meter(cls) -> CountingMeter:
        return CountingMeter()

    @pytest.fixture(scope="class")
    @classmethod
    def pool(cls, meter: CountingMeter) -> Iterator[DecoderPool]:
        pool = cls.make_pool(meter)
        reader = BytesReader(cls.still(8, 8))
        pool.open(reader, item_id=ITEM, kind=Kind.IMAGE, declared_type="").close()
        yield pool
        pool.shut_down()

    @pytest.fixture(autouse=True)
    def _no_session_stays(self, pool: DecoderPool) -> Iterator[None]:
        yield
        pool.close_all()

    def opened(
        self, pool: DecoderPool, data: bytes | MediaReader, kind: Kind = Kind.IMAGE
    ) -> DecoderSession:
        reader = BytesReader(data) if isinstance(data, bytes) else data
        return pool.open(reader, item_id=ITEM, kind=kind, declared_type="")

    def test_level_is_full(self, pool: DecoderPool) -> None:
        """The pool names the walls that it proved."""
        assert pool.level is SandboxLevel.FULL

    def test_info_of_a_still(self, pool: DecoderPool) -> None:
        """A still has a size and one frame."""
        info = self.opened(pool, self.still(320, 200)).info()
        assert (info.width_px, info.height_px) == (320, 200)
        assert (info.frames_count, info.duration_ms, info.pages_count) == (1, 0, 0)

    @pytest.mark.parametrize("long_side_px", [1, 12, 16, 24, 48])
    def test_concealed_keeps_to_its_side(
        self, pool: DecoderPool, long_side_px: int
    ) -> None:
        """No concealed rendition is longer than was asked."""
        session = self.opened(pool, self.still(320, 200))
        rendition = session.concealed(long_side_px=long_side_px, grey=True)
        assert max(rendition.width_px, rendition.height_px) == long_side_px
        assert rendition.step is Step.CONCEALED
        assert len(rendition.pixels) == 3 * rendition.width_px * rendition.height_px

    def test_concealed_is_grey_or_coloured(self, pool: DecoderPool) -> None:
        """Grey is the same picture without its colour."""
        session = self.opened(pool, self.still(320, 200))
        assert is_grey(session.concealed(long_side_px=16, grey=True))
        assert not is_grey(session.concealed(long_side_px=16, grey=False))

    @pytest.mark.parametrize("long_side_px", [-1, 0, 49, 4_096])
    def test_more_than_concealed_is_refused(
        self, pool: DecoderPool, long_side_px: int
    ) -> None:
        """The product limit of a concealed side is 48 pixels."""
        session = self.opened(pool, self.still(320, 200))
        with pytest.raises(RefusedError) as caught:
            session.concealed(long_side_px=long_side_px, grey=True)
        assert caught.value.code is Code.REVEAL_REFUSED

    @pytest.mark.parametrize(("width_px", "height_px"), [(320, 240), (144, 320)])
    def test_storyboard_keeps_to_its_budget(
        self, pool: DecoderPool, width_px: int, height_px: int
    ) -> None:
        """Twelve tiles of a clip, landscape or portrait, share the sheet's budget."""
        session = self.opened(pool, self.clip(width_px, height_px), Kind.CLIP)
        tiles = session.storyboard(grey=True)
        assert len(tiles) == SHEET_TILES_COUNT
        assert sum(t.width_px * t.height_px for t in tiles) <= SHEET_BUDGET_PX
        assert all(t.step is Step.CONCEALED and is_grey(t) for t in tiles)

    def test_storyboard_of_a_still_is_one_tile(self, pool: DecoderPool) -> None:
        """A picture that does not move gives one tile."""
        session = self.opened(pool, self.still(320, 200))
        assert len(session.storyboard(grey=False)) == 1

    def test_info_of_a_clip(self, pool: DecoderPool) -> None:
        """A clip has a size and a length."""
        info = self.opened(pool, self.clip(320, 240), Kind.CLIP).info()
        assert (info.width_px, info.height_px) == (320, 240)
        assert 4_900 <= info.duration_ms <= 5_100
        assert info.frames_count > 1

    def test_clear_fits_the_frame(self, pool: DecoderPool) -> None:
        """A clear rendition keeps its shape and fills one side of the frame."""
        session = self.opened(pool, self.still(320, 200))
        rendition = session.clear(
            grant(Step.COLOUR), box=WHOLE_BOX, width_px=640, height_px=640, at_ms=0
        )
        assert (rendition.width_px, rendition.height_px) == (640, 400)
        assert rendition.step is Step.COLOUR

    @pytest.mark.parametrize("step", [Step.SOFTENED, Step.GREY])
    def test_steps_below_colour_are_grey(self, pool: DecoderPool, step: Step) -> None:
        """Only the last step shows colour."""
        session = self.opened(pool, self.still(320, 200))
        rendition = session.clear(
            grant(step), box=WHOLE_BOX, width_px=200, height_px=200, at_ms=0
        )
        assert is_grey(rendition)
        assert rendition.step is step

    @pytest.mark.parametrize(
        "box",
        [
            Box(x=0.5, y=0.5, width=0.25, height=0.5),
            Box(x=0.9, y=0.9, width=0.5, height=0.5),
            Box(x=-1.0, y=2.0, width=0.0, height=9.0),
        ],
    )
    def test_a_lens_stays_within_the_frame(self, pool: DecoderPool, box: Box) -> None:
        """A box at or past the edge is moved inside; the frame is never exceeded."""
        session = self.opened(pool, self.still(320, 200))
        rendition = session.clear(
            grant(), box=box, width_px=160, height_px=120, at_ms=0
        )
        assert rendition.width_px <= 160
        assert rendition.height_px <= 120

    @pytest.mark.parametrize(
        "wrong", [grant(Step.CONCEALED), grant(Step.COLOUR, OTHER)]
    )
    def test_clear_needs_a_grant_for_this_item(
        self, pool: DecoderPool, wrong: Grant
    ) -> None:
        """A grant for another item, or for nothing clearer, opens nothing."""
        session = self.opened(pool, self.still(320, 200))
        with pytest.raises(RefusedError) as caught:
            session.clear(wrong, box=WHOLE_BOX, width_px=64, height_px=64, at_ms=0)
        assert caught.value.code is Code.REVEAL_REFUSED
        with pytest.raises(RefusedError):
            session.text(wrong, page=0)

    def test_a_frame_of_a_clip(self, pool: DecoderPool) -> None:
        """Any time gives a frame, past the end the last one."""
        session = self.opened(pool, self.clip(320, 240), Kind.CLIP)
        for at_ms in (0, 2_500, 10**9):
            rendition = session.clear(
                grant(), box=WHOLE_BOX, width_px=160, height_px=160, at_ms=at_ms
            )
            assert (rendition.width_px, rendition.height_px) == (160, 120)

    def test_text_comes_in_pages(self, pool: DecoderPool) -> None:
        """The pages of a text, joined, are the text."""
        session = self.opened(pool, self.text_item(WORDS), Kind.TEXT)
        info = session.info()
        assert info.words_count == 3_000
        pages = [session.text(grant(), page=n) for n in range(info.pages_count)]
        assert "".join(pages) == WORDS
        assert all(len(page) <= 8_000 for page in pages)
        assert session.text(grant(), page=info.pages_count) == ""

    def test_words_are_found(self, pool: DecoderPool) -> None:
        """Places come out in order, and the text stands at each of them."""
        session = self.opened(pool, self.text_item(WORDS), Kind.TEXT)
        found = session.find(" СЛОВО ", first_page=0)
        assert (len(found.hits), found.next_page) == (1_000, None) or found.next_page
        first = found.hits[0]
        page = session.text(grant(), page=first.page)
        assert page[first.start : first.end] == "слово"
        assert session.find("nowhere", first_page=0) == Hits(hits=(), next_page=None)

    def test_a_search_goes_on_page_by_page(self, pool: DecoderPool) -> None:
        """However an answer is cut, all places come out, once each."""
        session = self.opened(pool, self.text_item(WORDS), Kind.TEXT)
        hits: list[Hit] = []
        page: int | None = 0
        while page is not None:
            found = session.find("слово", first_page=page)
            hits += found.hits
            page = found.next_page
        assert len(hits) == len(set(hits)) == 1_000

    def test_a_picture_has_no_words(self, pool: DecoderPool) -> None:
        """Nothing is found where nothing can stand."""
        session = self.opened(pool, self.still(8, 8))
        with pytest.raises(MediaError) as caught:
            session.find("word", first_page=0)
        assert caught.value.code is Code.MEDIA_UNSUPPORTED

    def test_text_has_no_picture(self, pool: DecoderPool) -> None:
        """What is not there is unsupported, and the session lives on."""
        session = self.opened(pool, self.text_item("one"), Kind.TEXT)
        for ask in (
            lambda: session.concealed(long_side_px=16, grey=True),
            lambda: session.storyboard(grey=True),
        ):
            with pytest.raises(MediaError) as caught:
                ask()
            assert caught.value.code is Code.MEDIA_UNSUPPORTED
        assert session.info().words_count == 1

    def test_pictures_have_no_text(self, pool: DecoderPool) -> None:
        """A still has no pages."""
        session = self.opened(pool, self.still(32, 20))
        with pytest.raises(MediaError) as caught:
            session.text(grant(), page=0)
        assert caught.value.code is Code.MEDIA_UNSUPPORTED

    def test_fingerprint_of_a_still(self, pool: DecoderPool) -> None:
        """One frame, the same for the same picture, and the size of the source."""
        data = self.still(320, 200)
        fingerprint = self.opened(pool, data).fingerprint()
        (frame,) = fingerprint.frames
        assert len(frame.hash) == PDQ_BYTES
        assert 0 <= frame.quality <= BEST_QUALITY
        assert fingerprint.pixels_count == 320 * 200
        assert self.opened(pool, data).fingerprint() == fingerprint

    def test_fingerprint_of_a_clip(self, pool: DecoderPool) -> None:
        """A frame a second."""
        session = self.opened(pool, self.clip(320, 240), Kind.CLIP)
        assert len(session.fingerprint().frames) == 5

    def test_fingerprint_of_a_text(self, pool: DecoderPool) -> None:
        """Texts are compared by their bytes alone; the session lives on."""
        session = self.opened(pool, self.text_item("one"), Kind.TEXT)
        with pytest.raises(MediaError) as caught:
            session.fingerprint()
        assert caught.value.code is Code.MEDIA_UNSUPPORTED
        assert session.info().words_count == 1

    def test_a_fingerprint_shows_nothing(
        self, pool: DecoderPool, meter: CountingMeter
    ) -> None:
        """No rendition comes back, so none is counted."""
        before = meter.recorded
        self.opened(pool, self.still(640, 400)).fingerprint()
        assert meter.recorded == before

    def test_unsupported_is_refused_before_any_child(self, pool: DecoderPool) -> None:
        """An item of unknown ending is not even read."""
        reader = BytesReader(b"anything")
        with pytest.raises(MediaError) as caught:
            self.opened(pool, reader, Kind.UNSUPPORTED)
        assert caught.value.code is Code.MEDIA_UNSUPPORTED
        assert reader.reads == 0

    @pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.CLIP])
    @pytest.mark.parametrize("data", [b"", b"\x00", b"no picture at all" * 99])
    def test_nonsense_costs_one_answer(
        self, pool: DecoderPool, kind: Kind, data: bytes
    ) -> None:
        """Broken media raise a media error, again and again, and nothing else."""
        session = self.opened(pool, data, kind)
        for ask in (session.info, lambda: session.concealed(long_side_px=9, grey=True)):
            with pytest.raises(MediaError) as caught:
                ask()
            assert caught.value.code in {Code.MEDIA_BROKEN, Code.MEDIA_UNSUPPORTED}

    def test_a_false_item_is_told_from_a_broken_one(self, pool: DecoderPool) -> None:
        """What the reader raises comes through as it is."""
        session = self.opened(pool, FalseReader(self.still(32, 20)))
        with pytest.raises(VerificationError) as caught:
            session.concealed(long_side_px=16, grey=True)
        assert caught.value.code is Code.HASH_MISMATCH

    def test_closed_twice_and_asked_again(self, pool: DecoderPool) -> None:
        """Closing is final and may be repeated."""
        session = self.opened(pool, self.still(32, 20))
        session.close()
        session.close()
        with pytest.raises(MediaError) as caught:
            session.info()
        assert caught.value.code is Code.DECODER_DIED

    def test_close_interrupts_a_call(self, pool: DecoderPool) -> None:
        """Another thread may close while a call waits for its bytes."""
        reader = StuckReader(self.still(32, 20))
        session = self.opened(pool, reader)
        caught: list[Code] = []

        def ask() -> None:
            with pytest.raises(MediaError) as error:
                session.concealed(long_side_px=16, grey=True)
            caught.append(error.value.code)

        waiting = threading.Thread(target=ask)
        waiting.start()
        assert reader.is_waiting.wait(30)
        session.close()
        reader.may_go.set()
        waiting.join(30)
        assert caught == [Code.DECODER_DIED]

    def test_several_threads_share_a_session(self, pool: DecoderPool) -> None:
        """Calls from several threads take turns and all get their answer."""
        session = self.opened(pool, self.still(320, 200))
        sides: list[int] = []

        def ask(side: int) -> None:
            rendition = session.concealed(long_side_px=side, grey=True)
            sides.append(rendition.width_px - side)

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(8, 24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sides == [0] * 16

    def test_items_are_apart(self, pool: DecoderPool) -> None:
        """Each item has its own child; ending one leaves the other."""
        first = self.opened(pool, self.still(320, 200))
        second = self.opened(pool, self.still(200, 320))
        first.close()
        assert second.info().height_px == 320

    def test_close_all_leaves_the_pool_usable(self, pool: DecoderPool) -> None:
        """After closing everything a new item can be opened."""
        before = self.opened(pool, self.still(320, 200))
        pool.close_all()
        with pytest.raises(MediaError):
            before.info()
        assert self.opened(pool, self.still(320, 200)).info().width_px == 320

    def test_shut_down_is_final(self) -> None:
        """A pool that was shut down refuses."""
        pool = self.make_pool(None)
        pool.shut_down()
        with pytest.raises(UnavailableError) as caught:
            self.opened(pool, self.still(32, 20))
        assert caught.value.code is Code.SANDBOX_UNAVAILABLE

    def test_prepared_or_not_the_look_is_the_same(self, pool: DecoderPool) -> None:
        """Rendering ahead changes when work is done, not what comes back.

        Neither does it where another look comes than the one that was prepared.
        """
        same = Aim(step=Step.GREY, box=WHOLE_BOX, width_px=99, height_px=99)
        prepared = (
            None,
            same,
            replace(same, step=Step.SOFTENED),
            replace(same, box=Box(x=0.25, y=0.25, width=0.5, height=0.5)),
            replace(same, width_px=98),
        )
        looks = []
        for aim in prepared:
            session = self.opened(pool, self.still(320, 200))
            if aim is not None:
                session.prepare(aim)
            looks += [
                session.clear(
                    grant(), box=WHOLE_BOX, width_px=99, height_px=99, at_ms=0
                )
                for _ in range(2)
            ]
        assert all(look == looks[0] for look in looks)

    def test_preparing_gives_nothing_out(
        self, pool: DecoderPool, meter: CountingMeter
    ) -> None:
        """No rendition leaves the child by it, and a concealed one is none to come."""
        session = self.opened(pool, self.still(640, 400))
        aim = Aim(step=Step.COLOUR, box=WHOLE_BOX, width_px=640, height_px=640)
        before = meter.recorded
        session.prepare(aim)
        assert meter.recorded == before
        with pytest.raises(RefusedError) as caught:
            session.prepare(replace(aim, step=Step.CONCEALED))
        assert caught.value.code is Code.REVEAL_REFUSED

    def test_the_meter_sees_clear_only_after_a_reveal(
        self, pool: DecoderPool, meter: CountingMeter
    ) -> None:
        """What is concealed measures concealed; a clear look is counted as clear."""
        session = self.opened(pool, self.still(640, 400))
        clear_before = meter.clear_after_reveal
        session.concealed(long_side_px=48, grey=False)
        session.storyboard(grey=False)
        assert meter.clear_before_reveal == 0
        session.clear(grant(), box=WHOLE_BOX, width_px=640, height_px=640, at_ms=0)
        assert meter.clear_after_reveal == clear_before + 1
        assert meter.clear_before_reveal == 0
