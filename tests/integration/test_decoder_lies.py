"""A lying decoder shows nothing clear and stops nothing (security.md 4)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, SandboxLevel, Step
from reviewer.errors import Code, MediaError, UnavailableError
from reviewer.media.deadlines import Deadlines
from reviewer.media.launchers import Child
from reviewer.media.meter import CountingMeter
from reviewer.media.pool import LinuxDecoderPool
from reviewer.media.session import LockedSession
from reviewer.pipe.codes import Subject
from reviewer.sandbox import processes
from tests.conformance.decoder import ITEM, grant
from tests.fakes import lying_decoder
from tests.fakes.decoder import BytesReader
from tests.fakes.lying_decoder import Lie
from tests.sandboxed import need_full_sandbox

_PROGRAM: Final = str(Path(lying_decoder.__file__))
_QUICK_S: Final = 0.5
_STILL_LIES: Final = (
    Lie.CLEAR_AS_CONCEALED,
    Lie.ONE_PIXEL_OVER,
    Lie.LONGER_THAN_ASKED,
    Lie.NO_SIZE,
    Lie.ENORMOUS,
    Lie.TOO_SHORT,
    Lie.TOO_LONG,
    Lie.WRONG_COUNT,
    Lie.WRONG_SERIAL,
    Lie.UNKNOWN_STATUS,
    Lie.BAD_REQUEST,
    Lie.UNKNOWN_MARK,
    Lie.GARBAGE,
    Lie.READ_PAST_END,
    Lie.READ_TOO_MUCH,
    Lie.READ_NOTHING,
    Lie.READ_FOR_EVER,
)


class _LyingChild:
    def __init__(self, process: processes.Process) -> None:
        self._process = process

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class LyingLauncher:
    """Starts a liar where a locked child is asked for."""

    def __init__(self) -> None:
        self.lie = Lie.NONE

    def start(self, timeout_s: float) -> None:
        pass

    def launch(
        self, subject: Subject, *, pipe_fd: int, shared_fd: int, without_landlock: bool
    ) -> Child:
        fds = (pipe_fd, shared_fd)
        arguments = [_PROGRAM, *(str(fd) for fd in fds), self.lie.value]
        argv = [sys.executable, "-I", *arguments]
        return _LyingChild(processes.start(argv, kept_fds=fds))

    def stop(self) -> None:
        pass


class Den:
    """A pool of liars, and a meter that counts what got through."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.meter = CountingMeter()
        self._launcher = LyingLauncher()
        self.pool = LinuxDecoderPool(
            meter=self.meter, launcher=self._launcher, deadlines=deadlines
        )

    def open(self, lie: Lie, kind: Kind = Kind.IMAGE) -> LockedSession:
        self._launcher.lie = lie
        reader = BytesReader(b"x" * 100_000)
        return self.pool.open(reader, item_id=ITEM, kind=kind, declared_type="")

    def check(self) -> None:
        """Nothing clear came through, and the next item is served."""
        assert self.meter.clear_before_reveal == 0
        session = self.open(Lie.NONE)
        rendition = session.concealed(long_side_px=16, grey=True)
        assert rendition.pixels == b"\x11" * (8 * 6 * 3)
        assert len(session.storyboard(grey=True)) == 12
        self.pool.close_all()


@pytest.fixture(scope="module")
def patient() -> Iterator[Den]:
    need_full_sandbox()
    den = Den(Deadlines())
    assert den.pool.level is SandboxLevel.FULL
    yield den
    den.pool.shut_down()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Den]:
    need_full_sandbox()
    den = Den(Deadlines(still_s=_QUICK_S, per_mib_s=0.0, start_s=30.0))
    assert den.pool.level is SandboxLevel.FULL
    yield den
    den.pool.shut_down()


@pytest.mark.parametrize("lie", _STILL_LIES)
def test_a_lying_still_is_refused(patient: Den, lie: Lie) -> None:
    """Every lie about a concealed still ends its child as DECODER_LIED."""
    session = patient.open(lie)
    with pytest.raises(MediaError) as caught:
        session.concealed(long_side_px=16, grey=True)
    assert caught.value.code is Code.DECODER_LIED
    with pytest.raises(MediaError) as after:
        session.info()
    assert after.value.code is Code.DECODER_DIED
    patient.check()


@pytest.mark.parametrize(
    "lie",
    [
        Lie.TILES_TOO_MANY,
        Lie.TILES_TOO_LONG,
        Lie.TILES_OVER_BUDGET,
        Lie.CLEAR_AS_CONCEALED,
        Lie.TOO_SHORT,
        Lie.WRONG_COUNT,
        Lie.NO_SIZE,
    ],
)
def test_a_lying_sheet_is_refused(patient: Den, lie: Lie) -> None:
    """Tiles over the count, the side or the budget of a sheet are not read."""
    session = patient.open(lie, Kind.CLIP)
    with pytest.raises(MediaError) as caught:
        session.storyboard(grey=True)
    assert caught.value.code is Code.DECODER_LIED
    patient.check()


