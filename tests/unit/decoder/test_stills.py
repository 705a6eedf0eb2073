"""Stills: allowed formats come out upright and small, anything else is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from reviewer.decoder import samples, stills
from reviewer.decoder.failures import DecodeError
from reviewer.decoder.pictures import Pixels, upright
from reviewer.decoder.showing import StillShowing
from reviewer.media.meter import shows_fine_pattern
from reviewer.pipe.codes import Op, Rung, Status
from reviewer.pipe.frames import Request
from reviewer.pipe.sizes import BOX_UNIT, Size
from tests.drawn_media import drawn_pixels, drawn_still


@pytest.fixture(autouse=True)
def _bound() -> Iterator[None]:
    before = Image.MAX_IMAGE_PIXELS
    stills.set_up()
    yield
    Image.MAX_IMAGE_PIXELS = before


def encoded(image: Image.Image, form: str, **options: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, form, **options)
    out.seek(0)
    return out


def arrow() -> Image.Image:
    """Return a picture that no turn or mirror maps onto itself."""
    pixels = np.zeros((40, 64, 3), np.uint8)
    pixels[:20, :32] = (250, 10, 10)
    pixels[20:, :32] = (10, 250, 10)
    pixels[:20, 32:] = (10, 10, 250)
    return Image.fromarray(pixels)


def thumbnail(data: bytes, long_side_px: int) -> Pixels:
    """Return what a concealed request gives."""
    showing = StillShowing(io.BytesIO(data))
    return showing.still(asked(Rung.CONCEALED, long_side_px))


def asked(
    rung: Rung, side_px: int, *, x: int = 0, y: int = 0, part: int = 1
) -> Request:
    """Return a request for a box one `part`-th of the sides."""
    return Request(
        op=Op.STILL,
        serial=1,
        rung=rung,
        is_grey=False,
        width_px=side_px,
        height_px=side_px,
        box_x=x,
        box_y=y,
        box_width=BOX_UNIT // part,
        box_height=BOX_UNIT // part,
    )


@pytest.mark.parametrize("form", stills.FORMATS)
def test_every_allowed_format_decodes(form: str) -> None:
    """Size, first frame and thumbnail of each format."""
    image = stills.open_still(io.BytesIO(drawn_still(200, 120, form)))
    assert stills.size_of(image) == Size(200, 120)
    assert stills.whole(image).shape == (120, 200, 3)


@pytest.mark.parametrize("form", ["TIFF", "PPM", "ICO", "TGA", "PDF", "SGI", "PCX"])
def test_other_formats_are_unsupported(form: str) -> None:
    """A format outside the allow-list is not parsed, whatever its name says."""
    with pytest.raises(DecodeError) as caught:
        stills.open_still(encoded(arrow(), form))
    assert caught.value.status is Status.UNSUPPORTED


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_orientation_is_applied(orientation: int, form: str) -> None:
    """Whichever way a camera was held, the picture stands upright."""
    turn_back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = arrow()
    if orientation in turn_back:
        held = held.transpose(turn_back[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = stills.open_still(encoded(held, form, exif=exif))
    assert stills.size_of(image) == Size(64, 40)
    upright = stills.whole(image).astype(int)
    assert np.abs(upright - np.asarray(arrow()).astype(int)).mean() < 6


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_thumbnail_is_the_shrunk_whole(form: str) -> None:
    """Decoding a draft gives what area reduction of the whole gives."""
    data = drawn_still(1_600, 900, form)
    small = thumbnail(data, 16)
    whole = stills.whole(stills.open_still(io.BytesIO(data)))
    expected = stills.shrink(whole, long_side_px=16, is_grey=False)
    assert small.shape == expected.shape == (9, 16, 3)
    assert np.abs(small.astype(int) - expected.astype(int)).max() <= 6


@pytest.mark.parametrize("long_side_px", [12, 16, 24, 48])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_concealed_hides_the_fine_pattern(form: str, long_side_px: int) -> None:
    """The planted stripes are gone at every concealed strength."""
    small = thumbnail(drawn_still(1_600, 900, form), long_side_px)
    assert not shows_fine_pattern(small.tobytes(), width_px=small.shape[1])


def test_a_small_picture_is_not_enlarged() -> None:
    """Concealing never adds pixels."""
    pixels = drawn_pixels(9, 5)
    assert stills.shrink(pixels, long_side_px=16, is_grey=False).shape == (5, 9, 3)


def test_softened_is_grey_and_smoother() -> None:
    """The first step above concealed has less detail and no colour."""
    rng = np.random.default_rng(7)
    noise = rng.integers(96, 160, (200, 320, 3), dtype=np.uint8)
    soft = stills.stepped(noise, Rung.SOFTENED)
    grey = stills.stepped(noise, Rung.GREY)
    colour = stills.stepped(noise, Rung.COLOUR)
    assert (soft[..., 0] == soft[..., 2]).all()
    assert (grey[..., 0] == grey[..., 2]).all()
    assert soft.std() < grey.std() / 2
    assert (colour == noise).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    """Depth, palette and transparency end as three channels of eight bits."""
    image = Image.new(mode, (32, 20))
    form = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    pixels = stills.whole(stills.open_still(encoded(image, form)))
    assert pixels.shape == (20, 32, 3)
    assert pixels.dtype == np.uint8


def test_transparency_is_shown_on_mid_grey() -> None:
    """Nothing is hidden in transparent pixels, and nothing flashes white."""
    image = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    pixels = stills.whole(stills.open_still(encoded(image, "PNG")))
    assert (pixels == 128).all()


def test_sixteen_bits_keep_their_tone() -> None:
    """A deep picture is reduced to its upper eight bits."""
    deep = Image.fromarray(np.full((4, 4), 0x8042, np.uint16))
    pixels = stills.whole(stills.open_still(encoded(deep, "PNG")))
    assert (pixels == 0x80).all()


def test_more_pixels_than_the_ceiling_are_refused() -> None:
    """A header alone is enough to refuse a bomb."""
    with pytest.raises(DecodeError) as caught:
        stills.open_still(encoded(Image.new("1", (8_001, 8_001)), "PNG"))
    assert caught.value.status is Status.TOO_LARGE
    stills.open_still(encoded(Image.new("1", (8_000, 8_000)), "PNG"))


def test_samples_cover_every_format() -> None:
    """The warm-up opens each format that an item may have."""
    found = {stills.open_still(io.BytesIO(one)).format for one in samples.stills()}
    assert found == set(stills.FORMATS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_is_cut_where_it_is_seen(orientation: int) -> None:
    """A lens on a turned picture shows the same place as on the upright one."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(arrow(), "PNG", exif=exif)
    seen = upright(np.asarray(arrow()), orientation)
    quarter = asked(Rung.COLOUR, 10, x=BOX_UNIT // 2, part=2)
    shown = StillShowing(data).still(quarter)
    middle = seen[seen.shape[0] // 4, seen.shape[1] * 3 // 4]
    assert (shown == middle).all()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_looks_do_not_depend_on_what_was_asked_before(form: str) -> None:
    """A view, a lens and a thumbnail are the same in any order."""
    data = drawn_still(1_600, 900, form)
    requests = (
        asked(Rung.CONCEALED, 16),
        asked(Rung.COLOUR, 200),
        asked(Rung.COLOUR, 200, x=BOX_UNIT // 3, y=BOX_UNIT // 3, part=8),
    )
    alone = [StillShowing(io.BytesIO(data)).still(one) for one in requests]
    showing = StillShowing(io.BytesIO(data))
    together = [showing.still(one) for one in (*requests, *requests)]
    showing.prepare()
    for index, pixels in enumerate(together):
        difference = pixels.astype(int) - alone[index % 3].astype(int)
        assert np.abs(difference).mean() < 1
    assert showing.still(requests[2]).shape == alone[2].shape
