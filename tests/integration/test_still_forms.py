"""Every form of a still through the real walls, at every step and through a lens.

What must be seen is known, because the stills are drawn (tests/drawn_stills.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, Aim, Box, Rendition, Step
from reviewer.errors import Code, MediaError
from reviewer.media.meter import CountingMeter, shows_fine_pattern
from reviewer.media.pool import LinuxDecoderPool
from reviewer.media.session import LockedSession
from tests.conformance.decoder import ITEM, grant
from tests.drawn_media import drawn_still
from tests.drawn_stills import Form, encoded, forms, huge_jpeg, quartered, tiny
from tests.fakes.decoder import BytesReader
from tests.media_samples import png_of_zeros
from tests.sandboxed import need_full_sandbox

Open = Callable[[bytes], LockedSession]
CLEAN: Final = {Code.MEDIA_BROKEN, Code.MEDIA_UNSUPPORTED, Code.MEDIA_TOO_LARGE}
QUARTER_BOXES: Final = tuple(
    Box(x=x, y=y, width=0.25, height=0.25)
    for y in (0.125, 0.625)
    for x in (0.125, 0.625)
)


@pytest.fixture(scope="module")
def pool() -> Iterator[LinuxDecoderPool]:
    need_full_sandbox()
    pool = LinuxDecoderPool(meter=CountingMeter())
    pool.start()
    yield pool
    pool.shut_down()


@pytest.fixture
def opened(pool: LinuxDecoderPool) -> Iterator[Open]:
    sessions: list[LockedSession] = []

    def start(data: bytes) -> LockedSession:
        reader = BytesReader(data)
        session = pool.open(reader, item_id=ITEM, kind=Kind.IMAGE, declared_type="")
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.close()


def array(rendition: Rendition) -> NDArray[np.int32]:
    """Return the pixels of a rendition."""
    flat = np.frombuffer(rendition.pixels, np.uint8).astype(np.int32)
    return flat.reshape(rendition.height_px, rendition.width_px, 3)


def seen(
    session: LockedSession, step: Step, box: Box = WHOLE_BOX, *, px: int = 160
) -> NDArray[np.int32]:
    """Return what a look at a step shows."""
    return array(
        session.clear(grant(step), box=box, width_px=px, height_px=px, at_ms=0)
    )


def refusal(ask: Callable[[], object]) -> Code | None:
    """Return why a question was refused."""
    try:
        ask()
    except MediaError as error:
        return error.code
    return None


def middles(pixels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the tone in the middle of each quarter."""
    height, width = pixels.shape[:2]
    rows = (height // 4, height * 3 // 4)
    columns = (width // 4, width * 3 // 4)
    return np.asarray([pixels[row, column] for row in rows for column in columns])


def grey_of(tones: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the brightness that these tones have in grey."""
    weighed = tones @ np.asarray([0.299, 0.587, 0.114])
    return np.asarray(np.repeat(np.rint(weighed)[:, None], 3, axis=1), np.int32)


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_every_form_is_seen_as_it_is(opened: Open, form: Form) -> None:
    """The right tone in the right quarter at every step, and through a lens."""
    session = opened(form.data)
    info = session.info()
    assert (info.width_px, info.height_px) == (form.width_px, form.height_px)
    tones = np.asarray(form.quarters)
    steps = {
        Step.SOFTENED: grey_of(tones),
        Step.GREY: grey_of(tones),
        Step.COLOUR: tones,
    }
    for step, expected in steps.items():
        shown = seen(session, step)
        assert max(shown.shape[:2]) == 160
        assert np.abs(middles(shown) - expected).max() <= form.tolerance, step
    lenses = [seen(session, Step.COLOUR, box, px=40) for box in QUARTER_BOXES]
    means = np.asarray([lens.mean(axis=(0, 1)) for lens in lenses])
    assert np.abs(means - tones).max() <= form.tolerance


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
@pytest.mark.parametrize("side", [12, 16, 24, 48])
def test_every_form_is_concealed(opened: Open, form: Form, side: int) -> None:
    """As long as was asked and not a pixel longer, grey, and in its shape."""
    rendition = opened(form.data).concealed(long_side_px=side, grey=True)
    assert max(rendition.width_px, rendition.height_px) == side
    pixels = array(rendition)
    assert (pixels[..., 0] == pixels[..., 2]).all()
    wanted = form.width_px / form.height_px
    if 1 / 4 < wanted < 4:
        assert rendition.width_px / rendition.height_px == pytest.approx(wanted, 0.2)


def test_tiny_pictures_are_shown(opened: Open) -> None:
    """One pixel, a row, a column: never enlarged when concealed, shown when asked."""
    for data in tiny():
        session = opened(data)
        info = session.info()
        small = session.concealed(long_side_px=16, grey=True)
        assert small.width_px <= max(1, info.width_px)
        assert small.height_px <= max(1, info.height_px)
        for step in (Step.SOFTENED, Step.GREY, Step.COLOUR):
            assert seen(session, step, px=64).size
            assert seen(session, step, QUARTER_BOXES[0], px=64).size
        session.close()


def test_a_huge_jpeg_is_shown_at_every_step(opened: Open) -> None:
    """108 megapixels decode at half the size; a lens shows what stands there."""
    session = opened(huge_jpeg())
    info = session.info()
    assert (info.width_px, info.height_px) == (12_000, 9_000)
    small = array(session.concealed(long_side_px=16, grey=True))
    assert small[0].mean() > 150
    assert small[-1].mean() < 60
    session.prepare(Aim(step=Step.GREY, box=WHOLE_BOX, width_px=640, height_px=640))
    for step in (Step.SOFTENED, Step.GREY, Step.COLOUR):
        assert seen(session, step, px=640).shape[:2] == (480, 640)
    band = Box(x=0.5, y=6_000 / 9_000, width=0.02, height=0.02)
    lens = seen(session, Step.GREY, band, px=224)
    assert lens[20:-60, :, 0].mean() > 100


def test_more_than_that_is_too_large(opened: Open) -> None:
    """A larger JPEG, or another format of that size, is refused by its header."""
    jpeg = bytearray(encoded_small_jpeg())
    start = jpeg.index(b"\xff\xc0")
    jpeg[start + 5 : start + 9] = (12_000).to_bytes(2) + (12_000).to_bytes(2)
    for data in (bytes(jpeg), png_header_of(12_000, 9_000)):
        with pytest.raises(MediaError) as caught:
            opened(data).info()
        assert caught.value.code is Code.MEDIA_TOO_LARGE


def test_a_lens_shows_real_detail(opened: Open) -> None:
    """At four times on a picture of 6 000 pixels: its pixels, not a grown preview."""
    pixels = np.full((4_000, 6_000, 3), 128, np.uint8)
    pixels[1_000:1_400, 1_000:1_400] = 0
    pixels[1_000:1_400:2, 1_000:1_400] = 255  # rows of one pixel: gone in any preview
    session = opened(encoded(Image.fromarray(pixels), "PNG"))
    seen(session, Step.GREY, px=640)
    # A view of 640 px, a lens of 224 at 4 x: 56 px of the view, 525 of the source.
    box = Box(x=1_000 / 6_000, y=1_000 / 4_000, width=200 / 6_000, height=200 / 4_000)
    real = seen(session, Step.GREY, box, px=200)[..., 0]
    assert real.shape == (200, 200)
    assert np.abs(np.diff(real[:, 100])).min() > 200
    whole = seen(session, Step.GREY, px=640)
    assert np.abs(np.diff(whole[110:140, 120, 0])).max() < 30


def test_softening_does_not_depend_on_the_lens(opened: Open) -> None:
    """However much a softened lens magnifies, it shows what the whole would show."""
    rng = np.random.default_rng(5)
    noise = rng.integers(90, 166, (1_200, 1_600, 3), dtype=np.uint8)
    session = opened(encoded(Image.fromarray(noise), "PNG"))
    box = Box(x=0.25, y=0.25, width=0.25, height=0.25)
    whole = seen(session, Step.SOFTENED, px=640)[120:240, 160:320, 0]
    lens = seen(session, Step.SOFTENED, box, px=160)[..., 0]
    clear = seen(session, Step.GREY, box, px=160)[..., 0]
    assert lens.std() < clear.std() / 2
    assert lens.std() == pytest.approx(whole.std(), rel=0.5)


@pytest.mark.parametrize(
    "name", [form.name for form in forms() if form.name.startswith(("rgb", "clear"))]
)
def test_a_cut_file_is_a_clean_refusal(opened: Open, name: str) -> None:
    """Cut anywhere: shown as far as a codec can, or refused; never a dead child."""
    data = next(form.data for form in forms() if form.name == name)
    for part in (3, 12, 40, len(data) // 2, len(data) - 20):
        session = opened(data[:part])
        codes = {
            refusal(session.info),
            refusal(functools.partial(session.concealed, long_side_px=16, grey=True)),
            refusal(functools.partial(seen, session, Step.COLOUR)),
        }
        assert codes <= CLEAN | {None}, (name, part)
        session.close()


@pytest.mark.parametrize("form", ["TIFF", "PPM", "TGA", "ICO", "PDF", "JPEG2000"])
def test_a_mislabelled_file_is_what_its_bytes_say(opened: Open, form: str) -> None:
    """Other formats are refused, whatever they are called; ours are shown."""
    data = encoded(Image.fromarray(quartered(64, 40)), form)
    with pytest.raises(MediaError) as caught:
        opened(data).info()
    assert caught.value.code is Code.MEDIA_UNSUPPORTED


@pytest.mark.parametrize("side", [12, 16, 24, 48])
def test_fine_detail_is_gone_concealed(opened: Open, side: int) -> None:
    """The planted stripes are not there at any strength, whatever was shown before."""
    session = opened(drawn_still(1_600, 900, "JPEG"))
    seen(session, Step.COLOUR, px=1_600)
    small = session.concealed(long_side_px=side, grey=True)
    assert not shows_fine_pattern(small.pixels, width_px=small.width_px)


def encoded_small_jpeg() -> bytes:
    """Return a small baseline JPEG."""
    return next(form.data for form in forms() if form.name == "rgb.jpg")


def png_header_of(width_px: int, height_px: int) -> bytes:
    """Return a PNG that claims a size and is cut off soon."""
    return png_of_zeros(width_px, height_px, rows=4)