@pytest.mark.parametrize("lie", [Lie.INFO_TOO_LARGE, Lie.INFO_TOO_LONG])
def test_lying_numbers_are_refused(patient: Den, lie: Lie) -> None:
    """Dimensions and lengths beyond the ceilings are not believed."""
    with pytest.raises(MediaError) as caught:
        patient.open(lie).info()
    assert caught.value.code is Code.DECODER_LIED
    patient.check()


@pytest.mark.parametrize("lie", [Lie.TEXT_NOT_UTF8, Lie.TEXT_TOO_LONG, Lie.TEXT_LENGTH])
def test_lying_text_is_refused(patient: Den, lie: Lie) -> None:
    """Text must be UTF-8, and no longer than a page."""
    with pytest.raises(MediaError) as caught:
        patient.open(lie, Kind.TEXT).text(grant(), page=0)
    assert caught.value.code is Code.DECODER_LIED
    patient.check()


@pytest.mark.parametrize(
    "lie",
    [
        Lie.PRINTS_TOO_MANY,
        Lie.PRINTS_TOO_SHORT,
        Lie.PRINT_TOO_GOOD,
        Lie.NO_SIZE,
        Lie.ENORMOUS,
    ],
)
def test_a_lying_fingerprint_is_refused(patient: Den, lie: Lie) -> None:
    """So many frames of one length and a quality that exists, or none is believed."""
    with pytest.raises(MediaError) as caught:
        patient.open(lie, Kind.CLIP).fingerprint()
    assert caught.value.code is Code.DECODER_LIED
    patient.check()


@pytest.mark.parametrize(
    "lie",
    [
        Lie.HITS_TOO_MANY,
        Lie.HITS_BACKWARDS,
        Lie.HIT_OUTSIDE,
        Lie.SEARCH_IN_CIRCLES,
        Lie.WRONG_SERIAL,
    ],
)
def test_lying_places_are_refused(patient: Den, lie: Lie) -> None:
    """Places stand in order and within a page, and a search goes on ahead."""
    with pytest.raises(MediaError) as caught:
        patient.open(lie, Kind.TEXT).find("words", first_page=5)
    assert caught.value.code is Code.DECODER_LIED
    patient.check()


@pytest.mark.parametrize("lie", [Lie.DEATH, Lie.SHORT_HEADER])
def test_a_death_costs_one_item(patient: Den, lie: Lie) -> None:
    """A child that ends before or within an answer is a decoder that died."""
    with pytest.raises(MediaError) as caught:
        patient.open(lie).concealed(long_side_px=16, grey=True)
    assert caught.value.code is Code.DECODER_DIED
    patient.check()


@pytest.mark.parametrize("lie", [Lie.SILENCE, Lie.ONE_BYTE, Lie.DEAF])
def test_silence_ends_at_the_deadline(hasty: Den, lie: Lie) -> None:
    """A child that does not answer, dribbles, or does not listen is ended."""
    with pytest.raises(MediaError) as caught:
        hasty.open(lie).concealed(long_side_px=16, grey=True)
    assert caught.value.code is Code.MEDIA_TIMEOUT
    assert hasty.meter.clear_before_reveal == 0


def test_a_flood_ends(hasty: Den) -> None:
    """A flood of reads ends by the deadline or by the budget of reads."""
    with pytest.raises(MediaError) as caught:
        hasty.open(Lie.FLOOD_OF_READS).concealed(long_side_px=16, grey=True)
    assert caught.value.code in {Code.MEDIA_TIMEOUT, Code.DECODER_LIED}
    assert hasty.meter.clear_before_reveal == 0


def test_late_writes_change_nothing(patient: Den) -> None:
    """What was copied stays as it was, however long the child goes on writing."""
    session = patient.open(Lie.LATE_WRITE)
    first = session.concealed(long_side_px=16, grey=True)
    kept = bytes(first.pixels)
    second = session.concealed(long_side_px=16, grey=True)
    assert first.pixels == kept
    assert len(second.pixels) == 8 * 6 * 3
    assert patient.meter.clear_before_reveal == 0
    session.close()
    patient.check()


def test_shared_memory_cannot_be_resized(patient: Den) -> None:
    """The seals hold: growing and shrinking fail in the child."""
    session = patient.open(Lie.RESIZE_MEMORY)
    assert session.concealed(long_side_px=16, grey=True).width_px == 8
    session.close()


@pytest.mark.parametrize("lie", [Lie.CLEAR_AS_CONCEALED, Lie.ENORMOUS, Lie.TOO_SHORT])
def test_a_clear_look_is_checked_too(patient: Den, lie: Lie) -> None:
    """With a grant, the frame that was asked for is still the ceiling."""
    session = patient.open(lie)
    with pytest.raises(MediaError) as caught:
        session.clear(
            grant(Step.COLOUR), box=WHOLE_BOX, width_px=320, height_px=240, at_ms=0
        )
    assert caught.value.code is Code.DECODER_LIED


@pytest.mark.parametrize("lie", [Lie.NOT_READY, Lie.NO_LANDLOCK])
def test_a_child_without_walls_is_not_used(patient: Den, lie: Lie) -> None:
    """No byte of an item goes to a child that does not say it is locked."""
    with pytest.raises(UnavailableError) as caught:
        patient.open(lie)
    assert caught.value.code is Code.SANDBOX_UNAVAILABLE
    patient.check()
